"""Every question that a study answers: how its answer is told, drawn, captioned and led back to sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from crossread.table import Card, Question
from crossread.wording import capital, join_names, spoken_name

if TYPE_CHECKING:
    from crossread.study import Study

# --- the sentences behind a row -----------------------------------------------------------------------------------


def _of_hits(hits: pd.DataFrame, row: pd.Series, documents: Sequence[str]) -> Sequence[str]:
    chosen = hits[(hits["key"].astype(str) == str(row["key"])) & hits["doc_id"].isin(documents)]
    return list(dict.fromkeys(chosen["sentence_id"]))


def behind_theme(study: Study, row: pd.Series) -> Sequence[str]:
    """The sentences of the body with a hit of the row's theme or sense, in its document or its two documents."""
    hits = study.sense_hits if "." in str(row["key"]) else study.hits
    kinds = study.sentences["kind"].reindex(hits["sentence_id"]).to_numpy()
    return _of_hits(hits[kinds == "body"], row, _documents_of(study, row))


def _documents_of(study: Study, row: pd.Series) -> Sequence[str]:
    """The document of a row, its two documents, or those of its groups; of a row without any, all."""
    if "by" in row.index:
        return _of_groups(study, row)
    named = [row[name] for name in ("doc_id", "doc_a", "doc_b") if name in row.index]
    return named or list(study.documents.index)


def _of_groups(study: Study, row: pd.Series) -> Sequence[str]:
    """The documents of the row's group or two groups; of a row without one, all that have a value in the column."""
    groups = study.groups(row["by"])
    names = {row[name] for name in ("group", "group_a", "group_b") if name in row.index} or set(groups.names)
    return [doc for doc, number in zip(groups.documents, groups.number, strict=True)
            if number >= 0 and groups.names[number] in names]  # fmt: skip


def word_lexicon(study: Study, row: pd.Series) -> dict[str, list[str]] | str | None:
    """The row's word in all its forms as a lexicon; what is published marks nothing of single words."""
    from crossread.measure import read_folding

    forms = [form for form, counted_as in read_folding().items() if row.get("folded") and counted_as == row["term"]]
    return {"word": list(dict.fromkeys([row["term"], *forms]))} if study.corpus.attached else None


def behind_word(study: Study, row: pd.Series) -> Sequence[str]:
    """The sentences with the row's word, in any of its forms; without the texts those of the passages with it."""
    documents, lexicon = _documents_of(study, row), word_lexicon(study, row)
    body = study.sentences[study.sentences["kind"] == "body"]
    if lexicon:
        hits = study.hits_of(lexicon)
        return _of_hits(hits[hits["sentence_id"].isin(body.index)], pd.Series({"key": "word"}), documents)
    from crossread.measure import read_folding, segment_matrix

    counts = segment_matrix(study.corpus, folding=read_folding() if row.get("folded") else None)
    column = list(counts.terms).index(row["term"])
    passages = counts.units[["doc_id", "segment"]][counts.matrix[:, [column]].toarray().ravel() > 0]
    chosen = pd.MultiIndex.from_frame(passages)
    return list(
        body.index[pd.MultiIndex.from_frame(body[["doc_id", "segment"]]).isin(chosen) & body["doc_id"].isin(documents)]
    )


def keyness_caption(card: Card) -> str:
    """Say what is compared, and whether spellings are counted together and names left out."""
    folded = bool(card.arguments["fold"])
    how = (
        "Spellings of one word (defense, defence; alliance, alliances) are counted together; names are left to their "
        "own figures."
        if folded
        else "Words as they are written, names among them."
    )
    other = "the other document" if len(card.study.documents) == 2 else "the other documents"
    if card.arguments.get("reference"):
        other = card.study.labels.document(card.arguments["reference"])
    return f"Log ratio of each word against {other}; corrected for all words tested. {how} {LIMITS}"


def behind_arrangement(study: Study, row: pd.Series) -> Sequence[str]:
    """The sentences of a document that name the row's arrangement."""
    return _of_hits(study.hits_of("architectures"), row, [row["doc_id"]])


def behind_tie(study: Study, row: pd.Series) -> Sequence[str]:
    """The sentences that name both actors of the row."""
    hits = study.hits_of("actors")
    first, second = (set(hits.loc[hits["key"] == row[name], "sentence_id"]) for name in ("actor_a", "actor_b"))
    return [sentence for sentence in study.sentences.index if sentence in first & second]


