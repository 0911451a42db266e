"""How often themes are said to differ that do not, how often limits cover, and what it takes to be seen: simulation.

    python -m benchmarks.simulate_themes                         about an hour on one core
    python -m benchmarks.simulate_themes --runs 100 --before 0   a first look, two minutes
    python -m benchmarks.simulate_themes --before 200            as many runs with the first edition, out of git

The simulated documents are as long as those studied, in sentences. Hits come in passages (a hidden Markov chain: in
a passage four sentences of five have a hit, outside it few) of 2, 8 or 15 sentences; or with an intensity that
drifts (log-Gaussian, correlation .9 from sentence to sentence); or several in a sentence but not clumped; or clumped
in the short documents and even in the long chapter. A family is three themes, of common or of rare ones, and all
pairs of five documents: thirty contrasts. For power one document has three or five times the share.

Tables are written to benchmarks/results: themes-false.csv (families with a false claim, coverage of limits),
themes-power.csv, and themes-lengths.csv (of two documents alone, and of documents of very unlike lengths).
What the present library does goes to the library as well, for `crossread.measure.simulated`.
“First edition” is the library of commit 530eff1: blocks of three sentences dealt anew, Holm's method over thirty.
"""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from crossread.measure.clumping import estimate_clumping, sum_between
from crossread.measure.families import SURE
from crossread.measure.pairs import judge_documents, make_family
from crossread.measure.resampling import exact_limits, rate_limits
from crossread.measure.simulation import SIMULATED, TABLE
from crossread.wording import join_names

SIZES = (9, 38, 29, 30, 149)
SHORT = 100  # sentences; the chapter is longer
TOKENS = 29  # in a sentence
THEMES = {"common": (0.05, 0.15, 0.4), "rare": (0.02, 0.03, 0.05)}
PAIRS = {"29 against 149": (2, 4), "29 against 30": (2, 3), "9 against 149": (0, 4)}
RATIOS = (3, 5)
LENGTHS = ((30, 30), (60, 60), (29, 149), (15, 149), (29, 149, 150), (29, 149, 400), (30, 90, 149, 150))
QUANTITIES = ("share", "per_1000")
FIRST_EDITION = "530eff1"
RESULTS = Path(__file__).parent / "results"
IN_PASSAGE, OUTSIDE = 1.61, 0.2  # hits of a sentence in a passage; the part of the share that is outside
MOST_INSIDE = 0.95  # of the sentences

Text = Callable[[float, int, int, np.random.Generator], np.ndarray]


def passages(length: float) -> Text:
    """Return a text whose hits come in passages that are so many sentences long on average.

    Where the share is high, more stands in passages than that length allows: they are as long as chance alone makes
    them then, and where more than 95 sentences of 100 would have to stand in one, more of those have a hit.
    """

    def draw(share, n_sentences, runs, generator):
        outside = OUTSIDE * share
        with_hit = np.maximum(1 - np.exp(-IN_PASSAGE), (share - (1 - MOST_INSIDE) * outside) / MOST_INSIDE)
        inside = (share - outside) / (with_hit - outside)
        leave = np.minimum(1 / length, 1 - inside)
        enter = leave * inside / (1 - inside)
        state, states = generator.random(runs) < inside, np.empty((n_sentences, runs), dtype=bool)
        for sentence in range(n_sentences):
            states[sentence] = state
            step = generator.random(runs)
            state = np.where(state, step >= leave, step < enter)
        return generator.poisson(np.where(states, -np.log1p(-with_hit), -np.log1p(-outside)))

    return draw


@lru_cache
def _level(share: float, spread: float) -> float:
    from scipy.optimize import brentq

    points, weights = np.polynomial.hermite_e.hermegauss(60)
    weights = weights / weights.sum()
    return brentq(lambda level: weights @ -np.expm1(-np.exp(level + spread * points)) - share, -15, 8)


