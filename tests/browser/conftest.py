"""A real browser that reaches nothing but this machine, and the servers that it opens."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

NEEDED = "needs a browser: pip install playwright axe-playwright-python, and Chromium (apt install chromium)"
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# every other machine's name leads nowhere, so a page that asks one for anything shows it
CELLS = {
    "figure": 'from crossread.charts import figures\n\nfigures.show("fig-01-account")',
    "explorer": """import crossread as cr
from crossread_explorer import show

texts = {"a": "Allies pay the costs. They talk.", "b": "Costs rise. Allies talk.", "c": "Nobody pays. The sea is cold."}
show(cr.study(texts, lexicon={"costs": ["cost*", "pay*"], "talk": ["talk*"]}))""",
}
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"


@pytest.fixture(scope="session")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason=NEEDED)
    pytest.importorskip("axe_playwright_python", reason=NEEDED)
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    with playwright.sync_playwright() as started:
        if executable is None and not os.path.exists(started.chromium.executable_path):
            pytest.skip(NEEDED)
        options = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", OFFLINE]
        opened = started.chromium.launch(executable_path=executable, args=options)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def open_page(browser):
    """Open an address in a fresh window that takes down what goes wrong and what is asked of other machines."""
    contexts = []

    def open_(address, width=1280, height=900):
        context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.errors, page.strangers = [], []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("dialog", lambda dialog: (page.errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: is_strange(request.url) and page.strangers.append(request.url))
        page.goto(address, wait_until="domcontentloaded", timeout=60_000)
        return page

    yield open_
    for context in contexts:
        context.close()


def is_strange(address: str) -> bool:
    return not address.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:", "file:"))


def wait_for(address: str, seconds: float = 180) -> None:
    """Wait until something answers at an address, whatever it says."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(address, timeout=10)
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.25)
    raise TimeoutError(f"nothing answered at {address}")


@pytest.fixture(scope="session")
def lab(browser, library, root, tmp_path_factory):
    """JupyterLab on a copy of the notebooks, with settings of its own."""
    import secrets
    import socket

    place, settings = tmp_path_factory.mktemp("lab"), tmp_path_factory.mktemp("settings")
    shutil.copytree(root / "notebooks", place, dirs_exist_ok=True)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    for name, source in CELLS.items():
        cell = {"cell_type": "code", "id": name, "metadata": {}, "execution_count": None, "outputs": []}
        notebook = {"cells": [cell | {"source": source}], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
        (place / f"{name}.ipynb").write_text(json.dumps(notebook))
    news = settings / "lab" / "@jupyterlab" / "apputils-extension"
    news.mkdir(parents=True)
    quiet = '{"fetchNews": "false", "checkForUpdates": false, "doNotDisturbMode": true}'
    (news / "notification.jupyterlab-settings").write_text(quiet)
    folders = (
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
        "JUPYTERLAB_WORKSPACES_DIR",
        "IPYTHONDIR",
    )
    environment = library | {name: str(settings / name.lower()) for name in folders}
    environment |= {"JUPYTERLAB_SETTINGS_DIR": str(settings / "lab"), "JUPYTER_PREFER_ENV_PATH": "1"}
    environment["CROSSREAD_PROJECT"] = str(root)  # whose figures are shown
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    token = secrets.token_hex(12)
    options = {
        "--ip": "127.0.0.1",
        "--port": port,
        "--ServerApp.port_retries": 0,
        "--IdentityProvider.token": token,
        "--ServerApp.root_dir": place,
    }
    flags = ["--no-browser", "--allow-root", "--expose-app-in-browser"]
    command = [sys.executable, "-m", "jupyterlab", *flags, *(f"{name}={value}" for name, value in options.items())]
    log = open(settings / "log", "w")
    process = subprocess.Popen(command, env=environment, cwd=place, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/api/status?token={token}")
        yield f"http://127.0.0.1:{port}/doc/tree/explorer.ipynb?reset&token={token}"
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.close()


def violations(page) -> list[str]:
    """What axe-core finds wrong with the page, one line each."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]
