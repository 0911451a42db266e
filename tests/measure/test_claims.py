import json
import time

import numpy as np
import pandas as pd
import pytest
from test_themes import make_tables

import crossread
from crossread.corpus import project_folder
from crossread.errors import CrossreadError
from crossread.lexicon import Entry, make_lexicon
from crossread.measure import choices, claims, ledger
from crossread.measure.claims import Claim
from crossread.measure.marks import Marked
from crossread.wording import Labels

SELDOM = [(29, {"china": int(i % 15 == 0), "cost": int(i % 4 == 0)}) for i in range(60)]
OFTEN = [(29, {"china": 1 + i % 2, "cost": int(i % 5 == 0)}) for i in range(50)]
SILENT = [(29, {})] * 150
ENTRIES = ("china*", "beijing", "prc")
TEXTS = {"often": OFTEN, "seldom": SELDOM, "silent": SILENT, "abstract": [(29, {})] * 9}


def tables(texts=TEXTS):
    hits, sentences = make_tables(texts, ["china", "cost"])
    hits["start_token"] = np.arange(len(hits))
    hits["end_token"] = hits["start_token"] + 1
    hits["entry"] = np.array(ENTRIES)[np.arange(len(hits)) % len(ENTRIES)]
    sentences["section"] = sentences["sentence"] // 20
    return hits, sentences


def claim(direction, *documents, theme="china", measure="per_1000", name=None, margin=0.0, **more):
    letters = " and ".join("{" + chr(ord("a") + number) + "}" for number in range(len(documents)))
    return Claim(
        name or f"{theme}-{direction}-{'-'.join(documents)}",
        f"{letters} said",
        theme,
        measure,
        documents,
        direction,
        margin,
        **more,
    )


LABELS = Labels({name: name.capitalize() for name in TEXTS})


@pytest.mark.parametrize(
    ("one", "verdict", "text"),
    [
        (claim("higher", "often", "seldom"), "supported", "Often and Seldom said."),
        (claim("lower", "seldom", "often"), "supported", "Seldom and Often said."),
        (claim("lower", "often", "seldom"), "contradicted", "It is not so on these pages that Often and Seldom said."),
        (claim("first", "often"), "supported", "Often said."),
        (claim("first", "seldom"), "contradicted", "It is not so on these pages that Seldom said."),
        (claim("higher", "seldom", "abstract"), "not distinguishable", "Seldom and Abstract said."),
        (claim("absent", "silent"), "supported", "Silent said."),
        (claim("absent", "abstract"), "too few units", "Abstract said."),
        (claim("absent", "often"), "contradicted", "It is not so on these pages that Often said."),
        (claim("higher", "seldom", "often", theme="cost"), "not distinguishable", "Seldom and Often said."),
        (claim("no difference", "seldom", "often", theme="cost", margin=1), "not distinguishable", "It is not so"),
        (claim("no difference", "seldom", "often", theme="cost", margin=40), "supported", "Seldom and Often said."),
        (claim("no difference", "seldom", "often", margin=5), "contradicted", "It is not so on these pages"),
    ],
)  # fmt: skip
def test_every_direction_and_every_verdict(one, verdict, text):
    row = ledger.evaluate_claims([one], *tables(), labels=LABELS).iloc[0]
    assert row["verdict"] == verdict and row["text"].startswith(text)
    assert row["so_counted"] == (not row["text"].startswith("It is not so"))
    if one.direction in ("higher", "lower", "first"):
        assert (row["low"] > 0 or row["high"] < 0) == (verdict in ("supported", "contradicted"))
        assert row["minimum_ratio"] > 1


def test_the_ledger_has_its_columns_estimates_and_sentences():
    hits, sentences = tables()
    asked = [claim("higher", "often", "seldom"), claim("first", "often", measure="share"), claim("absent", "silent")]
    table = ledger.evaluate_claims(asked, hits, sentences)
    assert tuple(table.columns) == ledger.LEDGER
    often = sum(found["china"] for _, found in OFTEN) / (50 * 29)
    seldom = sum(found["china"] for _, found in SELDOM) / (60 * 29)
    assert table["estimate"].tolist() == pytest.approx(
        [1000 * (often - seldom), 1 - 4 / 60, 0]
    )  # first: to its closest rival
    behind = table["sentences"].iloc[0].split()
    assert len(behind) == 54 and behind == sorted(set(behind)) and not table["sentences"].iloc[2]
    assert table["direction"].isna().all() and table["measured"].isna().all()


