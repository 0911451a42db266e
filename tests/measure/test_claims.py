import json
import time

import numpy as np
import pandas as pd
import pytest
from test_themes import make_tables

from crossread.corpus import project_folder
from crossread.errors import CrossreadError
from crossread.measure import claims
from crossread.measure.claims import Claim

SELDOM = [(29, {"china": int(i % 15 == 0), "cost": int(i % 4 == 0)}) for i in range(60)]
OFTEN = [(29, {"china": 1 + i % 2, "cost": int(i % 5 == 0)}) for i in range(50)]
SILENT = [(29, {})] * 150
TEXTS = {"often": OFTEN, "seldom": SELDOM, "silent": SILENT, "abstract": [(29, {})] * 9}


def tables(entries=("china*", "beijing", "prc")):
    hits, sentences = make_tables(TEXTS, ["china", "cost"])
    hits["entry"] = np.array(entries)[np.arange(len(hits)) % len(entries)]
    sentences["section"] = sentences["sentence"] // 20
    return hits, sentences


def claim(direction, *documents, theme="china", measure="per_1000", name=None, margin=0.0):
    letters = " and ".join("{" + chr(ord("a") + number) + "}" for number in range(len(documents)))
    return Claim(
        name or f"{theme}-{direction}-{'-'.join(documents)}",
        f"{letters} said",
        theme,
        measure,
        documents,
        direction,
        margin,
    )


LABELS = pd.DataFrame({"label": ["Often", "Seldom", "Silent", "Abstract"]}, index=list(TEXTS))


@pytest.mark.parametrize(
    ("one", "verdict", "text"),
    [
        (claim("higher", "often", "seldom"), "supported", "“Often” and “Seldom” said."),
        (claim("lower", "seldom", "often"), "supported", "“Seldom” and “Often” said."),
        (claim("lower", "often", "seldom"), "contradicted", "The texts contradict that “Often” and “Seldom” said."),
        (claim("first", "often"), "supported", "“Often” said."),
        (claim("first", "seldom"), "contradicted", "The texts contradict that “Seldom” said."),
        (claim("higher", "seldom", "abstract"), "not distinguishable", "It is open whether in general “Seldom”"),
        (claim("absent", "silent"), "supported", "“Silent” said."),
        (claim("absent", "abstract"), "too few units", "There is too little text to tell whether “Abstract” said."),
        (claim("absent", "often"), "contradicted", "The texts contradict that “Often” said."),
        (claim("higher", "seldom", "often", theme="cost"), "not distinguishable", "It is open whether in general"),
        (claim("no difference", "seldom", "often", theme="cost", margin=1), "not distinguishable", "It is open"),
        (claim("no difference", "seldom", "often", theme="cost", margin=40), "supported", "“Seldom” and “Often” said."),
        (claim("no difference", "seldom", "often", margin=5), "contradicted", "The texts contradict"),
    ],
)  # fmt: skip
def test_every_direction_and_every_verdict(one, verdict, text):
    row = claims.evaluate_claims([one], *tables(), documents=LABELS).iloc[0]
    assert row["verdict"] == verdict and row["text"].startswith(text)
    if one.direction in ("higher", "lower", "first"):
        assert (row["low"] > 0 or row["high"] < 0) == (verdict in ("supported", "contradicted"))


def test_the_ledger_has_its_columns_estimates_and_sentences():
    hits, sentences = tables()
    asked = [claim("higher", "often", "seldom"), claim("first", "often", measure="share"), claim("absent", "silent")]
    ledger = claims.evaluate_claims(asked, hits, sentences)
    assert tuple(ledger.columns) == claims.CLAIMS
    often = sum(found["china"] for _, found in OFTEN) / (50 * 29)
    seldom = sum(found["china"] for _, found in SELDOM) / (60 * 29)
    assert ledger["estimate"].tolist() == pytest.approx(
        [1000 * (often - seldom), 1 - 4 / 60, 0]
    )  # first: to its closest rival
    behind = ledger["sentences"].iloc[0].split()
    assert len(behind) == 54 and behind == sorted(set(behind)) and not ledger["sentences"].iloc[2]
    assert ledger["robustness"].isna().all()


def test_more_claims_are_harder_to_support():
    hits, sentences = tables()
    one = claim("higher", "often", "seldom")
    others = [claim("higher", "seldom", "often", theme="cost", name=f"filler-{n}") for n in range(8)]
    alone = claims.evaluate_claims([one], hits, sentences).iloc[0]
    together = claims.evaluate_claims([one, *others], hits, sentences).iloc[0]
    assert together["low"] < alone["low"] and together["estimate"] == alone["estimate"]


