"""How many more sentences to code, and which, for limits as narrow as wanted.

Sentences on a rare theme are rare: drawn at random, hours of coding meet a handful. So the sentences of each document
are parted by what the lexicon calls, and each part is drawn from by itself, as much as it needs. The chance of every
sentence is known, and estimates weigh it (see `estimates`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from crossread.errors import CrossreadError
from crossread.measure.estimates import measure_shares
from crossread.measure.groups import Groups
from crossread.measure.marks import Marked
from crossread.measure.resampling import LEVEL
from crossread.measure.themes import Observations, observe
from crossread.wording import Labels, number_of, number_text

PLAN = (
    "doc_id", "stratum", "n_sentences", "n_coded", "wanted", "more", "probability", "margin", "margin_now",
    "margin_then",
)  # fmt: skip
SAMPLE_COLUMNS = ("doc_id", "sentence_id", "stratum", "probability", "lexicon")
NO_HIT = "no hit"
AT_LEAST = 5  # sentences of each part of a document, by what the lexicon calls for each theme
MOST_FLOORS = 4  # documents of a group that count for this
GUESSED = 0.6  # precision and recall of a lexicon of which nothing is known yet
GUESS_WEIGHS = 5  # as many coded sentences
SECONDS = 12  # that a coder takes for a sentence
SMALLEST_MARGIN = 0.001
UNLUCKY = 0.6  # standard errors, so that the limits are as narrow as wanted in most samples, not in every second one
RAREST = 0.01  # a part in which none, or all, are expected to be marked is drawn from as if it were so many


def assign_strata(seen: Observations) -> pd.DataFrame:
    """Put each sentence into the stratum of the rarest theme that the lexicon calls in it, or of no hit.

    Parameters
    ----------
    seen : Observations
        Hits sentence by sentence.

    Returns
    -------
    DataFrame
        Index sentence_id; doc_id; stratum (a key, or "no hit").

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> assign_strata(observe(*_toy()))["stratum"].tolist()
    ['cost', 'no hit', 'cost', 'no hit', 'no hit']
    """
    called = {doc: seen.counts[doc] > 0 for doc in seen.documents}
    total = sum((called[doc].sum(0) for doc in seen.documents), np.zeros(len(seen.keys), dtype=int))
    order = np.argsort(total, kind="stable")
    names = np.array([*(seen.keys[place] for place in order), NO_HIT], dtype=object)
    parts = []
    for doc in seen.documents:
        ordered = np.column_stack([called[doc][:, order], np.ones(len(called[doc]), dtype=bool)])
        index = pd.Index(seen.sentence_ids[doc], name="sentence_id")
        parts.append(pd.DataFrame({"doc_id": doc, "stratum": names[ordered.argmax(1)]}, index=index))
    return pd.concat(parts) if parts else pd.DataFrame(columns=["doc_id", "stratum"])


def plan_coding(
    hits: pd.DataFrame,
    marks: Mapping[str, Marked],
    sentences: pd.DataFrame,
    *,
    keys: Sequence[str] | None = None,
    margin: float = 0.1,
    budget: int | None = None,
    coded: Collection[str] | None = None,
    by: Groups | None = None,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Say how many sentences to code, in which part of which document, for limits of so much on either side.

    For each theme the sentences are shared out between those that the lexicon calls and those that it passes over, in
    proportion to size and to the standard deviation expected there (Neyman), with at least five of each. Where themes
    ask for different numbers, the larger counts. How often the lexicon errs is taken from what is coded so far, and
    until then from a guess (precision and recall .6), so plan again on the way. Where the limits of what is coded are
    wider than was to be expected (see `measure_shares`), the plan asks for as much more.

    Parameters
    ----------
    hits : DataFrame
        From `lexicon.find_hits`.
    marks : mapping of str to Marked
        From `gather_marks`; may be empty.
    sentences : DataFrame
        `Corpus.sentences`.
    keys : sequence of str, optional
        The themes to be coded; all of the hits by default.
    margin : float
        How far the limits of a share may lie from it on either side, 0 to 1.
    budget : int, optional
        Plan for so many more sentences instead, but for five of each kind at least, and say what margin they give.
    coded : collection of str, optional
        The sentences that count as coded; those that `marks` has for every theme by default.
    by : Groups, optional
        Limits are wanted for documents put together.
    level : float
        Coverage of the limits.

    Returns
    -------
    DataFrame
        One row per document (with `by` per group) and stratum (the rarest theme called in a sentence, or "no hit"):
        doc_id (or group); stratum; n_sentences; n_coded; wanted, more (sentences to code in all, and still);
        probability (of a sentence of the stratum to be drawn, 0 to 1); margin (asked for, or what the budget gives, 0
        to 1); margin_now, margin_then (of the document's widest limits, as they are and as they are expected to be).
        None is asked for only where the limits as they are lie within the margin.

    Raises
    ------
    CrossreadError
        "The margin of the limits lies between 0 and .5, such as .1; it is …"
        "There is no theme “…” to code. There are: …"

    References
    ----------
    Cochran 1977, Sampling Techniques, 3rd edition, section 5.5 (Neyman's allocation).

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> plan_coding(*_toy()[:1], {}, _toy()[1])[["doc_id", "stratum", "n_sentences", "more"]].values.tolist()
    [['a', 'cost', 2, 2], ['a', 'no hit', 1, 1], ['b', 'no hit', 2, 2]]
    """
    if not 0 < margin < 0.5:
        raise CrossreadError(f"The margin of the limits lies between 0 and .5, such as .1; it is {margin}.")
    seen = observe(hits, sentences)
    keys = list(seen.keys) if keys is None else list(keys)
    unknown = next((key for key in keys if key not in seen.keys), None)
    if unknown is not None:
        raise CrossreadError(f"There is no theme “{unknown}” to code. There are: {', '.join(seen.keys)}.")
    seen = observe(hits, sentences, names=tuple(keys))
    if coded is None:
        own = [set(marks[key].positive.index) if key in marks else set() for key in keys]
        coded = set.intersection(*own) if own else set()
    rates = [_expected_rates(seen, key, marks.get(key)) for key in keys]
    parts = _Parts(seen, keys, by, coded, rates, level)
    parts.compare(measure_shares(hits, _marks_of(marks, keys, coded), sentences, by=by))
    return parts.table(parts.wanted(margin), margin) if budget is None else parts.table(*parts.within(budget))


