"""Coherence as gensim publishes it, fingerprints, sentences that carry a topic, topics along sections."""

import dataclasses
import time

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from test_topics_models import planted_counts

from crossread import from_texts, load, topics
from crossread.corpus.tokens import TermMatrix
from crossread.errors import CrossreadError
from crossread.topics import quality
from crossread.wording import Labels

# gensim.test.utils.common_texts (gensim 4.4): nine toy lists of words
COMMON_TEXTS = [
    line.split()
    for line in (
        "human interface computer", "survey user computer system response time", "eps user interface system",
        "system human system eps", "user response time", "trees", "graph trees", "graph minors trees",
        "graph minors survey",
    )
]  # fmt: skip
GENSIM_TOPICS = [["human", "computer", "system", "interface"], ["graph", "minors", "trees", "eps"]]


@pytest.mark.parametrize(
    ("measure", "published"),
    [
        ("npmi", [0.276803, -0.221157]), ("u_mass", [-0.760725, -13.449306]), ("c_uci", [0.608198, -12.080384]),
        ("c_v", [0.817570, 0.456595]),
    ],
)  # fmt: skip
def test_coherence_is_that_of_gensim(measure, published):
    assert topics.coherence(GENSIM_TOPICS, COMMON_TEXTS, measure) == pytest.approx(published, abs=5e-7)


def test_the_warning_of_its_author_stands_beside_c_v():
    assert "I wouldn't recommend to use C_V" in topics.coherence.__doc__


def test_coherence_counts_windows_by_hand():
    # windows of two: ab bc cd; a and b meet in one of three, each stands in 1, 2 of 3
    expected = np.log((1 / 3) / (1 / 3 * 2 / 3)) / -np.log(1 / 3)
    assert topics.coherence([["a", "b"]], [list("abcd")], window=2)[0] == pytest.approx(expected)
    assert np.isnan(topics.coherence([["a", "zebra"]], [list("abcd")])[0])


def test_coherence_of_a_matrix_is_that_of_its_units_as_texts():
    counts = planted_counts(8)
    texts = [[t for t, n in zip(counts.terms, row, strict=True) for _ in range(n)] for row in counts.matrix.toarray()]
    words = [["t0a", "t0b", "t0c", "t1a"]]
    for measure in ("npmi", "u_mass", "c_v"):
        assert topics.coherence(words, counts, measure) == pytest.approx(topics.coherence(words, texts, measure, 99))
    with pytest.raises(CrossreadError, match="no coherence “c_p”: choose npmi, c_uci, c_v or u_mass"):
        topics.coherence(words, counts, "c_p")


@pytest.fixture(scope="module")
def practice():
    return load("practice")


@pytest.fixture(scope="module")
def model(practice):
    return topics.fit_topics(practice, 4)


def test_planted_topics_are_coherent_and_spread_over_the_documents():
    counts = planted_counts()
    table = topics.topic_summary(counts, topics.fit_topics(counts, 4), draws=200)
    assert (table["npmi"] > table["npmi_null_95"]).all() and (table["exclusivity"] > 0.7).all()
    assert not table["fingerprint"].any() and table["document_holds"].max() < 0.4
    assert table["share"].sum() == pytest.approx(1) and table["terms"].str.split(", ").str.len().eq(10).all()
    assert tuple(table) == topics.TOPIC_SUMMARY and (table["sentences"] == "").all()


def test_the_null_of_the_coherence_is_that_of_terms_near_in_frequency():
    counts, draws = planted_counts(24), 30
    model = topics.fit_topics(counts, 4)
    table = topics.topic_summary(counts, model, draws=draws, seed=3)
    frequency = np.asarray((counts.matrix > 0).sum(0)).ravel()
    order, generator = np.lexsort((np.arange(60), frequency)), np.random.default_rng(3)
    rank = np.argsort(order, kind="stable")
    for topic, top in enumerate(topics.top_terms(model.topic_term)):
        shift = generator.integers(-15, 16, size=(draws, 10))
        sets = [np.unique(order[np.clip(rank[top] + row, 0, 59)]) for row in shift]
        null = topics.coherence([counts.terms[terms].tolist() for terms in sets], counts)
        assert table["npmi_null_95"][topic] == pytest.approx(np.quantile(null, 0.95))
        assert table["npmi"][topic] == pytest.approx(topics.coherence([counts.terms[top].tolist()], counts)[0])