def test_what_was_counted_stands_in_words_with_its_denominators():
    asked = [
        claim("higher", "often", "seldom", measure="share"), claim("higher", "often", "seldom"),
        claim("first", "often", measure="share"), claim("lower", "silent", "seldom", measure="share"),
        claim("absent", "abstract", measure="share"),
    ]  # fmt: skip
    assert ledger.evaluate_claims(asked, *tables(), labels=LABELS)["counted"].tolist() == [
        "50 of 50 sentences in Often against 4 of 60 in Seldom",
        "75 of 1,450 tokens in Often against 4 of 1,740 in Seldom",
        "50 of 50 sentences in Often against 4 of 60 in Seldom, the next",
        "0 of 150 sentences in Silent against 4 of 60 in Seldom",
        "0 of 9 sentences in Abstract",
    ]
    alone = tables({"a": OFTEN, "b": SILENT, "c": SILENT})
    first = ledger.evaluate_claims([claim("first", "a", measure="share")], *alone)
    assert first["counted"][0] == "50 of 50 sentences in a against none in the others"


def test_what_coders_marked_stands_beside_and_may_be_otherwise():
    hits, sentences = tables()
    ids = sentences.index
    every = pd.Series(sentences["doc_id"].eq("seldom").to_numpy(), index=ids)  # they marked Seldom, whole, and no other
    one = [claim("higher", "often", "seldom", measure="share")]
    row = ledger.evaluate_claims(one, hits, sentences, marks={"china": Marked(every, None, "core", "x")}).iloc[0]
    assert row["measured"] == "coders marked 0 of 50 sentences in often against 60 of 60 in seldom: not as counted"
    assert row["so_counted"] and not row["so_measured"]
    half = Marked(every[::2], None, "core", "x")
    row = ledger.evaluate_claims(one, hits, sentences, marks={"china": half}).iloc[0]
    assert row["measured"].startswith("coders would mark 0 % (0 % to ")
    assert ledger.evaluate_claims(one, hits, sentences, marks={"cost": half})["measured"].isna().all()


def test_a_sense_a_theme_of_senses_and_another_lexicon_are_counted_each_by_itself():
    sentences = make_tables({"a": [(20, {})] * 4, "b": [(20, {})] * 3}, ["cost"])[1]
    names = list(sentences.index)
    rows = [(0, "themes", "cost.money", 1), (0, "themes", "cost.effort", 1), (1, "themes", "cost.effort", 1),
            (2, "registers", "must", 1), (5, "registers", "must", 1), (5, "registers", "cost", 3)]  # fmt: skip
    matches = pd.DataFrame(
        [(names[at][0], names[at], lexicon, key, "entry", 20 * at + place, 20 * at + place + 1)
         for at, lexicon, key, place in rows],
        columns=["doc_id", "sentence_id", "lexicon", "key", "entry", "start_token", "end_token"],
    )  # fmt: skip
    keys = ["cost.money", "cost.effort", "must", "cost"]
    matches["lexicon"] = pd.Categorical(matches["lexicon"], ["themes", "registers"])
    matches["key"] = pd.Categorical(matches["key"], keys)
    asked = [claim("higher", "a", "b", theme="cost.money", measure="share", name="sense"),
             claim("higher", "a", "b", theme="cost", measure="share", name="theme"),
             claim("higher", "a", "b", theme="must", measure="share", name="other", lexicon="registers")]  # fmt: skip
    table = ledger.evaluate_claims(asked, matches, sentences)
    assert table["counted"].tolist() == [
        "1 of 4 sentences in a against 0 of 3 in b",
        "2 of 4 sentences in a against 0 of 3 in b",
        "1 of 4 sentences in a against 1 of 3 in b",
    ]
    hits = claims.hits_of_claims(asked, matches)
    assert hits["key"].value_counts().to_dict() == {"cost": 2, "must of registers": 2, "cost.money": 1}  # one word once
    with pytest.raises(CrossreadError, match="the lexicon “registers” has no theme “war”"):
        ledger.evaluate_claims([claim("absent", "a", theme="war", lexicon="registers")], matches, sentences)


def test_more_claims_are_harder_to_support():
    hits, sentences = tables()
    one = claim("higher", "often", "seldom")
    others = [claim("higher", "seldom", "often", theme="cost", name=f"filler-{n}") for n in range(8)]
    alone = ledger.evaluate_claims([one], hits, sentences).iloc[0]
    together = ledger.evaluate_claims([one, *others], hits, sentences).iloc[0]
    assert together["low"] < alone["low"] and together["estimate"] == alone["estimate"]