def behind_marks(study: Study, row: pd.Series) -> Sequence[str]:
    """The sentences of a document that the lexicon counts for the row's sense, or that the coders marked."""
    codes = study.sense_codes
    marked = codes[(codes["key"] == row["key"]) & (codes["doc_id"] == row["doc_id"]) & (codes["adjudicated"] > 0)]
    either = set(behind_theme(study, row)) | set(marked["sentence_id"])
    return [sentence for sentence in study.sentences.index if sentence in either]


def behind_segment(study: Study, row: pd.Series) -> Sequence[str]:
    """The sentences of the row's segment."""
    body = study.sentences[study.sentences["kind"] == "body"]
    return list(body.index[(body["doc_id"] == row["doc_id"]) & (body["segment"] == row["segment"])])


def behind_measured(study: Study, row: pd.Series) -> Sequence[str]:
    """The sentences of a document or group that the lexicon counts for the row's theme, or that coders marked."""
    marked = study.marks(row["rule"])[str(row["key"])].positive
    documents = _documents_of(study, row)
    hits = study.sense_hits if "." in str(row["key"]) else study.hits
    either = set(_of_hits(hits, row, documents)) | set(marked.index[marked])
    body = study.sentences[study.sentences["kind"] == "body"]
    return [sentence for sentence in body.index[body["doc_id"].isin(documents)] if sentence in either]


def coded_caption(what: str) -> Callable[[Card], str]:
    """Return a caption that also says who coded."""

    def caption(card: Card) -> str:
        coders = join_names(dict.fromkeys(card.rows["coder"].astype(str))) if len(card.rows) else "nobody"
        return f"{what} Coded by {coders}."

    return caption


def scores_caption(card: Card) -> str:
    """Say what is scored, by which rules, on whose codes, and whether they guided the lexicon."""
    caption = (
        "Precision, recall and F1 of each theme that was coded, where sentences at the core of the theme or weakly on "
        f"it count as marked, and where those at the core do. {LIMITS}"
    )
    coded = card.rows[card.rows["n_coded"] > 0]
    if coded.empty:
        return caption
    guided = "codes that guided the lexicon" if coded["guided"].iloc[0] else "codes made after the lexicon"
    return f"{caption} Scores on {guided}, by {coded['coder'].iloc[0]}."


def behind_register(study: Study, row: pd.Series) -> Sequence[str]:
    """The sentences of a document in the row's register."""
    return _of_hits(study.hits_of("registers"), row, [row["doc_id"]])


def behind_deed(study: Study, row: pd.Series) -> Sequence[str]:
    """The sentences in which the row's agent does this to its patient."""
    deeds = study.found_deeds
    same = (deeds[["doc_id", "agent", "deed", "patient"]] == row[["doc_id", "agent", "deed", "patient"]]).all(axis=1)
    return list(dict.fromkeys(deeds.loc[same, "sentence_id"]))


def stability_caption(card: Card) -> str:
    from crossread.topics.stability import found_planted

    return (
        "Agreement of the top ten terms (Jaccard) of the topics of all segments with those of 50 samples of 80 per "
        "cent, mean; the same for 99 texts with the words shuffled within each document, mean (dotted), and what is "
        "needed to be supported (broken): 95 of 100 shuffled texts stay below it at all numbers of topics. "
        f"{found_planted(int(card.rows['n_units'].iloc[0]))}."
    )


def deeds_caption(card: Card) -> str:
    """Say what is counted, and how often the rule was right where its deeds were read."""
    from crossread.measure import read_deeds, score_deeds

    caption = "An actor, a deed and another actor in one sentence, in this order and within ten words."
    folder = card.study.corpus.folder
    read = read_deeds(folder / "deeds_read.csv") if folder else None
    if read is None:
        return f"{caption} How often the rule errs was not measured here."
    score = score_deeds(read)
    return (
        f"{caption} Of {score['n']} deeds read by {read['reader'].iloc[0]}, {score['right']} are right"
        f"{'; the rule was mended on them' if read['guided'].any() else ''}."
    )


