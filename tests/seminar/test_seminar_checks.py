"""Checks of answers: right in any form, nearly right, and wrong in the ways in which students are wrong."""

import re
from functools import partial

import numpy as np
import pandas as pd
import pytest

from crossread import load, study
from crossread.wording import Labels
from crossread_seminar import checks
from crossread_seminar.remarks import NO_ANSWER, AnswerMissing, NotYet, Right, show_page, show_table

CORPUS = load("practice")
FIVE = load("alliances")
SIZES = FIVE.documents["n_tokens"]
# counted apart from the study: the published hits of the name in the body, in the order of the documents
HITS = pd.read_csv(FIVE.folder / "hits.csv").query("key == 'china_named' and not sentence_id.str.contains('-[hn]')")
NAMED = HITS["doc_id"].value_counts().reindex(SIZES.index, fill_value=0)
RATES = 1000 * NAMED / SIZES

CODED = pd.DataFrame({"coded": [True] * 6 + [False] * 4, "found": [True] * 3 + [False] * 3 + [True] + [False] * 3})
QUESTIONS = pd.DataFrame(
    {"question": [1, 2], "topic": [1, 2], "choices": ["a | b | c", "d | e | f"], "intruder": ["b", "d"]}
)
STABILITY = pd.DataFrame(
    {
        "k": [2, 3, 4, 5],
        "agreement": [0.8, 0.7, 0.6, 0.4],
        "null": [0.7, 0.4, 0.4, 0.45],
        "null_95": [0.85, 0.6, 0.5, 0.6],
    }
)
LOSSES = {
    "practice": pd.DataFrame({"topic": [1, 1, 2, 2], "left_out": ["a", "b"] * 2, "agreement": [0.9, 0.8, 0.9, 0.3]}),
    "alliances": pd.DataFrame(
        {"topic": [1, 1, 2, 2, 3, 3], "left_out": ["a", "b"] * 3, "agreement": [0.9, 0.9, 0.9, 0.2, 0.3, 0.4]}
    ),
}
HANGING = pd.DataFrame(
    {
        "topic": [1, 1, 1, 2, 2, 2, 3, 3, 3],
        "left_out": ["lee_2023", "harold_2019", "wesley_2017"] * 3,
        "agreement": [0.1, 0.9, 0.8, 0.7, 0.6, 0.2, 0.0, 0.4, 1.0],
    }
)
DRAWS = np.random.default_rng(5).beta(4, 12, 2000)
LOW, HIGH = np.quantile(DRAWS, [0.025, 0.975])
CONTRASTS = pd.DataFrame({"p": [0.001, 0.02, 0.05, 0.4], "p_adjusted": [0.004, 0.06, 0.1, 0.4]})
WAYS = pd.DataFrame(  # five ways of one family and one of another, which weigh the same
    {"weight": [0.1] * 5 + [0.5], "holds": [True] * 3 + [False] * 3, "agrees": [True] * 5 + [False]}
)
LABELS = {"lee_2023": "Lee 2023", "wesley_2017": "Wesley 2017", "harold_2019": "Harold et al. 2019"}
SHARES = pd.Series({"lee_2023": 0.4, "wesley_2017": 0.1, "harold_2019": 0.1})
MATRIX = pd.DataFrame(
    {
        "number": [1, 1, 2, 2],
        "doc_id": ["lee_2023", "wesley_2017"] * 2,
        "document": ["Lee 2023", "Wesley 2017"] * 2,
        "counted": [0, 13, 7, 3],
        "marked": [0, 18, 11, 0],
    }
)
STATEMENTS = pd.DataFrame({"number": [1, 2, 3], "kind": ["counted", "general", "measured"]})
PHRASE = "The U.S. told us: burden-sharing is Velland's job."
TOKENS = ["the", "u.s.", "told", "us", "burden", "sharing", "is", "velland", "job"]
TEN = [f"a-{number:03}" for number in range(10)]