def _marks_of(marks, keys, coded) -> dict[str, Marked]:
    """Return the marks of sentences that count as coded."""
    own = {key: marks[key] for key in keys if key in marks}
    return {key: one._replace(positive=one.positive[one.positive.index.isin(list(coded))]) for key, one in own.items()}


def _expected_rates(seen: Observations, key: str, own: Marked | None) -> tuple[float, float]:
    """Return which share of the sentences passed over, and of those called, coders are expected to mark."""
    column = seen.keys.index(key)
    called = np.concatenate([seen.counts[doc][:, column] > 0 for doc in seen.documents])
    n_called, n_passed = int(called.sum()), int((~called).sum())
    missed = n_called * (1 - GUESSED)  # as many as are called wrongly, with a recall as high as the precision
    guessed = [min(missed / max(n_passed, 1), 0.5), GUESSED]
    if own is None:
        return guessed[0], guessed[1]
    ids = np.concatenate([seen.sentence_ids[doc] for doc in seen.documents])
    is_called = own.positive.index.isin(ids[called])
    weights = np.ones(len(own.positive)) if own.weights is None else own.weights.reindex(own.positive.index).to_numpy()
    rates = []
    for what, guess in zip((False, True), guessed, strict=True):
        part = is_called == what
        n = int(part.sum())
        seen_share = float(np.average(own.positive.to_numpy()[part], weights=weights[part])) if n else 0.0
        rates.append((seen_share * n + guess * GUESS_WEIGHS) / (n + GUESS_WEIGHS))
    return rates[0], rates[1]


