"""The lexicons and codes of the project: what they may hold, the sense of names, and how the themes score."""

import pandas as pd
import pytest

from crossread import from_texts
from crossread.lexicon import find_hits, load_lexicon

THEMES = ["burden_sharing", "china_rise", "multilateralism"]


@pytest.fixture(scope="module")
def codes(root):
    return pd.read_csv(root / "corpus" / "codes.csv")


def actors_in(text):
    return find_hits(from_texts({"a": text}), load_lexicon("actors"))["key"].astype(str).tolist()


@pytest.mark.parametrize("name", ["themes", "actors", "architectures"])
def test_every_entry_gives_its_reason(name):
    assert [entry.text for entry in load_lexicon(name) if len(entry.reason) < 8 or "\n" in entry.reason] == []


def test_keys():
    assert list(load_lexicon("themes").keys) == THEMES == list(load_lexicon("themes").strict().keys)
    assert set(load_lexicon("architectures").keys) >= {
        "san_francisco_system", "hub_and_spoke", "nato", "anzus", "asean_centred", "convergent_security",
        "regional_security_architecture", "coalitions_of_the_willing", "trilateral_and_quadrilateral", "plurilateral",
        "networked_security", "us_rebalance", "global_allies_project", "maritime_security_initiative",
        "proliferation_security_initiative",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("US forces told us.", ["united_states"]),
        ("The United States and U.S. allies.", ["united_states", "united_states"]),
        ("Washington asked Beijing.", ["united_states", "china"]),
        ("The South China Sea and the East China Sea.", []),
        ("The Sea of Japan and the Philippine Sea.", []),
        ("China's ships in the South China Sea.", ["china"]),
        ("South Korea, North Korea and Korea.", ["south_korea", "north_korea", "korea"]),
        ("South Korean and North Korean soldiers on the Korean Peninsula.", ["south_korea", "north_korea"]),
        ("The Republic of Korea.", ["south_korea"]),
        ("The Democratic People's Republic of Korea.", ["north_korea"]),
        ("The Republic of China.", ["taiwan"]),
        ("The People's Republic of China.", ["china"]),
        ("The Indian Ocean, an Indian ship.", ["india"]),
        ("Latin America and America.", ["united_states"]),
        ("A major non-NATO ally and NATO.", ["nato"]),
        ("The Obama administration met Obama.", ["united_states"]),
        ("Tokyo, Seoul, Manila, Taipei, Canberra.", ["japan", "south_korea", "philippines", "taiwan", "australia"]),
    ],
)
def test_the_sense_of_names(text, expected):
    assert actors_in(text) == expected


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("burden_sharing", "The burden of proof lies with the reader."),
        ("burden_sharing", "The cost of bread went up in the village."),
        ("burden_sharing", "The state should pay attention to its ally."),
        ("china_rise", "The ship crossed the South China Sea."),
        ("china_rise", "The rising sun lit the harbour."),
        ("multilateralism", "The alliance was signed in spring."),
        ("multilateralism", "The social network had many users."),
    ],
)
def test_other_senses_are_left_alone(key, text):
    hits = find_hits(from_texts({"a": text}), load_lexicon("themes").select(key))
    assert hits.empty, hits["entry"].tolist()


def test_codes_are_numbers_by_named_coders(codes):
    assert list(codes.columns) == ["doc_id", "sentence_id", "coder", *THEMES]
    assert set(codes["coder"]) == {"language model A", "language model B"}
    assert len(codes) == 2 * codes["sentence_id"].nunique() == 246
    assert codes[THEMES].isin([0, 1, 2]).all(axis=None)


def test_every_coded_sentence_is_a_body_sentence(codes, alliances_with_texts):
    rows = alliances_with_texts.sentences.reindex(codes["sentence_id"])
    assert (rows["kind"] == "body").all()
    assert (rows["doc_id"].to_numpy() == codes["doc_id"].to_numpy()).all()


@pytest.mark.parametrize(("theme", "floor"), [(THEMES[0], 0.70), (THEMES[1], 0.85), (THEMES[2], 0.74)])
def test_themes_find_what_the_coders_marked(codes, alliances_with_texts, theme, floor):
    marked = codes.groupby("sentence_id")[theme].sum() >= 2  # the two coders' mean is at least 1
    hits = find_hits(alliances_with_texts, load_lexicon("themes").select(theme))
    found = marked.index.isin(hits["sentence_id"])
    f1 = 2 * (found & marked).sum() / (found.sum() + marked.sum())
    assert f1 >= floor
