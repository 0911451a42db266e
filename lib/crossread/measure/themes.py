"""How often each document, or group of documents, speaks of each theme, with limits.

Counts come from hits (see `lexicon`), never from running text, so everything here works from the published counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crossread.corpus.tables import HITS, SENTENCES, check_columns
from crossread.errors import CrossreadError
from crossread.lexicon import keys_of
from crossread.measure.clumping import Clumping, estimate_clumping, sum_between
from crossread.measure.groups import Groups, between_documents
from crossread.measure.resampling import LEVEL, rate_limits
from crossread.wording import (
    HEADLINE,
    Labels,
    count_of,
    is_coded,
    join_names,
    join_sentences,
    join_within,
    left_out_note,
    measured_text,
    number_of,
    per_cent,
)

MEASURED_SHARE = ("measured", "measured_low", "measured_high")
THEME_RATES = (
    "doc_id", "key", "count", "n_tokens", "per_1000", "low", "high", "n_sentences", "sentences_with_hit", "share",
    "share_low", "share_high", "inflation", "n_effective", "silent",
)  # fmt: skip
GROUP_RATES = ("group", *THEME_RATES[1:], "n_documents", "documents_with_hit", "by", "left_out")
CLUSTER = 8  # hits of a theme in a document before it is said how close together they stand


@dataclass(frozen=True)
class Observations:
    """Hits sentence by sentence: what every measure of themes starts from.

    Attributes
    ----------
    documents, keys : tuple of str
        In their fixed order.
    counts : dict of str to array, n_sentences x n_keys
        Hits of each sentence of the document, in reading order.
    tokens : dict of str to array, n_sentences
        Length of each sentence in tokens.
    sentence_ids : dict of str to array, n_sentences
    """

    documents: tuple
    keys: tuple
    counts: dict
    tokens: dict
    sentence_ids: dict

    def together(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return counts and tokens of all documents in one array each, and where each document begins and ends."""
        bounds = np.concatenate([[0], np.cumsum([len(self.tokens[doc]) for doc in self.documents])]).astype(int)
        if not self.documents:
            return np.zeros((0, len(self.keys))), np.zeros(0), bounds
        counts, tokens = ([values[doc] for doc in self.documents] for values in (self.counts, self.tokens))
        return np.concatenate(counts), np.concatenate(tokens), bounds

    def clumping(self, share: bool = False) -> Clumping:
        """Return how much each key clumps in each document."""
        counts, tokens, bounds = self.together()
        return estimate_clumping(counts, tokens, bounds, share=share)

    def totals(self, share: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """Return counts and units of each document: hits and tokens, or sentences with a hit and sentences."""
        counts, tokens, bounds = self.together()
        if share:
            counts, tokens = counts > 0, tokens > 0
        return sum_between(counts, bounds), sum_between(tokens, bounds)


def observe(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    kinds: tuple[str, ...] = ("body",),
    column: str = "key",
    names: Sequence[str] | None = None,
) -> Observations:
    """Return hits counted sentence by sentence, for the sentences of the wanted kinds.

    Parameters
    ----------
    hits : DataFrame
        From `lexicon.find_hits`.
    sentences : DataFrame
        Indexed by sentence id, as `Corpus.sentences`.
    kinds : tuple of str
        Which kinds of sentence count: body, heading, note.
    column : str
        What is counted: "key", or "entry" for each entry of the lexicon by itself.
    names : tuple of str, optional
        The values of `column` in their order, when some may have no hit.

    Returns
    -------
    Observations

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> observe(*_toy()).counts["a"].ravel().tolist()
    [1, 0, 2]
    """
    check_columns(hits, HITS, "the hits")
    check_columns(sentences, SENTENCES, "the sentences")
    row = sentences.index.get_indexer(hits["sentence_id"])
    if (row < 0).any():
        unknown = hits["sentence_id"][row < 0].min()
        raise CrossreadError(
            f"the hits name the sentence “{unknown}”, which is not among the sentences. "
            "Were both read from the same corpus?"
        )
    documents = tuple(sentences["doc_id"].unique())
    names = (
        tuple(names) if names is not None else keys_of(hits) if column == "key" else tuple(sorted(set(hits[column])))
    )
    wanted = (sentences["kind"].isin(list(kinds)) & (sentences["n_tokens"] > 0)).to_numpy()
    chosen = sentences[wanted]
    columns = pd.Index(names, dtype=object).get_indexer(hits[column].astype(str))
    kept = wanted[row] & (columns >= 0)
    counts = np.zeros((len(chosen), len(names)), dtype=np.int64)
    np.add.at(counts, ((np.cumsum(wanted) - 1)[row[kept]], columns[kept]), 1)
    number = pd.Index(documents).get_indexer(chosen["doc_id"])
    order = np.argsort(number, kind="stable")
    bounds = np.searchsorted(number[order], np.arange(len(documents) + 1))
    rows = {doc: order[bounds[place] : bounds[place + 1]] for place, doc in enumerate(documents)}
    tokens, ids = chosen["n_tokens"].to_numpy(), chosen.index.to_numpy()
    return Observations(
        documents,
        names,
        {doc: counts[where] for doc, where in rows.items()},
        {doc: tokens[where] for doc, where in rows.items()},
        {doc: ids[where] for doc, where in rows.items()},
    )


def _toy():
    sentences = pd.DataFrame(
        {
            "doc_id": ["a"] * 3 + ["b"] * 2,
            "section": 0,
            "paragraph": 0,
            "sentence": [0, 1, 2, 0, 1],
            "segment": 0,
            "kind": "body",
            "n_tokens": 20,
            "start": 0,
            "end": 0,
        },
        index=pd.Index(["a-000", "a-001", "a-002", "b-000", "b-001"], name="sentence_id"),
    )
    hits = pd.DataFrame(
        {
            "doc_id": ["a"] * 3,
            "sentence_id": ["a-000", "a-002", "a-002"],
            "lexicon": "toy",
            "key": pd.Categorical(["cost"] * 3, categories=["cost"]),
            "entry": ["cost", "costs", "cost"],
            "start_token": [3, 44, 50],
            "end_token": [4, 45, 51],
        }
    )
    return hits, sentences


def theme_rates(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    by: Groups | None = None,
    kinds: tuple[str, ...] = ("body",),
    level: float = LEVEL,
) -> pd.DataFrame:
    """Return how often each document speaks of each theme, per 1,000 tokens and as a share of sentences, with limits.

    Limits are Garwood's for the rate and Jeffreys's for the share, on effective counts: hits and exposure divided by
    the inflation that `estimate_clumping` finds, and as wide as Student's t makes them where that is unsure. With
    `by`, documents are put together, and limits rest on how they differ within groups (`between_documents`).

    Parameters
    ----------
    hits : DataFrame
        From `lexicon.find_hits`. If `key` is categorical, keys without a hit get their rows too.
    sentences : DataFrame
        `Corpus.sentences`.
    by : Groups, optional
        From `group_documents`.
    kinds : tuple of str
        Kinds of sentence that count.
    level : float
        Coverage.

    Returns
    -------
    DataFrame
        One row per document and key, documents in the order of `sentences`: doc_id; key; count (hits); n_tokens
        (tokens); per_1000, low, high (hits per 1,000 tokens); n_sentences, sentences_with_hit (sentences);
        share, share_low, share_high (of sentences, 0 to 1); inflation (how many times more the number of sentences
        with a hit varies than that of independent ones); n_effective (n_sentences / inflation: so many independent
        sentences tell as much); silent (no hit in the document's sentences: a fact; `high` and `share_high` are what
        such a silence still allows). With `by` group stands for doc_id, and n_documents, documents_with_hit
        (documents), by (the column) and left_out (documents of which it says nothing) are added; where no group has
        two documents, limits are not known.

    References
    ----------
    Garwood 1936, Biometrika 28, 437-442; Brown, Cai and DasGupta 2001, Statistical Science 16, 101-133.

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> theme_rates(*_toy())[["doc_id", "sentences_with_hit", "n_sentences", "silent"]].values.tolist()
    [['a', 2, 3, False], ['b', 0, 2, True]]
    """
    seen = observe(hits, sentences, kinds=kinds)
    measured = {}
    for share in (False, True):
        counts, units = seen.totals(share)
        if by is None:
            clumping = seen.clumping(share)
        else:
            number = by.places(seen.documents)
            clumping, n_documents = between_documents(counts, units, number, len(by.names), share=share)
            counts, units = by.add_up(counts, seen.documents), by.add_up(units, seen.documents)
        measured[share] = (
            counts,
            units,
            clumping.inflation,
            *rate_limits(counts, units[:, None], *clumping, share=share, level=level),
        )
    n_keys = len(seen.keys)
    (count, n_tokens, _, *rates), (positive, n_sentences, inflation, *shares) = measured[False], measured[True]
    per_1000, low, high = (1000 * values.ravel() for values in rates)
    share, share_low, share_high = (values.ravel() for values in shares)
    held = np.repeat(n_sentences.astype(int), n_keys)
    names = seen.documents if by is None else by.names
    table = pd.DataFrame(
        {
            "doc_id": np.repeat(np.array(names, dtype=object), n_keys),
            "key": list(seen.keys) * len(names),
            "count": count.ravel().astype(int),
            "n_tokens": np.repeat(n_tokens.astype(int), n_keys),
            "per_1000": per_1000,
            "low": low,
            "high": high,
            "n_sentences": held,
            "sentences_with_hit": positive.ravel().astype(int),
            "share": share,
            "share_low": share_low,
            "share_high": share_high,
            "inflation": inflation.ravel(),
            "n_effective": held / inflation.ravel(),
            "silent": (positive.ravel() == 0) & (held > 0),
        }
    )
    if by is None:
        return table
    with_hit = by.add_up(seen.totals(True)[0] > 0, seen.documents)
    return table.rename(columns={"doc_id": "group"}).assign(
        n_documents=np.repeat(n_documents, n_keys),
        documents_with_hit=with_hit.ravel().astype(int),
        by=by.by,
        left_out=len(by.left_out),
    )


def locate_hits(hits: pd.DataFrame, sentences: pd.DataFrame, *, kinds: tuple[str, ...] = ("body",)) -> pd.DataFrame:
    """Return where in its document each hit stands.

    Parameters
    ----------
    hits, sentences, kinds
        As in `theme_rates`.

    Returns
    -------
    DataFrame
        One row per hit, in the order of documents, keys and positions: doc_id; key (categorical, all keys);
        position (tokens before it in the document, headings and notes counted in); n_tokens (tokens of the
        whole document, likewise); place (position / n_tokens, 0 to 1); sentence_id.

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> locate_hits(*_toy())[["doc_id", "position", "place"]].round(2).values.tolist()
    [['a', 3, 0.05], ['a', 44, 0.73], ['a', 50, 0.83]]
    """
    check_columns(hits, HITS, "the hits")
    totals = sentences.groupby("doc_id", sort=False)["n_tokens"].sum()
    wanted = sentences.index[sentences["kind"].isin(list(kinds))]
    kept = hits[hits["sentence_id"].isin(wanted)]
    table = pd.DataFrame({"doc_id": kept["doc_id"], "key": kept["key"].astype(str), "position": kept["start_token"]})
    table["n_tokens"] = table["doc_id"].map(totals).astype(int)
    table["place"] = table["position"] / table["n_tokens"]
    table["sentence_id"] = kept["sentence_id"]
    documents = {doc: number for number, doc in enumerate(totals.index)}
    keys = {key: number for number, key in enumerate(keys_of(hits))}
    order = pd.DataFrame({"d": table["doc_id"].map(documents), "k": table["key"].map(keys), "p": table["position"]})
    table["key"] = pd.Categorical(table["key"], categories=list(keys))
    return table.loc[order.sort_values(["d", "k", "p"], kind="stable").index].reset_index(drop=True)


def locate_sections(sentences: pd.DataFrame, titles: pd.Series | None = None) -> pd.DataFrame:
    r"""Return where the sections of each document begin, of documents that have more than one with running text.

    Parameters
    ----------
    sentences : DataFrame
        `Corpus.sentences`.
    titles : Series, optional
        Headings by their sentence ids, from `read_titles`.

    Returns
    -------
    DataFrame
        One row per section: doc_id; section (its number); heading (its title, or its number, as "§ 2"); start (tokens
        before it over those of the whole document, headings and notes counted in, 0 to 1).

    Examples
    --------
    >>> from crossread import from_texts
    >>> corpus = from_texts({"a": "# Pay\n\nAllies pay.\n\n# Talk\n\nAllies talk."})
    >>> locate_sections(corpus.sentences).values.tolist()
    [['a', 1, '§ 1', 0.0], ['a', 2, '§ 2', 0.5]]
    """
    named = {} if titles is None else titles.groupby([sentences["doc_id"], sentences["section"]]).last().to_dict()
    by_document = sentences.groupby("doc_id", sort=False)["n_tokens"]
    before = by_document.cumsum() - sentences["n_tokens"]
    start = before / by_document.transform("sum").clip(lower=1)
    table = pd.DataFrame({"doc_id": sentences["doc_id"], "section": sentences["section"], "start": start})
    speaks = sentences["kind"].eq("body").groupby([sentences["doc_id"], sentences["section"]]).transform("any")
    first = table[speaks].drop_duplicates(["doc_id", "section"])
    first = first[first.groupby("doc_id", sort=False)["section"].transform("size") > 1]
    places = zip(first["doc_id"], first["section"], strict=True)
    first.insert(2, "heading", [named.get(place, f"§ {place[1]}") for place in places])
    return first.reset_index(drop=True)


def describe_rates(table: pd.DataFrame, labels: Labels) -> str:
    """Say for each theme in how many sentences it stands where it stands most and least, and where coders mark most."""
    column = "group" if "group" in table else "doc_id"
    name = str if column == "group" else labels.document
    said = []
    for key, rows in table[table["n_sentences"] > 0].groupby("key", sort=False, observed=True):
        speaking = rows[~rows["silent"]].sort_values("share", kind="stable")
        if speaking.empty:
            said.append(f"{labels.theme(key)}: nowhere{_marked_most(rows, column, name)}")
            continue
        ends = dict.fromkeys((speaking["share"].iloc[-1], speaking["share"].iloc[0]))
        told = [_count_in(speaking[speaking["share"] == share], column, name) for share in ends]
        silent = _silences(rows[rows["silent"]], column, name)
        said.append(f"{labels.theme(key)}: {', '.join(told)}{silent}{_marked_most(rows, column, name)}")
    return join_sentences([_leaders(table, labels, column, name), *said, left_out_note(table)])


def _count_in(alike: pd.DataFrame, column: str, name) -> str:
    """Say in how many sentences those speak of a theme that have the same share of it, and who they are."""
    first = alike.iloc[0]
    counted = count_of(first["sentences_with_hit"], first["n_sentences"])
    if alike["n_sentences"].nunique() > 1:
        counted = f"{per_cent(first['share'])} of the sentences"
    return f"{counted} in {join_names(map(name, alike[column]), most=2)}"


def _marked_most(rows: pd.DataFrame, column: str, name) -> str:
    """Say where coders marked, or would mark, the largest share of sentences; nothing where nobody coded the theme."""
    if "measured" not in rows:
        return ""
    known = rows[[is_coded(*limits) for limits in rows[["measured_low", "measured_high"]].to_numpy(float)]]
    if known.empty:
        return ""
    if not known["measured_high"].any():
        return "; coders marked it nowhere"
    alike = known[known["measured"] == known["measured"].max()]
    told = [measured_text(*row) for row in alike[[*MEASURED_SHARE, "n_sentences"]].itertuples(index=False)]
    whole = (alike["measured_low"] == alike["measured_high"]).all()
    text = told[0] if len(set(told)) == 1 else f"{per_cent(alike['measured'].iloc[0])} of the sentences"
    among = ", the largest share" if len(alike) < len(rows) else ""
    among += " of those coded" if among and len(known) < len(rows) else ""
    verb = "marked" if whole else "would mark"
    return f"; coders {verb} {text} in {join_names(map(name, alike[column]), most=2)}{among}"


def _leaders(table: pd.DataFrame, labels: Labels, column: str, name, most: int = 3) -> str:
    """Say where what is most frequent that leads by the widest margin, of each document or group its widest lead."""
    shares = table[table["n_sentences"] > 0].pivot(index="key", columns=column, values="share")
    if shares.shape[1] < 2 or shares.empty:
        return ""
    ranked = np.sort(shares.fillna(0).to_numpy(), axis=1)[:, ::-1]
    lead = pd.DataFrame({column: shares.idxmax(axis=1), "lead": ranked[:, 0] - ranked[:, 1]}).reset_index()
    told = lead.merge(table[[column, "key", "sentences_with_hit", "n_sentences"]], on=["key", column])
    told = told[(told["lead"] > 0) & (told["sentences_with_hit"] > 1)]
    told = told.sort_values("lead", ascending=False, kind="stable").drop_duplicates(column).head(most)
    parts = [f"“{labels.theme(row['key'])}” in {name(row[column])}" for _, row in told.iterrows()]
    if parts:  # two lines over a figure that has the counts in its cells
        parts[0] = parts[0].replace("” in ", "” is most frequent in ", 1)
        return join_within(parts, 2 * HEADLINE - 50)
    sums = table.groupby("key", sort=False, observed=True)[["sentences_with_hit", "n_sentences"]].sum()
    most = sums.index[sums["sentences_with_hit"] == sums["sentences_with_hit"].max()]
    if not sums.loc[most[0], "sentences_with_hit"]:
        return "Nothing is counted in these pages"
    if len(most) == len(sums) > 1:
        return ""
    themes = join_names((f"“{labels.theme(key)}”" for key in most), most=3)
    counted = f"{'is' if len(most) == 1 else 'are'} counted{' most' if len(sums) > 1 else ''}"
    return f"{themes} {counted}, in {count_of(*sums.loc[most[0]])}"


def _silences(silent: pd.DataFrame, column: str, name) -> str:
    told = [
        f"{name(row[column])} ({number_of(row['n_sentences'], 'sentence')}, {_allowed(row)})"
        for _, row in silent.iterrows()
    ]
    return f"; silent: {join_names(told, most=3)}" if told else ""


def _allowed(row: pd.Series) -> str:
    """Say how large a share a silence still allows, or that it says nothing: a limit above a half sets none."""
    if row["share_high"] > 0.5:
        return "too few to say more"
    return f"which still allow{'s' if row['n_sentences'] == 1 else ''} up to {per_cent(row['share_high'])}"


def describe_places(table: pd.DataFrame, labels: Labels) -> str:
    """Say which theme stands closest together in which document, then how many hits each theme has."""
    counts = [f"{labels.theme(key)} {n}" for key, n in table["key"].value_counts(sort=False).items()]
    return join_sentences(
        [_word_cluster(table, labels), f"Hits: {join_names(counts)}" if counts else "There is no hit"]
    )


def _word_cluster(table: pd.DataFrame, labels: Labels) -> str:
    """Say which theme, of eight hits or more, stands most of all within a quarter of a document, if any does."""
    best = (0.0, "")
    for (doc_id, key), rows in table.groupby(["doc_id", "key"], sort=False, observed=True):
        places = np.sort(rows["place"].to_numpy(float))
        if len(places) < CLUSTER:
            continue
        inside = int((np.searchsorted(places, places + 0.25, side="right") - np.arange(len(places))).max())
        beyond = inside - len(places) / 4  # more than stand in a quarter when all are spread evenly
        if inside > len(places) / 2 and beyond > best[0]:
            said = f"{inside} of {len(places)} hits of “{labels.theme(key)}” in {labels.document(str(doc_id))}"
            best = (beyond, f"{said} stand within a quarter of the text")
    return best[1]