class _Parts:
    """The sentences of each document or group, parted by stratum, and for each theme by what the lexicon calls."""

    def __init__(self, seen: Observations, keys, by: Groups | None, coded, rates, level):
        self.keys, self.rates, self.level, self.by = keys, rates, level, by
        strata = assign_strata(seen)
        self.names = [name for name in (*keys, NO_HIT) if name in set(strata["stratum"])]
        units = list(seen.documents) if by is None else list(by.names)
        number = np.arange(len(seen.documents)) if by is None else by.places(seen.documents)
        place = dict(zip(seen.documents, number, strict=True))
        unit = strata["doc_id"].map(place).to_numpy(int)
        here = unit >= 0
        stratum = strata["stratum"].map({name: n for n, name in enumerate(self.names)}).to_numpy(int)
        called = np.concatenate([seen.counts[doc] > 0 for doc in seen.documents])
        shape = (len(units), len(self.names))
        self.size, self.n_coded = np.zeros(shape, dtype=int), np.zeros(shape, dtype=int)
        np.add.at(self.size, (unit[here], stratum[here]), 1)
        known = here & strata.index.isin(list(coded))
        np.add.at(self.n_coded, (unit[known], stratum[known]), 1)
        # sentences by unit, stratum, theme, and whether the theme is called
        self.cells = np.zeros((*shape, len(keys), 2), dtype=int)
        for theme in range(len(keys)):
            np.add.at(self.cells, (unit[here], stratum[here], theme, called[here, theme].astype(int)), 1)
        self.units = units
        documents = np.bincount(number[number >= 0], minlength=len(units))
        self.floor = AT_LEAST * np.minimum(documents, MOST_FLOORS)
        self.now = self.expected(self.n_coded)
        self.wider = np.ones(self.now.shape)  # than expected, how many times

    def compare(self, measured: pd.DataFrame) -> None:
        """Take over how wide limits are by what is coded so far."""
        known = measured[measured["n_coded"] > 0]
        reach = np.maximum(known["measured_high"] - known["measured"], known["measured"] - known["measured_low"])
        unit = known.iloc[:, 0].map({name: place for place, name in enumerate(self.units)}).to_numpy(int)
        theme = known["key"].map({key: place for place, key in enumerate(self.keys)}).to_numpy(int)
        expected = self.now[theme, unit]
        self.now[theme, unit] = reach
        self.wider[theme, unit] = np.where(reach > expected, reach / np.maximum(expected, 1e-9), 1)

    def wanted(self, margin) -> np.ndarray:
        """Return how many sentences of each unit and stratum are to be coded in all."""
        fractions = np.zeros(self.size.shape)
        for unit in range(len(self.units)):
            for theme, expected in enumerate(self.rates):
                own = self.cells[unit, :, theme, :]
                reach = margin / self.wider[theme, unit]
                needed = np.minimum(self.floor[unit], own.sum(0))
                if self.now[theme, unit] > margin:
                    needed = _needed(own.sum(0), expected, reach, self.floor[unit], self.level)
                share = needed / np.maximum(own.sum(0), 1)
                fractions[unit] = np.maximum(fractions[unit], np.where(own > 0, share, 0).max(axis=1))
        wanted = np.ceil(fractions * self.size - 1e-9).astype(int)
        return np.clip(wanted, self.n_coded, self.size)

    def within(self, budget: int) -> tuple[np.ndarray, float]:
        """Return how many sentences are to be coded in all, at most so many more, and the margin that they give."""
        lowest, highest = SMALLEST_MARGIN, 1.0
        for _ in range(12):
            middle = np.sqrt(lowest * highest)
            if (self.wanted(middle) - self.n_coded).sum() <= budget:
                highest = middle
            else:
                lowest = middle
        wanted = self.wanted(highest)
        # what is left goes where the limits are widest
        order = np.argsort(-self.then(wanted), kind="stable")
        further = (self.wanted(lowest) - wanted)[order]
        left = max(budget - int((wanted - self.n_coded).sum()), 0)
        before = np.cumsum(further).reshape(further.shape) - further
        wanted[order] += np.clip(left - before, 0, further)
        return wanted, float(self.then(wanted).max(initial=0))

    def expected(self, coded) -> np.ndarray:
        """Return how wide limits are with so many coded sentences in each stratum, by theme and unit."""
        share = coded / np.maximum(self.size, 1)
        margins = np.zeros((len(self.keys), len(self.units)))
        for theme, expected in enumerate(self.rates):
            sizes = self.cells[:, :, theme, :]
            drawn = sizes * share[:, :, None]
            flat = (len(self.units), -1)
            each = np.broadcast_to(np.array(expected), sizes.shape).reshape(flat)
            margins[theme] = expected_margin(sizes.reshape(flat), drawn.reshape(flat), each, self.level)
        return margins

    def then(self, wanted) -> np.ndarray:
        """Return how wide the widest limits of each unit will be."""
        return np.minimum(self.now, self.wider * self.expected(wanted)).max(axis=0, initial=0)

    def table(self, wanted, margin) -> pd.DataFrame:
        now, then = self.now.max(axis=0, initial=0), self.then(wanted)
        rows = [
            (
                self.units[unit], self.names[place], self.size[unit, place], self.n_coded[unit, place],
                wanted[unit, place], wanted[unit, place] - self.n_coded[unit, place],
                wanted[unit, place] / self.size[unit, place], margin, now[unit], then[unit],
            )
            for unit, place in zip(*np.nonzero(self.size), strict=True)
        ]  # fmt: skip
        table = pd.DataFrame(rows, columns=["doc_id" if self.by is None else "group", *PLAN[1:]])
        return table if self.by is None else table.assign(by=self.by.by)


