"""The names of columns as people say them, with their unit and the decimals that are shown.

A column of text that is called as people call it (verdict, held_as) stands in no list: see `column_of`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """How a column is shown: its spoken name (with its unit), and its form.

    Attributes
    ----------
    name : str
        As it stands over the column.
    form : {"text", "count", "year", "number", "share", "p", "ratio"}
        A share of 0 to 1 is shown in per cent, a p-value with three decimals, an infinite ratio as "none named".
    digits : int
        Decimals of a number.
    """

    name: str
    form: str = "text"
    digits: int = 1


def _count(name: str) -> Column:
    return Column(name, "count", 0)


def _share(name: str) -> Column:
    return Column(name, "share", 0)


def _number(name: str, digits: int = 1) -> Column:
    return Column(name, "number", digits)


COLUMNS: dict[str, Column] = {
    # what a row is about
    "doc_id": Column("document"),
    "doc_a": Column("document"),
    "doc_b": Column("against"),
    "group_a": Column("group"),
    "group_b": Column("against"),
    "highest": Column("highest in"),
    "lowest": Column("lowest in"),
    "by": Column("grouped by"),
    "label": Column("theme"),
    "key": Column("theme"),
    "term": Column("word"),
    "term_a": Column("word"),
    "term_b": Column("with"),
    "actor_a": Column("actor"),
    "actor_b": Column("with"),
    "written": Column("written before or after its numbers were seen"),
    "kinds": Column("sentences that count"),
    "agrees": Column("points that way"),
    "holds": Column("supported"),
    "form": Column("written form"),
    "sentence_id": Column("sentence"),
    "segment": _count("segment"),
    "topic": _count("topic"),
    "k": _count("topics"),
    "year": Column("year", "year", 0),
    "year_basis": Column("the year is"),
    "genre": Column("kind"),
    "tier": Column("core or broad"),
    "left": Column("before"),
    "right": Column("after"),
    "n": _count("n"),
    "looked_for": Column("theme or actor"),
    "stop_words": Column("stop words in it"),
    "hits_lost": _count("hits lost"),
    "share_lost": _share("share lost"),
    "words": _count("words"),
    "share_different": _share("called different"),
    "splits_with_any": _share("splits with any word called different, adjusted"),
    "documents": _count("documents"),
    "marked": _count("marked"),
    "marked_text": Column("sentence"),
    "x": _number("across", 2),
    "y": _number("up", 2),
    "quality": _number("quality", 2),
    "n_terms": _count("words"),
    "rank": _count("rank"),
    "weight": _number("weight", 2),
    "variation": Column("changed"),
    "terms": Column("words"),
    "section": _count("section"),
    "question": _count("question"),
    "choices": Column("which does not belong?"),
    "terms_kept": _count("of ten words, found again"),
    "specification": _count("way"),
    # counts and their denominators
    "count": _count("count"),
    "hits": _count("hits"),
    "sentences": _count("sentences"),
    "sentences_with_hit": _count("sentences with it"),
    "sentences_a": _count("sentences with it"),
    "sentences_b": _count("sentences with it"),
    "n_a": _count("of sentences"),
    "n_b": _count("of sentences"),
    "n_compared": _count("compared"),
    "n_documents": _count("documents"),
    "documents_with_hit": _count("documents with it"),
    "documents_with_term": _count("documents with it"),
    "left_out": _count("documents left out"),
    "n_sentences": _count("of sentences"),
    "n_tokens": _count("tokens"),
    "n_characters": _count("characters"),
    "n_paragraphs": _count("paragraphs"),
    "n_segments": _count("segments"),
    "n_coded": _count("sentences coded"),
    "n_units": _count("units"),
    "reference_count": _count("count elsewhere"),
    "true_positive": _count("rightly found"),
    "false_positive": _count("wrongly found"),
    "false_negative": _count("missed"),
    "specifications": _count("ways"),
    # rates and shares
    "per_1000": _number("per 1,000 tokens"),
    "share": _share("share"),
    "place": _share("place in the text"),
    "precision": _share("precision"),
    "recall": _share("recall"),
    "f1": _number("F1", 2),
    "alpha": _number("alpha", 2),
    "measured": _share("measured"),
    "blind_f1": _number("F1 on codes not seen before", 2),
    "false_fire": _count("false fires"),
    "rule": Column("what counts as marked"),
    "mean_code": _number("mean code"),
    "fired": _count("fired"),
    "fired_core": _count("fired as strict"),
    "stratum": Column("called"),
    "more": _count("more to code"),
    "margin_now": _share("margin now"),
    "margin_then": _share("margin then"),
    "counted": _count("counted"),
    "both": _count("both"),
    "only_counted": _count("counted only"),
    "only_marked": _count("marked only"),
    "agent": Column("who"),
    "deed": Column("does what"),
    "patient": Column("to whom"),
    "agreement": _number("agreement", 2),
    "share_a": _share("share"),
    "share_b": _share("share"),
    "measured_a": _share("measured"),
    "measured_b": _share("measured"),
    "direction": _share("direction"),
    "support": _share("support"),
    "document_holds": _share("it holds of the topic"),
    "document_tokens": _share("it is of all text"),
    # methods tried on made text
    "runs": _count("runs"),
    "false_claims": _share("runs with a false claim"),
    "coverage": _share("limits that hold the truth"),
    # differences and tests
    "difference": _number("difference", 2),
    "estimate": _number("estimate", 2),
    "low": _number("lower limit"),
    "high": _number("upper limit"),
    "p": Column("p", "p"),
    "p_adjusted": Column("adjusted p", "p"),
    "ratio": _number("ratio"),
    "minimum_ratio": Column("smallest ratio sure to be seen", "ratio", 1),
    "inflation": _number("inflation by clumping"),
    "n_effective": _count("effective sentences"),
    "per_decade": _number("change in ten years", 3),
    "fitted_first": _number("first on the line", 2),
    "fitted_last": _number("last on the line", 2),
    "freedom": _number("degrees of freedom"),
    "p_omnibus": Column("p of any difference", "p"),
    "log_ratio": _number("log ratio", 2),
    "expected": _number("expected by chance"),
    "npmi": _number("NPMI", 2),
    "g2": _number("G²"),
    "log_dice": _number("logDice"),
    "dp_norm": _number("normalised DP", 2),
    "value": _number("value", 2),
    "null": _number("on shuffled text", 2),
    "null_95": _number("needed", 2),
}


LIMITS = {"low": "lower limit", "high": "upper limit"}  # of the column before the underscore


def column_of(name: str) -> Column:
    """Return how a column is shown; one that is not in the vocabulary as its name is written.

    Examples
    --------
    >>> column_of("per_1000").name, column_of("share_low").name, column_of("some_score").name
    ('per 1,000 tokens', 'share, lower limit', 'some score')
    """
    base, _, end = name.rpartition("_")
    if name not in COLUMNS and end in LIMITS and base in COLUMNS:
        known = COLUMNS[base]
        return Column(f"{known.name}, {LIMITS[end]}", known.form, known.digits)
    return COLUMNS.get(name, Column(name.replace("_", " ")))