def test_a_claim_about_several_pairs_is_as_uncertain_as_its_weakest():
    hits, sentences = tables()
    asked = [claim("first", "seldom", theme="cost"), claim("higher", "often", "seldom")]
    first, strong = claims._measure_claims(asked, hits, sentences, 0.95, 2.0)[1]
    # Holm: the strong claim is tested at half the level, then the weak one, every pair of it, at the whole
    assert strong["pairs"][0]["level"] == pytest.approx(0.025)
    assert [pair["level"] for pair in first["pairs"]] == pytest.approx([0.05] * 3)


def test_the_multiverse_crosses_every_choice():
    hits, sentences = tables()
    lexicon = pd.DataFrame({"key": "china", "entry": ["china*", "beijing", "prc"], "tier": ["core", "core", "broad"]})
    table = claims.multiverse([claim("higher", "often", "seldom", name="x")], hits, sentences, lexicon=lexicon)
    assert tuple(table.columns) == claims.SPECIFICATIONS
    assert len(table) == 2 * 5 * 5 * 2 and not table.duplicated(list(claims.CHOICES)).any()
    assert set(table["lexicon"]) == {"all entries", "strict", "without “beijing”", "without “china*”", "without “prc”"}
    assert (table["estimate"] > 0).all() and table["agrees"].all()
    main = table.query(
        "kinds == 'body' and lexicon == 'all entries' and unit == 'per 1,000 tokens' and length == 'whole'"
    ).iloc[0]
    ledger = claims.evaluate_claims([claim("higher", "often", "seldom")], hits, sentences).iloc[0]
    assert main["estimate"] == pytest.approx(ledger["estimate"]) and main["holds"] == (ledger["verdict"] == "supported")
    strict = table[(table["lexicon"] == "strict") & (table["unit"] == "per 1,000 tokens") & (table["kinds"] == "body")]
    without = table[
        (table["lexicon"] == "without “prc”") & (table["unit"] == "per 1,000 tokens") & (table["kinds"] == "body")
    ]
    assert strict["estimate"].tolist() == without["estimate"].tolist() != [main["estimate"]] * len(strict)


def test_with_all_matches_an_entry_left_out_frees_its_words():
    sentences = make_tables({"a": [(20, {})] * 40, "b": [(20, {})] * 40}, ["cost"])[1]
    names = list(sentences.index)
    matches = pd.DataFrame(
        [(name[0], name, "toy", "cost", entry, 20 * n, 20 * n + length) for n, name in enumerate(names[:20])
         for entry, length in (("share cost", 2), ("share", 1))],
        columns=["doc_id", "sentence_id", "lexicon", "key", "entry", "start_token", "end_token"],
    )  # fmt: skip
    asked = [claim("higher", "a", "b", theme="cost", name="x")]
    hits = matches[matches["entry"] == "share cost"]
    freed = claims.multiverse(asked, hits, sentences, matches=matches)
    plain = claims.multiverse(asked, matches, sentences)
    query = "unit == 'per 1,000 tokens' and kinds == 'body' and length == 'whole'"
    assert freed.query(query).set_index("lexicon")["estimate"].round(6).to_dict() == dict.fromkeys(
        ["all entries", "without “share cost”", "without “share”"], 25.0
    )
    assert plain.query(query).set_index("lexicon")["estimate"]["all entries"] == pytest.approx(50)


def test_equal_length_makes_less_sure_and_moves_no_estimate():
    table = claims.multiverse([claim("higher", "often", "silent", name="x")], *tables())
    whole, equal = (table[table["length"] == length].reset_index(drop=True) for length in ("whole", "equal"))
    assert np.allclose(whole["estimate"], equal["estimate"])
    assert (equal["high"] - equal["low"]).sum() > (whole["high"] - whole["low"]).sum()


def test_the_multiverse_of_the_project_runs_in_seconds():
    from crossread import load
    from crossread.lexicon import find_hits, read_lexicon

    corpus = load("alliances", texts=False)
    lexicon = read_lexicon(corpus.lexicon_path("themes"))
    hits = find_hits(corpus, lexicon)
    asked = claims.read_claims(documents=corpus.documents.index)
    start = time.process_time()
    table = claims.multiverse(asked, hits, corpus.sentences, lexicon=lexicon)
    assert time.process_time() - start < 15  # of processor time, on a machine that may be busy
    assert table.groupby("claim").size().min() >= 60 and len(asked) >= 6
    ledger = claims.evaluate_claims(asked, hits, corpus.sentences, documents=corpus.documents).set_index("claim")
    burden = ledger[ledger["quantity"].str.startswith("burden_sharing")]
    assert set(burden["verdict"]) == {"not distinguishable"}