def test_measures_of_many_documents_take_time_in_proportion():
    generator = np.random.default_rng(0)
    model = topics.fit_topics(planted_counts(), 4)
    units = pd.DataFrame({"doc_id": [f"d{i:05d}" for i in range(8000)], "n_tokens": 40, "n_counted": 40})
    counts = TermMatrix(sparse.csr_matrix(generator.poisson(0.7, (8000, 60))), units, model.terms)
    start = time.process_time()
    many = dataclasses.replace(model, units=units, shares=generator.dirichlet(np.ones(4), 8000))
    assert len(topics.topic_summary(counts, many, draws=100)) == 4
    assert time.process_time() - start < 5  # was four minutes: every document looked for its units among all


def test_a_topic_of_one_document_is_a_fingerprint():
    chance = np.full((40, 30), 1)
    chance[:10, :10] += 40
    chance[10:, 10:] += 40
    rows = [np.random.default_rng(i).multinomial(50, p / p.sum()) for i, p in enumerate(chance)]
    units = pd.DataFrame({"doc_id": np.repeat(["a", "b", "c", "d"], 10), "segment": np.tile(np.arange(10), 4)})
    counts = TermMatrix(sparse.csr_matrix(rows), units.assign(n_tokens=50), np.array([f"w{i:02d}" for i in range(30)]))
    table = topics.topic_summary(counts, topics.fit_topics(counts, 2, weighting="tfidf"), draws=20)
    alone = table.set_index("doc_id").loc["a"]
    assert alone["fingerprint"] and alone["document_tokens"] == 0.25 and table["fingerprint"].sum() == 1
    said = quality.describe_topics(table, Labels({"a": "Alder 2001"}))
    assert f"1 of 2 topics is a fingerprint of one document: {alone['topic']}." in said
    assert "Alder 2001 holds" in said and "is 25 % of the text" in said


def test_words_that_come_and_go_are_told_from_those_that_stay():
    counts = planted_counts()
    model = topics.fit_topics(counts, 4)
    retained = np.zeros_like(model.topic_term)
    retained[0, topics.top_terms(model.topic_term)[0, :3]] = 0.5
    table = topics.topic_summary(counts, model, retained, draws=0)
    assert table["steady"][0] == ", ".join(table["terms"][0].split(", ")[:3]) and table["steady"][1] == ""
    assert "(3 of 10 stay in half of the samples or more)" in quality.describe_topics(table, Labels())


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (["supported", "not distinguishable"], "2 topics are supported within documents."),
        (
            ["not distinguishable", "supported"],
            "2 topics are not distinguishable from text shuffled within documents; 3 ",
        ),
        (["not distinguishable"] * 2, "2 topics to look at, though no number of topics is supported within documents."),
        (["too few units"] * 2, "2 topics, from too few passages to say whether so many are there."),
    ],
)
def test_whether_so_many_are_supported_is_said_first(verdicts, said):
    counts = planted_counts()
    path = pd.DataFrame({"k": [2, 3], "excess": [0.3, 0.2], "verdict": verdicts, "k_factors": 2})
    table = topics.topic_summary(counts, topics.fit_topics(counts, 2), stability=path, draws=0)
    text = quality.describe_topics(table, Labels())
    assert text.startswith(said)
    assert ("not as a theme that runs through them" in text) == (verdicts[0] == "not distinguishable")


