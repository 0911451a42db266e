"""What the study says, in a form that can be tested: claims, their verdicts, and how robust these are.

A claim is a sentence bound to a theme, to documents and to a direction. `evaluate_claims` measures it in one
way, the way of the notebooks; `multiverse` measures it in every defensible way and says in how many it holds.
Both need only hits and sentences, so they give the same from published counts as from texts. Where all matches
are known, an entry left out frees its words for the entries that it had kept from counting them; where only
hits are known, nothing comes back.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from crossread.corpus import project_folder
from crossread.corpus.model import pack
from crossread.corpus.tables import check_columns
from crossread.errors import CrossreadError
from crossread.lexicon import settle_matches
from crossread.measure.clumping import estimate_clumping
from crossread.measure.comparisons import Comparison, Side, compare
from crossread.measure.contrasts import NOT_DISTINGUISHABLE, SUPPORTED, TOO_FEW
from crossread.measure.families import holm_levels
from crossread.measure.resampling import LEVEL, exact_limits, rate_limits
from crossread.measure.themes import Observations, observe
from crossread.wording import Labels

CLAIMS = (
    "claim", "text", "quantity", "estimate", "low", "high", "verdict", "robustness", "specifications", "sentences",
)  # fmt: skip
SPECIFICATIONS = (
    "claim", "specification", "kinds", "lexicon", "unit", "length", "estimate", "low", "high", "relative",
    "relative_low", "relative_high", "agrees", "holds",
)  # fmt: skip
CHOICES = ("kinds", "lexicon", "unit", "length")
DIRECTIONS = ("higher", "lower", "first", "absent", "no difference")
CONTRADICTED = "contradicted"
RARE = 2.0  # per 1,000 tokens: about one mention on a page

KINDS = {"body": ("body",), "with headings and notes": ("body", "heading", "note")}
UNITS = {"per 1,000 tokens": 0, "share of sentences": 1, "share of 30-token segments": 30,
         "share of 50-token segments": 50, "share of 100-token segments": 100}  # fmt: skip
LENGTHS = ("whole", "equal")

_REFERENCE = re.compile(r"\bclaim:([a-z0-9][a-z0-9-]*)")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Claim:
    """One sentence of the study and what would make it true.

    Attributes
    ----------
    id : str
        Small letters, digits and hyphens; notebooks name it as claim:id.
    text : str
        The sentence, with {a}, {b} … for the labels of the documents in their order.
    theme : str
        Key of the lexicon.
    measure : str
        "per_1000" or "share".
    documents : tuple of str
        Two for "higher", "lower" and "no difference"; one for "first" and "absent".
    direction : str
        "higher" or "lower" (first document than second), "first" (higher than every other document), "absent", or "no
        difference" (the limits of the difference lie within plus or minus `margin`).
    margin : float
        For "no difference": what would still count as none, in the unit of the measure.
    """

    id: str
    text: str
    theme: str
    measure: str
    documents: tuple
    direction: str
    margin: float = 0.0

    @property
    def quantity(self):
        """Theme and measure in one word, such as "china_rise.per_1000"."""
        return f"{self.theme}.{self.measure}"

    def pairs(self, documents):
        """Return the pairs of documents that the claim compares."""
        if self.direction == "absent":
            return []
        if self.direction == "first":
            return [(self.documents[0], other) for other in documents if other != self.documents[0]]
        return [self.documents]


def read_claims(path=None, documents=None):
    """Return the claims of a file.

    Parameters
    ----------
    path : path, optional
        A YAML file with a list of claims: id, text, quantity (theme.per_1000 or theme.share), documents,
        direction, and margin where the direction is "no difference". The project's corpus/claims.yml by
        default.
    documents : iterable of str, optional
        Ids of the documents at hand; claims about other documents are left out.

    Returns
    -------
    tuple of Claim

    Raises
    ------
    CrossreadError
        "claims.yml: there is no such file.", "claims.yml, claim “x”: …" for whatever is missing or wrong.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp(), "claims.yml")
    >>> _ = path.write_text("- {id: cost-a, text: '{a} says more of cost than {b}', quantity: cost.per_1000, "
    ...                     "documents: [a, b], direction: higher}")
    >>> read_claims(path)[0].theme
    'cost'
    """
    import yaml

    path = Path(path or project_folder() / "corpus" / "claims.yml")
    if not path.is_file():
        raise CrossreadError(f"{path.name}: there is no such file ({path}).")
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise CrossreadError(
            f"{path.name}{where}: not readable as YAML ({getattr(error, 'problem', error)})."
        ) from None
    if not isinstance(rows, list):
        raise CrossreadError(f"{path.name}: a list of claims is expected, each beginning with “- id:”.")
    claims = [_read_claim(row, f"{path.name}, claim {number}") for number, row in enumerate(rows, start=1)]
    seen = set()
    for claim in claims:
        if claim.id in seen:
            raise CrossreadError(f"{path.name}, claim “{claim.id}”: this id is used twice.")
        seen.add(claim.id)
    return tuple(claim for claim in claims if documents is None or set(claim.documents) <= set(documents))


def _read_claim(row, where):
    if not isinstance(row, dict):
        raise CrossreadError(f"{where}: id, text, quantity, documents and direction are expected.")
    where = f"{where.rsplit(',', 1)[0]}, claim “{row['id']}”" if "id" in row else where
    missing = [name for name in ("id", "text", "quantity", "documents", "direction") if not row.get(name)]
    if missing:
        raise CrossreadError(f"{where}: “{missing[0]}” is missing.")
    unknown = sorted(set(row) - {"id", "text", "quantity", "documents", "direction", "margin"})
    if unknown:
        raise CrossreadError(f"{where}: “{unknown[0]}” is not known here.")
    theme, _, measure = str(row["quantity"]).rpartition(".")
    documents = tuple(row["documents"]) if isinstance(row["documents"], list) else (str(row["documents"]),)
    wanted = 1 if row["direction"] in ("first", "absent") else 2
    letters = [chr(ord("a") + number) for number in range(len(documents))]
    problems = (
        (not _ID.fullmatch(str(row["id"])), "an id has small letters, digits and hyphens."),
        (
            measure not in ("per_1000", "share"),
            f"the quantity “{row['quantity']}” does not end in .per_1000 or .share.",
        ),
        (
            row["direction"] not in DIRECTIONS,
            f"the direction “{row['direction']}” is not one of {', '.join(DIRECTIONS)}.",
        ),
        (
            len(documents) != wanted,
            f"the direction “{row['direction']}” needs {wanted} document(s), not {len(documents)}.",
        ),
        (len(set(documents)) != len(documents), "a document is compared with itself."),
        (
            row["direction"] == "no difference" and not row.get("margin", 0) > 0,
            "“no difference” needs a margin above 0.",
        ),
        (
            set(re.findall(r"\{(.*?)\}", row["text"])) - set(letters),
            f"the text may hold only {{{'}, {'.join(letters)}}}.",
        ),
    )
    for wrong, problem in problems:
        if wrong:
            raise CrossreadError(f"{where}: {problem}")
    return Claim(
        str(row["id"]), str(row["text"]), theme, measure, documents, row["direction"], float(row.get("margin", 0))
    )


def draft_claims(rates):
    """Return one claim per theme that a table of rates suggests: its highest document first, and the lowest named.

    For a corpus without a claims.yml. Such claims are found in the numbers by which they are then tested, so
    they are drafts.

    Examples
    --------
    >>> from crossread.measure.themes import _toy, theme_rates
    >>> [(claim.id, claim.direction) for claim in draft_claims(theme_rates(*_toy()))]
    [('draft-cost-highest', 'higher')]
    """
    claims = []
    for key, own in rates.groupby("key", sort=False):
        own = own.dropna(subset=["per_1000"]).sort_values("per_1000", kind="stable")
        if len(own) < 2 or own["per_1000"].iloc[-1] <= own["per_1000"].iloc[0]:
            continue
        slug = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")
        name = key.replace("_", " ").replace(".", ", ")
        pair = (own["doc_id"].iloc[-1], own["doc_id"].iloc[0])
        claims.append(
            Claim(f"draft-{slug}-highest", f"{{a}} speaks more of {name} than {{b}}", key, "per_1000", pair, "higher")
        )
    return tuple(claims)


def find_claims(corpus, rates):
    """Return the claims about a corpus: its own, else those of the project about its documents, else drafts.

    Parameters
    ----------
    corpus : Corpus
    rates : DataFrame
        From `themes.theme_rates`, for the drafts.

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.measure.themes import _toy, theme_rates
    >>> [claim.id for claim in find_claims(from_texts({"a": "Allies pay."}), theme_rates(*_toy()))]
    ['draft-cost-highest']
    """
    own = corpus.folder / "claims.yml" if corpus.folder is not None else None
    if own is not None and own.is_file():
        return read_claims(own)
    return read_claims(documents=corpus.documents.index) or draft_claims(rates)


def _check_claims_fit(claims, seen):
    for claim in claims:
        if claim.theme not in seen.keys:
            raise CrossreadError(
                f"claim “{claim.id}”: the hits have no theme “{claim.theme}” (they have {', '.join(seen.keys)})."
            )
        for doc in claim.documents:
            if doc not in seen.documents:
                raise CrossreadError(f"claim “{claim.id}”: there is no document “{doc}” here.")


def compare_pairs(seen: Observations, pairs, *, share: bool) -> dict[tuple[str, str], Comparison]:
    """Compare pairs of documents on every key.

    Raises
    ------
    CrossreadError
        "The document “…” has no sentence to compare; leave it out."
    """
    sides = _sides(seen, *seen.totals(share), seen.clumping(share), share)
    return {pair: _compared(sides, pair, share) for pair in pairs}


def _sides(seen, counts, units, clumping, share):
    """Return each document as the side of a comparison, and its sentences, of which each could have a hit."""
    if not share:
        sentences = seen.totals(True)[1]
    return {
        doc: (
            Side(counts[row], np.full(counts.shape[1], units[row]), clumping.inflation[row], clumping.freedom[row]),
            np.full(counts.shape[1], units[row] if share else sentences[row]),
        )
        for row, doc in enumerate(seen.documents)
    }


def _compared(sides, pair, share, thin=(1.0, 1.0)) -> Comparison:
    empty = next((doc for doc in pair if not sides[doc][1].all()), None)
    if empty is not None:
        raise CrossreadError(f"The document “{empty}” has no sentence to compare; leave it out.")
    a, b = (_thinned(sides[doc][0], part, share) for doc, part in zip(pair, thin, strict=True))
    most = None if share else tuple(part * sides[doc][1] for doc, part in zip(pair, thin, strict=True))
    return compare(a, b, share=share, most=most)


def _thinned(side: Side, part: float, share: bool) -> Side:
    """Return a side as if only a part of it were known."""
    if part == 1:
        return side
    count, units = side.count * part, side.units * part
    if share:  # whole sentences
        units = np.maximum(np.round(units), 1)
        count = np.minimum(np.round(count), units)
    return side._replace(count=count, units=units)


def _measure_claims(claims, hits, sentences, level, rare):
    """Return one dict per claim: estimate, limits, verdict, and the level at which each pair is tested."""
    seen = observe(hits, sentences)
    _check_claims_fit(claims, seen)
    tests = [
        (number, pair, claim.measure == "share", seen.keys.index(claim.theme))
        for number, claim in enumerate(claims)
        for pair in claim.pairs(seen.documents)
    ]
    done = {}
    for share in (False, True):
        pairs = list(dict.fromkeys(pair for _, pair, is_share, _ in tests if is_share == share))
        done |= {(share, pair): found for pair, found in compare_pairs(seen, pairs, share=share).items()}
    # a claim about several pairs needs all of them, so its p-value is the largest; one of no difference has none
    p = np.array([-1.0 if claim.direction != "absent" else np.nan for claim in claims])
    for number, pair, share, key in tests:
        p[number] = max(p[number], done[share, pair].p[key])
    p[[claim.direction == "no difference" for claim in claims]] = 1.0
    asked = ~np.isnan(p)
    levels = np.full(len(claims), np.nan)
    levels[asked] = holm_levels(p[asked], 1 - level)
    levels[p == 1.0] = (1 - level) / max(asked.sum(), 1)
    results = [
        {"pairs": [], "scale": 1 if claim.measure == "share" else 1000, "key": seen.keys.index(claim.theme)}
        for claim in claims
    ]
    for number, pair, share, key in tests:
        compared, own, scale = done[share, pair], float(levels[number]), results[number]["scale"]
        low, high = (limit[key] for limit in compared.limits(1 - own))
        results[number]["pairs"].append(
            {
                "pair": pair,
                "difference": scale * float(compared.difference[key]),
                "low": scale * float(low),
                "high": scale * float(high),
                "supported": bool(compared.p[key] <= own),
                "too_few": bool(asked.sum() * compared.best[key] > 1 - level),
                "level": own,
            }
        )
    for claim, result in zip(claims, results, strict=True):
        _judge(claim, result, seen, level, rare)
    return seen, results


def _judge(claim, result, seen, level, rare):
    if claim.direction == "absent":
        share, doc = claim.measure == "share", seen.documents.index(claim.documents[0])

        def limits_of(share):
            counts, units = seen.totals(share)
            inflation, freedom = (part[doc, result["key"]] for part in seen.clumping(share))
            return counts[doc, result["key"]], rate_limits(
                counts[doc, result["key"]], units[doc], inflation, freedom, share=share, level=level
            )

        count, values = limits_of(share)
        result |= {
            name: result["scale"] * float(value)
            for name, value in zip(("estimate", "low", "high"), values, strict=True)
        }
        allowed = 1000 * limits_of(False)[1][2]
        result["verdict"] = CONTRADICTED if count else TOO_FEW if allowed > rare else SUPPORTED
        return
    pairs = result["pairs"]
    sign = -1 if claim.direction == "lower" else 1
    # the pair that decides: the closest rival of a document said to be first
    closest = min(pairs, key=lambda pair: sign * pair["difference"])
    result |= {"estimate": closest["difference"], "low": closest["low"], "high": closest["high"]}
    if claim.direction == "no difference":
        inside = -claim.margin <= closest["low"] and closest["high"] <= claim.margin
        against = closest["supported"]
        holds = inside and not against
    else:
        holds = all(pair["supported"] and sign * pair["difference"] > 0 for pair in pairs)
        against = any(pair["supported"] and sign * pair["difference"] < 0 for pair in pairs)
    too_few = any(pair["too_few"] for pair in pairs)
    result["verdict"] = (
        SUPPORTED if holds
        else CONTRADICTED if against
        else TOO_FEW if too_few
        else NOT_DISTINGUISHABLE
    )  # fmt: skip


def evaluate_claims(
    claims,
    hits,
    sentences,
    *,
    documents=None,
    specifications=None,
    level=LEVEL,
    rare=RARE,
):
    """Return the ledger: every claim with its estimate, limits, verdict, robustness and the sentences behind it.

    Parameters
    ----------
    claims : iterable of Claim
        From `read_claims`.
    hits, sentences
        As in `themes.theme_rates`.
    level : float
        Coverage of the limits; 1 less this is the level of the verdicts.
    rare : float
        Hits per 1,000 tokens that would still be called rare. A silence that allows more cannot tell absence.
    documents : DataFrame, optional
        `Corpus.documents`, for the labels in the texts; else ids are printed.
    specifications : DataFrame, optional
        From `multiverse`; without it robustness is missing.

    Returns
    -------
    DataFrame
        One row per claim: claim (id); text (as it may be printed: in doubt where the verdict is); quantity;
        estimate, low, high (of the difference, in hits per 1,000 tokens or as a share; limits hold for all
        claims together by Holm's method, so they leave out zero exactly when a difference is supported); for
        "first" the difference to the closest rival, for "absent" the rate itself; verdict: "supported", "not
        distinguishable", "too few units" (no outcome could have been supported, or a silence too short to tell
        absence) or "contradicted" (the opposite is supported); robustness (share of
        specifications in which the claim holds, 0 to 1); specifications (their number); sentences (ids with a
        hit of the theme in the documents compared, with spaces between).

    Raises
    ------
    CrossreadError
        "claim “…”: the hits have no theme “…” …", "claim “…”: there is no document “…” here."

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> claims = [Claim("cost-a", "{a} says more of cost than {b}", "cost", "per_1000", ("a", "b"), "higher")]
    >>> evaluate_claims(claims, *_toy())[["estimate", "verdict", "text"]].values.tolist()
    [[50.0, 'too few units', 'There is too little text to tell whether “a” says more of cost than “b”.']]
    """
    claims = tuple(claims)
    seen, results = _measure_claims(claims, hits, sentences, level, rare)
    labels = {} if documents is None else documents["label"].to_dict()
    rows = []
    for claim, result in zip(claims, results, strict=True):
        own = specifications[specifications["claim"] == claim.id] if specifications is not None else ()
        involved = seen.documents if claim.direction == "first" else claim.documents
        behind = [
            sentence for doc in involved for sentence in seen.sentence_ids[doc][seen.counts[doc][:, result["key"]] > 0]
        ]
        rows.append(
            (
                claim.id,
                _word_claim(claim, result["verdict"], labels),
                claim.quantity,
                result["estimate"],
                result["low"],
                result["high"],
                result["verdict"],
                float(own["holds"].mean()) if len(own) else np.nan,
                len(own),
                " ".join(behind),
            )
        )
    return pd.DataFrame(rows, columns=list(CLAIMS))


def _word_claim(claim, verdict, labels):
    names = {chr(ord("a") + i): f"“{labels.get(doc, doc)}”" for i, doc in enumerate(claim.documents)}
    text = claim.text.format(**names).strip().rstrip(".")
    text = {
        SUPPORTED: text,
        NOT_DISTINGUISHABLE: f"It is open whether in general {text}",
        TOO_FEW: f"There is too little text to tell whether {text}",
        CONTRADICTED: f"The texts contradict that {text}",
    }[verdict]
    return text[0].upper() + text[1:] + "."


def _tiers(lexicon):
    # which hits are of the strict lexicon: (key, entry) of tier core
    if lexicon is None:
        return None
    table = lexicon.table() if hasattr(lexicon, "table") else lexicon
    check_columns(table, ("key", "entry", "tier"), "the lexicon")
    return set(zip(*(table.loc[table["tier"] == "core", name] for name in ("key", "entry")), strict=True))


def _variants(hits, key, strict, settle):
    """Return the lexicons under which a theme is counted: names, and hits with that name as the entry."""
    own = hits[(hits["key"] == key).to_numpy()]
    entry = own["entry"].astype(str).to_numpy()
    entries = sorted(set(entry))
    kept = {"all entries": np.ones(len(own), dtype=bool)}
    core = (
        np.array([(key, name) in strict for name in entry], dtype=bool)
        if strict is not None
        else np.zeros(0, dtype=bool)
    )
    if 0 < core.sum() < len(own):
        kept["strict"] = core
    if len(entries) > 1:
        kept |= {f"without “{name}”": entry != name for name in entries}
    tables = [settle(own[rows]).assign(entry=name) for name, rows in kept.items()]
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


def multiverse(claims, hits, sentences, *, lexicon=None, matches=None, level=LEVEL, rare=RARE):
    """Measure every claim in all defensible ways and say in which it holds.

    Crossed are: the body alone or with headings and notes; all entries of the theme, the strict ones, and each
    entry left out in turn; hits per 1,000 tokens, shares of sentences, and shares of segments of 30, 50 and 100
    tokens; the whole documents or the longer of two as if it were only as long as the shorter. In each a claim is
    judged as in `evaluate_claims`, at the level that Holm's method gives it there. Entries without a hit are not left
    out in turn: that would only swell the number.

    Parameters
    ----------
    claims, hits, sentences, level, rare
        As in `evaluate_claims`.
    lexicon : Lexicon or DataFrame, optional
        The lexicon of the hits, or its table with key, entry and tier; without it there is no strict variant.
    matches : DataFrame, optional
        From `lexicon.find_matches`: all matches, overlapping ones included. With them every lexicon is settled
        anew, so that an entry left out frees its words for others. Without, its hits are taken away and nothing
        comes back.

    Returns
    -------
    DataFrame
        One row per claim and specification: claim; specification (running number within the claim); kinds;
        lexicon; unit; length ("whole" or "equal"); estimate, low, high (of the difference, or of the rate for
        "absent", in hits per 1,000 tokens or as a share); relative, relative_low, relative_high (the same over the
        theme's value in all documents together, so that units can be compared); agrees (True if the estimate points
        the way of the claim, supported or not); holds (True if the claim is supported).

    References
    ----------
    Steegen et al. 2016, Perspectives on Psychological Science 11, 702-712; Simonsohn, Simmons and Nelson 2020,
    Nature Human Behaviour 4, 1208-1214.

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> claims = [Claim("cost-a", "{a} says more of cost than {b}", "cost", "per_1000", ("a", "b"), "higher")]
    >>> table = multiverse(claims, *_toy())
    >>> len(table), bool(table["holds"].any())
    (60, False)
    """
    claims = tuple(claims)
    results = _measure_claims(claims, hits, sentences, level, rare)[1]
    strict = _tiers(lexicon)
    settle = settle_matches if matches is not None else lambda rows: rows
    levels = {
        (claim.id, pair["pair"]): pair["level"]
        for claim, result in zip(claims, results, strict=True)
        for pair in result["pairs"]
    }
    filled = []
    for theme in dict.fromkeys(claim.theme for claim in claims):
        names, own = _variants(hits if matches is None else matches, theme, strict, settle)
        asked = [claim for claim in claims if claim.theme == theme]
        for kinds_name, kinds in KINDS.items():
            seen = observe(own, sentences, kinds=kinds, column="entry", names=names)
            for unit_name, unit in UNITS.items():
                for length, judged in _measure_variants(asked, seen, sentences, unit, levels, level, rare):
                    for claim, values in judged:
                        labels = {"kinds": kinds_name, "lexicon": names, "unit": unit_name, "length": length}
                        filled.append(_fill_columns(values, unit > 0, claim=claim.id, **labels))
    if not filled:
        return pd.DataFrame(columns=list(SPECIFICATIONS))
    table = pd.DataFrame({name: np.concatenate([part[name] for part in filled]) for name in filled[0]})
    order = {claim.id: number for number, claim in enumerate(claims)}
    table = table.sort_values("claim", key=lambda column: column.map(order), kind="stable", ignore_index=True)
    table["specification"] = table.groupby("claim").cumcount() + 1
    return table[list(SPECIFICATIONS)]


def _measure_variants(asked, seen, sentences, unit, levels, level, rare):
    """Yield, for whole documents and at equal length, each claim with its values, one per lexicon variant."""
    counts = {doc: seen.counts[doc].astype(float) for doc in seen.documents}
    sections = {doc: sentences.loc[seen.sentence_ids[doc], "section"].to_numpy() for doc in seen.documents}
    units = {doc: _units(counts[doc], seen.tokens[doc], sections[doc], unit) for doc in seen.documents}
    share = unit > 0
    totals = np.array([units[doc][0].sum(0) for doc in seen.documents])
    held = np.array([units[doc][1].sum() for doc in seen.documents])
    bounds = np.concatenate([[0], np.cumsum([len(units[doc][1]) for doc in seen.documents])])
    rows, exposure = (np.concatenate([units[doc][which] for doc in seen.documents]) for which in (0, 1))
    clumping = estimate_clumping(rows, exposure, bounds, share=share)
    sides = _sides(seen, totals, held, clumping, share)
    lengths = {doc: float(seen.tokens[doc].sum()) for doc in seen.documents}
    pooled = totals.sum(0) / max(held.sum(), 1)
    for length in LENGTHS:
        found = {}
        for pair in dict.fromkeys(pair for claim in asked for pair in claim.pairs(seen.documents)):
            shortest = min(lengths[doc] for doc in pair)
            thin = tuple(shortest / lengths[doc] if length == "equal" else 1.0 for doc in pair)
            found[pair] = _compared(sides, pair, share, thin)
        yield length, [
            (claim, _judge_variants(claim, found, levels, units, counts, lengths, sides, share, level, rare)
             | {"pooled": pooled})
            for claim in asked
        ]  # fmt: skip


def _judge_variants(claim, found, levels, units, counts, lengths, sides, share, level, rare):
    """Return estimate, limits and whether the claim holds, one value per lexicon variant."""
    if claim.direction == "absent":
        doc = claim.documents[0]
        side = sides[doc][0]
        hit = side.count
        rate, low, high = rate_limits(*side, share=share, level=level)
        freedom, inflation = side.freedom, side.inflation
        allowed = 1000 * exact_limits(0, lengths[doc], inflation=inflation, freedom=freedom, level=level)[1]
        return {
            "estimate": rate,
            "low": low,
            "high": high,
            "agrees": hit == 0,
            "holds": (hit == 0) & (allowed <= rare),
        }
    sign = -1 if claim.direction == "lower" else 1
    estimates, lows, highs, agrees, holds = [], [], [], [], []
    for pair in claim.pairs(tuple(units)):
        result, own = found[pair], levels[claim.id, pair]
        low, high = result.limits(1 - own)
        if claim.direction == "no difference":
            margin = _margin_here(claim, units, counts, lengths)
            agree, good = np.abs(result.difference) <= margin, (low >= -margin) & (high <= margin)
        else:
            agree = sign * result.difference > 0
            good = agree & (result.p <= own)
        estimates.append(result.difference)
        lows.append(low)
        highs.append(high)
        agrees.append(agree)
        holds.append(good)
    closest = np.argmin(sign * np.array(estimates), axis=0), np.arange(len(holds[0]))
    return {
        "estimate": np.array(estimates)[closest],
        "low": np.array(lows)[closest],
        "high": np.array(highs)[closest],
        "agrees": np.all(agrees, axis=0),
        "holds": np.all(holds, axis=0),
    }


def _margin_here(claim, units, counts, lengths):
    # the margin is given in the claim's own measure: carry it over in proportion to the theme's value in all documents
    total = sum(lengths.values())
    per_token = sum(c.sum(0) for c in counts.values()) / total
    per_sentence = sum((c > 0).sum(0) for c in counts.values()) / sum(len(c) for c in counts.values())
    here = sum(c.sum(0) for c, _ in units.values()) / sum(e.sum() for _, e in units.values())
    own = per_sentence if claim.measure == "share" else 1000 * per_token
    return claim.margin * np.divide(here, own, out=np.zeros_like(here), where=own > 0)


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


def list_failures(specifications, claim):
    """Return the specifications in which a claim does not hold.

    Raises
    ------
    CrossreadError
        "There is no claim “…” here (there are …)."

    Examples
    --------
    >>> table = pd.DataFrame({"claim": "x", "specification": [1, 2], "holds": [True, False]})
    >>> list_failures(table, "x")["specification"].tolist()
    [2]
    """
    _find_claim(specifications, claim)
    return specifications[(specifications["claim"] == claim) & ~specifications["holds"].astype(bool)].reset_index(
        drop=True
    )


def _find_claim(table, claim):
    if claim not in set(table["claim"]):
        raise CrossreadError(
            f"There is no claim “{claim}” here (there are {', '.join(dict.fromkeys(table['claim']))})."
        )


def format_claims(ledger, ids=None):
    """Return claims as Markdown: the sentence, its estimate with limits, its verdict and its robustness.

    Parameters
    ----------
    ledger : DataFrame
        From `evaluate_claims`.
    ids : str or list of str, optional
        Which claims; all by default.

    Raises
    ------
    CrossreadError
        "There is no claim “…” here (there are …)."

    Examples
    --------
    >>> row = ("x", "A is.", "cost.per_1000", 5.0, 1.0, 9.0, "supported", 0.9, 200, "")
    >>> ledger = pd.DataFrame([row], columns=CLAIMS)
    >>> format_claims(ledger, "x")
    '- **A is.** Supported: 5.0 (1.0 to 9.0) hits per 1,000 tokens; holds in 90 of 100 ways of measuring (200
    tried). `claim:x`'
    """
    ids = list(ledger["claim"]) if ids is None else [ids] if isinstance(ids, str) else list(ids)
    lines = []
    for name in ids:
        _find_claim(ledger, name)
        row = ledger[ledger["claim"] == name].iloc[0]
        digits, unit = (2, "of the sentences") if row["quantity"].endswith(".share") else (1, "hits per 1,000 tokens")
        value = f"{row['estimate']:.{digits}f} ({row['low']:.{digits}f} to {row['high']:.{digits}f}) {unit}"
        robust = ""
        if row["specifications"]:
            robust = (
                f"; holds in {100 * row['robustness']:.0f} of 100 ways of measuring ({row['specifications']:,} tried)"
            )
        verdict = row["verdict"][0].upper() + row["verdict"][1:]
        lines.append(f"- **{row['text']}** {verdict}: {value}{robust}. `claim:{name}`")
    return "\n".join(lines)


def check_claims(ledger, published=None, notebooks=None):
    """Return what is wrong: verdicts that changed, and claims that notebooks name but that do not exist.

    Parameters
    ----------
    ledger : DataFrame
        From `evaluate_claims`, computed now.
    published : path, optional
        The ledger committed with the figures; figures/claims.csv of the project by default.
    notebooks : path, optional
        The folder of notebooks; that of the project by default. Prose and code name a claim as claim:id.

    Returns
    -------
    list of str
        One sentence per problem; empty when nothing is wrong.

    Examples
    --------
    >>> row = ("x", "A is.", "cost.per_1000", 5.0, 1.0, 9.0, "supported", 0.9, 200, "")
    >>> ledger = pd.DataFrame([row], columns=CLAIMS)
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> ledger.assign(verdict="not distinguishable").to_csv(folder / "claims.csv", index=False)
    >>> check_claims(ledger, folder / "claims.csv", folder)
    ['claim “x”: the verdict was “not distinguishable” and is “supported”.']
    """
    published = Path(published or project_folder() / "figures" / "claims.csv")
    notebooks = Path(notebooks or project_folder() / "notebooks")
    problems = []
    if published.is_file():
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
        problems.append(f"{published.name}: there is no such file; publish the ledger beside the figures.")
    return problems + check_references(ledger["claim"], notebooks)


def check_references(ids, notebooks):
    """Return a sentence for each claim that a notebook names and that does not exist.

    Examples
    --------
    >>> check_references(["x"], "nowhere")
    []
    """
    known, problems = set(ids), []
    for path in sorted(Path(notebooks).rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        for cell in json.loads(path.read_text(encoding="utf-8")).get("cells", []):
            for name in _REFERENCE.findall("".join(cell.get("source", ""))):
                if name not in known:
                    problems.append(f"{path.name}, cell “{cell.get('id', '?')}”: there is no claim “{name}”.")
    return problems


def describe_claims(table: pd.DataFrame, labels: Labels) -> str:
    """Say how many claims have which verdict."""
    counts = [f"{n} {verdict}" for verdict, n in table["verdict"].value_counts().items()]
    return f"Of {len(table)} claims: {', '.join(counts)}."