def topic_lexicon(study: Study, row: pd.Series) -> dict[str, list[str]] | None:
    """The top terms of the row's topic as a lexicon, a name with its aliases, as it is counted."""
    if not study.corpus.attached:
        return None
    aliases: dict[str, dict[str, None]] = {}
    for entry in study.names_joined:
        aliases.setdefault(spoken_name(entry.key), {})[entry.text] = None
    return {term: list(aliases.get(term, [term])) for term in str(row["terms"]).split(", ")}


def behind_list(study: Study, row: pd.Series) -> Sequence[str]:
    """The sentences that the row itself names."""
    return str(row["sentences"]).split()


def behind_claim(study: Study, row: pd.Series) -> Sequence[str]:
    """The sentences of the claim that the row measures in one way."""
    ledger = study.claims().frame
    return behind_list(study, ledger[ledger["claim"] == row["claim"]].iloc[0])


def claims_caption(card: Card) -> str:
    """Say what is counted, who coded, what is corrected together, and what direction and support are."""
    drafts = " Drafts are corrected for all pairs of documents too, of which theirs are the farthest apart."
    drafted = card.frame["claim"].str.startswith("draft-").any()
    return (
        f"Counted by the lexicon in these pages.{_who_coded(card)} In general: limits and verdicts hold for all claims "
        f"together (Holm).{drafts if drafted else ''} Direction and support: in which share of the ways of measuring "
        "the number points as the claim says, and in which it is supported; families of choices weigh the same."
    )


def _who_coded(card: Card) -> str:
    who: dict[str, list[str]] = {}
    for key, marked in card.study.marks().items():
        who.setdefault(marked.coder, []).append("senses" if "." in key else "themes")
    return "".join(f" {capital(kinds[0])} coded by {coder}." for coder, kinds in who.items())


def marked_caption(how: str) -> Callable[[Card], str]:
    """Return a caption of an answer that tells what coders marked: it says who coded, where anybody did."""
    return lambda card: how + _who_coded(card)


def curve_caption(card: Card) -> str:
    """Name the claim, and what was crossed."""
    return (
        f"{statement_of_claim(card)['statement']} Every way of measuring it: sentences, lexicon (one entry left "
        f"out: one family), unit and length, all crossed. {LIMITS[:-1]}, for all claims together."
    )


def behind_sentence(study: Study, row: pd.Series) -> Sequence[str]:
    """The sentence of the row itself."""
    return [row["sentence_id"]]


# --- what a chart needs besides its rows ----------------------------------------------------------------------------


def limits_of_shares(card: Card) -> dict[str, object]:
    """The shares of the documents, or groups, that a contrast compares, with their limits."""
    return {"rates": card.study.rates(by=card.arguments.get("by")).frame}


def sections_of_documents(card: Card) -> dict[str, object]:
    """Where each section begins."""
    from crossread.measure import locate_sections, read_titles

    return {"sections": locate_sections(card.study.sentences, read_titles(card.study.corpus))}


def statement_of_claim(card: Card) -> dict[str, object]:
    """The claim in words."""
    ledger = card.study.claims().frame
    return {"statement": ledger.loc[ledger["claim"] == card.arguments["claim"], "text"].iloc[0]}


def points_of_documents(card: Card) -> dict[str, object]:
    """The share, or rate, of each theme in each document, with its group and year."""
    study, table = card.study, card.frame
    by, along = study.groups(card.arguments["by"]), study.groups(card.arguments["along"])
    places = pd.DataFrame({"year": along.values, "number": by.number}, index=list(by.documents))
    measured = ("share", "share_low", "share_high")
    asked = measured if card.arguments["quantity"] == "share" else ("per_1000", "low", "high")
    points = study.rates().frame[["doc_id", "key", *asked]].rename(columns=dict(zip(asked, measured, strict=True)))
    points = points.join(places, on="doc_id")
    points = points[(points["number"] >= 0) & points["year"].notna()]
    points["group"] = [by.names[number] for number in points["number"]]
    return {"points": points[points["group"].isin(set(table["group"]))]}


# --- the questions --------------------------------------------------------------------------------------------------

THEME, DOCUMENT = "label", "doc_id"
LIMITS = "Limits: 95 per cent."
RATES = (
    DOCUMENT,
    THEME,
    ("sentences_with_hit", "n_sentences"),
    ("share", "share_low", "share_high"),
    ("per_1000", "low", "high"),
    "n_effective",
)

