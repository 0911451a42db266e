"""The ledger of claims: what was counted, what coders marked, and what may be said of further text of the same kind.

It needs only matches and sentences, so it is the same from published counts as from texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from crossread.corpus import project_folder
from crossread.errors import CrossreadError
from crossread.measure.claims import Claim, check_references, hits_of_claims, observe_claims
from crossread.measure.clumping import Clumping
from crossread.measure.comparisons import (
    Comparison,
    Side,
    common_share,
    compare,
    smallest_ratio,
)
from crossread.measure.contrasts import NOT_DISTINGUISHABLE, SUPPORTED, TOO_FEW
from crossread.measure.estimates import measure_shares
from crossread.measure.families import SURE, holm_levels
from crossread.measure.marks import Marked
from crossread.measure.resampling import exact_limits, rate_limits
from crossread.measure.themes import Observations
from crossread.wording import Labels, capital, count_of, join_names, join_sentences, measured_text

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

LEDGER = (
    "claim", "text", "quantity", "written", "exploratory", "counted", "so_counted", "measured", "so_measured",
    "estimate", "low", "high", "verdict", "minimum_ratio", "direction", "support", "specifications", "sentences",
)  # fmt: skip
CONTRADICTED = "contradicted"
ESTIMATED = "coders would mark"
RARE = 2.0  # per 1,000 tokens: about one mention on a page


# --- documents compared ---------------------------------------------------------------------------------------------


class Sides(NamedTuple):
    """Every document as the side of a comparison, arrays of documents x keys, and the most hits that it could have."""

    documents: tuple[str, ...]
    side: Side
    most: np.ndarray
    share: bool

    def of(self, doc: str, part: float = 1.0) -> tuple[Side, np.ndarray]:
        """Return a document as if only a part of it were known."""
        row = self.documents.index(doc)
        side, most = Side(*(values[row] for values in self.side)), self.most[row]
        if part == 1:
            return side, most
        count, units = side.count * part, side.units * part
        if self.share:  # whole sentences
            units = np.maximum(np.round(units), 1)
            count = np.minimum(np.round(count), units)
        return side._replace(count=count, units=units), part * most

    def compare(self, pair: tuple[str, str], parts: tuple[float, float] = (1.0, 1.0)) -> Comparison:
        """Compare two documents on all keys."""
        empty = next((doc for doc in pair if not self.of(doc)[1].all()), None)
        if empty is not None:
            raise CrossreadError(f"The document “{empty}” has no sentence to compare; leave it out.")
        (a, most_a), (b, most_b) = (self.of(doc, part) for doc, part in zip(pair, parts, strict=True))
        return compare(a, b, share=self.share, most=None if self.share else (most_a, most_b))


def make_sides(
    documents: Sequence[str],
    counts: np.ndarray,
    units: np.ndarray,
    sentences: np.ndarray,
    clumping: Clumping,
    *,
    share: bool,
) -> Sides:
    """Return documents as sides: counts of documents x keys; units, and sentences, of each document."""
    shape = np.shape(counts)
    side = Side(counts, np.broadcast_to(np.reshape(units, (-1, 1)), shape), *clumping)
    most = np.broadcast_to(np.reshape(units if share else sentences, (-1, 1)), shape)
    return Sides(tuple(documents), side, most, share)


class Compared(NamedTuple):
    """A pair of a claim: how far apart it is, what limits and what a verdict that leads to.

    `difference`, `low` and `high` are in the unit of the claim; `level` is at which p-value it is supported, and
    `smallest` finds the smallest ratio that was sure to be seen.
    """

    pair: tuple[str, str]
    difference: float
    low: float
    high: float
    supported: bool
    too_few: bool
    level: float
    smallest: Callable[[], float]


def compare_claims(claims: Sequence[Claim], seen: Observations) -> list[list[Compared]]:
    """Compare the documents of all claims, corrected for all claims together, and what they were chosen from, by Holm.

    A claim about several pairs needs all of them, so its p-value is the largest, and each pair is tested at its level.
    """
    sides = {
        share: make_sides(seen.documents, *seen.totals(share), seen.totals(True)[1], seen.clumping(share), share=share)
        for share in {claim.share for claim in claims}
    }
    pairs = [claim.pairs(seen.documents) for claim in claims]
    asked = set(chain.from_iterable(((claim.share, pair) for pair in own)
                                    for claim, own in zip(claims, pairs, strict=True)))  # fmt: skip
    compared = {(share, pair): sides[share].compare(pair) for share, pair in asked}
    key = [seen.keys.index(claim.key) for claim in claims]
    p = np.full(len(claims), np.nan)
    for number, (claim, own) in enumerate(zip(claims, pairs, strict=True)):
        if own:
            largest = max(compared[claim.share, pair].p[key[number]] for pair in own)
            p[number] = 1.0 if claim.direction == "no difference" else largest
    tested = ~np.isnan(p)
    levels = np.full(len(claims), np.nan)
    chosen_from = np.array([claim.chosen_from for claim in claims])
    levels[tested] = holm_levels(np.minimum(p * chosen_from, 1)[tested]) / chosen_from[tested]
    alike = np.array([claim.direction == "no difference" for claim in claims], dtype=bool)  # limits say so, no p-value
    levels[alike] = (SURE / max(tested.sum(), 1) / chosen_from)[alike]
    return [
        [
            _test_pair(claim, pair, compared[claim.share, pair], sides[claim.share], key[number], float(levels[number]))
            for pair in own
        ]
        for number, (claim, own) in enumerate(zip(claims, pairs, strict=True))
    ]  # fmt: skip


def _test_pair(claim, pair, compared: Comparison, sides: Sides, key, level) -> Compared:
    scale = 1 if claim.share else 1000
    low, high = (limit[key] for limit in compared.limits(1 - level))
    return Compared(
        pair,
        scale * float(compared.difference[key]),
        scale * float(low),
        scale * float(high),
        bool(compared.p[key] <= level),
        bool(
            compared.best[key] > level
        ),  # of a claim that is not supported it is the level of any p-value it could have
        level,
        partial(_smallest_ratio, compared, sides, key, level),
    )


def _smallest_ratio(compared: Comparison, sides: Sides, key: int, level: float) -> float:
    """Return the smallest ratio that was sure to be seen, the side that is higher being raised."""
    whole = [values[:, key] for values in sides.side]
    common = common_share(*whole[:3])
    a, b = (Side(*(values[[key]] for values in side)) for side in (compared.a, compared.b))
    upper, lower = (b, a) if compared.difference[key] < 0 else (a, b)
    return float(smallest_ratio(np.reshape(common, 1), upper, lower, share=sides.share, level=level)[0])


# --- the ledger -----------------------------------------------------------------------------------------------------


def evaluate_claims(
    claims: Iterable[Claim],
    matches: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    labels: Labels | None = None,
    marks: Mapping[str, Marked] | None = None,
    specifications: pd.DataFrame | None = None,
    rare: float = RARE,
) -> pd.DataFrame:
    """Return the ledger: every claim as counted, as measured and in general, and the sentences behind it.

    Parameters
    ----------
    claims : iterable of Claim
        From `read_claims`.
    matches : DataFrame
        From `lexicon.find_matches`; where claims are about several lexicons their matches one after another, those of
        the study first. Hits do as well.
    sentences : DataFrame
        `Corpus.sentences`.
    labels : Labels, optional
        What people call the documents; else ids are printed.
    marks : mapping of str to Marked, optional
        From `gather_marks`: what coders marked.
    specifications : DataFrame, optional
        From `multiverse`; without it direction and support are missing.
    rare : float
        Hits per 1,000 tokens that would still be called rare. A silence that allows more cannot tell absence.

    Returns
    -------
    DataFrame
        One row per claim: claim (id); text (the sentence; where these pages show otherwise it says so); quantity;
        written, exploratory (written after its numbers were seen); counted (in words, with denominators), so_counted
        (whether the pages show what the claim says); measured, so_measured (the same of what coders marked, or would
        mark; missing where nobody coded the theme); estimate, low, high (of the difference, in hits per 1,000 tokens
        or as a share; limits hold for all claims together by Holm's method, so they leave out zero exactly when a
        difference is supported); for "first" the difference to the closest rival, for "absent" the rate itself;
        verdict: "supported", "not distinguishable", "too few units" (no outcome could have been supported, the other
        claims being as they are, or a silence too short to tell absence) or "contradicted" (the opposite is
        supported); minimum_ratio (the smallest ratio of the two documents that was sure to be seen, in 80 of 100
        texts, see `theme_contrasts`; missing without a comparison);
        direction, support (share of the ways of measuring in which the number points as the claim says, and in which
        it is supported as well, every family of choices weighing the same, 0 to 1); specifications (their number);
        sentences (ids with a hit of the theme in the documents compared, with spaces between).

    Raises
    ------
    CrossreadError
        "claim “…”: the lexicon “…” has no theme “…” …", "claim “…”: there is no document “…” here."

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> claims = [Claim("cost-a", "{a} says more of cost than {b}", "cost", "share", ("a", "b"), "higher")]
    >>> evaluate_claims(claims, *_toy())[["text", "counted", "verdict"]].values.tolist()
    [['A says more of cost than b.', '2 of 3 sentences in a against 0 of 2 in b', 'too few units']]
    """
    claims, labels = tuple(claims), labels or Labels()
    seen = observe_claims(claims, matches, sentences)
    measured = measure_shares(hits_of_claims(claims, matches), marks, sentences) if marks else pd.DataFrame()
    rows = []
    for claim, tested in zip(claims, compare_claims(claims, seen), strict=True):
        key = seen.keys.index(claim.key)
        counted, so_counted = _word_counted(claim, seen, key, labels)
        marked = measured[measured["key"] == claim.key].set_index("doc_id") if len(measured) else measured
        told, so_measured = _word_measured(claim, marked, labels) if len(marked) else (None, None)
        of_claim = specifications[specifications["claim"] == claim.id] if specifications is not None else None
        involved = seen.documents if claim.direction == "first" else claim.documents
        behind = [name for doc in involved for name in seen.sentence_ids[doc][seen.counts[doc][:, key] > 0]]
        text = claim.told(labels)
        rows.append(
            {
                "claim": claim.id,
                "text": capital(text if so_counted else f"it is not so on these pages that {text}") + ".",
                "quantity": claim.quantity,
                "written": claim.written,
                "exploratory": claim.exploratory,
                "counted": counted,
                "so_counted": so_counted,
                "measured": told,
                "so_measured": so_measured,
                **_judge(claim, tested, seen, key, rare),
                **_robustness(of_claim),
                "sentences": " ".join(behind),
            }
        )
    return pd.DataFrame(rows, columns=list(LEDGER))


def _robustness(specifications: pd.DataFrame | None) -> dict[str, float]:
    if specifications is None or specifications.empty:
        return {"direction": np.nan, "support": np.nan, "specifications": 0}
    weight = specifications["weight"]
    return {
        "direction": min(float(weight[specifications["agrees"]].sum()), 1.0),
        "support": min(float(weight[specifications["holds"]].sum()), 1.0),
        "specifications": len(specifications),
    }


def _judge(claim: Claim, tested: list[Compared], seen: Observations, key: int, rare: float) -> dict[str, object]:
    if claim.direction == "absent":
        return _judge_absence(claim, seen, key, rare)
    # the pair that decides: the closest rival of a document said to be first
    closest = min(tested, key=lambda one: claim.sign * one.difference)
    if claim.direction == "no difference":
        against = closest.supported
        holds = -claim.margin <= closest.low and closest.high <= claim.margin and not against
    else:
        holds = all(one.supported and claim.sign * one.difference > 0 for one in tested)
        against = any(one.supported and claim.sign * one.difference < 0 for one in tested)
    verdict = (
        SUPPORTED if holds
        else CONTRADICTED if against
        else TOO_FEW if any(one.too_few for one in tested)
        else NOT_DISTINGUISHABLE
    )  # fmt: skip
    return {
        "estimate": closest.difference, "low": closest.low, "high": closest.high, "verdict": verdict,
        "minimum_ratio": closest.smallest(),
    }  # fmt: skip


def _judge_absence(claim: Claim, seen: Observations, key: int, rare: float) -> dict[str, object]:
    doc, (counts, units) = seen.documents.index(claim.documents[0]), seen.totals(claim.share)
    inflation, freedom = (values[doc, key] for values in seen.clumping(claim.share))
    values = rate_limits(counts[doc, key], units[doc], inflation, freedom, share=claim.share)
    allowed = allowed_by_silence(seen.totals(False)[1][doc], inflation, freedom)
    verdict = CONTRADICTED if counts[doc, key] else TOO_FEW if allowed > rare else SUPPORTED
    scale = 1 if claim.share else 1000
    limits = dict(zip(("estimate", "low", "high"), (scale * float(value) for value in values), strict=True))
    return {**limits, "verdict": verdict, "minimum_ratio": np.nan}


def allowed_by_silence(n_tokens: ArrayLike, inflation: ArrayLike, freedom: ArrayLike) -> np.ndarray:
    """Return how many hits per 1,000 tokens so many tokens without a hit still allow: an upper limit at 95 per cent.

    Examples
    --------
    >>> float(allowed_by_silence(4840, 1.0, np.inf).round(2)), float(allowed_by_silence(4840, 5.0, 3.0).round(1))
    (0.76, 7.5)
    """
    return 1000 * exact_limits(0, np.maximum(n_tokens, 1), inflation=inflation, freedom=freedom)[1]


# --- in words -------------------------------------------------------------------------------------------------------


def _deciding(claim: Claim, rates: Mapping[str, float]) -> tuple[str, bool]:
    """Return the document that the first one is held against, and whether the numbers show what the claim says."""
    first = claim.documents[0]
    if claim.direction == "absent":
        return "", rates[first] == 0
    pairs = claim.pairs(tuple(rates))
    other = max((pair[1] for pair in pairs), key=lambda doc: claim.sign * rates[doc])
    difference = rates[first] - rates[other]
    if claim.direction == "no difference":
        return other, abs(difference) <= claim.margin
    return other, claim.sign * difference > 0


def _word_counted(claim: Claim, seen: Observations, key: int, labels: Labels) -> tuple[str, bool]:
    counts, units = seen.totals(claim.share)
    counts, scale = counts[:, key], 1 if claim.share else 1000
    held = {doc: n > 0 for doc, n in zip(seen.documents, units, strict=True)}
    rates = {doc: scale * count / max(n, 1) for doc, count, n in zip(seen.documents, counts, units, strict=True)}
    other, so = _deciding(claim, rates)

    def number(doc: str, full: bool) -> str:
        row = seen.documents.index(doc)
        unit = "sentence" if claim.share else "token"
        told = count_of(counts[row], units[row], unit) if full else f"{int(counts[row]):,} of {int(units[row]):,}"
        return f"{told if held[doc] else 'no sentence'} in {labels.document(doc)}"

    if claim.direction == "absent":
        return number(claim.documents[0], True), so
    return f"{number(claim.documents[0], True)} {_against(claim, rates, other, number)}", so


def _against(claim: Claim, rates: Mapping[str, float], other: str, number: Callable[[str, bool], str]) -> str:
    if claim.direction != "first":
        return f"against {number(other, False)}"
    return f"against {number(other, False)}, the next" if rates[other] else "against none in the others"


def _word_measured(claim: Claim, marked: pd.DataFrame, labels: Labels) -> tuple[str | None, bool | None]:
    """Say what coders marked, or would mark, of the documents of a claim; nothing where one of them is not coded."""
    involved = marked.index if claim.direction == "first" else list(claim.documents)
    if not (marked.loc[involved, "n_coded"] > 0).all():
        return None, None
    rates = marked["measured"].to_dict()
    other, so = _deciding(claim, rates)
    complete = bool((marked.loc[involved, "n_coded"] == marked.loc[involved, "n_sentences"]).all())

    def number(doc: str, full: bool) -> str:
        text = measured_text(*marked.loc[doc, ["measured", "measured_low", "measured_high", "n_sentences"]])
        return f"{text if full else text.removesuffix(' sentences')} in {labels.document(doc)}"

    told = f"{'coders marked' if complete else ESTIMATED} {number(claim.documents[0], True)}"
    if other:
        told += f" {_against(claim, rates, other, number)}"
    return told if so else f"{told}: not as counted", so


def describe_claims(table: pd.DataFrame, labels: Labels) -> str:
    """Say of how many claims the pages show what they say, what coders marked, and what may be said in general."""
    if table.empty:
        return "There is no claim."
    n = len(table)
    counted = int(table["so_counted"].sum())
    supported = table.loc[table["verdict"] == SUPPORTED, "text"].str.rstrip(".").tolist()
    general = f"{_of(len(supported), n)} supported" if n > 1 else table["verdict"].iloc[0]
    lead = f"Counted, {_all_of(counted, n)} true of these pages; in general {general}"
    coded = table["so_measured"].notna()
    measured = int(table.loc[coded, "so_measured"].astype(bool).sum())
    others = table.loc[table["verdict"] != SUPPORTED, "verdict"].value_counts()
    verdicts = [f"{number} {verdict}" for verdict, number in others.items()]
    always = int((table["direction"] > 0.995).sum())
    exploratory = int(table["exploratory"].sum())
    return join_sentences(
        [
            lead,
            f"Supported: {'; '.join(supported)}" if supported else "",
            f"{'The others' if supported else 'Verdicts'}: {join_names(verdicts)}" if verdicts and n > 1 else "",
            f"Measured, {_all_of(measured, int(coded.sum()))} {_how_measured(table)}" if coded.any() else "",
            f"{_all_of(always, n)} so in every way of measuring" if table["direction"].notna().any() else "",
            f"{_all_of(exploratory, n)} exploratory: written after the numbers were seen" if exploratory else "",
        ]
    )  # fmt: skip


def _how_measured(table: pd.DataFrame) -> str:
    """Say whether all sentences were coded, so that the count is exact, or what coders would mark is estimated."""
    if table["measured"].dropna().str.startswith(ESTIMATED).any():
        return "so by the best estimate of what coders would mark; its limits stand with each"
    return "so as coders marked"


def _of(count: int, n: int) -> str:
    return f"{count if count else 'none'} {'are' if count > 1 else 'is'}"


def _all_of(count: int, n: int) -> str:
    if n == 1:
        return "the claim is" if count else "the claim is not"
    if n == 2 and count != 1:
        return "both claims are" if count else "neither claim is"
    return f"all {n} claims are" if count == n else f"{count or 'none'} of {n} claims {'are' if count > 1 else 'is'}"


# --- checking -------------------------------------------------------------------------------------------------------


def check_claims(ledger: pd.DataFrame, published: str | Path | None, notebooks: str | Path | None = None) -> list[str]:
    """Return what is wrong: verdicts that changed, and claims that notebooks name but that do not exist.

    Parameters
    ----------
    ledger : DataFrame
        From `evaluate_claims`, computed now.
    published : path or None
        The ledger committed with the figures, or None where there is none.
    notebooks : path, optional
        The folder of notebooks; that of the project by default. Prose and code name a claim as claim:id.

    Returns
    -------
    list of str
        One sentence per problem; empty when nothing is wrong.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> ledger = pd.DataFrame({"claim": ["x"], "verdict": ["supported"]})
    >>> ledger.assign(verdict="not distinguishable").to_csv(folder / "claims.csv", index=False)
    >>> check_claims(ledger, folder / "claims.csv", folder)
    ['claim “x”: the verdict was “not distinguishable” and is “supported”.']
    """
    notebooks = Path(notebooks or project_folder() / "notebooks")
    problems = []
    if published is not None:
        before = pd.read_csv(published, keep_default_na=False).set_index("claim")["verdict"].to_dict()
        now = ledger.set_index("claim")["verdict"].to_dict()
        for name in [*before, *(name for name in now if name not in before)]:
            if name not in now:
                problems.append(f"claim “{name}” is published but no longer made.")
            elif name not in before:
                problems.append(f"claim “{name}” is made but not published.")
            elif now[name] != before[name]:
                problems.append(f"claim “{name}”: the verdict was “{before[name]}” and is “{now[name]}”.")
    else:
        problems.append("The ledger of claims is not published: save study.claims() as a figure.")
    return problems + check_references(ledger["claim"], notebooks)