GIVEN = {
    "sentences": (), "tokens": (PHRASE,), "counts": (), "rates": (), "codes": (TEN,), "entries": (), "scores": (CODED,),
    "intruders": (QUESTIONS,), "supported": (STABILITY,), "lost": (LOSSES,), "hangs": (HANGING,), "interval": (DRAWS,),
    "ceiling": (9,), "comparisons": (CONTRASTS,), "support": (WAYS,), "order": (SHARES, pd.Series(LABELS)),
    "matrix": (MATRIX,), "kinds": (STATEMENTS,),
}  # fmt: skip
CHECKS = {name: partial(lambda name, answer: checks.check(name, answer, *GIVEN[name]), name) for name in GIVEN}
MARSH = CORPUS.sentences.query("doc_id == 'marsh_2031'")
BODY = int((MARSH["kind"] == "body").sum())

RIGHT = [
    ("sentences", BODY),
    ("sentences", float(BODY)),
    ("sentences", str(BODY)),
    ("sentences", np.int64(BODY)),
    ("sentences", [BODY]),
    ("sentences", pd.Series([BODY])),
    ("tokens", TOKENS),
    ("tokens", tuple(TOKENS)),
    ("tokens", " ".join(TOKENS)),
    ("tokens", [token.upper() for token in TOKENS]),
    ("counts", NAMED),
    ("counts", NAMED[NAMED > 0]),
    ("counts", NAMED.to_dict()),
    ("counts", list(NAMED)),
    ("counts", NAMED.iloc[::-1]),
    ("counts", NAMED.astype(str).to_dict()),
    ("counts", NAMED.rename(index=FIVE.documents["label"])),
    ("counts", {"Baker": NAMED.iloc[1], "Wesley": NAMED.iloc[2], "Harold": NAMED.iloc[3], "Lee": NAMED.iloc[4]}),
    ("counts", NAMED.rename_axis("doc_id").rename("count").reset_index()),
    ("rates", RATES),
    ("rates", RATES[RATES > 0].iloc[::-1]),
    ("rates", RATES.round(1)),
    ("rates", RATES.where(RATES > 0)),
    ("rates", dict(RATES.round(2))),
    ("rates", list(RATES)),
    ("rates", pd.DataFrame({"count": NAMED, "per_1000": RATES})),
    ("rates", pd.DataFrame({"doc_id": RATES.index, "n_tokens": SIZES.to_numpy(), "mine": RATES.to_numpy()})),
    ("codes", [0, 1, 2, 0, 1, 2, 0, 1, 2, 0]),
    ("codes", dict(zip(reversed(TEN), [0, 1] * 5, strict=True))),
    ("codes", pd.Series([0, 2] * 5, index=TEN)),
    ("codes", ["0", "2"] * 5),
    ("codes", "0, 2, 0, 2, 0, 2, 0, 2, 0, 2"),
    ("codes", np.array([0, 2.0] * 5)),
    ("entries", ["burden* ! burden of proof", "free rid*", "pay|pays|paid", "cost*"]),
    ("entries", {"burden_sharing": ["free rider", "rent", "load", "cost"]}),
    ("scores", {"precision": 0.75, "recall": 0.5}),
    ("scores", (3 / 4, 3 / 6)),
    ("scores", ["75 %", "50%"]),
    ("scores", {"Recall": 50, "Precision": 75}),
    ("scores", "0.75, 0.5"),
    ("scores", pd.Series({"recall": 0.5, "precision": 0.75})),
    ("intruders", ["a", "e"]),
    ("intruders", "a, e"),
    ("intruders", {2: "D", 1: " b"}),
    ("intruders", pd.Series({1: "b", 2: "d"})),
    ("supported", [3, 4]),
    ("supported", {4, 3}),
    ("supported", "3, 4"),
    ("supported", pd.Series([4.0, 3.0])),
    ("supported", np.array([3, 4])),
    ("hangs", {1: "lee_2023", 2: "wesley_2017", 3: "lee_2023"}),
    ("hangs", {"3": "Lee 2023", "2": "Wesley", "1": " lee 2023"}),
    ("hangs", ["Lee 2023", "Wesley 2017", "lee"]),
    ("hangs", pd.Series({2: "wesley_2017", 1: "lee_2023", 3: "lee_2023"})),
    ("hangs", HANGING.pivot(index="topic", columns="left_out", values="agreement").idxmin(axis=1)),
    ("interval", (LOW, HIGH)),
    ("interval", [round(LOW, 2), round(HIGH, 2)]),
    ("interval", (LOW - 0.0045, HIGH + 0.0045)),  # as far as two decimals may be off
    ("interval", {"high": HIGH, "low": f"{100 * LOW:.1f} %"}),
    ("lost", {"practice": 1, "alliances": 2}),
    ("lost", {"Alliances": np.int64(2), "practice": "1"}),
    ("lost", [1, 2]),
    ("lost", "1, 2"),
    ("interval", np.quantile(DRAWS, [0.025, 0.975])),
    ("ceiling", 3 / 9),
    ("ceiling", 0.33),
    ("ceiling", "33 %"),
    ("comparisons", (3, 1)),
    ("comparisons", "3, 1"),
    ("comparisons", {"after": np.int64(1), "before": np.int64(3)}),
    ("support", 0.3),
    ("support", "30 %"),
    ("support", np.float64(0.302)),
    ("order", ["Lee", "Wesley", "Harold"]),
    ("order", "harold_2019, Wesley 2017, lee"),
    ("matrix", {"Lee": [2], "Wesley 2017": []}),
    ("matrix", {"lee_2023": (1, 2), "Wesley": ["1"]}),
    ("matrix", {"Lee": "1, 2", "Wesley": 1}),
    ("kinds", ["counted", "general", "measured"]),
    ("kinds", {3: "measured", 1: "Counted ", 2: "general"}),
    ("kinds", "counted, general, measured"),
]