_ALL = (
    Question(
        "who",
        ("doc_id",),
        (DOCUMENT, "authors", "year", "year_basis", "genre", "sentences"),
        "corpus.account:describe_documents",
        "The documents in the order of time, with the sentences of their body.",
    ),
    Question(
        "account",
        ("doc_id", "held_as"),
        (DOCUMENT, "held_as", "n_tokens", "share"),
        "corpus.account:describe_account",
        "Tokens of each source file: body, headings and notes, and what was cut. Beside the bars: what share was cut.",
        "charts.corpus:plot_documents",
        "Stacked bars, one a document.",
    ),
    Question(
        "rates",
        ("doc_id", "key"),
        RATES,
        "measure.themes:describe_rates",
        marked_caption(
            f"Sentences of each document that speak of a theme, and their share. {LIMITS} They allow for how much a "
            "theme clumps."
        ),
        "charts.themes:plot_theme_rates",
        "Rates with limits, one panel a theme.",
        behind_theme,
    ),
    Question(
        "senses",
        ("doc_id", "key"),
        (THEME, DOCUMENT, ("sentences_with_hit", "n_sentences"), ("share", "share_low", "share_high"), "per_1000"),
        "measure.themes:describe_rates",
        marked_caption(
            "Sentences of each document that speak of a theme in a sense, and their share. Limits of 95 per cent: in "
            "the table."
        ),
        "charts.senses:plot_senses",
        "Senses by document.",
        behind_theme,
    ),
    Question(
        "contrasts",
        ("key", "doc_a", "doc_b"),
        (THEME, "doc_a", ("sentences_a", "n_a"), "doc_b", ("sentences_b", "n_b"), "verdict", "minimum_ratio"),
        "measure.contrasts:describe_contrasts",
        marked_caption(
            "Documents compared on each theme: one test over all, then pairs by Shaffer's procedure; corrected for all "
            "themes shown. Sentences with the theme, of all."
        ),
        "charts.themes:plot_verdicts",
        "Verdicts on each comparison.",
        behind_theme,
        options=limits_of_shares,
    ),
    Question(
        "omnibus",
        ("key",),
        (THEME, "n_compared", "highest", "lowest", "p_adjusted", "verdict"),
        "measure.contrasts:describe_omnibus",
        "One test over all documents for each theme, corrected for all themes shown.",
        behind=behind_theme,
    ),
    Question(
        "trends",
        ("key",),
        (THEME, "n_units", "fitted_first", "fitted_last", "p_adjusted", "verdict", "minimum_ratio"),
        "measure.trends:describe_trends",
        f"A straight line through documents, each weighed by what one of its length tells. {LIMITS}",
        "charts.years:plot_trends",
        "The change in ten years on each theme, with limits.",
        behind_theme,
    ),
    Question(
        "group_trends",
        ("group", "key"),
        ("group", THEME, "n_units", "fitted_first", "fitted_last", "p_adjusted", "verdict", "minimum_ratio"),
        "measure.trends:describe_group_trends",
        "A straight line through the documents of each group, each weighed by what one of its length tells; corrected "
        f"for all themes and groups shown. {LIMITS}",
        "charts.years:plot_group_trends",
        "Shares of each document along the years, with lines: a row of panels a theme, a column a group.",
        behind_theme,
        options=points_of_documents,
    ),
    Question(
        "places",
        ("doc_id", "key"),
        (DOCUMENT, THEME, "sentence_id", "place"),
        "measure.themes:describe_places",
        "Every hit in the body, at its place along the document.",
        "charts.places:plot_places",
        "Strokes along each document.",
        behind_sentence,
        options=sections_of_documents,
    ),
    Question(
        "scores",
        ("key", "rule"),
        (
            THEME,
            "rule",
            ("precision", "precision_low", "precision_high"),
            ("recall", "recall_low", "recall_high"),
            ("f1", "f1_low", "f1_high"),
            ("blind_f1", "blind_f1_low", "blind_f1_high"),
            "false_fire",
        ),
        "measure.headline:describe_scores",
        scores_caption,
        "charts.themes:plot_scores",
        "Scores with limits.",
    ),
    Question(
        "errors",
        ("key", "sentence_id"),
        (THEME, "error", "sentence_id", "entries", "text"),
        "measure.validation:describe_errors",
        coded_caption("Coded sentences that the lexicon calls wrongly, and those that it misses."),
        behind=behind_sentence,
    ),
    Question(
        "discriminant",
        ("key",),
        (THEME, "n", "fired", "fired_core", ("share", "low", "high"), "entries"),
        "measure.headline:describe_discriminant",
        f"Sentences written for this project in which a neighbour of the theme is present and the theme is "
        f"not. {LIMITS}",
    ),
    Question(
        "measured",
        ("doc_id", "key"),
        (DOCUMENT, THEME, "counted", "share", ("measured", "measured_low", "measured_high"), "n_coded", "n_sentences"),
        "measure.estimates:describe_measured",
        coded_caption(
            "Share of sentences that coders mark, from the lexicon and the codes together; limits say what is left "
            "open by sentences that are not coded."
        ),
        behind=behind_measured,
    ),
    Question(
        "plan",
        ("doc_id", "stratum"),
        (DOCUMENT, "stratum", "n_sentences", "n_coded", "more", "margin_now", "margin_then"),
        "measure.planner:describe_plan",
        "Sentences to be coded by document and by the rarest theme that the lexicon calls in them. Limits: 95 per "
        "cent.",
    ),
    Question(
        "frequencies",
        ("doc_id", "term"),
        ("term", DOCUMENT, "count", "n_tokens", ("per_1000", "low", "high")),
        "measure.frequency:describe_frequencies",
        f"Rates of words per 1,000 tokens. {LIMITS}",
        "charts.terms:plot_frequencies",
        "Rates of words in each document.",
        behind_word,
        lexicon=word_lexicon,
    ),
    Question(
        "dispersion",
        ("doc_id", "term"),
        ("term", DOCUMENT, "count", "n_segments", "dp_norm"),
        "measure.dispersion:describe_dispersion",
        "How evenly each word is spread over the segments of a document (normalised DP: 0 even, 1 in one place).",
    ),
    Question(
        "keyness",
        ("doc_id", "term"),
        ("term", DOCUMENT, "count", "reference_count", ("log_ratio", "low", "high"), "p_adjusted", "verdict"),
        "measure.keyness:describe_keyness",
        keyness_caption,
        "charts.terms:plot_keyness",
        "Words by log ratio.",
        behind_word,
        lexicon=word_lexicon,
    ),
    Question(
        "collocations",
        ("term_a", "term_b"),
        ("term_a", "term_b", "count", "expected", "g2", "log_dice"),
        "measure.collocation:describe_collocations",
        "Words within five tokens of each other in a sentence; function words are left out.",
    ),
    Question(
        "similarity",
        ("doc_a", "doc_b"),
        ("doc_a", "doc_b", ("value", "low", "high"), "n_terms"),
        "measure.proximity:describe_similarity",
        "Distances with limits; on the diagonal random halves of one document.",
        "charts.proximity:plot_similarity",
        "A matrix of distances.",
    ),
    Question(
        "map",
        ("name",),
        ("kind", "name", "x", "y", "quality"),
        "measure.proximity:describe_correspondence",
        "Correspondence analysis of words, with 95 per cent regions.",
        "charts.proximity:plot_map",
        "Documents and words on a plane.",
    ),
    Question(
        "topic_stability",
        ("k",),
        ("k", "agreement", "null", "null_95", "p_adjusted", "verdict"),
        "topics.stability:describe_stability",
        stability_caption,
        "charts.topics:plot_topic_stability",
        "A line over the numbers of topics, and a band of shuffled text.",
    ),
    Question(
        "topics",
        ("topic",),
        ("topic", "terms", "share", DOCUMENT, "document_holds", "document_tokens", "npmi"),
        "topics.quality:describe_topics",
        "The ten top terms of each topic: those that stay in half of 50 samples of the segments or more, and those "
        "that come and go; the document that holds most of the topic; the sentences of the three passages that carry "
        "most of it. Grey: over 80 per cent stands in one document.",
        "charts.topics:plot_topics",
        "Topics in words, with bars.",
        behind_list,
        lexicon=topic_lexicon,
    ),
    Question(
        "topic_sections",
        ("doc_id", "segment", "topic"),
        (DOCUMENT, "section", "segment", "topic", "name", "share"),
        "topics.quality:describe_places",
        "Share of each topic in every segment, along each document and its sections.",
        "charts.topics:plot_topic_sections",
        "Shaded strips, one a topic, along each document.",
        behind_segment,
        options=sections_of_documents,
    ),
    Question(
        "topic_sensitivity",
        ("variation", "topic"),
        ("variation", "topic", "name", "terms_kept", "agreement"),
        "topics.stability:describe_sensitivity",
        "How many of each topic's ten top terms are found again without one document, or when one decision is taken "
        "otherwise. Lost: fewer than seven.",
        "charts.topics:plot_topic_sensitivity",
        "A matrix of changes and topics.",
    ),
    Question(
        "topic_intruders",
        ("question",),
        ("question", "passage", "choices"),
        "topics.intrusion:describe_intrusion",
        "Choices of which one was put in from another topic; the answers are in the column `intruder`.",
    ),
    Question(
        "actors",
        ("actor_a", "actor_b"),
        ("actor_a", "actor_b", "sentences", "expected", ("npmi", "low", "high"), "p_adjusted"),
        "measure.actors:describe_comentions",
        "Actors that are named together in two sentences or more. A tie is explained by chance unless it is more "
        "frequent than chance makes it, after adjustment for all ties.",
        "charts.actors:plot_network",
        "A network.",
        behind_tie,
        lexicon="actors",
    ),
    Question(
        "architectures",
        ("key", "doc_id"),
        (THEME, DOCUMENT, "sentences", "n_sentences", "share"),
        "measure.actors:describe_mentions",
        "Sentences of each document that name an arrangement.",
        "charts.actors:plot_architectures",
        "Discs by arrangement and document.",
        behind_arrangement,
        lexicon="architectures",
    ),
    Question(
        "claims",
        ("claim",),
        ("text", "counted", "measured", "verdict", "minimum_ratio", "direction", "support", "written"),
        "measure.ledger:describe_claims",
        claims_caption,
        "charts.claims:plot_ledger",
        "Claims in full sentences, each with its verdict and two bars, direction and support.",
        behind_list,
    ),
    Question(
        "curve",
        ("specification",),
        ("kinds", "lexicon", "unit", "length", ("estimate", "low", "high"), "agrees", "holds"),
        "measure.choices:describe_curve",
        curve_caption,
        "charts.claims:plot_curve",
        "A rising line of estimates with limits, one a way of measuring; below, which choice stands where.",
        behind_claim,
        statement_of_claim,
    ),
    Question(
        "readings",
        ("reading",),
        ("title", "text"),
        "measure.readings:describe_readings",
        "What a reader finds, with numbers from the counts.",
        behind=behind_list,
        prose=("title", "text"),
    ),
    Question(
        "marked",
        ("doc_id", "key"),
        (THEME, DOCUMENT, "counted", "marked", "both", "n_sentences"),
        "measure.marks:describe_marks",
        coded_caption("Sentences that the lexicon counts and that coders marked (core or weak), by sense."),
        "charts.senses:plot_marks",
        "Senses by document, counted and marked.",
        behind_marks,
    ),
    Question(
        "prescription",
        ("doc_id", "key"),
        (THEME, DOCUMENT, "sentences_with_hit", "n_sentences", "share", "per_1000"),
        "measure.themes:describe_rates",
        "Sentences of each document with a word of prescription.",
        "charts.senses:plot_registers",
        "Discs by word and document.",
        behind_register,
        lexicon="registers",
    ),
    Question(
        "spelling",
        ("doc_id", "group", "form"),
        ("group", "form", DOCUMENT, "count", ("share", "low", "high")),
        "measure.spelling:describe_spelling",
        "Written forms of one thing in each document, the most frequent first, with their occurrences in the body.",
        "charts.terms:plot_spelling",
        "Shares of written forms.",
    ),
    Question(
        "deeds",
        ("doc_id", "agent", "deed", "patient"),
        (DOCUMENT, "agent", "deed", "patient", "sentences", "n_sentences"),
        "measure.deeds:describe_deeds",
        deeds_caption,
        "charts.actors:plot_deeds",
        "Who does what to whom, by document.",
        behind_deed,
    ),
    Question(
        "tried",
        ("text", "themes"),
        ("text", "themes", "runs", "false_claims", "coverage"),
        "measure.simulation:describe_simulated",
        "Documents as long as the five studied, made so that nothing differs; shares of sentences.",
    ),
    Question(
        "cuts",
        ("doc_id", "reason"),
        (DOCUMENT, "reason", "n_tokens", "n_characters"),
        "corpus.account:describe_cuts",
        "What was cut from each source, and why, in tokens.",
    ),
    Question(
        "entries",
        ("key", "entry"),
        (THEME, "entry", "tier", "hits", "documents", "reason"),
        "lexicon.summaries:describe_entries",
        "The entries of the lexicon with their hits in all documents.",
    ),
    Question(
        "stop_words",
        ("key", "entry"),
        ("entry", "looked_for", "stop_words", "hits", "hits_lost", "share_lost"),
        "lexicon.summaries:describe_stop_words",
        "Entries of which a stop list would delete words.",
    ),
    Question(
        "false_words",
        ("test",),
        ("test", "words", "share_different", "splits_with_any"),
        "measure.keyness:describe_false_words",
        "Words called different between random halves of one document, at a nominal 5 per cent.",
    ),
    Question(
        "search",
        ("sentence_id",),
        (DOCUMENT, "left", "match", "right", "sentence_id"),
        "lexicon.contexts:describe_reading",
        "Every place in the body where the pattern stands, with the words around it.",
        behind=behind_sentence,
    ),
    Question(
        "variety",
        ("doc_id", "measure"),
        (DOCUMENT, "measure", ("value", "low", "high"), "n"),
        "measure.variety:describe_variety",
        f"Measures of variety and readability. {LIMITS}",
    ),
    Question(
        "read",
        ("sentence_id",),
        ("sentence_id", "place", "entries", "marked_text"),
        "lexicon.contexts:describe_reading",
        "Sentences with hits, in reading order.",
        "",
        "",
        behind_sentence,
    ),
)
QUESTIONS: dict[str, Question] = {question.name: question for question in _ALL}