def test_the_sentences_that_carry_a_topic_most(practice, model):
    table = topics.topic_summary(practice, model, draws=0)
    near = topics.nearest_segments(practice, model, 2)
    carried = model.shares[:, 1] * model.units["n_counted"]
    best = model.units.loc[carried.nlargest(3).index, ["doc_id", "segment"]]
    assert near[["doc_id", "segment"]].values.tolist() == best.values.tolist()
    body = practice.sentences[practice.sentences["kind"] == "body"]
    expected = []
    for row in near.itertuples():
        passage = body[(body["doc_id"] == row.doc_id) & (body["segment"] == row.segment)]
        expected += list(passage.index)
        assert (row.first, row.last, row.text) == (passage.index[0], passage.index[-1], " ".join(passage["text"]))
    assert table["sentences"][1].split() == expected


def test_nearest_units_of_counts_and_of_documents():
    counts = planted_counts()
    model = topics.fit_topics(counts, 4)
    near = topics.nearest_segments(counts, model, 2, n=5)
    assert near.columns.tolist() == ["doc_id", "segment", "share"] and len(near) == 5
    corpus = from_texts({f"d{i:02d}": f"Allies pay. {'Ships sail.' if i % 2 else 'Ports shut.'}" for i in range(20)})
    whole = topics.fit_topics(corpus, 2, vocabulary={"unit": "document", "names": ()})
    near = topics.nearest_segments(corpus, whole, 1, n=2)
    text = corpus.sentences["text"]
    for row in near.itertuples():
        assert row.segment == -1 and row.text == f"{text[row.first]} {text[row.last]}"
    for number in (0, 5):
        with pytest.raises(CrossreadError, match=f"no topic {number}: the model has topics 1 to 4"):
            topics.nearest_segments(counts, model, number)
    with pytest.raises(CrossreadError, match="are those of segments of 50 tokens"):
        topics.topic_places(corpus, whole)


def test_sentences_of_longer_passages_are_not_made_up(practice):
    longer = topics.fit_topics(practice, 3, vocabulary={"minimum_tokens": 100})
    with pytest.raises(CrossreadError, match="sentences of passages of 100 tokens are not known"):
        topics.nearest_segments(practice, longer, 1)


def test_places_follow_the_text_and_keep_passages_without_a_term(practice, model):
    without = dataclasses.replace(model, units=model.units.iloc[1:].reset_index(drop=True), shares=model.shares[1:])
    table = topics.topic_places(practice, without)
    body = practice.sentences[practice.sentences["kind"] == "body"]
    order = body.drop_duplicates(["doc_id", "segment"])[["doc_id", "section", "segment"]]
    assert table[["doc_id", "section", "segment"]].iloc[::4].values.tolist() == order.values.tolist()
    assert table["share"].isna().sum() == 4 and table["share"].isna()[:4].all()
    placed = table.dropna().pivot(index=["doc_id", "segment"], columns="topic", values="share")
    fitted = pd.MultiIndex.from_frame(without.units[["doc_id", "segment"]])
    assert placed.loc[fitted].to_numpy() == pytest.approx(np.asarray(without.shares))


def test_places_in_words():
    table = pd.DataFrame({
        "doc_id": ["a"] * 4 + ["b"] * 2, "section": [1, 1, 2, 2, 1, 1], "segment": [0, 0, 1, 1, 0, 0],
        "topic": [1, 2] * 3, "name": ["sea", "cost"] * 3, "share": [0.9, 0.1, 0.2, 0.8, 0.6, 0.4],
    })  # fmt: skip
    assert quality.describe_places(table, Labels({"a": "Alder 2001"})) == (
        "1 of 2 documents changes its strongest topic on the way. Alder 2001: section 1 90 % topic 1 (sea); section 2 "
        "80 % topic 2 (cost). B: 60 % topic 1 (sea)."
    )
    many = pd.DataFrame({"doc_id": "a", "section": range(30), "segment": range(30), "topic": [1, 2, 2] * 10})
    many = many.assign(name=["sea", "cost", "cost"] * 10, share=0.9)
    assert quality.describe_places(many, Labels({})) == (
        "1 of 1 document changes its strongest topic on the way. A: topic 1 (sea) is the strongest in 10 of 30 "
        "sections; topic 2 (cost) is the strongest in 20 of 30 sections."
    )
