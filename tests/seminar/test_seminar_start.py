"""A classroom's start: the page of what does not start, what doctor finds of it, and the image for a hub."""

import importlib.util
import json
import re
import sys
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

from crossread_press import doctor
from crossread_seminar import timing

PROJECT = Path(__file__).resolve().parents[2]
SEMINAR = PROJECT / "notebooks" / "seminar"


def test_the_page_names_ten_causes_and_doctor_looks_for_those_it_can():
    page = (SEMINAR / "it-does-not-start.md").read_text(encoding="utf-8")
    assert [int(number) for number in re.findall(r"\| (\d+)\. ", page)] == list(range(1, 11))
    named = set(re.findall(r"doctor: \*(\w+)\*", page))
    looked_for = {check.split()[0] for check in doctor.examine()["check"]}
    assert named == {"disk", "folder", "kernel", "packages", "network", "place", "notebooks"} <= looked_for


def test_links_between_the_pages_lead_somewhere():
    for page in SEMINAR.glob("*.md"):
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            assert target.startswith("https://mybinder.org") or (SEMINAR / target).is_file(), (page.name, target)
        for anchor in re.findall(r"\]\(#([^)]+)\)", text):
            headings = [
                line.lstrip("# ").lower().replace(" ", "-") for line in text.splitlines() if line.startswith("#")
            ]
            assert anchor in headings


def test_the_guide_has_every_part_for_every_session():
    guide = (SEMINAR / "README.md").read_text(encoding="utf-8")
    parts = re.split(r"^## Session (\d)", guide, flags=re.MULTILINE)[1:]
    sessions = dict(zip(parts[::2], (part.split("\n## ")[0] for part in parts[1::2]), strict=True))
    assert list(sessions) == ["1", "2", "3", "4", "5"]
    for number, text in sessions.items():
        for part in ("Aim.", "Questions that divide a room.", "What students get wrong.", "Read first.", "Materials.",
                     "Without Python."):  # fmt: skip
            assert f"**{part}**" in text, (number, part)


def stated_minutes(number):
    """The minutes of each step of a session, as the guide gives them."""
    guide = (SEMINAR / "README.md").read_text(encoding="utf-8")
    part = guide.split(f"## Session {number}:")[1].split("\n## ")[0]
    return {step: int(n) for n, step in re.findall(r"^\| (\d+) \| ([^|]+?) \|", part, re.MULTILINE)}


@pytest.mark.parametrize("path", sorted(SEMINAR.glob("*.solution.ipynb")), ids=lambda path: path.name[0])
def test_the_minutes_of_the_guide_are_those_that_the_notebook_needs(path):
    plan = timing.plan_session(path).set_index("step")["minutes"].drop("Afterwards")
    stated = stated_minutes(path.name[0])
    assert list(stated) == list(plan.index) and sum(stated.values()) == 90
    far = {step: (stated[step], plan[step]) for step in stated if abs(stated[step] - plan[step]) > 1.5}
    assert not far, "stated and needed"
    assert 86 <= plan.sum() + timing.RUNNING <= 90


