"""From a row behind a figure to the sentences that it counts, with their place in the source.

Tables behind figures hold no sentence ids: what a row is about stands in its columns (a document, a theme, a word, two
actors), and the sentences are found anew from the corpus that the manifest names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from crossread import figures
from crossread.corpus import Corpus, load
from crossread.errors import CrossreadError
from crossread.lexicon import Lexicon, find_hits, make_lexicon, read_lexicon
from crossread.terms.spelling import form_pattern, read_variants
from crossread.tokens import words as tokens_of

WHY = ("doc_id", "sentence_id", "start", "end", "sha256")
LEXICONS = ("themes", "actors", "architectures")
DOCUMENT_COLUMNS = ("doc_id", "doc_a", "doc_b")
KEY_COLUMNS = ("key", "key_a", "key_b", "actor", "actor_a", "actor_b")
TERM_COLUMNS = ("term", "term_a", "term_b")
NAMED = {"document": "doc_id", "term": "term", "supplementary": "key"}  # what the column kind says of the column name
STRIPS = "-topic-strips"


@dataclass(frozen=True)
class Provenance:
    """What stands behind one row.

    Attributes
    ----------
    figure : str
    row : dict
        The row as it is in the table.
    rule : str
        How its sentences were found, in words.
    sentences : DataFrame
        doc_id, sentence_id (blank for what was cut), start and end (characters of the source), sha256 (of the source
        file); text when attached.
    notices : tuple of str
        What the reader should know: another corpus than the figure was drawn from.
    """

    figure: str
    row: dict
    rule: str
    sentences: pd.DataFrame
    notices: tuple[str, ...] = ()


def why(figure: str, row: int, *, corpus: Corpus | None = None) -> Provenance:
    """Find the sentences behind one row of the table of a figure.

    Parameters
    ----------
    figure : str
        "fig-12-where-themes" or its beginning, "fig-12".
    row : int
        The number of the row in figures/data/fig-….csv, 1 for the first under the header.
    corpus : Corpus, optional
        Where to look; by default the corpus that the manifest names.

    Returns
    -------
    Provenance

    Raises
    ------
    CrossreadError
        "There is no figure “fig-98”. There are: …"; "fig-01-lengths has 5 rows; there is no row 9."; "fig-01-x: the
        manifest names no corpus, …"
    """
    place, entry = _entry(figure)
    name = entry["figure"]
    table = pd.read_csv(place / "data" / f"{name}.csv", keep_default_na=False, dtype=str)
    if not 1 <= row <= len(table):
        raise CrossreadError(f"{name} has {len(table)} rows; there is no row {row}.")
    notices = []
    if corpus is None:
        if not entry["corpus"]:
            raise CrossreadError(f"{name}: the manifest names no corpus, so nothing leads back to sentences.")
        corpus = load(entry["corpus"])
    if entry["corpus_sha256"] and figures.corpus_hash(corpus) != entry["corpus_sha256"]:
        notices.append(f"The corpus “{corpus.name}” has changed since {name} was drawn.")
    parameters = json.loads(entry["parameters"] or "{}")
    values = table.iloc[row - 1].to_dict()
    strips = _strips(place, entry["corpus"]) if "topic" in values else None
    rule, sentences = sentences_behind(corpus, values, parameters, strips)
    return Provenance(name, values, rule, sentences, tuple(notices))


def _entry(figure: str) -> tuple[Path, dict]:
    known = []
    for place in (figures.folder(), figures.PUBLISHED):
        for entry in figures.manifest(place).to_dict("records"):
            known.append(entry["figure"])
            if entry["figure"] == figure or entry["figure"].startswith(f"{figure}-"):
                return place, entry
    raise CrossreadError(f"There is no figure “{figure}”. There are: {', '.join(sorted(set(known))) or 'none yet'}.")


def _strips(place: Path, corpus: str) -> pd.DataFrame | None:
    """The table of how much of each passage each topic holds, of this folder or else the published one."""
    for folder in (place, figures.PUBLISHED):
        for entry in figures.manifest(folder).to_dict("records"):
            if entry["figure"].endswith(STRIPS) and entry["corpus"] == corpus:
                return pd.read_csv(folder / "data" / f"{entry['figure']}.csv")
    return None


def sentences_behind(
    corpus: Corpus, row: Mapping, parameters: Mapping | None = None, strips: pd.DataFrame | None = None
) -> tuple[str, pd.DataFrame]:
    """Find the sentences that a row of a table is about, from its columns.

    A document restricts them to it (doc_id; doc_a and doc_b to the two; members to several); a theme, actor or word to
    the sentences with it, two of them to the sentences with both; a position to the hit that stands there; a written
    form to where it is written so; a segment to its own; a topic to the passages in which it is the strongest; a claim
    to its documents and theme, by the entries that its specification counts; held_as and reason name what was cut.

    Parameters
    ----------
    corpus : Corpus
    row : mapping
        Column names to values.
    parameters : mapping, optional
        Of the figure; `lexicon` names the lexicon of its keys, `kinds` the kinds of sentences counted.
    strips : DataFrame, optional
        doc_id, segment, topic, share: where the topics of the figure are.

    Returns
    -------
    rule : str
        What was looked for.
    sentences : DataFrame
        As in `Provenance`.

    Raises
    ------
    CrossreadError
        "Nothing in this row (columns …) leads to sentences."; "The row is about topic 2, and which passages carry it
        is not here: …"

    Examples
    --------
    >>> from crossread import from_texts
    >>> corpus = from_texts({"a": "Allies pay. The sea is wide."})
    >>> rule, sentences = sentences_behind(corpus, {"doc_id": "a", "term": "sea", "count": 1})
    >>> rule, sentences["sentence_id"].tolist()
    ('sentences of the body in a with the word “sea”', ['a-002'])
    """
    parameters = parameters or {}
    row = {name: str(value).strip() for name, value in row.items() if str(value).strip() not in ("", "nan")}
    if row.get("kind") in NAMED and "name" in row:  # one column for documents, words and themes
        row[NAMED[row["kind"]]] = row["name"]
    if "claim" in row:
        row = _of_claim(row) | row
    names = [row[column] for column in DOCUMENT_COLUMNS if column in row]
    names += row["members"].split(" + ") if "members" in row else []
    unknown = [name for name in names if name not in corpus.documents.index]
    if unknown:
        raise CrossreadError(f"The row names the document “{unknown[0]}”, which “{corpus.name}” does not have.")
    held = row.get("held_as", "")
    if "reason" in row or held == "cut":
        return _cut(corpus, names, row.get("reason"))
    kinds = {"headings and notes": ("heading", "note"), "heading": ("heading",), "note": ("note",)}.get(held)
    kinds = {"with headings and notes": ("body", "heading", "note")}.get(row.get("kinds"), kinds)
    kinds = kinds or tuple(parameters.get("kinds") or ("body",))
    sentences = corpus.sentences
    keep = sentences["kind"].isin(kinds).to_numpy(copy=True)
    words = [f"sentences of the {' and '.join(kinds)}"]
    if names:
        keep &= sentences["doc_id"].isin(names).to_numpy()
        words.append(f"in {' and '.join(dict.fromkeys(names))}")
    if re.fullmatch(r"\d+", row.get("segment", "")):
        keep &= (sentences["segment"] == int(row["segment"])).to_numpy()
        words.append(f"in the passage {row['segment']}")
    if row.get("sentence_id") in sentences.index:
        keep &= sentences.index == row["sentence_id"]
        words.append(row["sentence_id"])
    if "state" in parameters and "key" in row:  # exported from the explorer, with its query and working copy
        found, how = _of_analysis(corpus, parameters["state"], row.pop("key"), row.get("entry"), row.get("position"))
        keep &= found
        words.append(how)
    for column in KEY_COLUMNS:
        if column in row and (lexicon := _lexicon_of(corpus, row[column], parameters.get("lexicon"))) is not None:
            lexicon, how = _variant(lexicon.select(row[column]), row.get("lexicon", ""))
            hits = find_hits(corpus, lexicon)
            entry = row.get("entry") if column == "key" else None
            if entry and entry in {e.text for e in lexicon}:
                hits = hits[hits["entry"] == entry]
            words.append(f"with a hit of {row[column]}" + (f" by the entry “{entry}”" if entry else how))
            if column == "key" and names and re.fullmatch(r"\d+", row.get("position", "")):
                hits = hits[(hits["start_token"] == int(row["position"])) & hits["doc_id"].isin(names)]
                words.append(f"at token {row['position']}")
            keep &= sentences.index.isin(hits["sentence_id"])
    for column in TERM_COLUMNS:
        if column in row:
            found, how = _with_term(corpus, row[column])
            keep &= found
            words.append(how)
    if "form" in row and "group" in row:
        found, how = _with_form(corpus, row["group"], row["form"])
        keep &= found
        words.append(how)
    if "topic" in row and "segment" not in row and not any(column in row for column in KEY_COLUMNS):
        keep, how = _with_topic(corpus, row["topic"], names, keep, strips, "term" in row)
        words.append(how)
    if len(words) == 1 and re.fullmatch(r"\d+", row.get("k", "")):
        words.append(f"behind all {row['k']} topics together: the row weighs whole models, fitted to every passage")
    if len(words) == 1:
        raise CrossreadError(f"Nothing in this row (columns {', '.join(row)}) leads to sentences.")
    return " ".join(words), _rows(corpus, sentences[keep].rename_axis("sentence_id").reset_index())


def _of_analysis(corpus: Corpus, state: str, key: str, entry: str | None, position: str | None):
    """Tell which sentences hold a hit of a theme, or of the query, as an analysis of the explorer counts it."""
    from crossread.explore import Workbench, read_state

    bench = Workbench(corpus)
    state = bench.check(read_state(state))
    hits = bench.shown_hits(state, body=False)
    hits = hits[hits["key"] == key]
    if entry:
        hits = hits[hits["entry"] == entry]
    if position:
        hits = hits[hits["start_token"] == int(position)]
    if key in bench.without_places(state):
        corpus.require_text(f"a list of the sentences with “{state.query if key == 'query' else key}”")
    what = f"the query “{state.query}”" if key == "query" else key
    return corpus.sentences.index.isin(hits["sentence_id"]), f"with a hit of {what}, as the analysis counts it"


def _of_claim(row: Mapping) -> dict[str, str]:
    """Return what a claim is about as the columns doc_id, doc_a … and key, and the choice of a row about choices."""
    from crossread.claims import read_claims

    claims = {claim.id: claim for claim in read_claims()}
    if row["claim"] not in claims:
        raise CrossreadError(f"The row names the claim “{row['claim']}”, which is not in claims.yml.")
    claim = claims[row["claim"]]
    about = {"key": claim.theme}
    if claim.direction != "first":  # which weighs one document against all
        about |= {"members": " + ".join(claim.documents)}
    if "choice" in row:
        about[row["choice"]] = row["option"]
    return about


def _variant(lexicon: Lexicon, name: str) -> tuple[Lexicon, str]:
    """Return the entries of a lexicon that a specification counts, and how that is said."""
    if name == "strict":
        return lexicon.strict(), " by its strict entries"
    if name == "one entry left out":
        return lexicon, ", each entry left out in turn"
    left_out = re.fullmatch(r"without “(.+)”", name)
    if left_out:
        return lexicon.leave_out(left_out.group(1)), f" without the entry “{left_out.group(1)}”"
    return lexicon, ""


def _with_form(corpus: Corpus, group: str, form: str) -> tuple[np.ndarray, str]:
    """Tell which sentences hold a written form, as `count_variants` counts it: the longer forms of its group first."""
    if not corpus.attached:
        known = corpus.published("variants")
        known = None if known is None else known[(known["group"] == group) & (known["form"] == form)]
        if known is not None and len(known) and not known["count"].any():
            return np.zeros(len(corpus.sentences), dtype=bool), f"with the written form “{form}”"
        return _with_term(corpus, " ".join(tokens_of(form)))
    forms = sorted(read_variants().get(group, [form]), key=len, reverse=True)
    pattern = form_pattern(forms)
    held = [
        any(forms[match.lastindex - 1] == form for match in pattern.finditer(text)) for text in corpus.sentences["text"]
    ]
    return np.array(held), f"with the written form “{form}”"


def _with_topic(corpus: Corpus, topic: str, documents, keep, strips, has_word: bool) -> tuple[np.ndarray, str]:
    """Restrict sentences to the passages in which a topic is the strongest, or to where it is least weak."""
    if strips is None:
        raise CrossreadError(
            f"The row is about topic {topic}, and which passages carry it is not here: draw the figure "
            f"{STRIPS.strip('-')} of the same corpus first (python3 run.py figures 04)."
        )
    number = int(float(topic))
    first = strips.loc[strips.groupby(["doc_id", "segment"])["share"].idxmax()]
    held = first[first["topic"] == number]
    how = f"in the passages where topic {number} is the strongest"
    if documents and not held["doc_id"].isin(documents).any():
        own = strips[(strips["topic"] == number) & strips["doc_id"].isin(documents)]
        held, how = (
            own.nlargest(1, "share"),
            f"in the passage where topic {number}, nowhere the strongest, is least weak",
        )
    places = pd.MultiIndex.from_frame(corpus.sentences[["doc_id", "segment"]])
    found = keep & places.isin(pd.MultiIndex.from_frame(held[["doc_id", "segment"]]))
    if has_word and not found.any():
        return keep, f"(none in the passages where topic {number} is the strongest)"
    return found, how


def _lexicon_of(corpus: Corpus, key: str, name: str | None):
    for candidate in [name] if name in LEXICONS else LEXICONS:
        try:
            lexicon = read_lexicon(corpus.lexicon_path(candidate))
        except CrossreadError:
            continue  # a corpus need not have all lexicons
        if any(known == key or known.startswith(key + ".") for known in lexicon.keys):
            return lexicon
    return None


def _with_term(corpus: Corpus, term: str) -> tuple[np.ndarray, str]:
    sentences = corpus.sentences
    if corpus.attached:
        hits = find_hits(corpus, make_lexicon("term", {"term": [term]}))
        return sentences.index.isin(hits["sentence_id"]), f"with the word “{term}”"
    units = corpus.counts.loc[corpus.counts["term"] == term, ["doc_id", "segment"]]
    if " " in term:
        ngrams = corpus.published("ngrams")
        units = None if ngrams is None else ngrams.loc[ngrams["term"] == term, ["doc_id", "segment"]]
        if units is None or units.empty:
            corpus.require_text(f"a list of the sentences with “{term}”")
    places = pd.MultiIndex.from_frame(sentences[["doc_id", "segment"]])
    return places.isin(pd.MultiIndex.from_frame(units)), f"in the passages with the word “{term}”"


def _cut(corpus: Corpus, documents: list[str], reason: str | None) -> tuple[str, pd.DataFrame]:
    cuts = corpus.cuts
    cuts = cuts[cuts["n_tokens"] > 0]
    words = ["what was cut"]
    if documents:
        cuts = cuts[cuts["doc_id"].isin(documents)]
        words.append(f"from {' and '.join(documents)}")
    if reason:
        cuts = cuts[cuts["reason"] == reason]
        words.append(f"as {reason}")
    rows = cuts.assign(sentence_id="")
    if corpus.attached:
        rows["text"] = [
            corpus.sources[d][a:b] for d, a, b in zip(rows["doc_id"], rows["start"], rows["end"], strict=True)
        ]
    return " ".join(words), _rows(corpus, rows)


def _rows(corpus: Corpus, table: pd.DataFrame) -> pd.DataFrame:
    table = table.assign(sha256=table["doc_id"].map(corpus.documents["sha256"]))
    return table[[*WHY, *(["text"] if "text" in table else [])]].reset_index(drop=True)
