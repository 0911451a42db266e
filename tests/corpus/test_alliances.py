"""The five texts of the study: what a careful reading counts, from the texts and from what is published of them."""

import pandas as pd
import pytest

from crossread import load
from crossread.corpus import cover
from crossread.corpus.cleaning import clean, read_rules

# By hand, from the source files: body paragraphs (four lines of the report page that look like headings are whole
# sentences and counted as body), sentences, notes, headings.
BY_HAND = {
    "tow_envall_2011": (1, 9, 0, 1),
    "baker_glosserman_2013": (11, 38, 0, 1),
    "lee_2023": (22, 29, 0, 0),
    "harold_2019": (25, 30, 0, 4),
    "wesley_2017": (23, 149, 10, 5),
}


@pytest.fixture(scope="module", params=["texts", "published"])
def corpus(request):
    if request.param == "texts":
        return request.getfixturevalue("alliances_with_texts")
    return load("alliances", texts=False)


def test_paragraphs_sentences_notes_and_headings_agree_with_a_careful_reading(corpus):
    kinds = corpus.sentences.groupby(["doc_id", "kind"])["paragraph"].nunique().unstack(fill_value=0)
    for doc_id, (paragraphs, sentences, notes, headings) in BY_HAND.items():
        assert corpus.documents.loc[doc_id, ["n_paragraphs", "n_sentences"]].tolist() == [paragraphs, sentences]
        assert kinds.loc[doc_id, ["note", "heading"]].tolist() == [notes, headings]
    assert corpus.documents["n_paragraphs"].sum() == 82 and corpus.documents["n_sentences"].sum() == 255


def test_one_document_is_64_per_cent_of_the_words(corpus):
    tokens = corpus.documents["n_tokens"]
    assert tokens.idxmax() == "wesley_2017" and round(tokens.max() / tokens.sum(), 2) == 0.64


def test_every_character_of_the_sources_is_held_once(corpus):
    for doc_id, row in corpus.documents.iterrows():
        sentences = corpus.sentences[corpus.sentences["doc_id"] == doc_id]
        cover(sentences, corpus.cuts[corpus.cuts["doc_id"] == doc_id], row["n_characters"])


def test_words_as_white_space_parts_them(alliances_with_texts):
    body = alliances_with_texts.sentences.query("kind == 'body'")
    words = body["text"].str.split().str.len().groupby(body["doc_id"]).sum()
    assert words["tow_envall_2011"] == 262
    assert abs(words.sum() - 7475) < 15


def test_the_coded_sentences_are_ours(alliances_with_texts, shared_texts):
    """Sentence number `id` of the codes is our sentence `id` of the body, with the same six first words."""
    body = alliances_with_texts.sentences.query("kind == 'body'")
    codes = pd.read_csv(shared_texts.parent / "codes" / "dev.csv")
    order = codes.drop_duplicates("doc")["doc"]  # of the codes, which were made before documents stood by their dates
    rows = pd.concat([body[body["doc_id"] == doc_id] for doc_id in order]).iloc[codes["id"].to_numpy() - 1]
    assert rows["doc_id"].tolist() == codes["doc"].tolist()
    assert [" ".join(text.split()[:6]) for text in rows["text"]] == codes["first6"].tolist()


def test_nothing_of_the_page_around_a_text_is_counted(alliances_with_texts):
    terms = alliances_with_texts.counts.groupby("doc_id")["term"].agg(set)
    for doc_id, words in {
        "tow_envall_2011": {"updated", "download", "team", "ifans"},
        "baker_glosserman_2013": {"pacforum.org", "pacforum", "macarthur", "pacnet", "http", "mailto", "carl", "brad"},
        "lee_2023": {"trump", "electoral", "ccp", "harris", "professor"},  # words of the author's line and the teasers
        "harold_2019": {"acrobat", "paperback", "cart", "trademark", "nonprofit", "rand"},
        "wesley_2017": {"smh.com", "doi.org", "vol", "pp", "portfolio", "http"},
    }.items():
        assert not words & terms[doc_id], doc_id


def test_sentences_go_on_over_page_starts_and_notes(alliances_with_texts):
    """Where a page begins, or a note stands, in mid-sentence, the words on both sides are one sentence."""
    sentences = alliances_with_texts.sentences
    texts = sentences[sentences["kind"] == "body"].groupby("doc_id")["text"].agg("\n".join)
    for doc_id, joined in {
        "baker_glosserman_2013": ["to seek reassurances from"],
        "wesley_2017": [
            "rebuffed attempts by anxious", "has been eroding steadily", "more countries are looking",
            "observe that hard balancing", "become neutral and avoid", "security and American global-order",
            "resolve and alliance commitment", "two from Asia. Over", "policymakers. Repeatedly",
            "larger and long-term role", "counter-proliferation, piracy", "drug-addled Somali",
            "region-initiated attempts",
        ],
    }.items():  # fmt: skip
        flat = texts[doc_id].replace("\n", " ")
        assert [phrase for phrase in joined if phrase not in flat] == []


@pytest.mark.parametrize("doc_id", list(BY_HAND))
def test_each_rule_of_cleaning_is_needed(alliances_with_texts, doc_id):
    """Take any one rule of a document away and what is counted changes."""
    rules = read_rules(alliances_with_texts.folder / "rules" / f"{doc_id}.yml")
    text = alliances_with_texts.source.source_texts()[doc_id]
    whole = clean(text, rules=rules).units
    assert rules
    for i in range(len(rules)):
        assert clean(text, rules=rules[:i] + rules[i + 1 :]).units != whole, rules[i]


def test_what_is_published_is_what_the_texts_give(alliances_with_texts):
    published = load("alliances", texts=False)
    for name in ("documents", "counts", "cuts"):
        pd.testing.assert_frame_equal(getattr(published, name), getattr(alliances_with_texts, name), check_dtype=False)
    pd.testing.assert_frame_equal(
        published.sentences, alliances_with_texts.sentences.drop(columns="text"), check_dtype=False
    )


def test_no_published_table_holds_a_sentence():
    folder = load("alliances", texts=False).folder
    for path in folder.glob("*.csv"):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        # titles stand in documents.csv; an entry is a pattern of our own lexicon
        columns = [column for column in table if path.stem != "documents" and column != "entry"]
        longest = {column: table[column].str.split().str.len().max() for column in columns}
        assert all(words <= 8 for words in longest.values()), (path.name, longest)
