"""What a page holds: facts of a study, and what needs statistics, as one mapping that JSON can write."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Container
from contextlib import suppress
from dataclasses import replace
from itertools import combinations

import pandas as pd

from crossread import Study, measure, topics
from crossread.corpus.tokens import UNSEEN, quiet_capitals, token_pattern
from crossread.errors import CrossreadError, TextNeeded
from crossread.lexicon.patterns import glob_pattern, sequences
from crossread.measure.choices import CHOICES, SPOKEN, family_of
from crossread.measure.families import multipliers, possible_equalities
from crossread.measure.pairs import MOST_PAIRED as MOST_COMPARED
from crossread.topics import FUNCTION_WORDS
from crossread.wording import capital, spoken_name
from crossread_explorer.javascript import javascript_pattern

MOST_TOKENS = 600_000  # of a page that holds whole texts
MOST_PAIRED, MOST_AGAINST_REST, MOST_CONTRASTED, MOST_MAPPED = 8, 40, 24, 60  # documents
SELDOM = 5  # occurrences in the corpus; rarer words of a large corpus are left out
TOPICS, PASSAGES = 3, 8  # and of each the passages that are shown
COMPANY = 12  # words
SELDOM_BY_CHANCE = 10.83  # G² that chance reaches once in 1,000
RULE = "core or weak"  # which codes count as marked
FREE = r"\b(?:CC0|CC BY|public domain)"
SENTENCE = ("document", "section", "paragraph", "segment", "sentence", "n_tokens", "kind")
KINDS = {"body": 0, "heading": 1, "note": 2}
RATES = ("doc_id", "key", "share_low", "share_high", "n_effective", "measured", "measured_low", "measured_high")
CONTRASTS = ("key", "doc_a", "doc_b", "difference", "low", "high", "p_adjusted", "verdict", "minimum_ratio")
SCORES = (
    "key", "guided", "blind_precision", "blind_recall", "blind_n", "blind_texts", "blind_coders", "lexicon_changed",
)  # fmt: skip
LEDGER = (
    "claim", "counted", "so_counted", "measured", "estimate", "low", "high", "verdict", "minimum_ratio", "direction",
    "support", "exploratory",
)  # fmt: skip
ASKED = ("theme", "documents", "direction", "measure")  # of a claim
ENTRY = ("key", "pattern", "near", "within", "blocked", "tier", "reason", "source")
MAP = ("kind", "name", "word", "x", "y", "region_width", "region_height", "region_angle", "share_x", "share_y")
SIMILARITY = ("doc_a", "doc_b", "value", "low", "high")
WORDS = ("term", "word", "found", "count", "reference_count", "log_ratio", "low", "high", "verdict")


def page_data(study: Study, *, texts: bool | None = None, title: str | None = None) -> dict:
    """Return what a page of a study holds; the arguments are those of `write_page`.

    Documents, sentences, lexicon and matches; rates, contrasts, scores and claims; words, topics and map; the sentences
    themselves or, without texts, counts of words in each passage.
    """
    if texts:
        study.corpus.source.sentence_texts("a page with sentences")
    documents = study.documents.sort_values("year", kind="stable", key=lambda years: pd.to_numeric(years, "coerce"))
    order = {doc_id: place for place, doc_id in enumerate(documents.index)}
    sentences = study.sentences.assign(document=study.sentences["doc_id"].map(order))
    sentences = sentences.sort_values("document", kind="stable")
    rows = {sentence_id: row for row, sentence_id in enumerate(sentences.index)}
    with_texts = study.corpus.attached and texts is not False
    whole = with_texts and int(sentences["n_tokens"].sum()) <= MOST_TOKENS
    headings = measure.read_headings(study.corpus) if with_texts else measure.read_titles(study.corpus)
    word, remarks = study.labels.word, []

    def answer(compute, *arguments):
        """Return an answer, or nothing where the study cannot give it; the page then says why."""
        try:
            return compute(*arguments)
        except CrossreadError as error:
            remarks.append(str(error))
            return []

    data = {
        "name": study.corpus.name,
        "title": title or spoken_name(study.corpus.name),
        "mode": "texts" if whole else "hits" if with_texts else "counts",
        "private": is_private(study, texts),
        "token": {"pattern": javascript_pattern(token_pattern().pattern), "unseen": UNSEEN},
        "function_words": sorted(FUNCTION_WORDS),
        "documents": _documents(documents, sentences),
        "sentences": _rows(sentences.assign(kind=sentences["kind"].map(KINDS)), SENTENCE),
        "headings": [[rows[sentence], text] for sentence, text in headings.items()],
        "lexicon": _lexicon(study),
        "matches": _matches(study, rows),
        "rates": _rows(pd.concat([study.rates().frame, study.senses().frame]), RATES),
        "factors": _factors(sentences.loc[sentences["kind"] == "body", "document"].nunique()),
        "scores": _rows(study.scores().frame.query("rule == @RULE"), SCORES),
        "codes": _codes(study, rows),
        "claims": answer(_claims, study, rows),
        "ways": answer(_ways, study),
        "company": answer(_company, study),
        "words": answer(_words, study, list(documents.index)),
        "topics": answer(_topics, study, order),
    }
    if len(documents) <= MOST_CONTRASTED:
        data["contrasts"] = answer(lambda: _rows(study.contrasts("share").frame, CONTRASTS))
    if 2 < len(documents) <= MOST_MAPPED:
        data["map"] = answer(lambda: _rows(study.map().frame.assign(word=lambda of: of["name"].map(word)), MAP))
        data["similarity"] = answer(lambda: _rows(study.similarity().frame, SIMILARITY))
    data["remarks"] = list(dict.fromkeys(remarks))
    if with_texts:
        shown = set(range(len(rows))) if whole else {row for row, *_ in data["matches"]}
        data["texts"] = [text if row in shown else None for row, text in enumerate(sentences["text"])]
        quiet = {row: quiet_capitals(text) for row, text in enumerate(data["texts"]) if text}
        data["quiet"] = {row: text for row, text in quiet.items() if text != data["texts"][row]}
    if not whole:
        data["counts"] = _counts(study, order, by_document=with_texts)
    return data


def is_private(study: Study, texts: bool | None = None) -> bool:
    """Tell whether a page of a study, with texts or without, holds some that are not free; as in `write_page`."""
    free = study.documents["rights"].astype(str).str.contains(FREE, case=False)
    return study.corpus.attached and texts is not False and not free.all()


def _rows(frame: pd.DataFrame, names: tuple[str, ...]) -> list[dict]:
    """Return the rows of a table as JSON has them, with those of some columns that it has."""
    own = frame[[name for name in names if name in frame]].replace({math.inf: 1e300, -math.inf: -1e300})
    return json.loads(own.to_json(orient="records", double_precision=9))


def _documents(documents: pd.DataFrame, sentences: pd.DataFrame) -> list[dict]:
    facts = documents.reset_index()
    for name in ("label", "title", "authors", "year", "genre", "source"):
        facts[name] = facts[name].astype(object).fillna("").astype(str).str.replace(r"\.0$", "", regex=True)
    body = sentences[sentences["kind"] == "body"].groupby("doc_id")["n_tokens"].sum()
    facts["n_tokens"] = facts["doc_id"].map(body).fillna(0).astype(int)
    return _rows(facts, ("doc_id", "label", "title", "authors", "year", "genre", "source", "n_tokens"))


def _lexicon(study: Study) -> dict:
    lexicon = study.lexicon
    short = " ".join(entry.pattern for entry in lexicon.entries if len(entry.pattern.split()) < 3)
    named = {word.lower() for word in re.findall(r"\b[A-Z]\w*", short)}  # words of longer names are usual ones
    keys = dict.fromkeys(part for key in lexicon.keys for part in (key.split(".")[0], key))
    labels = {key: capital(lexicon.label(key)).replace("'", "’") for key in keys}
    return {
        "labels": labels,
        "inside": {key: _inside(label, named, study.labels.names) for key, label in labels.items()},
        "named": {key: lexicon.labels[key] for key in keys if key in lexicon.labels},
        "entries": [{name: getattr(entry, name) for name in ENTRY} for entry in lexicon.entries],
    }


def _inside(label: str, *names: Container[str]) -> str:
    """Return a label inside a sentence: in quotes if it is more than a name, small if it begins with a usual word."""
    if re.search("[:,] | is | are ", label):
        return f"“{label}”"
    first = re.match(r"\w*", label)[0]
    is_name = not first.istitle() or any(first.lower() in own for own in names)
    return label if is_name else label[:1].lower() + label[1:]


def _matches(study: Study, rows: dict[str, int]) -> list[list[int]]:
    """Return sentence, place in it, length in words and entry of every match, overlapping ones included."""
    numbers = {(entry.key, entry.text): number for number, entry in enumerate(study.lexicon.entries)}
    ordered, found = study.sentences, study.matches
    first = ordered.groupby("doc_id", sort=False)["n_tokens"].cumsum() - ordered["n_tokens"]
    row = found["sentence_id"].map(rows)
    place = found["start_token"].to_numpy() - first.reindex(found["sentence_id"]).to_numpy()
    length = found["end_token"] - found["start_token"]
    entry = [numbers[pair] for pair in zip(found["key"].astype(str), found["entry"].astype(str), strict=True)]
    return [list(map(int, one)) for one in sorted(zip(row, place, length, entry, strict=True))]


def _factors(n: int) -> list[int]:
    """Return by what p-values of n documents are multiplied: of all pairs, or of each against the rest where many."""
    many = n > MOST_COMPARED
    pairs, equalities = (n, range(n - 1)) if many else (n * (n - 1) // 2, possible_equalities(n))
    return multipliers(pairs, equalities, after_omnibus=True).tolist()


def _codes(study: Study, rows: dict[str, int]) -> dict | None:
    """Return who coded, and of each coded sentence whether it is marked with each theme, by `RULE`."""
    codes = study.codes
    themes = [] if codes is None else [key for key in study.lexicon.themes if key in codes]
    if not themes:
        return None
    marked = codes.groupby("sentence_id", sort=False)[themes].mean() >= 1
    return {
        "themes": themes,
        "coders": list(dict.fromkeys(codes["coder"].astype(str))),
        "rows": [[rows[one], own.tolist()] for one, own in zip(marked.index, marked.to_numpy(), strict=True)],
    }


def _claims(study: Study, rows: dict[str, int]) -> list[dict]:
    """Return the ledger, what each claim asks, and whether the page can count it anew: a share by this lexicon."""
    asked, ledger = measure.find_claims(study.corpus, study.rates().frame), study.claims().frame
    return [
        {
            **judged,
            "text": text.removesuffix(".").replace("'", "’"),
            "rows": [rows[sentence] for sentence in sentences.split() if sentence in rows],
            "recounted": claim.measure == "share" and not claim.lexicon and claim.direction != "no difference",
            **{f"asked_{name}": getattr(claim, name) for name in ASKED},
        }
        for judged, text, sentences, claim in zip(
            _rows(ledger, LEDGER), ledger["text"], ledger["sentences"], asked, strict=True
        )
    ]


def _ways(study: Study) -> dict:
    """Return of the ways of measuring each claim the weights: all, those that point its way, those that support it."""
    ways = study.specifications
    parts = {part: ways["weight"] * ways[part] for part in ("agrees", "holds")}
    ways = ways.assign(lexicon=family_of("lexicon", ways["lexicon"]), **parts)  # its entries are too many for buttons
    weighed = ways.groupby(["claim", *CHOICES], sort=False, observed=True)[["weight", *parts]].sum().reset_index()
    return {"choices": SPOKEN, "rows": weighed.to_dict("records")}


def _company(study: Study) -> dict[str, list]:
    """Return of each theme and sense the words near its hits, the theme's words and function words left out.

    Without the texts it is known for senses, and for themes that have none.
    """
    near = study.corpus.source.either(lambda: [study.hits, study.sense_hits], lambda: [study.sense_hits])
    near = pd.concat([measure.collocates(study.corpus, hits) for hits in near]).drop_duplicates(["key", "term"])
    near = near[(near["g2"] > SELDOM_BY_CHANCE) & (near["log_ratio"] > 0) & ~near["term"].isin(FUNCTION_WORDS)]
    company = {}
    for key, own in near.groupby(near["key"].astype(str), sort=False):
        texts = {text for entry in study.lexicon.select(key.split(".")[0]) for text in (entry.pattern, *entry.near)}
        globs = {word for text in texts for words in sequences(text) for word in words} - {"*"}
        tests = [glob_pattern(glob).fullmatch for glob in globs]
        words = own[[not any(test(term) for test in tests) for term in own["term"]]].head(COMPANY)
        company[key] = [[term, int(count)] for term, count in zip(words["term"], words["count"], strict=True)]
    return {key: words for key, words in company.items() if words}


def _words(study: Study, names: list[str]) -> list[dict]:
    """Return comparisons of words: each document against all others, that with most words first; each pair of few."""
    wanted = [(name, None) for name in names] if 1 < len(names) <= MOST_AGAINST_REST else []
    wanted += combinations(names, 2) if len(names) <= MOST_PAIRED else []
    tables = [(*pair, study.keyness(*pair).frame) for pair in wanted]
    word, forms = study.labels.word, _forms(study)
    tables.sort(key=lambda one: (one[1] is not None, -(one[2]["verdict"] == "supported").sum()))
    told = [one.assign(word=one["term"].map(word), found=one["term"].map(forms)) for *_, one in tables]
    return [
        {"target": a, "reference": b, "rows": _rows(own, WORDS)} for (a, b, _), own in zip(tables, told, strict=True)
    ]


def _forms(study: Study) -> dict[str, str]:
    """Return of each word that is counted under another spelling, too, the pattern that finds all of them."""
    types, folding = set(map(str, measure.segment_matrix(study.corpus).terms)), measure.read_folding()
    forms: dict[str, set[str]] = {}
    for form in types & folding.keys():
        forms.setdefault(folding[form], {folding[form]} & types).add(form)
    return {term: "|".join(sorted(own)) for term, own in forms.items()}


def _topics(study: Study, order: dict[str, int]) -> list[dict]:
    """Return the topics of these texts, and those of the same words shuffled within documents."""
    word, counts, fitted = study.labels.word, study.topic_counts, []
    for own in (counts, replace(counts, matrix=topics.shuffle_tokens(counts, within="document", seed=0))):
        model = topics.fit_topics(own, TOPICS)
        near = [topics.nearest_segments(own, model, topic, PASSAGES) for topic in range(1, TOPICS + 1)]
        fitted.append(
            {
                "terms": [list(map(word, own["term"])) for _, own in topics.topic_terms(model, 12).groupby("topic")],
                "passages": [
                    sorted([order[row.doc_id], int(row.segment), round(row.share, 6)] for row in one.itertuples())
                    for one in near
                ],
                "quiz": [
                    [list(map(word, row.choices.split(" | "))), word(row.intruder)]
                    for row in topics.word_intrusion(model, per_topic=2, seed=1).itertuples()
                ],
            }
        )
    return fitted


def _counts(study: Study, order: dict[str, int], *, by_document: bool) -> dict:
    """Return each word, and without texts each phrase known to occur twice, with its passages and counts."""
    table = study.corpus.counts[["doc_id", "segment", "term", "count"]]
    if by_document:
        table = table.groupby(["doc_id", "term"], sort=False, observed=True)["count"].sum().reset_index()
        table = table[table.groupby("term")["count"].transform("sum") >= SELDOM].assign(segment=-1)
    else:
        with suppress(TextNeeded):  # nobody has published them
            phrases = study.corpus.source.answer(
                "phrases", lambda: measure.published_tables(study.corpus, [study.lexicon])["ngrams"], ["ngrams"]
            )
            table = pd.concat([table, phrases[list(table)]], ignore_index=True)
    terms: dict[str, list[tuple[int, int, int]]] = {}
    rows = zip(table["term"].astype(str), table["doc_id"].map(order), table["segment"], table["count"], strict=True)
    for term, document, segment, count in rows:
        terms.setdefault(term, []).append((int(document), int(segment), int(count)))
    return terms
