"""Coherence as gensim publishes it, fingerprints, recovery of themes by hand, intrusion tests, files and exports."""

import dataclasses
import html
import time
import zipfile
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from test_topics_models import planted_counts

from crossread import from_texts, load, topics
from crossread.corpus.tokens import TermMatrix
from crossread.errors import CrossreadError
from crossread.topics import quality

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
    ("measure", "published"), [("npmi", [0.276803, -0.221157]), ("u_mass", [-0.760725, -13.449306])]
)
def test_coherence_is_that_of_gensim(measure, published):
    assert topics.coherence(GENSIM_TOPICS, COMMON_TEXTS, measure) == pytest.approx(published, abs=5e-7)


def test_coherence_counts_windows_by_hand():
    # windows of two: ab bc cd; a and b meet in one of three, each stands in 1, 2 of 3
    expected = np.log((1 / 3) / (1 / 3 * 2 / 3)) / -np.log(1 / 3)
    assert topics.coherence([["a", "b"]], [list("abcd")], window=2)[0] == pytest.approx(expected)
    assert np.isnan(topics.coherence([["a", "zebra"]], [list("abcd")])[0])


def test_coherence_of_a_matrix_is_that_of_its_units_as_texts():
    counts = planted_counts(8)
    texts = [[t for t, n in zip(counts.terms, row, strict=True) for _ in range(n)] for row in counts.matrix.toarray()]
    words = [["t0a", "t0b", "t0c", "t1a"]]
    for measure in ("npmi", "u_mass"):
        assert topics.coherence(words, counts, measure) == pytest.approx(topics.coherence(words, texts, measure, 99))
    with pytest.raises(CrossreadError, match="npmi or u_mass"):
        topics.coherence(words, counts, "c_v")


def test_planted_topics_are_coherent_and_spread_over_the_documents():
    counts = planted_counts()
    table = topics.topic_quality(counts, topics.fit_topics(counts, 4), draws=200)
    assert (table["npmi"] > table["npmi_null_95"]).all() and (table["exclusivity"] > 0.7).all()
    assert not table["fingerprint"].any() and table["document_holds"].max() < 0.4
    assert table["share"].sum() == pytest.approx(1) and table["nearest"].str.split().str.len().eq(3).all()


def test_the_null_of_the_coherence_is_that_of_terms_near_in_frequency():
    counts, draws = planted_counts(24), 30
    model = topics.fit_topics(counts, 4)
    table = topics.topic_quality(counts, model, draws=draws, seed=3)
    frequency = np.asarray((counts.matrix > 0).sum(0)).ravel()
    order, generator = np.lexsort((np.arange(60), frequency)), np.random.default_rng(3)
    rank = np.argsort(order, kind="stable")
    for topic, top in enumerate(topics.top_terms(model.topic_term)):
        shift = generator.integers(-15, 16, size=(draws, 10))
        sets = [np.unique(order[np.clip(rank[top] + own, 0, 59)]) for own in shift]
        null = topics.coherence([counts.terms[own].tolist() for own in sets], counts)
        assert table["npmi_null_95"][topic] == pytest.approx(np.quantile(null, 0.95))
        assert table["npmi"][topic] == pytest.approx(topics.coherence([counts.terms[top].tolist()], counts)[0])


def many_documents(n=8000):
    """A model of many documents of one unit each, without the time that it takes to fit it."""
    generator = np.random.default_rng(0)
    model = topics.fit_topics(planted_counts(), 4)
    units = pd.DataFrame({"doc_id": [f"d{i:05d}" for i in range(n)], "n_tokens": 40})
    matrix = sparse.csr_matrix(generator.poisson(0.7, (n, 60)))
    shares = generator.dirichlet(np.ones(4), n)
    return TermMatrix(matrix, units, model.terms), dataclasses.replace(model, units=units, shares=shares)


def test_measures_of_many_documents_take_time_in_proportion():
    counts, model = many_documents()
    start = time.process_time()
    shares = topics.document_shares(model)
    assert len(topics.topic_quality(counts, model)) == 4 and len(shares) == 4 * 8000
    assert time.process_time() - start < 5  # was four minutes: every document looked for its units among all


