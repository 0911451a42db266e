"""How quickly the explorer redraws: what Python needs for each event, and with --browser what the reader waits for.

    python -m benchmarks.explorer                      the five documents, else the practice corpus
    python -m benchmarks.explorer --documents 5000     made-up documents of 2,000 tokens each, 10 million in all
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
ADDED = ("winter*", "harbour*", "night*", "north*", "door*")


def measure(session, events) -> dict[str, tuple[float, float]]:
    """Return for each named event the median seconds to the quick views and to all."""
    taken = {}
    for name, variants in events.items():
        quick, whole = [], []
        for number in range(ROUNDS):
            if query := variants[number % len(variants)].get("query"):  # asked before, not measured
                list(session.handle({"do": "query", "pattern": query}))
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
    if len(documents) > 200:
        some = [documents[first : first + 200] for first in range(0, 1000, 200)]
    many = {
        "find documents": [{"do": "find", "text": text} for text in ("1", "22", "4", "5", "")],
        "turn a page": [{"do": "turn", "value": f"how-much|{number}"} for number in range(1, ROUNDS + 1)],
    }
    conditions = [{"do": "query", "pattern": f"{word} ~5 the, of"} for word in ("cost*", "co*", "a*", "s*", "p*")]
    return {
        **(many if len(documents) > 200 else {}),
        "documents": [{"do": "documents", "value": chosen} for chosen in some],
        "all documents": [{"do": "documents-all"}],
        "themes": [{"do": "keys", "value": keys[:1]}, {"do": "keys", "value": keys}],
        "unit": [{"do": "unit", "value": unit} for unit in ("share", "per_1000")],
        "smoothing": [{"do": "smoothing", "value": width} for width in ("100", "400")],
        "open a sentence": [{"do": "open", "value": sentence} for sentence in sentences[:ROUNDS]],
        "next hit": [{"do": "step", "value": "on"}],
        "list a bar": [{"do": "list", "value": f"{documents[n % len(documents)]}|{keys[0]}"} for n in range(ROUNDS)],
        "sort the list": [
            {"do": "list", "value": ""},
            *({"do": "sort", "value": by} for by in ("left", "right", "match", "left")),
        ],
        "suggest": [{"do": "suggest", "value": text} for text in ("co", "all", "secu", "pow", "bu")],
        "a new query": [{"do": "query", "pattern": f"{start}*"} for start in ("co", "re", "pa", "sh", "al")],
        "a frequent word": [{"do": "query", "pattern": word} for word in ("the", "of", "and", "to", "a")],
        **({"a condition": conditions} if bench.corpus.attached else {}),  # what stands near a word, only texts tell
        "add an entry": [{"do": "add", "key": keys[0], "query": word} for word in ADDED],
        "compare in pairs": [
            {"do": "documents", "value": documents[:5]},
            {"do": "compare", "value": "yes"},
            *({"do": "keys", "value": keys[n : n + 1]} for n in range(3)),
        ],
    }


def make_documents(folder: Path, documents: int) -> Path:
    """Write made-up documents of a little more than 2,000 tokens, with the lexicons of the practice corpus."""
    import shutil

    from benchmarks import generate
    from crossread.corpus import corpus_folder

    generate.DOCUMENT = 14_000
    generate.write_corpus(folder, documents * generate.DOCUMENT)
    for name in ("themes.yml", "actors.yml"):
        shutil.copy(corpus_folder("practice") / name, folder)
    return folder


WATCH = """([selector, value]) => new Promise(done => {
  const page = document.querySelector('.crossread'), asked = +page.dataset.asked, start = performance.now();
  let drawn = 0;
  new MutationObserver((_, observer) => {
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => { drawn = performance.now() - start; }));
  }).observe(page, { childList: true, subtree: true });
  const control = page.querySelector(selector);
  if (!control) throw Error(selector);
  if (value !== null) {
    control.value = value;
    if (control.matches('select')) control.dispatchEvent(new Event('change', { bubbles: true }));
    else control.form.requestSubmit();
  } else control.click();
  const look = () => {
    if (+page.dataset.asked > asked && page.dataset.asked === page.dataset.answered)
      requestAnimationFrame(() => setTimeout(() => done([drawn, performance.now() - start])));
    else setTimeout(look, 2);
  };
  look();
})"""


def in_browser(corpus: str) -> tuple[dict[str, tuple[float, float]], dict[str, float]]:
    """Return for some events the median seconds until the picture is redrawn, and until all is; and what it weighs."""
    import shutil
    import urllib.error
    import urllib.request

    from playwright.sync_api import sync_playwright

    from crossread.explore.serve import server

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
        start = time.perf_counter()
        page.goto(address, wait_until="domcontentloaded", timeout=600_000)
        page.wait_for_selector("#cr-files form", timeout=600_000)
        opened = time.perf_counter() - start
        many = page.query_selector("#cr-find") is not None
        box = "[id^=cr-document-]" + (":not(:checked)" if many else "")
        events = {
            "unit": [("#cr-unit", "share"), ("#cr-unit", "per_1000")],
            "smoothing": [("#cr-smoothing", "100"), ("#cr-smoothing", "400")],
            "themes": [("[id^=cr-key-]", None)],
            "a document": [(box, None)],
            **({"all documents": [(box, None), ("#cr-all", None)]} if many else {}),
            "open a sentence": [(f".document:nth-of-type({n}) .mark", None) for n in range(1, 5)],
            "next hit": [("#cr-next", None)],
            "list a bar": [("tr:nth-of-type(1) .bar-button", None), ("tr:nth-of-type(3) .bar-button", None)],
            **({"find documents": [("#cr-find", text) for text in ("1", "22", "4", "5", "")]} if many else {}),
            **({"turn a page": [("#cr-turn-how-much-on", None)]} if many else {}),
            "a new query": [("#cr-pattern", f"{start}*") for start in ("co", "re", "pa", "sh", "al")],
            "a frequent word": [("#cr-pattern", word) for word in ("the", "of", "and", "to", "a")],
        }
        taken = {}
        for name, variants in events.items():
            page.wait_for_timeout(800)
            times = []
            for number in range(-(-ROUNDS // len(variants)) * len(variants)):  # each variant as often as the others
                times.append(page.evaluate(WATCH, list(variants[number % len(variants)])))
                page.wait_for_timeout(250)
            if name == "all documents":
                times = times[1::2]
            taken[name] = tuple(statistics.median(column) / 1000 for column in zip(*times, strict=True))
        weight = {
            "opened, seconds": opened,
            "elements in the page": page.evaluate("document.querySelectorAll('.crossread *').length"),
            "characters of HTML": page.evaluate("document.querySelector('.crossread').innerHTML.length"),
        }
        browser.close()
    return taken, weight


def save(n_documents: int, n_tokens: int, place: str, taken) -> None:
    """Put a measurement into results/explorer.csv, in place of the one before of as many documents."""
    import pandas as pd

    rows = pd.DataFrame(
        [
            (n_documents, n_tokens, place, name, round(1000 * quick), round(1000 * whole))
            for name, (quick, whole) in taken
        ],
        columns=["documents", "tokens", "measured_in", "change", "views_ms", "all_ms"],
    )
    path = Path(__file__).parent / "results" / "explorer.csv"
    if path.is_file():
        before = pd.read_csv(path)
        same = (before["documents"] == n_documents) & (before["measured_in"] == place)
        rows = pd.concat([before[~same], rows])
    rows = rows.sort_values(["documents", "measured_in"], kind="stable")
    rows.to_csv(path, index=False, lineterminator="\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, help="made-up documents instead of a corpus")
    parser.add_argument("--corpus", default="alliances")
    parser.add_argument("--browser", action="store_true")
    parser.add_argument("--save", action="store_true", help="write results/explorer.csv")
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
        n_documents, n_tokens = len(loaded.documents), int(loaded.documents["n_tokens"].sum())
        print(f"{n_documents:,} documents, {n_tokens:,} tokens, loaded in {time.perf_counter() - start:.1f} s")
        if options.browser:
            taken, weight = in_browser(corpus)
            for name, value in weight.items():
                print(f"{name}: {value:,.1f}" if isinstance(value, float) else f"{name}: {value:,}")
        else:
            start = time.perf_counter()
            session = Session(Workbench(loaded), folder=Path(scratch) / "saved")
            list(session.handle({"do": "hello"}))
            print(f"opened in {time.perf_counter() - start:.1f} s")
            taken = measure(session, events_for(session.bench))
        for name, (quick, whole) in taken.items():
            print(f"{name:<18} {1000 * quick:7.0f} ms, all {1000 * whole:7.0f} ms")
        if options.save:
            save(n_documents, n_tokens, "browser" if options.browser else "Python", taken.items())


if __name__ == "__main__":
    main()
