"""The lexicons and codes of the project: what they may hold, the sense of names, and how the themes score."""

import pandas as pd
import pytest

import crossread as cr
from crossread import from_texts
from crossread.corpus.places import shipped_file
from crossread.lexicon import find_hits, read_lexicon

CODED = ["burden_sharing", "china_rise", "multilateralism"]
THEMES = ["burden_sharing", "china_named", "china_rise", "multilateralism", "bilateral_alliances", "alliance_dilemma"]


@pytest.fixture(scope="module")
def codes(root):
    return pd.read_csv(root / "corpus" / "alliances" / "codes.csv")


@pytest.fixture(scope="module")
def sense_codes(root):
    return pd.read_csv(root / "corpus" / "alliances" / "sense_codes.csv")


@pytest.fixture(scope="module", params=["texts", "published"])
def study(request):
    """The five texts, and what a clone without them has in their place."""
    texts = request.param == "texts"
    return cr.study(request.getfixturevalue("alliances_with_texts") if texts else cr.load("alliances", texts=False))


def actors_in(text):
    return find_hits(from_texts({"a": text}), read_lexicon(shipped_file("actors.yml")))["key"].astype(str).tolist()


@pytest.mark.parametrize("name", ["themes", "actors", "architectures", "registers", "deeds"])
def test_every_entry_gives_its_reason(name):
    assert [
        entry.text
        for entry in read_lexicon(shipped_file(f"{name}.yml"))
        if len(entry.reason) < 8 or "\n" in entry.reason
    ] == []


def test_a_networked_system_is_named_by_its_adjective():
    found = find_hits(
        from_texts({"a": "A move to a more networked system."}),
        read_lexicon(shipped_file("architectures.yml")),
    )
    assert found["key"].tolist() == ["networked_security"]


def test_keys():
    themes = read_lexicon(shipped_file("themes.yml"))
    assert list(themes.themes) == THEMES
    assert {entry.key.split(".")[0] for entry in themes if entry.tier == "core"} == set(THEMES)
    assert {"burden_sharing.money", "china_rise.deter", "multilateralism.ties"} <= set(themes.keys)
    assert {key for key in themes.keys if "." not in key} == {"china_named"}  # a name alone; all others have senses
    architectures = list(read_lexicon(shipped_file("architectures.yml")).keys)
    assert architectures.index("anzus") < architectures.index("nato"), "from what binds two to what binds many"
    assert set(architectures) >= {
        "san_francisco_system", "hub_and_spoke", "nato", "anzus", "asean_centred", "convergent_security",
        "regional_security_architecture", "coalitions_of_the_willing", "trilateral_and_quadrilateral", "plurilateral",
        "networked_security", "us_rebalance",
        "maritime_security_initiative",
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
    hits = find_hits(from_texts({"a": text}), read_lexicon(shipped_file("themes.yml")).select(key))
    assert hits.empty, hits["entry"].tolist()


@pytest.mark.parametrize("name", ["themes", "architectures", "registers"])
def test_every_key_has_a_label_for_people(name):
    lexicon = read_lexicon(shipped_file(f"{name}.yml"))
    assert {*lexicon.keys, *lexicon.themes} - set(lexicon.labels) == set()
    assert not any("_" in label for label in lexicon.labels.values())


def test_codes_are_numbers_by_named_coders(codes):
    assert list(codes.columns) == ["doc_id", "sentence_id", "coder", *CODED]
    assert set(codes["coder"]) == {"language model A", "language model B"}
    assert len(codes) == 2 * codes["sentence_id"].nunique() == 2 * 255
    assert codes[CODED].isin([0, 1, 2]).all(axis=None)


def test_codes_of_senses_are_settled_between_what_two_coders_said(sense_codes):
    first, second, settled = (sense_codes[name] for name in sense_codes.columns[3:])
    assert sense_codes[["language model C", "language model D", "adjudicated"]].isin([0, 1, 2]).all(axis=None)
    assert not sense_codes.duplicated(["sentence_id", "key"]).any() and (first + second + settled > 0).all()
    assert (settled[first == second] == first[first == second]).all()
    assert set(sense_codes["key"]) <= set(read_lexicon(shipped_file("themes.yml")).keys)


def test_every_coded_sentence_is_a_body_sentence(codes, sense_codes, study):
    body = study.corpus.sentences.query("kind == 'body'")
    assert set(codes["sentence_id"]) == set(body.index)  # all are coded for the themes
    for table in (codes, sense_codes):
        assert (body["doc_id"].reindex(table["sentence_id"]).to_numpy() == table["doc_id"].to_numpy()).all()


@pytest.mark.parametrize(("theme", "floor"), list(zip(CODED, (0.64, 0.86, 0.75), strict=True)))
def test_themes_find_what_the_coders_marked(codes, study, theme, floor):
    marked = codes.groupby("sentence_id")[theme].sum() >= 2  # the two coders' mean is at least 1
    found = marked.index.isin(study.hits.loc[study.hits["key"] == theme, "sentence_id"])
    f1 = 2 * (found & marked).sum() / (found.sum() + marked.sum())
    assert f1 >= floor


def test_senses_miss_more_than_they_invent(sense_codes, study):
    counted = set(zip(study.sense_hits["sentence_id"], study.sense_hits["key"].astype(str), strict=True))
    marked = sense_codes[sense_codes["adjudicated"] > 0]
    marked = set(zip(marked["sentence_id"], marked["key"], strict=True))
    assert len(counted & marked) / len(counted) > 0.8 and 0.5 < len(counted & marked) / len(marked) < 0.8