def drifting(share, n_sentences, runs, generator, correlation=0.9, spread=1.3):
    """Draw a text whose intensity drifts."""
    drift, drifts = generator.normal(size=runs), np.empty((n_sentences, runs))
    for sentence in range(n_sentences):
        drifts[sentence] = drift
        drift = correlation * drift + np.sqrt(1 - correlation**2) * generator.normal(size=runs)
    levels = np.array([_level(round(float(one), 4), spread) for one in np.ravel(share)])
    return generator.poisson(np.exp(levels + spread * drifts))


def several_in_one(share, n_sentences, runs, generator, size=0.15, like=None):
    """Draw a text with several hits in a sentence, sentences being independent; as many in one as at another share."""
    single = (1 - (share if like is None else like)) ** (1 / size)
    return generator.negative_binomial(np.log1p(-share) / np.log(single), single, size=(n_sentences, runs))


def even_chapter(share, n_sentences, runs, generator):
    """Draw a text in passages of eight where it is short, and with independent sentences where it is long."""
    return passages(8 if n_sentences < SHORT else 1.0001)(share, n_sentences, runs, generator)


TEXTS: dict[str, Text] = {
    "passages of 2": passages(2),
    "passages of 8": passages(8),
    "passages of 15": passages(15),
    "log-Gaussian intensity": drifting,
    "overdispersed, not clumped": several_in_one,
    "chapter even, short texts clumped": even_chapter,
}


def draw_documents(
    text: Text, share: float, runs: int, generator, raised: int | None = None, ratio: float = 1, sizes=SIZES
):
    """Return the hits of each sentence of all documents, n_sentences x runs; one document may have a larger share."""
    shares = [share * (ratio if place == raised else 1) for place in range(len(sizes))]
    return np.concatenate([text(own, n, runs, generator) for own, n in zip(shares, sizes, strict=True)])


@lru_cache
def truth(name: str, share: float) -> tuple[float, float, tuple[float, ...]]:
    """Return the long-run share and rate of a text, and how many independent sentences each document is worth."""
    generator = np.random.default_rng(99)
    means, effective = [], []
    for n in SIZES:
        drawn = TEXTS[name](share, n, 4000, generator)
        found = (drawn > 0).sum(axis=0)
        means.append(drawn.mean())
        expected = n * share * (1 - share)
        effective.append(n / max(found.var() / expected, 1))
    return share, float(np.mean(means)) / TOKENS, tuple(effective)


def judge(counts, share: bool, n_themes: int, seed, sizes=SIZES):
    """Return what the library says of simulated runs of one theme: tested family, and limits of each document."""
    bounds = np.concatenate([[0], np.cumsum(sizes)])
    exposure = np.full(len(counts), float(TOKENS))
    values, units = (counts > 0).astype(float) if share else counts, np.ones(len(counts)) if share else exposure
    totals, held = sum_between(values, bounds), sum_between(units, bounds)
    clumping = estimate_clumping(counts, exposure, bounds, share=share)
    names = tuple(f"d{place}" for place in range(len(sizes)))
    with_hit = sum_between((counts > 0).astype(float), bounds)
    family, _ = make_family(names, None, totals, held, clumping, with_hit, np.array(sizes, float))
    limits = rate_limits(totals, held[:, None], *clumping, share=share)
    return judge_documents(family, share=share, n_themes=n_themes, seed=seed), limits[1:], (totals, held)


def first_edition(counts, folder: Path) -> dict[str, np.ndarray]:
    """Return what the first edition says of simulated runs, sentences x runs x themes."""
    library = folder / "first-edition"
    if not library.is_dir():
        packed = subprocess.run(
            ["git", "archive", FIRST_EDITION, "lib/crossread"], cwd=Path(__file__).parent.parent, capture_output=True,
            check=True,
        ).stdout  # fmt: skip
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(library, filter="data")
    given, answer = folder / "given.npz", folder / "answer.npz"
    np.savez(given, counts=counts, sizes=np.array(SIZES))
    environment = os.environ | {"PYTHONPATH": str(library / "lib")}
    script = Path(__file__).parent / "first_edition.py"
    subprocess.run([sys.executable, str(script), str(given), str(answer)], env=environment, check=True)
    with np.load(answer) as file:
        return dict(file)


