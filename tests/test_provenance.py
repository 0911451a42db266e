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
        (lambda: sentences_behind(load("practice"), {"x": 5}), "leads to sentences"),
        (lambda: sentences_behind(load("practice"), {"topic": 2, "share": 0.5}), "topic-strips of the same corpus"),
        (lambda: sentences_behind(load("practice"), {"claim": "x"}), "not in claims.yml"),
        (lambda: sentences_behind(load("practice"), {"doc_id": "x"}), "does not have"),
    ],
)
def test_what_leads_nowhere_is_said(saved, call, words):
    with pytest.raises(CrossreadError, match=words):
        call()


def published_rows():
    """Of the table of every published figure the first, the middle and the last row."""
    for name in figures.manifest(figures.PUBLISHED)["figure"]:
        table = pd.read_csv(figures.PUBLISHED / "data" / f"{name}.csv")
        for row in sorted({1, (len(table) + 1) // 2, len(table)}):
            yield name, row, table.iloc[row - 1]


def test_every_published_row_leads_to_sentences(root):
    corpus, empty = load("alliances"), []
    for name, row, values in published_rows():
        found = why(name, row, corpus=corpus)
        assert found.notices == () and found.rule
        ids = set(found.sentences["sentence_id"]) - {""}
        assert ids <= set(corpus.sentences.index), name
        if found.sentences.empty:
            empty.append((name, values.get("count", values.get("n_tokens"))))
    # nothing is behind a row only where the row itself counts nothing
    assert all(count == 0 for _, count in empty), empty


def test_every_published_row_leads_to_passages_without_texts():
    corpus = load("alliances", texts=False)
    for name, row, _ in published_rows():
        found = why(name, row, corpus=corpus)
        assert found.rule and "text" not in found.sentences


def test_a_claim_leads_to_the_sentences_of_its_ledger():
    corpus = load("alliances")
    table = pd.read_csv(figures.PUBLISHED / "data" / "fig-32-ledger.csv", keep_default_na=False)
    for number, row in enumerate(table.itertuples(), 1):
        found = why("fig-32", number, corpus=corpus).sentences["sentence_id"]
        assert sorted(found) == sorted(row.sentences.split()), row.claim


def test_a_mark_leads_to_the_one_sentence_it_stands_for():
    corpus = load("alliances")
    for row in (1, 100, 297):
        assert len(why("fig-12", row, corpus=corpus).sentences) == 1


def test_a_topic_leads_to_the_passages_that_carry_it():
    corpus = load("alliances")
    strips = pd.read_csv(figures.PUBLISHED / "data" / "fig-22-topic-strips.csv")
    behind = [sentences_behind(corpus, {"topic": topic}, strips=strips)[1] for topic in range(1, 5)]
    ids = pd.concat(behind)["sentence_id"]
    body = corpus.sentences.index[corpus.sentences["kind"] == "body"]
    assert ids.is_unique and set(ids) == set(body)  # each passage is of one topic
    rule, found = sentences_behind(corpus, {"doc_id": "lee_2023", "topic": 1, "share": 0.1}, strips=strips)
    assert set(found["doc_id"]) == {"lee_2023"} and "topic 1" in rule


def test_a_written_form_leads_to_its_sentences(practice):
    corpus = from_texts({"a": "The U.S. pays. It told us. The US pays too. The United States rests."})
    for form, number in (("U.S.", 1), ("US", 3), ("United States", 4)):
        found = sentences_behind(corpus, {"doc_id": "a", "group": "United States", "form": form})[1]
        assert found["sentence_id"].tolist() == [f"a-{number:03d}"], form


@pytest.mark.parametrize("view", ["where", "how-much", "with-what"])
def test_a_view_exported_from_the_explorer_leads_to_what_it_counted(practice, own_figures, view):
    from crossread.explore import Edit, Session, State, Workbench

    edits = (Edit("add", "multilateralism", "harbour*"),)
    session = Session(Workbench(practice), State(query="winter*", edits=edits), folder=own_figures)
    assert not any(message.get("error") for message in session.handle({"do": "export", "view": view}))
    name = {"where": "fig-97", "how-much": "fig-98", "with-what": "fig-99"}[view]
    table = pd.read_csv(next((own_figures / "data").glob(f"{name}-*.csv")))
    for number in (1, len(table)):
        row, found = table.iloc[number - 1], why(name, number, corpus=practice)
        if view == "how-much":
            assert len(found.sentences) == row["sentences_with_hit"]
        elif view == "where":
            assert found.sentences["sentence_id"].tolist() == [row["sentence_id"]]
        else:
            assert len(found.sentences) > 0
        assert ("winter*" in found.rule) == (row["key"] == "query")