def test_the_multiverse_is_the_same_again():
    asked = [claim("higher", "often", "seldom", name="x")]
    first, second = (claims.multiverse(asked, *tables()) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("- {id: x}", "claim “x”: “text” is missing"),
        ("- {id: X y, text: t, quantity: c.share, documents: [a], direction: first}", "small letters"),
        (
            "- {id: x, text: t, quantity: c.rate, documents: [a], direction: first}",
            "does not end in .per_1000 or .share",
        ),
        ("- {id: x, text: t, quantity: c.share, documents: [a], direction: best}", "“best” is not one of higher"),
        ("- {id: x, text: t, quantity: c.share, documents: [a], direction: higher}", r"needs 2 document\(s\), not 1"),
        ("- {id: x, text: t, quantity: c.share, documents: [a, a], direction: higher}", "compared with itself"),
        (
            "- {id: x, text: t, quantity: c.share, documents: [a, b], direction: no difference}",
            "needs a margin above 0",
        ),
        (
            "- {id: x, text: '{c}', quantity: c.share, documents: [a, b], direction: higher}",
            r"may hold only \{a\}, \{b\}",
        ),
        (
            "- {id: x, text: t, quantity: c.share, documents: [a], direction: first, odds: 1}",
            "“odds” is not known here",
        ),
        ("- {id: x, text: t, quantity: c.share, documents: [a], direction: first}\n" * 2, "this id is used twice"),
        ("- {id: x", r"claims.yml, line \d+: not readable as YAML"),
        ("id: x", "a list of claims is expected"),
    ],
)
def test_a_wrong_claim_is_named(tmp_path, row, message):
    path = tmp_path / "claims.yml"
    path.write_text(row, encoding="utf-8")
    with pytest.raises(CrossreadError, match=message):
        claims.read_claims(path)


def test_claims_of_other_corpora_are_left_out_and_drafts_take_their_place():
    assert claims.read_claims(documents=["nobody"]) == ()
    from crossread.measure.themes import theme_rates

    drafts = claims.draft_claims(theme_rates(*tables()))
    assert [(draft.theme, draft.documents) for draft in drafts] == [
        ("china", ("often", "silent")),
        ("cost", ("seldom", "silent")),
    ]


def test_a_claim_about_what_is_not_there_is_an_error():
    with pytest.raises(CrossreadError, match="the hits have no theme “war”"):
        claims.evaluate_claims([claim("first", "often", theme="war")], *tables())
    with pytest.raises(CrossreadError, match="there is no document “nobody” here"):
        claims.evaluate_claims([claim("first", "nobody")], *tables())
    with pytest.raises(CrossreadError, match=r"no claim “y” here \(there are x\)"):
        claims.format_claims(pd.DataFrame({"claim": ["x"]}), "y")


def test_check_tells_a_changed_verdict_and_an_unknown_name(tmp_path):
    ledger = claims.evaluate_claims([claim("first", "often", name="x"), claim("absent", "silent", name="y")], *tables())
    notebook = {"cells": [{"id": "prose", "cell_type": "markdown", "source": ["See claim:x and\n", "`claim:z-1`."]}]}
    (tmp_path / "nb.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    published = tmp_path / "claims.csv"
    assert claims.check_claims(ledger, published, tmp_path)[0].startswith("claims.csv: there is no such file")
    ledger.to_csv(published, index=False)
    assert claims.check_claims(ledger, published, tmp_path) == ["nb.ipynb, cell “prose”: there is no claim “z-1”."]
    changed = pd.concat([ledger.iloc[:1].assign(verdict="not distinguishable"), ledger.iloc[:1].assign(claim="w")])
    changed.to_csv(published, index=False)
    assert claims.check_claims(ledger, published, tmp_path)[:3] == [
        "claim “x”: the verdict was “not distinguishable” and is “supported”.",
        "claim “w” is published but no longer made.",
        "claim “y” is made but not published.",
    ]


def test_the_notebooks_of_the_project_name_only_claims_that_exist():
    known = [claim.id for claim in claims.read_claims()]
    assert claims.check_references(known, project_folder() / "notebooks") == []
