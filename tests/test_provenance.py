"""From a row behind a figure to its sentences."""

import pandas as pd
import pytest

from crossread import CrossreadError, figures, from_texts, load
from crossread.__main__ import main
from crossread.charts.style import figure
from crossread.lexicon import find_hits, read_lexicon
from crossread.provenance import sentences_behind, why
from crossread.themes import theme_rates


@pytest.fixture(scope="module")
def practice():
    return load("practice")


@pytest.fixture
def saved(practice):
    """A figure of rates, saved as a notebook saves it."""
    lexicon = read_lexicon(practice.lexicon_path("themes"))
    table = figures.rounded(theme_rates(find_hits(practice, lexicon), practice.sentences))
    _, ax = figure(height=2)
    ax.plot(table["per_1000"])
    figures.save(ax, "fig-71-rates", data=table, caption="Rates.", alt="They differ.", corpus=practice)
    return table


def test_every_row_of_rates_leads_to_as_many_sentences_as_it_counts(saved, practice):
    for number, row in enumerate(saved.itertuples(), 1):
        found = why("fig-71", number, corpus=practice)
        assert len(found.sentences) == row.sentences_with_hit and found.notices == ()
        assert (found.sentences["doc_id"] == row.doc_id).all()


def test_offsets_lead_into_the_source_whose_hash_is_told(saved, practice):
    found = why("fig-71-rates", 1, corpus=practice).sentences
    row = found.iloc[0]
    piece = practice.sources[row["doc_id"]][row["start"] : row["end"]]
    assert piece.split()[0] == row["text"].split()[0] and piece.split()[-1] == row["text"].split()[-1]
    assert row["sha256"] == practice.documents.loc[row["doc_id"], "sha256"]


def test_the_command_prints_the_sentences(saved, capsys):
    assert main(["why", "fig-71", "1"]) == 0
    printed = capsys.readouterr().out
    ids = why("fig-71", 1).sentences["sentence_id"]
    assert all(name in printed for name in ids) and "characters" in printed and "sha256" in printed


def test_another_corpus_than_the_figures_is_told(saved):
    texts = {doc_id: "Costs rise." for doc_id in load("practice").documents.index}
    found = why("fig-71", 1, corpus=from_texts(texts, name="practice"))
    assert "has changed since fig-71-rates was drawn" in found.notices[0]


@pytest.mark.parametrize(
    ("row", "sentences"),
    [
        ({"doc_id": "a"}, ["a-001", "a-002", "a-003"]),
        ({"doc_id": "a", "term": "sea"}, ["a-003"]),
        ({"term": "costs"}, ["a-001", "b-001"]),
        ({"term_a": "allies", "term_b": "costs"}, ["a-001"]),
        ({"doc_a": "a", "doc_b": "b", "term": "costs"}, ["a-001", "b-001"]),
        ({"doc_id": "b", "segment": "0"}, ["b-001", "b-002"]),
        ({"sentence_id": "b-002"}, ["b-002"]),
    ],
)
def test_what_a_row_names_is_found(row, sentences):
    corpus = from_texts({"a": "Allies bear costs. Allies talk. The sea is wide.", "b": "War costs lives. It rains."})
    assert sentences_behind(corpus, row)[1]["sentence_id"].tolist() == sentences


def test_two_actors_lead_to_the_sentences_with_both(practice):
    rule, found = sentences_behind(practice, {"actor_a": "velland", "actor_b": "kessary"})
    hits = find_hits(practice, read_lexicon(practice.lexicon_path("actors")))
    both = set(hits.loc[hits["key"] == "velland", "sentence_id"]) & set(
        hits.loc[hits["key"] == "kessary", "sentence_id"]
    )
    body = practice.sentences.index[practice.sentences["kind"] == "body"]
    assert set(found["sentence_id"]) == both & set(body) and "velland" in rule


def test_what_was_cut_is_shown_from_the_source(practice):
    reason = practice.cuts.loc[practice.cuts["n_tokens"] > 0].iloc[0]
    _, found = sentences_behind(practice, {"doc_id": reason["doc_id"], "reason": reason["reason"]})
    assert (found["sentence_id"] == "").all() and found["text"].str.strip().ne("").all()


def test_without_texts_a_word_leads_to_its_passages(alliances_with_texts):
    published = load(alliances_with_texts.folder, texts=False)
    row = {"doc_id": "lee_2023", "term": "allies"}
    exact = sentences_behind(alliances_with_texts, row)[1]
    rule, passages = sentences_behind(published, row)
    assert set(exact["sentence_id"]) <= set(passages["sentence_id"]) and "passages" in rule
    assert "text" not in passages and "text" in exact


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: why("fig-98", 1), "There is no figure “fig-98”"),
        (lambda: why("fig-71", 999), "there is no row 999"),
        (lambda: sentences_behind(load("practice"), {"k": 5}), "leads to sentences"),
        (lambda: sentences_behind(load("practice"), {"doc_id": "x"}), "does not have"),
    ],
)
def test_what_leads_nowhere_is_said(saved, call, words):
    with pytest.raises(CrossreadError, match=words):
        call()


def test_published_figures_all_lead_to_sentences():
    manifest = figures.manifest()
    led = 0
    for row in manifest[manifest["corpus"] != ""].itertuples():
        table = pd.read_csv(figures.PUBLISHED / "data" / f"{row.figure}.csv")
        if {"doc_id", "key"} <= set(table):
            assert why(row.figure, 1).rule
            led += 1
    assert led or manifest.empty
