"""Every claim measured in every defensible way: how often the number points as it says, how often it is supported.

A choice of measurement is in it (what is counted, in which unit); a choice of inference is not. Families of choices
weigh the same: leaving out one entry of the lexicon is one family, whatever its size, and so are segments.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

import numpy as np
import pandas as pd

from crossread.corpus.model import pack
from crossread.corpus.tables import check_columns
from crossread.errors import CrossreadError
from crossread.lexicon import Lexicon, settle_matches
from crossread.measure.claims import Claim, matches_of_claim, observe_claims
from crossread.measure.clumping import estimate_clumping
from crossread.measure.ledger import RARE, Sides, allowed_by_silence, compare_claims, make_sides
from crossread.measure.resampling import rate_limits
from crossread.measure.themes import observe
from crossread.wording import Labels, join_names, join_sentences, per_cent

SPECIFICATIONS = (
    "claim", "specification", "kinds", "lexicon", "unit", "length", "weight", "estimate", "low", "high", "relative",
    "relative_low", "relative_high", "agrees", "holds",
)  # fmt: skip
CHOICES = ("kinds", "lexicon", "unit", "length")
SPOKEN = {"kinds": "which sentences count", "lexicon": "the lexicon", "unit": "the unit", "length": "the length"}
KINDS = {"body": ("body",), "with headings and notes": ("body", "heading", "note")}
UNITS = {"per 1,000 tokens": 0, "share of sentences": 1, "share of 30-token segments": 30,
         "share of 50-token segments": 50, "share of 100-token segments": 100}  # fmt: skip
LENGTHS = ("whole", "equal")
LEFT_OUT, SEGMENTS = "one entry left out", "share of segments"


def multiverse(
    claims: Iterable[Claim],
    matches: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    lexicons: Iterable[Lexicon] = (),
    rare: float = RARE,
) -> pd.DataFrame:
    """Measure every claim in all defensible ways and say in which it is supported.

    Crossed are: the body alone or with headings and notes; all entries of the theme, the strict ones, and each
    entry left out in turn; hits per 1,000 tokens, shares of sentences, and shares of segments of 30, 50 and 100
    tokens; the whole documents or the longer of two as if it were only as long as the shorter. In each a claim is
    judged as in `evaluate_claims`, at the level that Holm's method gives it there. Entries without a hit are not left
    out in turn: that would only swell the number.

    Parameters
    ----------
    claims, matches, sentences, rare
        As in `evaluate_claims`. Of matches that overlap, an entry left out frees its words for others; of hits nothing
        comes back.
    lexicons : iterable of Lexicon
        The lexicons of the matches, which know the strict entries; without one there is no strict variant.

    Returns
    -------
    DataFrame
        One row per claim and specification: claim; specification (running number within the claim); kinds;
        lexicon; unit; length ("whole" or "equal"); weight (the weights of a claim add up to 1, and every option of a
        choice weighs the same, entries left out being one option and segments being one); estimate, low, high (of
        the difference, or of the rate for "absent", in hits per 1,000 tokens or as a share); relative, relative_low,
        relative_high (the same over the theme's value in all documents together, so that units can be compared);
        agrees (True if the estimate points the way of the claim, supported or not); holds (True if the claim is
        supported).

    References
    ----------
    Steegen et al. 2016, Perspectives on Psychological Science 11, 702-712; Simonsohn, Simmons and Nelson 2020,
    Nature Human Behaviour 4, 1208-1214.

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> claims = [Claim("cost-a", "{a} says more of cost than {b}", "cost", "share", ("a", "b"), "higher")]
    >>> table = multiverse(claims, *_toy())
    >>> len(table), bool(table["holds"].any()), float(table["weight"].sum().round(6))
    (60, False, 1.0)
    """
    claims = tuple(claims)
    tested = compare_claims(claims, observe_claims(claims, matches, sentences))
    levels = {(claim.id, one.pair): one.level for claim, own in zip(claims, tested, strict=True) for one in own}
    strict = {lexicon.name: _strict_entries(lexicon) for lexicon in lexicons}
    filled, sections, section = [], {}, sentences["section"].to_numpy()
    for asked in {claim.key: [other for other in claims if other.key == claim.key] for claim in claims}.values():
        names, hits = _variants(matches_of_claim(asked[0], matches), strict)
        for kinds_name, kinds in KINDS.items():
            seen = observe(hits, sentences, kinds=kinds, column="entry", names=names)
            if kinds not in sections:  # the same for every claim
                sections[kinds] = {
                    doc: section[sentences.index.get_indexer(ids)] for doc, ids in seen.sentence_ids.items()
                }
            for unit_name, unit in UNITS.items():
                for length, judged in _measure_variants(asked, seen, sections[kinds], unit, levels, rare):
                    for claim, values in judged:
                        labels = {"kinds": kinds_name, "lexicon": names, "unit": unit_name, "length": length}
                        filled.append(_fill_columns(values, unit > 0, claim=claim.id, **labels))
    if not filled:
        return pd.DataFrame(columns=list(SPECIFICATIONS))
    table = pd.DataFrame({name: np.concatenate([part[name] for part in filled]) for name in filled[0]})
    order = {claim.id: number for number, claim in enumerate(claims)}
    table = table.sort_values("claim", key=lambda column: column.map(order), kind="stable", ignore_index=True)
    table["specification"] = table.groupby("claim").cumcount() + 1
    table["weight"] = _weights(table)
    return table[list(SPECIFICATIONS)]


def _strict_entries(lexicon: Lexicon) -> set[tuple[str, str]]:
    table = lexicon.table()
    core = table[table["tier"] == "core"]
    return set(zip(core["key"], core["entry"], strict=True))


def _variants(matches: pd.DataFrame, strict: dict[str, set]) -> tuple[list[str], pd.DataFrame]:
    """Return the lexicons under which a theme is counted: names, and hits with that name as the entry."""
    key, entry = (matches[name].astype(str).to_numpy() for name in ("key", "entry"))
    lexicon = str(matches["lexicon"].iloc[0]) if len(matches) else ""
    entries = sorted(set(entry))
    kept = {"all entries": np.ones(len(matches), dtype=bool)}
    core = np.array([pair in strict.get(lexicon, ()) for pair in zip(key, entry, strict=True)], dtype=bool)
    if 0 < core.sum() < len(matches):
        kept["strict"] = core
    if len(entries) > 1:
        kept |= {f"without “{name}”": entry != name for name in entries}
    together = matches.assign(key="theme")
    tables = [settle_matches(together[rows]).assign(entry=name) for name, rows in kept.items()]
    return list(kept), pd.concat(tables, ignore_index=True).astype({"entry": str})


def _units(counts, tokens, sections, unit):
    # one row per token-bearing sentence, sentence, or segment
    if unit == 0:
        return counts, tokens.astype(float)
    if unit == 1:
        return (counts > 0).astype(float), np.ones(len(tokens))
    groups = pack(tokens, list(sections), unit) if len(tokens) else np.array([], dtype=int)
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    joined = np.add.reduceat(counts, starts, axis=0) if len(starts) else counts
    return (joined > 0).astype(float), np.ones(len(joined))


def _measure_variants(asked, seen, sections, unit, levels, rare):
    """Yield, for whole documents and at equal length, each claim with its values, one per lexicon variant."""
    counts = {doc: seen.counts[doc].astype(float) for doc in seen.documents}
    units = {doc: _units(counts[doc], seen.tokens[doc], sections[doc], unit) for doc in seen.documents}
    share = unit > 0
    totals = np.array([units[doc][0].sum(0) for doc in seen.documents])
    held = np.array([units[doc][1].sum() for doc in seen.documents])
    bounds = np.concatenate([[0], np.cumsum([len(units[doc][1]) for doc in seen.documents])])
    rows, exposure = (np.concatenate([units[doc][which] for doc in seen.documents]) for which in (0, 1))
    clumping = estimate_clumping(rows, exposure, bounds, share=share)
    sides = make_sides(seen.documents, totals, held, seen.totals(True)[1], clumping, share=share)
    lengths = {doc: float(seen.tokens[doc].sum()) for doc in seen.documents}
    pooled = totals.sum(0) / max(held.sum(), 1)
    for length in LENGTHS:
        compared = {}
        for pair in dict.fromkeys(pair for claim in asked for pair in claim.pairs(seen.documents)):
            shortest = min(lengths[doc] for doc in pair)
            parts = tuple(shortest / lengths[doc] if length == "equal" and lengths[doc] else 1.0 for doc in pair)
            compared[pair] = sides.compare(pair, parts)
        yield (
            length,
            [
                (
                    claim,
                    _judge_variants(claim, compared, levels, units, counts, lengths, sides, rare) | {"pooled": pooled},
                )
                for claim in asked
            ],
        )


def _judge_variants(claim, compared, levels, units, counts, lengths, sides: Sides, rare):
    """Return estimate, limits and whether the claim holds, one value per lexicon variant."""
    if claim.direction == "absent":
        return _judge_absences(sides.of(claim.documents[0])[0], lengths[claim.documents[0]], sides.share, rare)
    estimates, lows, highs, agrees, holds = [], [], [], [], []
    for pair in claim.pairs(tuple(units)):
        result, level = compared[pair], levels[claim.id, pair]
        low, high = result.limits(1 - level)
        if claim.direction == "no difference":
            margin = _margin_here(claim, units, counts, lengths)
            agree, good = np.abs(result.difference) <= margin, (low >= -margin) & (high <= margin)
        else:
            agree = claim.sign * result.difference > 0
            good = agree & (result.p <= level)
        estimates.append(result.difference)
        lows.append(low)
        highs.append(high)
        agrees.append(agree)
        holds.append(good)
    closest = np.argmin(claim.sign * np.array(estimates), axis=0), np.arange(len(holds[0]))
    return {
        "estimate": np.array(estimates)[closest],
        "low": np.array(lows)[closest],
        "high": np.array(highs)[closest],
        "agrees": np.all(agrees, axis=0),
        "holds": np.all(holds, axis=0),
    }


def _judge_absences(side, length, share, rare):
    rate, low, high = rate_limits(*side, share=share)
    allowed = allowed_by_silence(length, side.inflation, side.freedom)
    silent = side.count == 0
    return {"estimate": rate, "low": low, "high": high, "agrees": silent, "holds": silent & (allowed <= rare)}


def _margin_here(claim, units, counts, lengths):
    # the margin is given in the claim's own measure: carry it over in proportion to the theme's value in all documents
    total = sum(lengths.values())
    per_token = sum(c.sum(0) for c in counts.values()) / total
    per_sentence = sum((c > 0).sum(0) for c in counts.values()) / sum(len(c) for c in counts.values())
    here = sum(c.sum(0) for c, _ in units.values()) / sum(e.sum() for _, e in units.values())
    given = per_sentence if claim.share else 1000 * per_token
    return claim.margin * np.divide(here, given, out=np.zeros_like(here), where=given > 0)


def _fill_columns(judged, share, **labels):
    # the rows of one claim in one setting, one per lexicon, as plain arrays: a thousand small tables would be slow
    pooled = judged["pooled"]
    columns = {name: np.asarray(judged[name], dtype=float) for name in ("estimate", "low", "high")}
    with np.errstate(divide="ignore", invalid="ignore"):
        for name, value in (("relative", "estimate"), ("relative_low", "low"), ("relative_high", "high")):
            columns[name] = np.where(pooled > 0, columns[value] / pooled, np.nan)
    if not share:
        columns |= {name: 1000 * columns[name] for name in ("estimate", "low", "high")}
    n = len(judged["holds"])
    columns |= {name: judged[name] for name in ("agrees", "holds")}
    return columns | {name: [v] * n if np.isscalar(v) else v for name, v in labels.items()}


# --- families of choices ---------------------------------------------------------------------------------------------


def family_of(choice: str, options: pd.Series) -> pd.Series:
    """Return the family of each option of a choice: entries left out are one, segments of any length are one.

    Examples
    --------
    >>> family_of("lexicon", pd.Series(["all entries", "without “ally”", "without “pact”"])).tolist()
    ['all entries', 'one entry left out', 'one entry left out']
    """
    names = options.astype(str)
    if choice == "lexicon":
        return names.where(~names.str.startswith("without “"), LEFT_OUT)
    return names.where(~names.str.endswith("-token segments"), SEGMENTS)


def _weights(table: pd.DataFrame) -> pd.Series:
    def of_choice(choice: str) -> pd.Series:
        families = family_of(choice, table[choice])
        n_families = families.groupby(table["claim"]).transform("nunique")
        return 1 / n_families / table.groupby([table["claim"], families])[choice].transform("nunique")

    return reduce(lambda product, choice: product * of_choice(choice), CHOICES, 1.0)


def explain_choices(specifications: pd.DataFrame) -> pd.DataFrame:
    """Return which part of the variance of a claim's estimate each choice explains, over all ways of measuring it.

    Parameters
    ----------
    specifications : DataFrame
        From `multiverse`.

    Returns
    -------
    DataFrame
        One row per claim and choice, and one for what only several choices together explain: claim; choice; share (of
        the weighted variance of `relative`, 0 to 1; missing where the estimate is the same in every way).

    References
    ----------
    Fisher 1925, Statistical Methods for Research Workers, chapter 7 (analysis of variance).

    Examples
    --------
    >>> table = pd.DataFrame({"claim": "x", "weight": 0.25, "relative": [1.0, 1.0, 3.0, 3.0], "kinds": ["b", "b", "h",
    ...     "h"], "lexicon": ["all", "strict"] * 2, "unit": "share", "length": "whole"})
    >>> explain_choices(table).set_index("choice")["share"].round(3).to_dict()
    {'kinds': 1.0, 'lexicon': 0.0, 'unit': 0.0, 'length': 0.0, 'together': 0.0}
    """
    check_columns(specifications, ("claim", "weight", "relative", *CHOICES), "the specifications")
    rows = []
    for claim, ways in specifications.groupby("claim", sort=False):
        ways = ways.dropna(subset=["relative"])
        weight, value = ways["weight"], ways["relative"]
        mean = (weight * value).sum() / weight.sum() if len(ways) else np.nan
        whole = (weight * (value - mean) ** 2).sum()
        shares = []
        for choice in CHOICES:
            held = weight.groupby(ways[choice]).sum()
            means = (weight * value).groupby(ways[choice]).sum() / held
            shares.append((held * (means - mean) ** 2).sum() / whole if whole > 1e-12 else np.nan)
        rest = max(1 - sum(shares), 0.0) if whole > 1e-12 else np.nan
        rows += [(claim, choice, share) for choice, share in zip((*CHOICES, "together"), (*shares, rest), strict=True)]
    return pd.DataFrame(rows, columns=["claim", "choice", "share"])


def most_supported(specifications: pd.DataFrame) -> str | None:
    """Return the claim that the most ways of measuring support, of equals the first; None where there is none.

    Parameters
    ----------
    specifications : DataFrame
        From `multiverse`.

    Returns
    -------
    str or None
        The id of the claim.

    Examples
    --------
    >>> most_supported(pd.DataFrame({"claim": ["a", "b", "b"], "weight": [1, 0.5, 0.5], "holds": [False, True, False]}))
    'b'
    """
    held = specifications["weight"] * specifications["holds"]
    return None if held.empty else held.groupby(specifications["claim"], sort=False).sum().idxmax()


def choose_claim(specifications: pd.DataFrame, claim: str | None) -> pd.DataFrame:
    """Return the ways of measuring one claim.

    Parameters
    ----------
    specifications : DataFrame
        From `multiverse`.
    claim : str or None
        Its id; None is no claim, and an error.

    Returns
    -------
    DataFrame
        The rows of `specifications` about it.

    Raises
    ------
    CrossreadError
        "There is no claim “…” here (there are …)."
        "There is no claim here. …"

    Examples
    --------
    >>> ways = pd.DataFrame({"claim": ["a", "b", "b"], "unit": ["share", "share", "rate"]})
    >>> choose_claim(ways, "b")["unit"].tolist()
    ['share', 'rate']
    """
    known = list(dict.fromkeys(specifications["claim"]))
    if not known:
        raise CrossreadError("There is no claim here. Claims are written into claims.yml in the folder of the corpus.")
    if claim not in known:
        raise CrossreadError(f"There is no claim “{claim}” here (there are {', '.join(known)}).")
    return specifications[specifications["claim"] == claim].reset_index(drop=True)


def describe_curve(table: pd.DataFrame, labels: Labels) -> str:
    """Say in which share of the ways of measuring a claim its number points its way, and what it hangs on."""
    direction, support = (float(table.loc[table[name], "weight"].sum()) for name in ("agrees", "holds"))
    explained = explain_choices(table).dropna().sort_values("share", ascending=False, kind="stable")
    parts = [
        f"{SPOKEN.get(row.choice, 'several choices together')} ({per_cent(row.share)})"
        for row in explained.itertuples() if row.share >= 0.005
    ]  # fmt: skip
    return join_sentences(
        [
            f"{per_cent(direction)} of the ways of measuring point as the claim says, {per_cent(support)} support it",
            f"There are {len(table):,} ways; families of choices weigh the same",
            f"The variance of the estimate is due to {join_names(parts)}" if parts else "",
        ]
    )
