"""How quickly the explorer redraws: what Python needs for each event, and with --browser what the reader waits for.

    python -m benchmarks.explorer                      the five documents, else the practice corpus
    python -m benchmarks.explorer --documents 5000     made-up documents of 2,000 tokens each
    python -m benchmarks.explorer --browser            the page itself, in Chromium

An event counts as answered when the quick views (selection, where, how much, reading pane, list) are sent; “all” is
until the slower ones (contrasts, company, working copy) are sent too.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

ROUNDS = 5


def measure(session, events) -> dict[str, tuple[float, float]]:
    """Return for each named event the median seconds to the quick views and to all."""
    taken = {}
    for name, variants in events.items():
        quick, whole = [], []
        for number in range(ROUNDS):
            start = time.perf_counter()
            answers = session.handle(variants[number % len(variants)])
            first = next(answers)
            quick.append(time.perf_counter() - start)
            for _ in answers:
                pass
            whole.append(time.perf_counter() - start)
            assert not first.get("error"), first
        taken[name] = statistics.median(quick), statistics.median(whole)
    return taken


def events_for(bench) -> dict[str, list[dict]]:
    documents, keys = bench.doc_ids, list(bench.lexicon.keys)
    sentences = list(bench.corpus.sentences.index[:: max(1, len(bench.corpus.sentences) // 7)])
    some = [documents[: len(documents) // 2 or 1], documents[len(documents) // 2 :], documents]
    some = [chosen[:200] if len(documents) > 200 else chosen for chosen in some]
    return {
        "documents": [{"do": "documents", "value": chosen} for chosen in some],
        "all documents": [{"do": "documents-all"}],
        "themes": [{"do": "keys", "value": keys[:1]}, {"do": "keys", "value": keys}],
        "unit": [{"do": "unit", "value": unit} for unit in ("share", "per_1000")],
        "smoothing": [{"do": "smoothing", "value": width} for width in ("100", "400")],
        "open a sentence": [{"do": "open", "value": sentence} for sentence in sentences[:ROUNDS]],
        "list a bar": [{"do": "list", "value": f"{documents[n % len(documents)]}|{keys[0]}"} for n in range(ROUNDS)],
        "a new query": [{"do": "query", "pattern": f"{start}*"} for start in ("co", "re", "pa", "sh", "al")],
        "suggest": [{"do": "suggest", "value": text} for text in ("co", "all", "secu", "pow", "bu")],
    }


def make_documents(folder: Path, documents: int) -> Path:
    """Write made-up documents of about 2,000 tokens, with the lexicons of the practice corpus."""
    import shutil

    from benchmarks import generate
    from crossread.corpus import corpus_folder

    generate.DOCUMENT = 12_500
    generate.write_corpus(folder, documents * generate.DOCUMENT)
    for name in ("themes.yml", "actors.yml"):
        shutil.copy(corpus_folder("practice") / name, folder)
    return folder


def in_browser(corpus: str) -> dict[str, float]:
    """Return for some events the median milliseconds from the key press to the redrawn picture."""
    import shutil
    import urllib.error
    import urllib.request

    from playwright.sync_api import sync_playwright

    from crossread.explore.serve import server

    script = """([id, value]) => new Promise(done => {
      const control = document.getElementById(id), before = document.getElementById('cr-how-much').innerHTML
        + document.getElementById('cr-where').innerHTML, start = performance.now();
      control.value = value; control.dispatchEvent(new Event('change', { bubbles: true }));
      const look = () => {
        const now = document.getElementById('cr-how-much').innerHTML + document.getElementById('cr-where').innerHTML;
        if (now !== before) requestAnimationFrame(() => done(performance.now() - start)); else setTimeout(look, 2);
      };
      look();
    })"""
    with server(corpus) as (_, address), sync_playwright() as playwright:
        for _ in range(240):
            try:
                urllib.request.urlopen(address.split("?")[0], timeout=2)
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.5)
        options = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=options)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(address, wait_until="domcontentloaded")
        page.wait_for_selector("#cr-files form", timeout=600_000)
        taken = {}
        for name, control, values in (
            ("unit", "cr-unit", ("share", "per_1000")),
            ("smoothing", "cr-smoothing", ("100", "400")),
        ):
            page.wait_for_timeout(1500)
            times = []
            for number in range(2 * ROUNDS):
                times.append(page.evaluate(script, [control, values[number % 2]]))
                page.wait_for_timeout(700)
            taken[name] = statistics.median(times) / 1000
        browser.close()
    return taken


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, help="made-up documents instead of a corpus")
    parser.add_argument("--corpus", default="alliances")
    parser.add_argument("--browser", action="store_true")
    options = parser.parse_args()
    from crossread import load
    from crossread.explore import Session, Workbench

    with tempfile.TemporaryDirectory() as scratch:
        start = time.perf_counter()
        corpus = options.corpus
        if options.documents:
            corpus = str(make_documents(Path(scratch) / "made", options.documents))
            print(f"documents written: {time.perf_counter() - start:.1f} s")
            start = time.perf_counter()
        loaded = load(corpus)
        n_tokens = loaded.documents["n_tokens"].sum()
        print(
            f"{len(loaded.documents):,} documents, {n_tokens:,} tokens, loaded in {time.perf_counter() - start:.1f} s"
        )
        if options.browser:
            for name, seconds in in_browser(corpus).items():
                print(f"{name:<18} {1000 * seconds:7.0f} ms in the browser")
            return
        start = time.perf_counter()
        session = Session(Workbench(loaded), folder=Path(scratch) / "saved")
        list(session.handle({"do": "hello"}))
        print(f"opened in {time.perf_counter() - start:.1f} s")
        for name, (quick, whole) in measure(session, events_for(session.bench)).items():
            print(f"{name:<18} {1000 * quick:7.0f} ms, all {1000 * whole:7.0f} ms")


if __name__ == "__main__":
    main()