def _grouped(name: str, caption: str | Callable[[Card], str], **changes: object) -> Question:
    """Return a question as it is told of groups of documents."""
    asked = QUESTIONS[name]
    names = {"doc_id": "group", "doc_a": "group_a", "doc_b": "group_b"}
    shown = tuple(names.get(column, column) if isinstance(column, str) else column for column in asked.shown)
    keys = tuple(names.get(column, column) for column in asked.keys)
    return replace(asked, **{"keys": keys, "shown": shown, "caption": caption, **changes})


BY_DOCUMENTS = "The documents of a group are counted together, and each is one unit."
GROUPED: dict[str, Question] = {
    "rates": _grouped(
        "rates",
        marked_caption(
            f"Sentences of the body on each theme, of all; hits per 1,000 tokens: in the table. {BY_DOCUMENTS} {LIMITS}"
        ),
    ),
    "senses": _grouped(
        "senses",
        marked_caption(f"Sentences of each group that speak of a theme in a sense. {BY_DOCUMENTS} {LIMITS}"),
    ),
    "contrasts": _grouped(
        "contrasts",
        marked_caption(
            f"Groups compared on each theme: one test over all, then pairs. {BY_DOCUMENTS} Whole documents are dealt "
            "anew to the groups; corrected for all themes shown."
        ),
    ),
    "measured": _grouped("measured", QUESTIONS["measured"].caption),
    "plan": _grouped("plan", QUESTIONS["plan"].caption),
    "omnibus": _grouped("omnibus", f"One test over all groups for each theme. {BY_DOCUMENTS}"),
    "frequencies": _grouped("frequencies", f"Rates of words per 1,000 tokens. {BY_DOCUMENTS} {LIMITS}"),
    "similarity": _grouped(
        "similarity",
        "Distances with limits; on the diagonal random halves of a group. The documents of a group are joined into one "
        "text, and whole documents are drawn; words are standardised by their spread over the documents.",
    ),
    "topics": _grouped(
        "topics",
        "Share of each topic in the text of each group, its documents joined; the topics are those of the passages of "
        f"all documents. Whole documents are the units. {LIMITS}",
        keys=("group", "topic"),
        shown=("group", "topic", "name", ("share", "share_low", "share_high"), "n_documents"),
        finding="topics.quality:describe_group_topics",
        chart="charts.topics:plot_group_topics",
        form="Shares with limits, one panel a topic.",
        behind=None,
    ),
    "keyness": _grouped(
        "keyness",
        f"Log ratio of each word against the other groups. {BY_DOCUMENTS} Whole documents are dealt anew; corrected "
        f"for all words and groups shown. {LIMITS}",
    ),
}
