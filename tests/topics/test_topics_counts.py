"""What a topic model counts: stop list, vocabulary rule, names joined from hits as if from the running text."""

import re

import numpy as np
import pandas as pd
import pytest

from crossread import from_texts, load
from crossread.errors import CrossreadError
from crossread.lexicon import find_hits, make_lexicon, read_lexicon
from crossread.topics import names_as_terms, topic_counts
from crossread.topics.counts import _apart
from crossread.wording import spoken_name


@pytest.fixture(scope="module")
def practice():
    return load("practice")


def test_terms_are_kept_by_units_and_documents():
    corpus = from_texts({"a": "Allies pay. Ports pay.", "b": "Allies talk of ports 1990 x.", "c": "Ports shut."})
    assert topic_counts(corpus, names=()).terms.tolist() == ["allies", "ports"]
    kept = topic_counts(corpus, names=(), minimum_documents=3)
    assert kept.terms.tolist() == ["ports"]
    everything = topic_counts(corpus, names=(), minimum_units=1, minimum_documents=1, stop_words=())
    assert everything.terms.tolist() == ["allies", "of", "pay", "ports", "shut", "talk"]  # no number, no single letter
    assert topic_counts(corpus, names=(), minimum_documents=3).matrix.toarray().tolist() == [[1], [1], [1]]


def test_few_documents_are_refused_as_documents_in_one_sentence():
    corpus = from_texts({"a": "Allies pay.", "b": "Allies talk."})
    with pytest.raises(CrossreadError, match=r"at least 20 of them, and “.*” has 2.*unit=\"segment\"") as refusal:
        topic_counts(corpus, unit="document")
    assert len(re.findall(r"[.!?](?:\s|$)", str(refusal.value))) == 1
    with pytest.raises(CrossreadError, match="not by “page”"):
        topic_counts(corpus, unit="page")


def test_twenty_documents_are_enough_for_documents():
    corpus = from_texts({f"d{i:02d}": f"Allies pay for ports and {'storage' if i % 2 else 'fish'}." for i in range(20)})
    counts = topic_counts(corpus, unit="document", names=())
    assert counts.matrix.shape == (20, 5)
    assert counts.terms.tolist() == ["allies", "fish", "pay", "ports", "storage"]


def test_longer_segments_hold_the_same_tokens(practice):
    short, long = topic_counts(practice), topic_counts(practice, minimum_tokens=100)
    assert long.matrix.shape[0] < short.matrix.shape[0]
    totals = [pd.Series(np.asarray(c.matrix.sum(0)).ravel(), index=c.terms) for c in (short, long)]
    common = totals[0].index.intersection(totals[1].index)
    assert len(common) > 0.9 * len(totals[0]) and (totals[0][common] == totals[1][common]).all()


def names_from_the_text(corpus, hits):
    """Join names position by position in the running text: the independent way."""
    store, documents = corpus.tokens, list(corpus.documents.index)
    words = list(np.array(store.types, dtype=object)[store.ids])
    gone = np.zeros(len(words), dtype=bool)
    kinds = corpus.sentences["kind"].reindex(hits["sentence_id"]).to_numpy()
    for hit in hits[kinds == "body"].itertuples():
        first = store.document_pointers[documents.index(str(hit.doc_id))]
        words[first + hit.start_token] = hit.name
        gone[first + hit.start_token + 1 : first + hit.end_token] = True
    sentence = corpus.sentences.iloc[store.sentence]
    table = pd.DataFrame(
        {"doc_id": sentence["doc_id"].to_numpy(), "segment": sentence["segment"].to_numpy(), "term": words}
    )
    return table[(table["segment"] >= 0) & ~gone].groupby(["doc_id", "segment", "term"]).size()


def test_names_joined_from_hits_and_counts_are_those_of_the_running_text(practice):
    hits = pd.concat(
        [find_hits(practice, read_lexicon(practice.lexicon_path(name))) for name in ("actors", "architectures")],
        ignore_index=True,
    )
    hits["name"] = [spoken_name(key) for key in hits["key"].astype(str)]
    expected = names_from_the_text(practice, _apart(hits))
    joined = names_as_terms(practice.term_matrix("segment"), hits, practice.sentences)
    cells = joined.matrix.tocoo()
    place = [
        joined.units["doc_id"].to_numpy()[cells.row],
        joined.units["segment"].to_numpy()[cells.row],
        joined.terms[cells.col],
    ]
    found = pd.Series(cells.data, index=pd.MultiIndex.from_arrays(place))
    assert len(hits) > 100 and any(" " in term for term in joined.terms)
    differing = pd.concat([expected, found], axis=1).fillna(0)
    assert (differing[0] == differing[1]).all()


def test_overlapping_names_are_joined_once_the_longest_first():
    corpus = from_texts({"a": "South Korea and Korea met."})
    lexicon = make_lexicon("actors", {"korea": ["Korea"], "south_korea": ["South Korea"]})
    hits = find_hits(corpus, lexicon)
    hits["name"] = [spoken_name(key) for key in hits["key"].astype(str)]
    joined = names_as_terms(corpus.term_matrix("segment"), hits, corpus.sentences)
    counts = dict(zip(joined.terms.tolist(), joined.matrix.toarray()[0].tolist(), strict=True))
    assert counts == {"and": 1, "Korea": 1, "met": 1, "South Korea": 1}


@pytest.mark.parametrize("unit", ["segment", "document"])
def test_a_corpus_that_names_nobody_is_counted_all_the_same(unit):
    corpus = from_texts({f"d{i}": "Ships sail the sea and men plough the soil. " * 8 for i in range(30)})
    counts = topic_counts(corpus, unit=unit)
    assert counts.matrix.shape[0] == 30
    assert {"ships", "plough", "soil"} <= set(counts.terms.tolist())