@pytest.mark.parametrize(("with_hit", "verdict"), [(0, "not distinguishable"), (6, "supported")])
def test_too_few_is_what_no_outcome_could_change_with_the_other_claims_as_they_are(with_hit, verdict):
    """The first claim being supported, Holm tests the second at .05: all of six sentences against none are enough."""
    few = [(20, {"cost": int(n < with_hit)}) for n in range(6)]
    texts = {
        "often": [(20, {"china": int(n % 2), "cost": int(n % 2)}) for n in range(31)],
        "seldom": [(20, {"cost": int(n % 2)}) for n in range(31)],
        "a": few, "b": [(20, {})] * 6,
    }  # fmt: skip
    sure = claim("higher", "often", "seldom", measure="share")
    unsure = claim("higher", "a", "b", theme="cost", measure="share")
    table = ledger.evaluate_claims([sure, unsure], *tables(texts))
    assert table["verdict"].tolist() == ["supported", verdict]
    # were the first not supported, the second would be tested at .025
    doubtful = claim("higher", "seldom", "often", theme="cost", measure="share")
    assert ledger.evaluate_claims([doubtful, unsure], *tables(texts))["verdict"].iloc[1] == "too few units"


def test_a_claim_about_several_pairs_is_as_uncertain_as_its_weakest():
    hits, sentences = tables()
    asked = [claim("first", "seldom", theme="cost"), claim("higher", "often", "seldom")]
    first, strong = ledger.compare_claims(asked, claims.observe_claims(asked, hits, sentences))
    # Holm: the strong claim is tested at half the level, then the weak one, every pair of it, at the whole
    assert [pair.level for pair in strong] == pytest.approx([0.025])
    assert [pair.level for pair in first] == pytest.approx([0.05] * 3)


def test_the_multiverse_crosses_every_choice_and_its_families_weigh_the_same():
    hits, sentences = tables()
    lexicon = make_lexicon(
        "toy", [Entry("china", entry, tier="broad" if entry == "prc" else "core") for entry in ENTRIES]
    )
    one = claim("higher", "often", "seldom", name="x")
    table = choices.multiverse([one], hits, sentences, lexicons=[lexicon])
    assert tuple(table.columns) == choices.SPECIFICATIONS
    assert len(table) == 2 * 5 * 5 * 2 and not table.duplicated(list(choices.CHOICES)).any()
    assert set(table["lexicon"]) == {"all entries", "strict", "without “beijing”", "without “china*”", "without “prc”"}
    assert (table["estimate"] > 0).all() and table["agrees"].all()
    main = table.query(
        "kinds == 'body' and lexicon == 'all entries' and unit == 'per 1,000 tokens' and length == 'whole'"
    ).iloc[0]
    row = ledger.evaluate_claims([one], hits, sentences, specifications=table).iloc[0]
    assert main["estimate"] == pytest.approx(row["estimate"]) and main["holds"] == (row["verdict"] == "supported")
    strict = table[(table["lexicon"] == "strict") & (table["unit"] == "per 1,000 tokens") & (table["kinds"] == "body")]
    without = table[
        (table["lexicon"] == "without “prc”") & (table["unit"] == "per 1,000 tokens") & (table["kinds"] == "body")
    ]
    assert strict["estimate"].tolist() == without["estimate"].tolist() != [main["estimate"]] * len(strict)
    # sentences 2, lexicon 3 (all, strict, one left out), unit 3 (tokens, sentences, segments), length 2
    assert table.groupby("lexicon")["weight"].sum().round(9).to_dict() == pytest.approx(
        {"all entries": 1 / 3, "strict": 1 / 3} | {f"without “{entry}”": 1 / 9 for entry in ENTRIES}
    )
    assert table.groupby("unit")["weight"].sum().tolist() == pytest.approx([1 / 3, 1 / 9, 1 / 9, 1 / 9, 1 / 3])
    assert row["direction"] == pytest.approx(1) and row["specifications"] == 100
    assert row["support"] == pytest.approx(table.loc[table["holds"], "weight"].sum())


def test_an_entry_more_to_leave_out_moves_neither_direction_nor_support():
    hits, sentences = tables()
    more = hits["entry"].where(hits["key"] != "china", hits["entry"] + (hits.index % 2).astype(str))
    one = [claim("higher", "often", "seldom", name="x")]
    few, many = (
        ledger.evaluate_claims(one, own, sentences, specifications=choices.multiverse(one, own, sentences)).iloc[0]
        for own in (hits, hits.assign(entry=more))
    )
    assert many["specifications"] > few["specifications"]
    assert many["direction"] == pytest.approx(few["direction"]) and many["support"] == pytest.approx(few["support"])