def widths_known(counted, effective) -> np.ndarray:
    """Return how wide limits of shares would be, were it known how much each document clumps: documents x runs."""
    totals, held = counted
    inflation = np.repeat((held / effective)[:, None], totals.shape[1], axis=1)
    _, low, high = rate_limits(totals, held[:, None], inflation, np.full(totals.shape, 1e9), share=True)
    return high - low


def row_of(name, themes, quantity, edition, supported, any_theme, covers, effective, wider=None):
    """Return a row of the table: supported is pairs x themes x runs, covers documents x themes x runs."""
    runs = supported.shape[-1]
    false = int(supported.any(axis=(0, 1)).sum())
    low, high = exact_limits(false, runs, share=True)
    wide = effective >= 30
    return {
        "text": name,
        "themes": themes,
        "quantity": quantity,
        "edition": edition,
        "runs": runs,
        "families_with_false_claim": false / runs,
        "low": float(low),
        "high": float(high),
        "with_omnibus": np.nan if any_theme is None else float(any_theme.any(axis=0).mean()),
        "coverage": float(covers.mean()),
        "coverage_from_30": float(covers[wide].mean()) if wide.any() else np.nan,
        "documents_from_30": int(wide.sum()),
        "times_as_wide_from_30": np.nan if wider is None or not wide.any() else float(wider[wide].mean()),
    }


def simulate_false_claims(runs: int, before: int, seed: int, folder: Path, texts=tuple(TEXTS), themes=tuple(THEMES)):
    """Return the table of false claims: five documents from one process, three themes, thirty contrasts."""
    rows = []
    for name in texts:
        for group in themes:
            shares = THEMES[group]
            generator = np.random.default_rng([seed, list(TEXTS).index(name), list(THEMES).index(group)])
            drawn = np.stack([draw_documents(TEXTS[name], share, runs, generator) for share in shares], axis=2)
            effective = np.array([truth(name, share)[2] for share in shares]).T
            old = first_edition(drawn[:, :before], folder) if before else {}
            for number, quantity in enumerate(QUANTITIES):
                true = np.array([truth(name, share)[number] for share in shares])[None, :, None]
                told = [judge(drawn[:, :, t], quantity == "share", len(shares), [seed, t]) for t in range(len(shares))]
                supported = np.stack([one.p_adjusted <= SURE for one, *_ in told], axis=1)
                omnibus = np.stack([one.adjusted_omnibus <= SURE for one, *_ in told])
                low, high = (np.stack([limits[side] for _, limits, _ in told], axis=1) for side in (0, 1))
                covers, wider = (low <= true) & (true <= high), None
                if quantity == "share":
                    known = [widths_known(own[2], effective[:, t]) for t, own in enumerate(told)]
                    wider = (high - low) / np.stack(known, axis=1)
                rows.append(row_of(name, group, quantity, "second", supported, omnibus, covers, effective, wider))
                if before:
                    scale = 1 if quantity == "share" else 1000
                    low, high = (old[f"{quantity}_{side}"] / scale for side in ("low", "high"))
                    covers = (low <= true) & (true <= high)
                    found = old[f"{quantity}_supported"]
                    rows.append(row_of(name, group, quantity, "first", found, None, covers, effective))
            print(pd.DataFrame(rows[-2 * (1 + bool(before)) :]).round(3).to_string(header=len(rows) < 5), flush=True)
    return pd.DataFrame(rows)