def expected_margin(
    sizes: np.ndarray, coded: np.ndarray, rates: np.ndarray, level: float = LEVEL, *, unlucky: float = 0.0
) -> np.ndarray:
    """Return how far the limits of a share are expected to lie from it, on the side where they lie farther.

    Parameters
    ----------
    sizes, coded, rates : arrays, n x parts
        Sentences, coded sentences, and the share of each part that coders are expected to mark.
    level : float
    unlucky : float
        By how many standard errors the share that is found in each part lies nearer to one half.

    Returns
    -------
    array of float, n

    Examples
    --------
    >>> expected_margin(np.array([[100, 20]]), np.array([[100, 10]]), np.array([[0.1, 0.5]])).round(3).tolist()
    [0.037]
    """
    from scipy.special import betainccinv, betaincinv

    sizes, coded = np.asarray(sizes, float), np.asarray(coded, float)
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        open_part = np.sqrt(np.maximum(1 - coded / np.where(sizes > 0, sizes, 1), 0))
        off = np.minimum(unlucky * open_part * np.sqrt(rates * (1 - rates) / np.maximum(coded, 1e-9)), abs(0.5 - rates))
        rates = rates + np.sign(0.5 - rates) * off
        positives = rates * coded
        low = np.where(positives > 0, betaincinv(np.maximum(positives, 1e-9), coded - positives + 1, tail), 0.0)
        high = np.where(coded > positives, betainccinv(positives + 1, np.maximum(coded - positives, 1e-9), tail), 1.0)
    weights = sizes / np.maximum(sizes.sum(axis=-1, keepdims=True), 1)
    whole = (weights * rates).sum(-1)
    nothing_known = (coded.sum(-1) == 0) & (sizes.sum(-1) > 0)  # parts together would say more than nothing
    sides = [np.sqrt(((weights * distance * open_part) ** 2).sum(-1)) for distance in (rates - low, high - rates)]
    sides = np.where(nothing_known, [whole, 1 - whole], sides)
    return np.maximum(*sides)


def _needed(sizes, rates, margin, floor, level) -> np.ndarray:
    """Return how many sentences passed over, and called, have to be coded for one theme in one document or group."""
    rates = np.asarray(rates)
    likely = np.clip(rates, RAREST, 1 - RAREST)
    spread = sizes * np.sqrt(likely * (1 - likely))

    def shared_out(total):
        drawn = total * spread / max(spread.sum(), 1e-12)
        over = np.maximum(drawn - sizes, 0).sum()  # what one part cannot take, the other does
        return np.minimum(np.maximum(drawn + over * (drawn < sizes), np.minimum(floor, sizes)), sizes)

    lowest, highest = 0, int(sizes.sum())
    while lowest < highest:
        middle = (lowest + highest) // 2
        if expected_margin(sizes, shared_out(middle), rates, level, unlucky=UNLUCKY) <= margin:
            highest = middle
        else:
            lowest = middle + 1
    return np.ceil(shared_out(lowest) - 1e-9)