def test_what_each_choice_explains_adds_up():
    table = choices.multiverse([claim("higher", "often", "seldom", name="x")], *tables())
    explained = choices.explain_choices(table)
    assert explained["choice"].tolist() == ["kinds", "lexicon", "unit", "length", "together"]
    assert explained["share"].sum() == pytest.approx(1) and (explained["share"] >= 0).all()
    assert explained.set_index("choice")["share"]["kinds"] == pytest.approx(0)  # there are no headings here
    same = choices.explain_choices(choices.multiverse([claim("absent", "silent", name="x")], *tables()))
    assert same["share"].isna().all()  # nothing varies


def test_an_entry_left_out_frees_its_words():
    sentences = make_tables({"a": [(20, {})] * 40, "b": [(20, {})] * 40}, ["cost"])[1]
    names = list(sentences.index)
    matches = pd.DataFrame(
        [(name[0], name, "toy", "cost", entry, 20 * n, 20 * n + length) for n, name in enumerate(names[:20])
         for entry, length in (("share cost", 2), ("share", 1))],
        columns=["doc_id", "sentence_id", "lexicon", "key", "entry", "start_token", "end_token"],
    )  # fmt: skip
    asked = [claim("higher", "a", "b", theme="cost", name="x")]
    freed = choices.multiverse(asked, matches, sentences)
    hits = choices.multiverse(asked, matches[matches["entry"] == "share cost"], sentences)
    query = "unit == 'per 1,000 tokens' and kinds == 'body' and length == 'whole'"
    assert freed.query(query).set_index("lexicon")["estimate"].round(6).to_dict() == dict.fromkeys(
        ["all entries", "without “share cost”", "without “share”"], 25.0
    )
    assert hits.query(query).set_index("lexicon")["estimate"].round(6).to_dict() == {"all entries": 25.0}


def test_equal_length_makes_less_sure_and_moves_no_estimate():
    table = choices.multiverse([claim("higher", "often", "silent", name="x")], *tables())
    whole, equal = (table[table["length"] == length].reset_index(drop=True) for length in ("whole", "equal"))
    assert np.allclose(whole["estimate"], equal["estimate"])
    assert (equal["high"] - equal["low"]).sum() > (whole["high"] - whole["low"]).sum()


def test_the_claims_of_the_project_are_counted_measured_and_quick():
    study = crossread.study("alliances", texts=False)
    start = time.process_time()
    table = study.claims()
    assert time.process_time() - start < 10  # of processor time, on a machine that may be busy
    assert len(table) >= 10 and table["so_counted"].all() and table["exploratory"].all()
    row = table.frame.set_index("claim").loc["money-wesley-first"]
    counted = study.senses().frame.set_index(["doc_id", "key"])["sentences_with_hit"]
    assert row["counted"].startswith(f"{counted['wesley_2017', 'burden_sharing.money']} of 149 sentences in Wesley")
    assert row["measured"].startswith("coders marked ")
    assert table["direction"].between(0, 1).all() and (table["support"] <= table["direction"]).all()
    registers = table[table["claim"].str.startswith("prescribe-")]
    assert len(registers) == 2 and registers["measured"].isna().all()  # nobody coded prescription
    assert study.curve()["claim"].unique().tolist() == [table.frame.set_index("claim")["support"].idxmax()]
    curve = study.curve("money-wesley-first")
    assert len(curve) == row["specifications"] and curve["weight"].sum() == pytest.approx(1)
    assert curve.sentences(0).tolist() == row["sentences"].split()
    with pytest.raises(CrossreadError, match=r"no claim “y” here \(there are money-wesley-first, "):
        study.curve("y")
    box = study.choices("money-wesley-first")
    assert box.claim.value == "money-wesley-first" and f"of {len(curve):,} ways" in box.summary.value


