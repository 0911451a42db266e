"""Who does what to whom: an actor, a deed and another actor, found by their order in a sentence.

The rule is plain: the actor nearest before a deed does it, the actor nearest after it is the one to whom it is done
(the other way round for "supported by"), both within a few tokens and in one sentence; what stands between may not be
another deed. No sentence is parsed, so a clause in between misleads; how often is measured on deeds that were read
(`score_deeds`).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from crossread.corpus.tables import HITS, Form, check_columns, read_table
from crossread.errors import CrossreadError
from crossread.wording import Labels, count_of, join_names, join_sentences, number_of

DEEDS = ("doc_id", "sentence_id", "agent", "deed", "patient", "gap")
DEED_COUNTS = ("doc_id", "agent", "deed", "patient", "sentences", "n_sentences")
READ = ("doc_id", "sentence_id", "agent", "deed", "patient", "right", "guided", "reader")
READ_FORM = Form(READ, whole={"right": (0, 1), "guided": (0, 1)}, filled=READ, unique=READ[:5], exact=True)
REACH = 10  # tokens from the deed to either actor


def find_deeds(actor_hits: pd.DataFrame, deed_hits: pd.DataFrame, *, reach: int = REACH) -> pd.DataFrame:
    """Find each deed with an actor before it and another after it.

    Parameters
    ----------
    actor_hits : DataFrame
        Hits of actors, from `lexicon.find_hits`.
    deed_hits : DataFrame
        Hits of a lexicon with the keys deed.… (verbs), passive.… (the same told from the other side: "supported by")
        and
        group.… (actors without a name, such as "allies").
    reach : int
        Tokens from the deed to either actor at most.

    Returns
    -------
    DataFrame
        doc_id, sentence_id, agent, deed, patient (keys, without "deed." and "group."), gap (tokens from agent to
        patient);
        one row a deed, in the order of the text.

    Raises
    ------
    CrossreadError
        "A lexicon of deeds has the keys deed.…, passive.… and group.…, not cost."

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.lexicon import find_hits, make_lexicon
    >>> corpus = from_texts({"a": "Velland asks Mirrowe for rent. Mirrowe is asked."})
    >>> actors = find_hits(corpus, make_lexicon("actors", {"velland": ["Velland"], "mirrowe": ["Mirrowe"]}))
    >>> deeds = find_hits(corpus, make_lexicon("deeds", {"deed.ask": ["asks|asked"]}))
    >>> find_deeds(actors, deeds)[["agent", "deed", "patient"]].values.tolist()
    [['velland', 'ask', 'mirrowe']]
    """
    for hits, what in ((actor_hits, "the hits of actors"), (deed_hits, "the hits of deeds")):
        check_columns(hits, HITS, what)
    keys = deed_hits["key"].astype(str)
    kind, name = keys.str.split(".", n=1).str[0], keys.str.split(".", n=1).str[-1]
    strange = keys[~kind.isin(["deed", "passive", "group"])]
    if len(strange):
        raise CrossreadError(f"A lexicon of deeds has the keys deed.…, passive.… and group.…, not {strange.iloc[0]}.")
    verbs = deed_hits.assign(key=name, passive=kind == "passive")[(kind != "group").to_numpy()]
    groups = deed_hits.assign(key=name)[(kind == "group").to_numpy()]
    actors = pd.concat([actor_hits.assign(key=actor_hits["key"].astype(str)), groups])
    by_sentence = {name: rows.sort_values("start_token") for name, rows in actors.groupby("sentence_id", sort=False)}
    rows = []
    for sentence_id, deeds in verbs.sort_values(["doc_id", "start_token"], kind="stable").groupby(
        "sentence_id", sort=False
    ):
        named = by_sentence.get(sentence_id)
        if named is not None:
            rows.extend(_deeds_of_sentence(deeds.sort_values("start_token"), named, reach))
    return pd.DataFrame(rows, columns=list(DEEDS))


def _deeds_of_sentence(deeds: pd.DataFrame, named: pd.DataFrame, reach: int) -> list[tuple]:
    starts, ends = deeds["start_token"].to_numpy(), deeds["end_token"].to_numpy()
    actor_starts, actor_ends = named["start_token"].to_numpy(), named["end_token"].to_numpy()
    keys = named["key"].to_numpy()
    rows = []
    for number, deed in enumerate(deeds.itertuples()):
        before = np.flatnonzero((actor_ends <= starts[number]) & (actor_ends > starts[number] - reach))
        after = np.flatnonzero((actor_starts >= ends[number]) & (actor_starts < ends[number] + reach))
        if number:  # another deed in between has the actor for itself
            before = before[actor_ends[before] > starts[number - 1]]
        if number + 1 < len(starts):
            after = after[actor_starts[after] < starts[number + 1]]
        if not len(before) or not len(after):
            continue
        agent, patient = before[-1], after[0]
        if keys[agent] != keys[patient]:
            gap = int(actor_starts[patient] - actor_ends[agent])
            first, second = (patient, agent) if deed.passive else (agent, patient)
            rows.append((deed.doc_id, deed.sentence_id, keys[first], deed.key, keys[second], gap))
    return rows


def count_deeds(deeds: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """Count in how many sentences of the body one actor does something to another.

    Parameters
    ----------
    deeds : DataFrame
        From `find_deeds`.
    sentences : DataFrame
        `Corpus.sentences`.

    Returns
    -------
    DataFrame
        doc_id, agent, deed, patient, sentences (with this deed), n_sentences (of the document's body); the most
        frequent
        first within each document, documents in the order of `sentences`.

    Examples
    --------
    >>> deeds = pd.DataFrame([("a", "a-1", "us", "ask", "ally", 3)], columns=list(DEEDS))
    >>> sentences = pd.DataFrame({"doc_id": ["a", "a"], "kind": "body"}, index=["a-1", "a-2"])
    >>> count_deeds(deeds, sentences).values.tolist()
    [['a', 'us', 'ask', 'ally', 1, 2]]
    """
    body = sentences[sentences["kind"] == "body"]
    total = body.groupby("doc_id", sort=False).size()
    counted = deeds[deeds["sentence_id"].isin(body.index)]
    names = ["doc_id", "agent", "deed", "patient"]
    table = counted.groupby(names, sort=False)["sentence_id"].nunique().rename("sentences").reset_index()
    table["n_sentences"] = table["doc_id"].map(total)
    place = table["doc_id"].map({doc_id: number for number, doc_id in enumerate(total.index)})
    order = np.lexsort((table["patient"], table["deed"], table["agent"], -table["sentences"], place))
    return table.iloc[order][list(DEED_COUNTS)].reset_index(drop=True)


def read_deeds(path: Path) -> pd.DataFrame | None:
    """Read which of the deeds found were right when somebody read their sentences; None where nobody has.

    Parameters
    ----------
    path : Path
        A table: doc_id, sentence_id, agent, deed, patient, right (1 or 0), guided (1 where the rule was mended
        after it was read, or 0), reader.

    Returns
    -------
    DataFrame or None
        The table as it stands there.

    Raises
    ------
    CrossreadError
        "deeds_read.csv, row 7: “right” is “2”, not a whole number from 0 to 1."

    Examples
    --------
    >>> from crossread.corpus import corpus_folder
    >>> read = read_deeds(corpus_folder("alliances") / "deeds_read.csv")
    >>> len(read), int(read["right"].sum())
    (20, 18)
    """
    return read_table(path, READ_FORM) if path.is_file() else None


def score_deeds(read: pd.DataFrame) -> dict[str, float]:
    """Return how often the rule is right on deeds that were read.

    Parameters
    ----------
    read : DataFrame
        right: 1 where agent, deed and patient are as the sentence says, 0 where one of them is not.

    Returns
    -------
    dict
        n (deeds read), right (their number), precision (0 to 1), low and high (Clopper and Pearson's 95 per cent
        limits).

    Examples
    --------
    >>> score_deeds(pd.DataFrame({"right": [1, 1, 0, 1]}))["precision"]
    0.75
    """
    from scipy.stats import beta

    check_columns(read, ("right",), "the deeds that were read")
    n, right = len(read), int(read["right"].sum())
    low = float(beta.ppf(0.025, right, n - right + 1)) if right else 0.0
    high = float(beta.ppf(0.975, right + 1, n - right)) if right < n else 1.0
    return {"n": n, "right": right, "precision": right / n if n else float("nan"), "low": low, "high": high}


def describe_deeds(table: pd.DataFrame, labels: Labels) -> str:
    """Say which deeds are found most, then what each document has its actors do most."""
    if table.empty:
        return "No sentence names an actor, a deed and another actor in this order."
    totals = table.groupby("deed", sort=False)["sentences"].sum().sort_values(ascending=False, kind="stable")
    said = []
    for doc_id, rows in table.groupby("doc_id", sort=False):
        by_deed = rows.groupby("deed", sort=False)["sentences"].sum().sort_values(ascending=False, kind="stable")
        first = rows.iloc[0]
        done = labels.theme("deed." + first["deed"])
        who = f"{labels.actor(first['agent'])} – {done} – {labels.actor(first['patient'])}"
        kinds = join_names([f"{labels.theme('deed.' + deed)} {n}" for deed, n in by_deed.head(2).items()])
        counted = count_of(first["sentences"], first["n_sentences"])
        said.append(
            f"In {labels.document(doc_id)}: {kinds}" + (f"; {who}, {counted}" if first["sentences"] > 1 else "")
        )
    deeds = [
        f"“{labels.theme('deed.' + deed)}” ({n if place else number_of(n, 'sentence')})"
        for place, (deed, n) in enumerate(totals.head(3).items())
    ]
    return join_sentences([f"Found most: {join_names(deeds)}", "The rule that finds deeds errs", *said])