def draw_sample(
    plan: pd.DataFrame,
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    keys: Sequence[str],
    by: Groups | None = None,
    before: Sequence[str] = (),
    lexicon: str = "",
    seed: int = 0,
) -> pd.DataFrame:
    """Draw the sentences of a plan, in an order in which every beginning is a sample of all strata.

    Each sentence has a random number that depends on the seed alone; of each stratum those with the smallest are drawn.
    So a larger plan draws the same sentences, and more.

    Parameters
    ----------
    plan : DataFrame
        From `plan_coding`.
    hits, sentences, keys, by
        As there.
    before : sequence of str
        Sentences that were drawn, or coded, before: they stay.
    lexicon : str
        SHA-256 of the lexicon, which is kept with the sample.
    seed : int
        Where the random numbers start.

    Returns
    -------
    DataFrame
        One row per sentence, those drawn before first: doc_id; sentence_id; stratum; probability (drawn sentences of
        the stratum, of all); lexicon.

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> hits, sentences = _toy()
    >>> sample = draw_sample(plan_coding(hits, {}, sentences), hits, sentences, keys=["cost"])
    >>> sorted(sample["sentence_id"]), sample["probability"].tolist()
    (['a-000', 'a-001', 'a-002', 'b-000', 'b-001'], [1.0, 1.0, 1.0, 1.0, 1.0])
    """
    strata = assign_strata(observe(hits, sentences, names=tuple(keys)))
    strata["random"] = np.random.default_rng(seed).random(len(strata))
    unit = strata["doc_id"]
    if by is not None:
        names = dict(zip(by.documents, by.number.tolist(), strict=True))
        unit = strata["doc_id"].map(lambda doc: by.names[names[doc]] if names[doc] >= 0 else "")
    strata["drawn_before"] = strata.index.isin(list(before))
    wanted = plan.set_index([plan.columns[0], "stratum"])["wanted"]
    parts = []
    for (name, stratum), rows in strata.groupby([unit, "stratum"], sort=False):
        rows = rows.sort_values(["drawn_before", "random"], ascending=[False, True], kind="stable")
        n = max(int(wanted.get((name, stratum), 0)), int(rows["drawn_before"].sum()))
        chosen = rows.head(n)
        # the first of a stratum comes at a random place of its step, the second a step later
        later = (np.arange(len(chosen)) + np.random.default_rng([seed, len(parts)]).random()) / max(n, 1)
        parts.append(chosen.assign(probability=n / len(rows), order=np.where(chosen["drawn_before"], -1.0, later)))
    sample = pd.concat(parts).sort_values(["order", "random"], kind="stable").reset_index().assign(lexicon=lexicon)
    kept = {name: number for number, name in enumerate(before)}
    first = sample["sentence_id"].map(kept).fillna(len(kept))
    return sample.loc[first.sort_values(kind="stable").index, list(SAMPLE_COLUMNS)].reset_index(drop=True)


def describe_plan(table: pd.DataFrame, labels: Labels) -> str:
    """Say how many more sentences to code, how long that takes, and how wide the limits are now and then."""
    if table.empty:
        return "There is no sentence to code."
    unit = table.columns[0]
    more, margin = int(table["more"].sum()), table["margin"].iloc[0]
    widest = table.loc[table["margin_now"].idxmax()]
    name = labels.document(widest[unit]) if unit == "doc_id" else str(widest[unit])
    each = "document" if unit == "doc_id" else "group"
    reach = "To know the share of each theme"
    if table[unit].nunique() > 1:
        reach += f" in each {each}"
    total = int(table["n_sentences"].sum())
    if table["n_coded"].sum() == total:
        return "All sentences are coded: nothing is left open."
    now = f"Now the widest limits reach {_points(widest['margin_now'])} ({name})"
    if not more:
        return f"No more sentences need coding for limits of {_points(margin)}. {now}."
    minutes = number_of(max(1, round(more * SECONDS / 60)), "minute")
    coding = f"{more:,} more of {number_of(total, 'sentence')} {'needs' if more == 1 else 'need'} coding"
    then = table["margin_then"].max()
    so_far = f"{now}; then {_points(then)}" + (", to be planned anew on the way" if then > margin + 0.005 else "")
    return f"{reach} to within {_points(margin)}, {coding}, about {minutes} at {SECONDS} seconds each. {so_far}."


def _points(margin: float) -> str:
    """Write a margin in points of a hundred.

    Examples
    --------
    >>> _points(0.1), _points(0.004)
    ('±10 points', '±0.4 points')
    """
    points = 100 * margin
    return f"±{number_text(points, 0 if points >= 9.5 else 1)} points".replace(".0 points", " points")