EVERY = study("alliances").hits["doc_id"].value_counts()
SENTENCES = HITS.groupby("doc_id")["sentence_id"].nunique()
HEADS = FIVE.sentences.groupby("doc_id")["n_tokens"].sum()
ONE_WRONG = RATES.where(RATES.index != "lee_2023", RATES + 1)

WRONG = [
    ("sentences", len(MARSH), "One of them is a heading"),
    ("sentences", int(MARSH.query("kind == 'body'")["n_tokens"].sum()), "These are tokens"),
    ("sentences", len(CORPUS.sentences), "all texts together"),
    ("sentences", 12, "That is not it"),
    ("sentences", "many", "one number"),
    ("sentences", [1, 2], "Asked for is one number; these are 2"),
    ("tokens", 9, "not their number"),
    ("tokens", [*TOKENS, "."], "Punctuation is not a token"),
    ("tokens", "The U.S. told us: burden sharing is Velland job.", "still clings"),
    ("tokens", ["the", "u.s.", "told", "us", "burden-sharing", "is", "velland", "job"], "A hyphen separates"),
    ("tokens", [*TOKENS[:7], "Velland’s", "job"], "possessive"),
    ("tokens", ["the", "us", *TOKENS[2:]], "the country becomes a pronoun"),
    ("tokens", sorted(TOKENS), "in the order of the text"),
    ("tokens", TOKENS[:-1], "No word is too small"),
    ("tokens", [*TOKENS[:-1], "task"], "1 of your tokens"),
    ("counts", NAMED.sum(), "one for each document"),
    ("counts", EVERY, "You counted the hits of every theme"),
    ("counts", SENTENCES, "You counted sentences"),
    ("counts", FIVE.counts.groupby("doc_id")["count"].sum(), "all tokens of each document"),
    ("counts", list(NAMED)[:3], "3 values for 5 documents"),
    ("counts", NAMED + 1, "5 of 5 counts are not right yet"),
    ("counts", HITS.groupby(["doc_id", "sentence_id"])["entry"].count(), "more than one row"),
    ("counts", HITS[["doc_id", "start_token"]], "more than once"),
    ("counts", {"Snyder": 4}, "“Snyder” is not one of the documents"),
    ("counts", {"lee_2023": 4, "nobody": 1}, "“nobody” is not one of the documents"),
    ("counts", 'counts["term"]', "values for 5 documents"),
    ("rates", NAMED, "These are the counts"),
    ("rates", NAMED / SIZES, "Multiply it by 1,000"),
    ("rates", 100 * NAMED / SIZES, "per cent"),
    ("rates", 1000 * NAMED / SIZES.sum(), "all documents together"),
    ("rates", 1000 * SIZES / NAMED.where(NAMED > 0), "Upside down"),
    ("rates", 1000 * NAMED / HEADS, "headings and notes"),
    ("rates", 1000 * NAMED / FIVE.documents["n_sentences"], "These are sentences"),
    ("rates", RATES.round(), "keep at least one decimal"),
    ("rates", ONE_WRONG, "Look again at lee_2023"),
    ("rates", RATES * 1.1, "rates are not right yet"),
    ("codes", [0] * 10, "the same code"),
    ("codes", [0, 1], "2 codes for 10 sentences"),
    ("codes", [0, 1, 2, 3, 0, 1, 2, 0, 1, 2], "a-003: 3 is not a code"),
    ("codes", ["core"] + [0] * 9, "a-000: 'core' is not a code"),
    ("codes", dict.fromkeys(TEN[:9], 0), "a-009 has no code"),
    ("entries", "burden*", "Write a list"),
    ("entries", ["cost"], "at least four"),
    ("entries", ["cost", "Cost", "pay", "rent"], "stands there twice"),
    ("entries", ["pa*", "cost", "load", "rent"], "“pa*” is too wide"),
    ("entries", ["burden*", "cost", "load", "rent"], "carried in court"),
    ("entries", ["contribut*", "cost", "load", "rent"], "contributes to a debate"),
    ("entries", ["zeppelin", "dirigible", "balloon", "kite"], "None of your entries occurs"),
    ("entries", ["(cost", "pay", "load", "rent"], "cannot be read"),
    ("scores", {"precision": 0.5, "recall": 0.75}, "exchanged the two"),
    ("scores", {"precision": 0.6, "recall": 0.5}, "Leave those out where neither saw it"),
    ("scores", {"precision": 0.3, "recall": 0.3}, "divided by all sentences"),
    ("scores", {"precision": 0.8, "recall": 0.5}, "Rounded too far"),
    ("scores", {"precision": 0.75, "recall": 0.2}, "Precision is right"),
    ("scores", {"precision": 0.1, "recall": 0.5}, "Recall is right"),
    ("scores", {"precision": 0.1, "recall": 0.1}, "both columns say True"),
    ("scores", {"precision": 0.75}, "“recall” is missing"),
    ("scores", {"precision": -1, "recall": 0.5}, "between 0 and 1"),
    ("scores", 0.75, "Give a list"),
    ("scores", [0.1, 0.2, 0.3], "two numbers"),
    ("intruders", ["a"], "1 answers to 2 questions"),
    ("intruders", ["a", "z"], "Question 2: “z” is none of its words"),
    ("intruders", {1: "a"}, "Question 2 has no answer yet"),
    ("intruders", 3, "list of words"),
    ("interval", (round(LOW, 1), round(HIGH, 1)), "Rounded too far"),
    ("supported", [2, 5], "The other way round"),
    ("supported", [2, 3, 4], "the bar is null_95"),
    ("supported", [9], "9 is not in the table"),
    ("supported", [2], "the highest agreement"),
    ("supported", [3], "Not as you say: 1 of the rows"),
    ("supported", ["three"], "whole numbers"),
    ("supported", STABILITY["agreement"] > STABILITY["null_95"], "whole numbers"),
    ("hangs", {1: "harold_2019", 2: "lee_2023", 3: "wesley_2017"}, "can best do without"),
    ("hangs", ["lee_2023", "harold_2019", "lee_2023"], "the row of topic 2"),
    ("hangs", ["lee_2023", "snyder_1984", "lee_2023"], "“snyder_1984” is not one of the documents"),
    ("hangs", {1: "lee_2023", 3: "lee_2023"}, "“2” has no answer yet"),
    ("hangs", 3, "Give a list"),
    ("lost", [1, 1], "the ones that stand"),
    ("lost", [0, 1], "the average of a topic"),
    ("lost", [1, 3], "once for every document"),
    ("lost", [2, 2], "Look again at “practice”"),
    ("lost", [1, 9], "alliances: there are not so many topics"),
    ("lost", [2, 9], "alliances: there are not so many topics"),
    ("lost", {"practice": 1}, "“alliances” has no answer yet"),
    ("lost", [1, 2, 3], "3 answers for 2"),
    ("lost", ["one", 2], "one number"),
    ("interval", (HIGH, LOW), "exchange them"),
    ("interval", np.quantile(DRAWS, [0.05, 0.95]), "90 of 100"),
    ("interval", np.quantile(DRAWS, [0.25, 0.75]), "half of the draws"),
    ("interval", (DRAWS.min(), DRAWS.max()), "smallest and the largest"),
    ("interval", (DRAWS.mean() - DRAWS.std(), DRAWS.mean() + DRAWS.std()), "standard deviation"),
    ("interval", (0, 1), "which a and b"),
    ("interval", (0.1, 0.2, 0.3), "two numbers"),
    ("ceiling", 0, "Nought is the share that was seen"),
    ("ceiling", 33.3, "That is per cent"),
    ("ceiling", 1 / 9, "The rule says three"),
    ("ceiling", 3, "Upside down"),
    ("ceiling", 0.8, "3 / n"),
    ("comparisons", (1, 3), "Exchanged"),
    ("comparisons", (3, 2), "Before is right"),
    ("comparisons", (4, 1), "After is right"),
    ("comparisons", (1, 4), "Count the rows"),
    ("comparisons", (2, 2), "Count the rows"),
    ("support", 3, "That is their number"),
    ("support", 0.5, "every way weighs the same"),
    ("support", 0.7, "not supported"),
    ("support", 0.1, "what is false counts nothing"),
    ("order", ["Lee", "Wesley"], "Harold et al. 2019 has no place yet"),
    ("order", ["Lee", "Wesley", "Harold", "Lee"], "stands there twice"),
    ("order", ["Lee", "Snyder", "Harold"], "“Snyder” is not one of the documents"),
    ("order", 3, "Give a list"),
    ("matrix", [1, 2], "Write a dictionary"),
    ("matrix", {"Lee": [1]}, "Wesley 2017 is missing"),
    ("matrix", {"Lee": [9], "Wesley": []}, "Lee 2023: there is no sense 9"),
    ("kinds", ["counted", "counted", "measured"], "never read off these pages alone"),
    ("kinds", ["general", "general", "measured"], "is a fact, whether or not"),
    ("kinds", ["counted", "general", "counted"], "who marked those sentences"),
    ("kinds", ["general", "counted", "measured"], "1 of 3 stand where they belong. Ask of statement 1"),
    ("kinds", ["counted", "true", "measured"], "Statement 2: “true” is none of counted"),
    ("kinds", ["counted"], "1 answers for 3"),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_counts_in_any_form(name, answer):
    said = CHECKS[name](answer)
    assert isinstance(said, Right) and said._repr_markdown_() == str(said)


@pytest.mark.parametrize(("name", "answer", "remark"), WRONG)
def test_a_wrong_answer_gets_its_remark_and_not_the_answer(name, answer, remark):
    with pytest.raises(NotYet) as stopped:
        CHECKS[name](answer)
    said = str(stopped.value)
    assert remark in said and stopped.value._render_traceback_() == [said]
    answers = {
        "sentences": [BODY], "counts": NAMED[NAMED > 9], "rates": RATES[RATES > 0].round(1), "scores": [0.75, 75],
        "interval": [round(LOW, 2), round(HIGH, 2)], "ceiling": [0.33, 33],
    }  # fmt: skip
    assert not set(re.findall(r"\d+(?:\.\d+)?", said)) & {str(value) for value in answers.get(name, [])}
    words = set(said.lower().split())
    assert name != "tokens" or not words & {"velland", "burden", "sharing"}
    assert name != "intruders" or "intruder" not in said
    assert name != "hangs" or "not one of the documents" in said or not words & {"lee", "harold", "wesley"}


@pytest.mark.parametrize("name", CHECKS)
def test_a_missing_answer_is_asked_for(name):
    for answer in (..., None, "", [], [...], {}, {"precision": ..., 1: ...}):
        with pytest.raises(AnswerMissing) as stopped:
            CHECKS[name](answer)
        assert str(stopped.value) == NO_ANSWER


def test_every_check_of_the_table_is_tried():
    assert set(CHECKS) == set(checks.CHECKS) == {name for name, _ in RIGHT}
    with_mistakes = {name for name, exercise in checks.CHECKS.items() if exercise.mistakes}
    assert with_mistakes <= {name for name, _, _ in WRONG}


def test_numbers_at_random_are_never_taken_for_right():
    for seed in range(25):
        _try_numbers(np.random.default_rng(seed))


def _try_numbers(generator):
    for name in ("counts", "rates"):
        with pytest.raises(NotYet):
            CHECKS[name](pd.Series(generator.uniform(0, 40, len(NAMED)), index=NAMED.index))
    for name in ("interval", "scores"):
        with pytest.raises(NotYet):
            CHECKS[name](tuple(generator.uniform(0, 0.05, 2)))


def test_what_was_found_and_what_not_is_said_of_entries():
    said = checks.check("entries", ["free rider", "rent", "load", "zeppelin"])
    assert said.endswith("Without a hit in these texts: zeppelin.")


def test_a_guess_is_told_how_far_it_goes_by_hand():
    """Lee before Wesley and before Harold; those two have the same share, and their order counts for nothing."""
    assert CHECKS["order"](["Lee", "Wesley", "Harold"]) == "Of 2 pairs with different counts 2 stand in your order."
    assert CHECKS["order"](["Harold", "Lee", "Wesley"]) == "Of 2 pairs with different counts 1 stand in your order."


def test_a_matrix_is_held_against_both_readers_by_hand():
    """Marked by you: Lee 2, by the list also both of Wesley's, by the coders one of them."""
    assert CHECKS["matrix"]({"Lee": [2], "Wesley": []}) == (
        "Of 4 cells you and the word list agree on 2, you and the coders on 3, the word list and the coders on 3."
    )


def test_a_table_is_set_from_the_left():
    shown = show_table(pd.DataFrame({"text": ["Who pays & why?"]}), index=False)
    made = shown._repr_html_()
    assert made.count('style="text-align: left"') == 4 and "<thead>" in made and "Who pays &amp; why?" in made
    assert "right" not in made and "Who pays" in repr(shown)


def test_a_table_says_in_words_what_its_columns_are():
    """Below the words stands the name in code; documents and themes have their labels, in the order of time."""
    labels = Labels({"b_2011": "B & C 2011", "a_2019": "A 2019"}, {"rise": "China's rise"})
    rows = pd.DataFrame({"doc_a": ["a_2019"], "key": ["rise"], "p_adjusted": [0.2], "n_sentences": [9], "kind": ["x"]})
    page = show_table(rows, labels, index=False)._repr_html_()
    assert re.findall(r"<th[^>]*>(.*?)</th>", page) == [
        "document<br><code>doc_a</code>", "theme<br><code>key</code>", "adjusted p<br><code>p_adjusted</code>",
        "sentences<br><code>n_sentences</code>", "kind",
    ]  # fmt: skip
    assert "A 2019" in page and "China's rise" in page and list(rows["doc_a"]) == ["a_2019"]
    wide = pd.DataFrame({"a_2019": [0.5], "b_2011": [0.4]}, index=pd.Index([1], name="topic"))
    page = show_table(wide, labels)._repr_html_()
    assert page.index("B &amp; C 2011") < page.index("A 2019") and "2019</code>" not in page


def test_a_page_is_read_paragraph_by_paragraph():
    import crossread as cr

    shown = show_page(cr.study({"a": "Who pays & why?\n\nAllies."}, lexicon={"cost": ["pay*"]}), "a")
    assert shown._repr_html_() == "<p>Who pays &amp; why?</p><p>Allies.</p>"
    with pytest.raises(cr.TextNeeded, match="needs the running texts of “alliances”"):
        show_page(cr.study("alliances", texts=False), "lee_2023")