def simulate_power(runs: int, before: int, seed: int, folder: Path, texts=tuple(TEXTS), share=0.15):
    """Return the table of power: a document has several times the share, in a family of three themes and by itself."""
    rows = []
    every = list(combinations(range(len(SIZES)), 2))
    for name in texts:
        for label, pair in PAIRS.items():
            for ratio in RATIOS:
                generator = np.random.default_rng([seed, list(TEXTS).index(name), *pair, ratio])
                drawn = draw_documents(TEXTS[name], share, runs, generator, pair[0], ratio)
                others = [draw_documents(TEXTS[name], one, runs, generator) for one in (0.05, 0.4)]
                row, place = {"text": name, "pair": label, "ratio": ratio, "runs": runs}, every.index(pair)
                for quantity in QUANTITIES:
                    for kind, n_themes in (("", 3), ("_alone", 1)):
                        told = judge(drawn, quantity == "share", n_themes, [seed])[0]
                        row[f"{quantity}{kind}"] = float((told.p_adjusted[place] <= SURE).mean())
                if before:
                    old = first_edition(np.stack([drawn, *others], axis=2)[:, :before], folder)
                    row |= {f"{quantity}_first": float(old[f"{quantity}_supported"][place, 0].mean())
                            for quantity in QUANTITIES} | {"runs_first": before}  # fmt: skip
                rows.append(row)
                print(pd.DataFrame([row]).round(2).to_string(header=len(rows) == 1), flush=True)
    return pd.DataFrame(rows)


def simulate_lengths(runs: int, seed: int, texts=tuple(TEXTS), lengths=LENGTHS) -> pd.DataFrame:
    """Return how often documents of other lengths are called different; two of them also by the test of the pair alone.

    Of a theme in 30 sentences of 100 nothing differs (false); of one in 15 the first document has five times the share,
    and stands against the last one.
    """
    rows = []
    for name in texts:
        for sizes in lengths:
            generator = np.random.default_rng([seed, list(TEXTS).index(name), *sizes])
            row = {"text": name, "sentences": join_names(map(str, sizes)), "runs": runs}
            for kind, share, ratio in (("false", 0.3, 1), ("found", 0.15, 5)):
                drawn = draw_documents(TEXTS[name], share, runs, generator, 0, ratio, sizes)
                told = judge(drawn, True, 1, [seed], sizes)[0]
                supported = told.p_adjusted <= SURE
                asked = supported[len(sizes) - 2] if ratio > 1 else supported.any(axis=0)
                row[kind] = float(asked.mean())
                row[f"{kind}_by_pair_alone"] = float((told.p[0] <= SURE).mean()) if len(sizes) == 2 else np.nan
            low, high = exact_limits(round(row["false"] * runs), runs, share=True)
            rows.append(row | {"false_low": float(low), "false_high": float(high)})
    return pd.DataFrame(rows)


def ship(table: pd.DataFrame) -> None:
    """Write what the present library does to where the library reads it."""
    names = {"families_with_false_claim": "false_claims", "low": "false_low", "high": "false_high"}
    present = table[table["edition"] == "second"].rename(columns=names)
    present[list(SIMULATED)].round(4).to_csv(TABLE, index=False, lineterminator="\n")


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=2000, help="simulated families; half as many for power")
    parser.add_argument("--before", type=int, default=200, help="of them with the first edition; 0 leaves it out")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=["false", "power", "lengths"], help="one of the tables")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the folder for the tables")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, simulate, share in (("false", simulate_false_claims, 1), ("power", simulate_power, 2)):
            if options.only in (None, name):
                before = min(options.before, options.runs) // share
                table = simulate(options.runs // share, before, options.seed, Path(folder))
                table.round(4).to_csv(options.results / f"themes-{name}.csv", index=False, lineterminator="\n")
                if name == "false" and options.results == RESULTS:
                    ship(table)
    if options.only in (None, "lengths"):
        table = simulate_lengths(options.runs, options.seed)
        table.round(4).to_csv(options.results / "themes-lengths.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