def test_the_widget_of_choices_says_what_to_do_without_ipywidgets(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    from crossread.charts.claims import switch_choices

    with pytest.raises(CrossreadError, match="pip install ipywidgets"):
        switch_choices(choices.multiverse([claim("absent", "silent", name="x")], *tables()), {})


def test_the_multiverse_is_the_same_again():
    asked = [claim("higher", "often", "seldom", name="x")]
    first, second = (choices.multiverse(asked, *tables()) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


def test_what_is_said_of_the_ledger_follows_its_numbers():
    asked = [claim("higher", "often", "seldom", measure="share", written="before"),
             claim("lower", "often", "seldom", measure="share"),
             claim("absent", "abstract", measure="share")]  # fmt: skip
    table = ledger.evaluate_claims(asked, *tables(), labels=LABELS)
    assert table["exploratory"].tolist() == [False, True, True]
    assert ledger.describe_claims(table, LABELS) == (
        "Counted, 2 of 3 claims are true of these pages; in general 1 is supported. Supported: Often and Seldom said. "
        "The others: 1 contradicted and 1 too few units. 2 of 3 claims are exploratory: written after the numbers were "
        "seen."
    )
    assert ledger.describe_claims(table.iloc[:0], LABELS) == "There is no claim."


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
        ("- {id: x, text: 'a { b', quantity: c.share, documents: [a], direction: first}", r"may hold only \{a\}"),
        ("- {id: x, text: '{a!r}', quantity: c.share, documents: [a], direction: first}", r"may hold only \{a\}"),
        (
            "- {id: x, text: t, quantity: c.share, documents: [a], direction: first, odds: 1}",
            "“odds” is not known here",
        ),
        ("- {id: x, text: t, quantity: c.share, documents: [a], direction: first}\n" * 2, "this id is used twice"),
        (
            "- {id: x, text: t, quantity: c.share, documents: [a], direction: first, written: never}",
            "“written” is before or after, not “never”",
        ),
        ("- {id: x", r"claims.yml, line \d+: this is not YAML"),
        ("id: x", "write the claims as a list"),
    ],
)
def test_a_wrong_claim_is_named(tmp_path, row, message):
    path = tmp_path / "claims.yml"
    path.write_text(row, encoding="utf-8")
    with pytest.raises(CrossreadError, match=message):
        claims.read_claims(path)


def test_a_corpus_without_claims_gets_drafts_and_they_are_exploratory():
    from crossread import from_texts
    from crossread.measure.themes import theme_rates

    drafts = claims.find_claims(from_texts({"a": "Allies pay."}), theme_rates(*tables()))
    assert [(draft.theme, draft.documents, draft.exploratory) for draft in drafts] == [
        ("china", ("often", "silent"), True),
        ("cost", ("seldom", "silent"), True),
    ]


def test_a_draft_is_corrected_for_all_pairs_of_which_it_is_the_farthest_apart():
    from crossread import study

    draw = np.random.default_rng(7)
    texts = {
        f"d{number}": " ".join("Allies pay." if draw.random() < 0.3 else "Rain falls." for _ in range(40))
        for number in range(40)
    }
    table = study(texts, lexicon={"cost": ["pay"]}).claims().frame
    assert table["so_counted"].all() and table["verdict"].tolist() == ["not distinguishable"]
    few = study(
        {"a": "Allies pay. " * 40, "b": "Rain falls. " * 40, "c": "Allies pay. " * 40}, lexicon={"cost": ["pay"]}
    )
    assert few.claims().frame["verdict"].tolist() == ["supported"]


def test_a_claim_about_what_is_not_there_is_an_error():
    with pytest.raises(CrossreadError, match="the lexicon “toy” has no theme “war”"):
        ledger.evaluate_claims([claim("first", "often", theme="war")], *tables())
    with pytest.raises(CrossreadError, match="there is no document “nobody” here"):
        ledger.evaluate_claims([claim("first", "nobody")], *tables())
    with pytest.raises(CrossreadError, match=r"no claim “y” here \(there are x\)"):
        choices.choose_claim(pd.DataFrame({"claim": ["x"]}), "y")


def test_check_tells_a_changed_verdict_and_an_unknown_name(tmp_path):
    asked = [claim("first", "often", name="x"), claim("absent", "silent", name="y")]
    table = ledger.evaluate_claims(asked, *tables())
    notebook = {"cells": [{"id": "prose", "cell_type": "markdown", "source": ["See claim:x and\n", "`claim:z-1`."]}]}
    (tmp_path / "nb.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    published = tmp_path / "claims.csv"
    assert ledger.check_claims(table, None, tmp_path)[0].startswith("The ledger of claims is not published")
    table.to_csv(published, index=False)
    assert ledger.check_claims(table, published, tmp_path) == ["nb.ipynb, cell “prose”: there is no claim “z-1”."]
    changed = pd.concat([table.iloc[:1].assign(verdict="not distinguishable"), table.iloc[:1].assign(claim="w")])
    changed.to_csv(published, index=False)
    assert ledger.check_claims(table, published, tmp_path)[:3] == [
        "claim “x”: the verdict was “not distinguishable” and is “supported”.",
        "claim “w” is published but no longer made.",
        "claim “y” is made but not published.",
    ]


def test_the_notebooks_of_the_project_name_only_claims_that_exist():
    known = [claim.id for claim in claims.read_claims(project_folder() / "corpus" / "alliances" / "claims.yml")]
    assert claims.check_references(known, project_folder() / "notebooks") == []
