"""How quickly the page of a study opens and is drawn anew, in Chromium, from a file.

    python -m benchmarks.explorer            # alliances, and 300 documents of 1,000 words
    python -m benchmarks.explorer --save     # writes results/explorer.csv

`opens` has the milliseconds by the clock until the first paint and until a press has been answered (a theme is pressed
as soon as there is one; then its sentences stand in the next frame), and those of the processor until then. The other
rows are what one press costs: milliseconds of the processor for script, style and layout, and by the clock until the
next frame stands. All are the least of three rounds, for other programs use the machine too: `load` says
how many ran, and by so much the clock is slower than the processor.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import shutil
import tempfile
from pathlib import Path

import crossread as cr

HERE = Path(__file__).resolve().parent
LIMITS = {"alliances": 100, "300 documents": 500}  # milliseconds for any change
ROUNDS = 3
WATCH = """new MutationObserver((_, observer) => {
  if (!document.querySelector("[data-ready]")) return;
  observer.disconnect();
  document.querySelector('main [data-do^="ask "]').click();
  const answered = () => { window.usable = document.querySelector(".item") && performance.now(); };
  requestAnimationFrame(() => setTimeout(answered));
}).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-ready"] });"""
PRESS = """action => new Promise(done => {
  const begun = performance.now(), all = [...document.querySelectorAll("[data-do]")];
  if (action.startsWith("find ")) {
    document.querySelector("#q").value = action.slice(5);
    document.querySelector(".search").requestSubmit();
  } else {
    const pressed = all.find(one => one.dataset.do === action) ?? all.find(one => one.dataset.do.startsWith(action));
    if (!pressed) return done(null); // contexts are sorted only where the texts are
    pressed.click();
  }
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
})"""
PRESSED = (
    "ask {theme}", "step 1", "view read", "step 1", "view argument", "theme {theme}", "theme {theme}", "view words",
    "view topics", "view sure", "view seminar", "view argument", "edit {theme}", "drop ", "undo", "redo", "undo",
    "find {word}", "sort left", "sort right", "view argument",
)  # fmt: skip


def many_documents() -> cr.Study:
    """300 documents of 1,000 words, made of the sentences of the practice corpus."""
    practice, generator = cr.study("practice"), random.Random(1)
    sentences, documents = practice.sentences["text"].tolist(), {}
    for number in range(300):
        chosen, n = [], 0
        while n < 1000:
            chosen.append(generator.choice(sentences))
            n += len(chosen[-1].split())
        documents[f"text_{number:03d}"] = "\n\n".join(" ".join(chosen[i : i + 5]) for i in range(0, len(chosen), 5))
    return cr.study(documents, lexicon=practice.lexicon)


def spent(meter) -> float:
    """Return the milliseconds of the processor that a page has used for script, style and layout."""
    metrics = {one["name"]: one["value"] for one in meter.send("Performance.getMetrics")["metrics"]}
    return 1000 * sum(metrics[f"{part}Duration"] for part in ("Script", "Layout", "RecalcStyle"))


def measure(browser, name: str, path: Path) -> list[dict]:
    """Open a page, press what there is, and return a row for each press."""
    opened: dict[str, float] = {}
    for _ in range(ROUNDS):
        page = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True).new_page()
        page.add_init_script(WATCH)
        meter = page.context.new_cdp_session(page)
        meter.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.goto(path.as_uri())
        page.wait_for_function("() => window.usable", timeout=120_000)
        paint = page.evaluate("performance.getEntriesByType('paint')[0].startTime")
        own = {"first_paint": paint, "usable": page.evaluate("window.usable"), "processor": spent(meter)}
        opened = {key: min(value, opened.get(key, value)) for key, value in own.items()}
    size = {"page": name, "press": "opens", "kilobytes": path.stat().st_size // 1000, "load": round(os.getloadavg()[0])}
    rows = [size | {key: round(value) for key, value in opened.items()}]
    page.wait_for_timeout(2000)  # until the texts are read
    theme = page.locator(".key").first.get_attribute("data-do").split()[1]
    best: dict[int, tuple[float, float]] = {}
    pressed = [action.format(theme=theme, word="all*") for action in PRESSED]
    for number, action in [*enumerate(pressed)] * ROUNDS:
        before = spent(meter)
        clock = page.evaluate(PRESS, action)
        if clock is None:
            continue
        own = (spent(meter) - before, clock)
        best[number] = tuple(map(min, own, best.get(number, own)))
    page.context.close()
    return rows + [
        {"page": name, "press": action, "processor": round(best[i][0]), "clock": round(best[i][1])}
        for i, action in enumerate(pressed)
        if i in best
    ]


def main() -> None:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--save", action="store_true", help="write results/explorer.csv")
    options = parser.parse_args()
    rows: list[dict] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, study in (("alliances", cr.study("alliances", texts=False)), ("300 documents", many_documents())):
            rows += measure(browser, name, study.page(Path(folder) / f"{name}.html"))
    for row in rows:
        print("  ".join(f"{name} {value}" for name, value in row.items()))
    for name, limit in LIMITS.items():
        slowest = max(
            (row for row in rows if row["page"] == name and row["press"] != "opens"), key=lambda row: row["processor"]
        )
        print(f"{name}: at most {slowest['processor']} ms ({slowest['press']}), wanted {limit}")
    print(f"{os.getloadavg()[0]:.1f} programs ran on {os.cpu_count()} processors")
    if options.save:
        with open(HERE / "results" / "explorer.csv", "w", newline="", encoding="utf-8") as file:
            columns = ("page", "press", "kilobytes", "load", "first_paint", "usable", "processor", "clock")
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main()