def test_an_interrupted_measure_keeps_what_was_done(monkeypatch):
    counts, model = planted_counts(), topics.fit_topics(planted_counts(), 4)
    whole, calls, original = topics.topic_quality(counts, model, draws=20), [], quality._together
    shares = topics.document_shares(model)

    def interrupted(*arguments):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return original(*arguments)

    monkeypatch.setattr(quality, "_together", interrupted)
    part = topics.topic_quality(counts, model, draws=20)
    assert not part.attrs["finished"] and whole.attrs["finished"]
    pd.testing.assert_frame_equal(part, whole.iloc[:2])
    monkeypatch.setattr(quality.np, "quantile", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    part = topics.document_shares(model)
    assert not part.attrs["finished"] and part["low"].isna().all()
    assert part["share"].tolist() == shares["share"].tolist()


def test_a_topic_of_one_document_is_a_fingerprint():
    chance = np.full((40, 30), 1)
    chance[:10, :10] += 40
    chance[10:, 10:] += 40
    rows = [np.random.default_rng(i).multinomial(50, p / p.sum()) for i, p in enumerate(chance)]
    units = pd.DataFrame({"doc_id": np.repeat(["a", "b", "c", "d"], 10), "segment": np.tile(np.arange(10), 4)})
    counts = TermMatrix(sparse.csr_matrix(rows), units.assign(n_tokens=50), np.array([f"w{i:02d}" for i in range(30)]))
    table = topics.topic_quality(counts, topics.fit_topics(counts, 2), draws=20).set_index("document")
    assert table.loc["a", "fingerprint"] and table.loc["a", "document_tokens"] == 0.25
    assert table["fingerprint"].sum() == 1


def test_document_shares_have_limits_where_there_are_five_segments():
    counts = planted_counts(44, 11)  # documents of four segments
    counts.units.loc[:7, "doc_id"] = "long"
    table = topics.document_shares(topics.fit_topics(counts, 4), draws=200)
    sums = table.groupby("doc_id")["share"].sum()
    assert np.allclose(sums, 1)
    long = table[table["doc_id"] == "long"]
    assert (long["low"] <= long["share"]).all() and (long["share"] <= long["high"]).all()
    assert table[table["n_segments"] < 5][["low", "high"]].isna().all(axis=None)


def test_the_limits_of_a_document_depend_on_no_other():
    model = topics.fit_topics(planted_counts(), 4)
    order = np.random.default_rng(1).permutation(80)
    turned = dataclasses.replace(
        model, shares=model.shares[order], units=model.units.iloc[order].reset_index(drop=True)
    )
    by = ["doc_id", "topic"]
    first, second = (topics.document_shares(m, draws=200).sort_values(by, ignore_index=True) for m in (model, turned))
    pd.testing.assert_frame_equal(first, second)
    assert first["low"].notna().all()
    own = (model.units["doc_id"] == "d1").to_numpy()
    alone = dataclasses.replace(model, shares=model.shares[own], units=model.units[own].reset_index(drop=True))
    pd.testing.assert_frame_equal(
        topics.document_shares(alone, draws=200), first[first["doc_id"] == "d1"].reset_index(drop=True)
    )


def test_a_document_that_no_topic_fits_has_no_share():
    model = topics.fit_topics(planted_counts(), 4)
    shares = np.where((model.units["doc_id"] == "d2").to_numpy()[:, None], np.nan, model.shares)
    shares[0] = np.nan  # of the first document one segment
    table = topics.document_shares(dataclasses.replace(model, shares=shares), draws=50).set_index("doc_id")
    assert table.loc["d2", ["share", "low"]].isna().all(axis=None) and (table.loc["d2", "n_segments"] == 0).all()
    own = (model.units["doc_id"] == "d0").to_numpy() & ~np.isnan(shares[:, 0])
    assert table.loc["d0", "share"].tolist() == pytest.approx(model.shares[own].mean(0).tolist())


def segments_with_themes():
    """Ten documents of one segment; the theme is in the first four, the lexicon finds three of them and one more."""
    corpus = from_texts({f"d{i}": "Allies pay for ports and ships." for i in range(10)})
    model = topics.fit_topics(
        TermMatrix(
            sparse.csr_matrix(np.kron(np.eye(2, dtype=int), np.ones((5, 3), dtype=int))),
            corpus.term_matrix("segment").units, np.array(list("abcdef"), dtype=object),
        ), 2,
    )  # fmt: skip
    ids = corpus.sentences.index
    codes = pd.DataFrame({"sentence_id": ids, "cost": np.arange(10) < 4})
    hits = pd.DataFrame({"doc_id": [f"d{i}" for i in (0, 1, 2, 9)], "sentence_id": ids[[0, 1, 2, 9]], "key": "cost"})
    return corpus, model, codes, hits


def test_recovery_of_themes_by_hand():
    corpus, model, codes, hits = segments_with_themes()
    table = topics.compare_with_codes(corpus, model, codes, hits, keys=["cost"]).set_index("source")
    # lexicon: 4 × 6 pairs; three found segments beat the five without a hit and tie with one, the fourth ties with five
    assert table.loc["lexicon", "auc"] == pytest.approx((3 * 5 + 3 * 0.5 + 5 * 0.5) / 24)
    # the topic of the first five segments: all four beat five, and tie with the fifth of their own
    assert table.loc["best topic", "auc"] == pytest.approx((4 * 5 + 4 * 0.5) / 24)
    assert model.shares[:5, table.loc["best topic", "topic"] - 1].min() > 0.9
    assert (table["low"] <= table["auc"]).all() and table[["n_units", "n_with_theme"]].values.tolist() == [[10, 4]] * 2


def test_the_lead_of_the_lexicon_has_limits_of_its_own():
    corpus, model, codes, hits = segments_with_themes()
    table = topics.compare_with_codes(corpus, model, codes, hits, keys=["cost"])
    lead = table["auc"][0] - table["auc"][1]
    assert table["lead"].tolist() == pytest.approx([lead, lead])
    assert table["lead_low"][0] < lead < table["lead_high"][0] and table["lead_low"][0] < 0  # ten segments tell nothing
    perfect = hits.iloc[[0] * 4].assign(sentence_id=codes["sentence_id"][:4].to_numpy())
    table = topics.compare_with_codes(corpus, model, codes, perfect, keys=["cost"])
    assert table["lead"][0] == pytest.approx(1 - 22 / 24) and table["lead_low"][0] >= 0


def test_documents_are_compared_with_codes_as_segments_are():
    corpus, model, codes, hits = segments_with_themes()
    whole = dataclasses.replace(model, units=model.units.drop(columns="segment"))
    tables = [topics.compare_with_codes(corpus, each, codes, hits, keys=["cost"]) for each in (model, whole)]
    pd.testing.assert_frame_equal(*tables)


def test_recovery_agrees_with_scikit_learn():
    from sklearn.metrics import roc_auc_score

    from crossread.topics.quality import _areas

    generator = np.random.default_rng(0)
    scores, gold = generator.integers(0, 5, (60, 3)).astype(float), generator.random(60) < 0.3
    assert _areas(scores, gold, 5, 0)[0] == pytest.approx([roc_auc_score(gold, scores[:, j]) for j in range(3)])


def test_texts_that_nobody_coded_have_no_area():
    corpus, model, _, hits = segments_with_themes()
    table = topics.compare_with_codes(corpus, model, None, hits, keys=["cost"])
    assert table[["auc", "low", "high"]].isna().all(axis=None) and table["n_units"].eq(0).all()


def test_nearest_segments_show_the_text_only_when_attached():
    practice = load("practice")
    model = topics.fit_topics(practice, 4)
    near = topics.nearest_segments(practice, model, 1)
    assert (
        near["share"].is_monotonic_decreasing and "text" in near and near["first"].iloc[0] in practice.sentences.index
    )


def test_nearest_units_of_a_matrix_and_of_documents():
    counts = planted_counts()
    model = topics.fit_topics(counts, 4)
    near = topics.nearest_segments(counts, model, 2, n=5)
    assert near.columns.tolist() == ["doc_id", "segment", "share"] and len(near) == 5
    assert near["share"].tolist() == pytest.approx(sorted(model.shares[:, 1])[:-6:-1])
    corpus = from_texts({f"d{i:02d}": f"Allies pay. {'Ships sail.' if i % 2 else 'Ports shut.'}" for i in range(20)})
    whole = topics.fit_topics(corpus, 2, vocabulary={"unit": "document", "names": ()})
    near = topics.nearest_segments(corpus, whole, 1, n=2)
    text = corpus.sentences["text"]
    for row in near.itertuples():
        assert row.segment == -1 and row.text == f"{text[row.first]} {text[row.last]}"
    for number in (0, 5):
        with pytest.raises(CrossreadError, match=f"no topic {number}: the model has topics 1 to 4"):
            topics.nearest_segments(counts, model, number)


def test_word_intrusion_puts_in_one_word_of_another_topic():
    model = topics.fit_topics(planted_counts(), 4)
    questions = topics.word_intrusion(model, per_topic=3, seed=2)
    assert len(questions) == 12 and questions.equals(topics.word_intrusion(model, per_topic=3, seed=2))
    top = model.terms[topics.top_terms(model.topic_term)]
    for row in questions.itertuples():
        choices = row.choices.split(" | ")
        own = top[row.topic - 1]
        assert len(set(choices)) == 6 and sum(word in own for word in choices) == 5
        assert row.intruder in choices and row.intruder not in own
    places = [row.choices.split(" | ").index(row.intruder) for row in questions.itertuples()]
    assert len(set(places)) > 2  # it is not always in the same place


def test_topic_intrusion_puts_in_a_topic_that_the_segment_lacks():
    model = topics.fit_topics(planted_counts(), 5, "lda", runs=2)
    questions = topics.topic_intrusion(model, questions=5, seed=1)
    assert len(questions) == 5
    for row in questions.itertuples():
        unit = (model.units["doc_id"] == row.doc_id) & (model.units["segment"] == row.segment)
        shown = [int(choice.split(":")[0]) - 1 for choice in row.choices.split(" | ")]
        assert len(set(shown)) == 4
        assert model.shares[unit.to_numpy()][0, int(row.intruder.split(":")[0]) - 1] < 0.05
    turned = topics.topic_intrusion(dataclasses.replace(
        model, shares=model.shares[::-1], units=model.units[::-1].reset_index(drop=True)
    ), questions=5, seed=1)  # fmt: skip
    pd.testing.assert_frame_equal(questions, turned)


@pytest.mark.parametrize(("k", "shown"), [(2, 2), (3, 3), (5, 4)])
def test_topic_intrusion_shows_as_many_topics_as_there_are(k, shown):
    questions = topics.topic_intrusion(topics.fit_topics(planted_counts(purity=0.9), k), questions=4)
    assert len(questions) == 4 and questions["choices"].str.split(" | ", regex=False).str.len().eq(shown).all()
    with pytest.raises(CrossreadError, match="at least two"):
        topics.topic_intrusion(topics.fit_topics(planted_counts(), 1))


def test_topic_intrusion_shows_the_passage_or_says_where_it_is():
    practice = load("practice")
    questions = topics.topic_intrusion(topics.fit_topics(practice, 4), practice, questions=3)
    body = practice.sentences[practice.sentences["kind"] == "body"]
    for row in questions.itertuples():
        own = body[(body["doc_id"] == row.doc_id) & (body["segment"] == row.segment)]
        assert row.passage == " ".join(own["text"])
    head, choice, button = topics.intrusion_widget(questions).children
    assert html.escape(questions["passage"][0]) in head.value
    bare = SimpleNamespace(sentences=practice.sentences.drop(columns="text"))
    passage = topics.topic_intrusion(topics.fit_topics(practice, 4), bare, questions=3)["passage"]
    assert passage[0] == f"Read the sentences {own_sentences(body, questions, 0)}."


def own_sentences(body, questions, number):
    row = questions.iloc[number]
    own = body[(body["doc_id"] == row["doc_id"]) & (body["segment"] == row["segment"])]
    return f"{own.index[0]} to {own.index[-1]}"


def test_answers_are_scored_with_an_exact_interval():
    questions = pd.DataFrame({"question": range(1, 11), "choices": "a | b | c | d | e | f", "intruder": "a"})
    answers = pd.Series({**{i: "a" for i in range(1, 8)}, 8: "b", 9: "c", 10: None})
    score = topics.score_intrusion(questions, answers).iloc[0]
    assert (score["answered"], score["correct"]) == (9, 7)
    assert (score["low"], score["high"]) == pytest.approx(
        (0.399906, 0.971855), abs=1e-6
    )  # Clopper & Pearson for 7 of 9
    assert score["chance"] == pytest.approx(1 / 6) and score["p"] < 0.001
    with pytest.raises(CrossreadError, match="question 99"):
        topics.score_intrusion(questions, pd.Series({99: "a"}))
    with pytest.raises(CrossreadError, match="No question was answered"):
        topics.score_intrusion(questions, pd.Series({1: None}))


def test_the_widget_asks_all_questions_and_scores_them():
    questions = topics.word_intrusion(topics.fit_topics(planted_counts(), 4), seed=3)
    box = topics.intrusion_widget(questions)
    head, choice, button = box.children
    button.click()  # nothing chosen: nothing happens
    assert box.answers == {}
    for row in questions.itertuples():
        choice.value = row.intruder
        button.click()
    assert box.answers == dict(zip(questions["question"], questions["intruder"], strict=True))
    assert head.value.startswith("4 of 4 found: 100%")
    with pytest.raises(CrossreadError, match="no question"):
        topics.intrusion_widget(questions.iloc[:0])


def rewritten(path, **changes):
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**entries, **{f"{key}.npy": value for key, value in changes.items()}}.items():
            archive.writestr(name, content)
    return path
