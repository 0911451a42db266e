"""The score that counts: on codes that a lexicon's authors had not seen, and on neighbours of its themes.

Beside a lexicon's file may stand two others. scores.csv holds the scores that it was given blind, each with the
SHA-256 of the file as it then was. discriminant.csv holds sentences in which a neighbour of a theme is present and the
theme is not: what fires there fires falsely.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd

from crossread.corpus import from_texts
from crossread.corpus.tables import LARGEST, Form, check_columns, read_table
from crossread.lexicon import Lexicon, find_hits, read_lexicon
from crossread.measure.codes import ADJUDICATED, RULES
from crossread.measure.resampling import exact_limits
from crossread.wording import Labels, count_of, join_names, join_sentences, per_cent

SCORES = (
    "lexicon", "file", "version", "texts", "n", "rule", "theme", "precision", "recall", "f1", "f1_low", "f1_high",
    "positives", "coders", "date", "note",
)  # fmt: skip
SCORE_FORM = Form(
    SCORES,
    whole=dict.fromkeys(("n", "positives"), (0, LARGEST)),
    real=dict.fromkeys(("precision", "recall", "f1", "f1_low", "f1_high"), (0, 1)),
    blank=("f1_low", "f1_high", "positives"),
    filled=("lexicon", "file", "texts", "rule", "theme"),
    unique=("lexicon", "file", "version", "texts", "rule", "theme"),
)
DISCRIMINANT = ("key", "n", "fired", "fired_core", "share", "low", "high", "entries")
BLIND = ("blind_precision", "blind_recall", "blind_f1", "blind_f1_low", "blind_f1_high", "blind_n")
TOUCHED = "What only touches a theme is missed more often than what is about it"


def lexicon_sha256(lexicon: Lexicon) -> str:
    """Return the SHA-256 of a lexicon's file, or of its entries where it is not, or no more, what the file says.

    Parameters
    ----------
    lexicon : Lexicon

    Examples
    --------
    >>> from crossread.lexicon import make_lexicon
    >>> lexicon_sha256(make_lexicon("toy", {"cost": ["pay*"]}))[:12]
    '6bbbc8a5418f'
    """
    if lexicon.path is not None and read_lexicon(lexicon.path).entries == lexicon.entries:
        content = lexicon.path.read_bytes().replace(b"\r\n", b"\n")
    else:
        content = "\n".join(f"{entry.key}\t{entry.text}\t{entry.tier}" for entry in lexicon.entries).encode()
    return hashlib.sha256(content).hexdigest()


def read_scores(path: str | Path) -> pd.DataFrame | None:
    """Read the blind scores that stand beside a lexicon, or None where there are none.

    Parameters
    ----------
    path : path
        A table: lexicon (SHA-256 of the file that was scored); file (its name); version (where to find it); texts (what
        was scored); n (sentences); rule; theme; precision, recall, f1 (0 to 1); f1_low, f1_high (its limits) and
        positives (sentences that coders marked), blank where they are not known; coders; date; note.
    """
    path = Path(path)
    if not path.is_file():
        return None
    return read_table(path, SCORE_FORM)


def add_blind_scores(scores: pd.DataFrame, lexicon: Lexicon, codes: pd.DataFrame | None = None) -> pd.DataFrame:
    """Put beside each score the last one that the lexicon was given on codes which its authors had not seen.

    Parameters
    ----------
    scores : DataFrame
        From `validate_lexicon`: key, rule.
    lexicon : Lexicon
        Looked for is scores.csv beside its file.
    codes : DataFrame, optional
        Those of `scores`. Where its column `lexicon` says that they were made after the lexicon as it is now, they did
        not guide it; else they may have, and are taken to have.

    Returns
    -------
    DataFrame
        `scores` with blind_precision, blind_recall, blind_f1, blind_f1_low, blind_f1_high (0 to 1), blind_n
        (sentences), blind_texts (which; the last row of the file for theme and rule counts), blind_coders (whose codes)
        and lexicon_changed (True where the lexicon is not the one that was scored). Blank where it never was.

    Examples
    --------
    >>> from crossread.lexicon import make_lexicon
    >>> scores = pd.DataFrame({"key": ["cost"], "rule": ["core"]})
    >>> table = add_blind_scores(scores, make_lexicon("toy", {"cost": ["pay"]}))
    >>> bool(table["blind_f1"].isna().all())
    True
    """
    now = lexicon_sha256(lexicon)
    made_after = False
    if codes is not None and "lexicon" in codes:
        by_coders = codes[~codes["coder"].astype(str).str.startswith(ADJUDICATED)]  # settled later, of the same sample
        made_after = bool((by_coders["lexicon"] == now).all())
    scores = scores.assign(guided=not made_after)
    published = read_scores(lexicon.path.with_name("scores.csv")) if lexicon.path else None
    if published is not None:
        published = published[published["file"] == lexicon.path.name]
    if published is None or published.empty:
        return scores.assign(**dict.fromkeys(BLIND, np.nan), blind_texts="", blind_coders="", lexicon_changed=False)
    last = published.drop_duplicates(["theme", "rule"], keep="last").set_index(["theme", "rule"])
    blind = last.reindex(pd.MultiIndex.from_arrays([scores["key"].astype(str), scores["rule"]]))
    changed = blind["lexicon"].notna() & (blind["lexicon"] != now)
    columns = {name: blind[name.removeprefix("blind_")].to_numpy() for name in BLIND}
    columns |= {f"blind_{name}": blind[name].fillna("").to_numpy() for name in ("texts", "coders")}
    return scores.assign(**columns, lexicon_changed=changed.to_numpy())


def discriminate(lexicon: Lexicon, texts: pd.DataFrame | None = None) -> pd.DataFrame:
    """Ask how often a lexicon fires where a neighbour of the theme is present and the theme is not.

    Parameters
    ----------
    lexicon : Lexicon
    texts : DataFrame, optional
        sentence; neighbour_of (the theme that is not there); why (what is there instead). discriminant.csv beside the
        lexicon's file unless given.

    Returns
    -------
    DataFrame
        One row per theme of the lexicon with such sentences: key; n (sentences); fired, fired_core (in so many any
        entry, or any core entry, of the theme fires); share, low, high (fired / n, 0 to 1, Clopper
        and Pearson's limits); entries (that fired, each
        with the number of its sentences, joined with "; "). Empty without texts.

    Raises
    ------
    CrossreadError
        "the sentences of the discriminant check: the column “why” is missing …"

    References
    ----------
    Campbell and Fiske 1959, Psychological Bulletin 56, 81-105 (discriminant validity).

    Examples
    --------
    >>> from crossread.lexicon import make_lexicon
    >>> texts = pd.DataFrame({"sentence": ["The city pays.", "Rain fell."], "neighbour_of": "cost", "why": "no ally"})
    >>> discriminate(make_lexicon("toy", {"cost": ["pay*"]}), texts)[["key", "n", "fired", "entries"]].values.tolist()
    [['cost', 2, 1, 'pay* 1']]
    """
    if texts is None:
        path = lexicon.path.with_name("discriminant.csv") if lexicon.path else None
        if path is None or not path.is_file():
            return pd.DataFrame(columns=list(DISCRIMINANT))
        texts = read_table(path, Form(("sentence", "neighbour_of", "why"), filled=("sentence", "neighbour_of")))
    check_columns(texts, ("sentence", "neighbour_of", "why"), "the sentences of the discriminant check")
    texts = texts[texts["neighbour_of"].isin(lexicon.themes)]
    if texts.empty:
        return pd.DataFrame(columns=list(DISCRIMINANT))
    names = [f"n{number:03d}" for number in range(len(texts))]
    hits = find_hits(from_texts(dict(zip(names, texts["sentence"].astype(str), strict=True))), lexicon)
    neighbour = dict(zip(names, texts["neighbour_of"], strict=True))
    hits = hits.assign(key=hits["key"].astype(str), entry=hits["entry"].astype(str))
    hits = hits[hits["key"].str.split(".").str[0] == hits["doc_id"].map(neighbour)]
    table = lexicon.table()
    core = pd.MultiIndex.from_frame(table.loc[table["tier"] == "core", ["key", "entry"]])
    hits["core"] = pd.MultiIndex.from_frame(hits[["key", "entry"]]).isin(core)
    rows = []
    for key in [theme for theme in lexicon.themes if theme in set(texts["neighbour_of"])]:
        of_theme = hits[hits["doc_id"].map(neighbour) == key]
        n, fired = int((texts["neighbour_of"] == key).sum()), of_theme["doc_id"].nunique()
        low, high = exact_limits(fired, n, share=True)
        by_entry = of_theme.groupby("entry")["doc_id"].nunique().sort_values(ascending=False, kind="stable")
        entries = "; ".join(f"{entry} {number}" for entry, number in by_entry.items())
        fired_core = of_theme.loc[of_theme["core"], "doc_id"].nunique()
        rows.append((key, n, fired, fired_core, fired / n, float(low), float(high), entries))
    return pd.DataFrame(rows, columns=list(DISCRIMINANT))


def add_false_fire(scores: pd.DataFrame, discriminant: pd.DataFrame) -> pd.DataFrame:
    """Put beside each score in how many sentences with a neighbour of the theme the lexicon fires.

    Parameters
    ----------
    scores : DataFrame
        With key.
    discriminant : DataFrame
        From `discriminate`.

    Returns
    -------
    DataFrame
        `scores` with false_fire (sentences) and n_neighbours (sentences); missing where there are none.

    Examples
    --------
    >>> scores = pd.DataFrame({"key": ["cost"], "recall": [0.6]})
    >>> add_false_fire(scores, pd.DataFrame({"key": ["cost"], "fired": [1], "n": [20]}))
        key  recall  false_fire  n_neighbours
    0  cost     0.6           1            20
    """
    fires = discriminant.set_index("key").reindex(scores["key"].astype(str))
    return scores.assign(false_fire=fires["fired"].to_numpy(), n_neighbours=fires["n"].to_numpy())


def misses_what_is_touched(scores: pd.DataFrame) -> bool:
    """Whether of every theme more is found at its core than of all that coders marked, on codes not seen before.

    Examples
    --------
    >>> scores = pd.DataFrame({"key": "cost", "rule": ["core", "core or weak"], "blind_recall": [0.6, 0.2]})
    >>> misses_what_is_touched(scores), misses_what_is_touched(scores[:1])
    (True, False)
    """
    recall = scores.dropna(subset=["blind_recall"]).pivot(index="key", columns="rule", values="blind_recall")
    return {*RULES} <= set(recall) and bool((recall["core"] > recall["core or weak"]).all())


# --- in words -------------------------------------------------------------------------------------------------------


def describe_scores(table: pd.DataFrame, labels: Labels) -> str:
    """Say the last blind score first, then the scores on these codes and who coded, then where it fires falsely."""
    return join_sentences([*_word_blind(table, labels), *_word_own(table, labels), _word_false_fire(table, labels)])


def _word_blind(table, labels):
    if "blind_f1" not in table:
        return []
    scored = table.dropna(subset=["blind_f1"])
    said = []
    for texts, rows in scored.drop_duplicates("key").groupby("blind_texts", sort=False):
        names = [labels.theme(key) for key in rows["key"]]
        scores = [
            f"{name} {row.blind_f1:.2f}{_limits(row)}" for name, row in zip(names, rows.itertuples(), strict=True)
        ]
        changed = "; the lexicon has changed since" if rows["lexicon_changed"].any() else ""
        said.append(
            f"F1 on {int(rows['blind_n'].iloc[0]):,} sentences that its authors had not seen: {join_names(scores)}"
        )
        said.append(
            f"These are sentences of {texts}, coded by {rows['blind_coders'].iloc[0]}; marked are those "
            f"{rows['rule'].iloc[0]}{changed}"
        )
        said.append(f"Of what it counts there, coders marked {_shares(rows['blind_precision'], names)}")
        said += _word_found(scored, rows, names)
    return said or ["The lexicon has no score on codes that its authors had not seen"]


def _limits(row):
    return "" if np.isnan(row.blind_f1_low) else f" ({row.blind_f1_low:.2f} to {row.blind_f1_high:.2f})"


def _shares(shares, names):
    return join_names([f"{per_cent(share)} ({name})" for share, name in zip(shares, names, strict=True)])


def _word_found(scored, rows, names):
    told = f"Of what they marked, it counts {_shares(rows['blind_recall'], names)}"
    core = scored[scored["rule"] == "core"].set_index("key")["blind_recall"].reindex(rows["key"])
    if core.isna().any() or (rows["rule"] == "core").any():
        return [told]
    told = f"{told}; of what they marked as core, {join_names([per_cent(share) for share in core])}"
    return [told, TOUCHED] if misses_what_is_touched(scored) else [told]


def _word_own(table, labels):
    coded = table[table["n_coded"] > 0]
    if coded.empty:
        return ["The lexicon is not validated here: nobody has coded these sentences"]
    first = coded.iloc[0]
    guided = bool(first.get("guided", True))
    said = [
        f"Scores on {'codes that guided it' if guided else 'codes made after it'}, "
        f"{int(first['n_coded']):,} sentences coded by {first['coder']}"
    ]
    for rule, rows in coded.groupby("rule", sort=False):
        scores = [
            f"{labels.theme(row.key)}: precision {row.precision:.2f}, recall {row.recall:.2f}, F1 {row.f1:.2f}"
            for row in rows.itertuples()
        ]
        said.append(f"{rule}: {'; '.join(scores)}")
    return said


def _word_false_fire(table, labels):
    if "false_fire" not in table:
        return ""
    known = table.dropna(subset=["false_fire"]).drop_duplicates("key")
    if known.empty:
        return ""
    fired = [f"{labels.theme(row.key)} in {count_of(row.false_fire, row.n_neighbours)}" for row in known.itertuples()]
    return f"Where a neighbour of the theme is present and the theme is not, it fires falsely: {join_names(fired)}"


def describe_discriminant(table: pd.DataFrame, labels: Labels) -> str:
    """Say in how many sentences with a neighbour of a theme the lexicon fires, and by which entries."""
    if table.empty:
        return "There are no sentences here in which a neighbour of a theme is present and the theme is not."
    said = [
        f"{labels.theme(row.key)} fires falsely in {count_of(row.fired, row.n)}, its core entries in {row.fired_core}"
        for row in table.itertuples()
    ]
    return join_sentences(said)