@pytest.mark.parametrize("path", sorted(SEMINAR.parent.glob("0*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_of_the_study_states_what_reading_it_takes(path):
    opening = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
    stated = int(re.search(r"(\d+) minutes to read", opening).group(1))
    assert abs(stated - timing.plan_session(path)["minutes"].sum()) <= 5


def test_minutes_are_counted_by_hand(tmp_path):
    """360 words, a cell that shows a table and one that does not, an exercise of seven minutes; no answer counts."""

    def cell(kind, source, *tags):
        return {"cell_type": kind, "id": "x", "metadata": {"tags": list(tags)}, "source": source.splitlines(True)}

    cells = [
        cell("markdown", "# Who pays?\n" + "word " * 178),
        cell(
            "markdown",
            "## Step 1: count\n" + "word " * 169 + "\n**Exercise 1 (in pairs, 7 minutes).** See [that](a.md).",
        ),
        cell("code", "a = 1\nb = 2\nHTML(a)"),
        cell("code", "c = 3"),
        cell("code", "answer = 42", "solution"),
        cell("code", 'seminar.check("it", answer)'),
        cell("code", "HTML(secret)", "attached"),
    ]
    path = tmp_path / "one.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    plan = timing.plan_session(path)
    assert plan[["step", "words", "cells", "shown", "declared"]].values.tolist() == [
        ["Opening", 180, 0, 0, 0],
        ["Step 1", 180, 2, 1, 7],
    ]
    assert plan["minutes"].tolist() == [1.0, 1.0 + 2 * 0.5 + 1 + 7]


@pytest.mark.parametrize(
    ("folder", "state", "found"),
    [
        ("/home/a/crossread", "ok", "/home/a/crossread"),
        ("/home/a/crossread.zip/crossread", "problem", "inside an archive"),
        ("/home/a/OneDrive - University/crossread", "note", "OneDrive - University moves files"),
    ],
)
def test_doctor_looks_at_where_the_project_lies(folder, state, found):
    row = doctor._place(Path(folder))
    assert row[:2] == ("place", state) and found in row[2]


def test_doctor_names_a_damaged_notebook(tmp_path):
    (tmp_path / "good.ipynb").write_text('{"cells": []}')
    assert doctor._notebooks(tmp_path)[1:3] == ("ok", "1 notebooks can be read")
    (tmp_path / "merged.ipynb").write_text("<<<<<<< HEAD\n{}")
    (tmp_path / "other.ipynb").write_text("[]")
    row = doctor._notebooks(tmp_path)
    assert row[1] == "problem" and row[2].endswith("merged.ipynb, other.ipynb")


@pytest.fixture(scope="module")
def run():
    found = importlib.util.spec_from_file_location("run_of_the_page", PROJECT / "run.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def stopped(check, *arguments):
    """What run.py says when it stops."""
    with pytest.raises(Exception) as said:
        check(*arguments)
    assert type(said.value).__name__ == "Stop"
    return str(said.value)


def old_python(run, patch, folder):
    patch.setattr(run.shutil, "which", lambda name: None)
    return stopped(run.check_python, (3, 9))


def no_venv(run, patch, folder):
    patch.setitem(sys.modules, "ensurepip", None)
    return stopped(run.check_venv_module)


def no_network(run, patch, folder):
    return run.explain("Temporary failure in name resolution")


def full_disk(run, patch, folder):
    patch.setattr(doctor.shutil, "disk_usage", lambda place: SimpleNamespace(free=1e8))
    return stopped(run.check_disk) + " " + " ".join(doctor._disk())


def read_only(run, patch, folder):
    patch.setattr(doctor, "os", SimpleNamespace(access=lambda place, mode: False, W_OK=0))
    return " ".join(doctor._folders()[0])


def other_kernel(run, patch, folder):
    from jupyter_client.kernelspec import KernelSpecManager

    elsewhere = SimpleNamespace(argv=["/usr/bin/python2", "-m", "ipykernel"])
    patch.setattr(KernelSpecManager, "get_kernel_spec", lambda self, name: elsewhere)
    return " ".join(doctor._kernel())


def other_packages(run, patch, folder):
    patch.setattr(doctor, "lock_differences", lambda: ["numpy 2.0 instead of 2.4.6"])
    return " ".join(doctor._packages())


def proxy(run, patch, folder):
    patch.setattr(urllib.request, "getproxies", lambda: {"http": "http://proxy:3128"})
    patch.setattr(urllib.request, "proxy_bypass", lambda host: False)
    return " ".join(doctor._network())


def deep_place(run, patch, folder):
    patch.setattr(doctor.platform, "system", lambda: "Windows")
    return " ".join(doctor._place(Path("/" + "deep/" * 40)))


def torn_notebook(run, patch, folder):
    (folder / "torn.ipynb").write_text("<<<<<<< HEAD")
    return " ".join(doctor._notebooks(folder))


CAUSES = [
    (1, old_python, "crossread needs Python 3.11 or newer", "Install"),
    (2, no_venv, "no working venv module", "python3-venv"),
    (3, no_network, "No network: the packages", "onnect"),
    (4, full_disk, "The disk is full", "Free some space"),
    (5, read_only, "cannot be written to", "folder of your own"),
    (6, other_kernel, "belongs to another Python", "run.py lab"),
    (7, other_packages, "numpy 2.0 instead of 2.4.6", "run.py setup"),
    (8, proxy, "a proxy is set", "localhost"),
    (9, deep_place, "characters", "C:\\crossread"),
    (10, torn_notebook, "damaged, not JSON: torn.ipynb", "run.py students"),
]


@pytest.mark.parametrize(("number", "provoke", "what", "remedy"), CAUSES, ids=[cause[1].__name__ for cause in CAUSES])
def test_each_of_the_ten_causes_is_found_and_mended_as_the_page_says(
    number, provoke, what, remedy, run, monkeypatch, tmp_path
):
    page = (SEMINAR / "it-does-not-start.md").read_text(encoding="utf-8")
    row = re.search(rf"^.*\| {number}\. .*$", page, re.MULTILINE).group()
    with monkeypatch.context() as patch:
        said = provoke(run, patch, tmp_path)
    assert what in said and remedy in said, said
    named = re.search(r"doctor: \*(\w+)\*", row)
    assert (named is not None) == (number > 3), "run.py finds the first three, doctor the others"
    assert named is None or re.search(rf"\b{named[1]}\b", said)
    assert remedy in row


def test_doctor_tries_to_listen(monkeypatch):
    import socket

    monkeypatch.setattr(urllib.request, "getproxies", dict)
    assert doctor._network()[1] == "ok"
    monkeypatch.setattr(urllib.request, "getproxies", lambda: {"http": "http://proxy:3128"})
    monkeypatch.setattr(urllib.request, "proxy_bypass", lambda host: False)
    assert doctor._network()[1] == "note"

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket, "create_server", refuse)
    assert doctor._network()[1:3] == ("problem", "no program can listen on this computer (Permission denied)")


def test_the_image_copies_what_there_is_and_installs_the_lock():
    recipe = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
    for line in re.findall(r"^COPY (.+)$", recipe, re.MULTILINE):
        for name in line.split()[:-1]:
            assert (PROJECT / name).exists(), name
    assert "--require-hashes" in recipe and "-r requirements.lock" in recipe
    python = re.search(r"^FROM python:(3\.\d+)", recipe, re.MULTILINE).group(1)
    assert f"python={python}" in (PROJECT / "environment.yml").read_text(encoding="utf-8")
    assert "corpus/alliances/texts" in (PROJECT / ".dockerignore").read_text(encoding="utf-8")
