"""Checks of answers: right in any form, nearly right, and wrong in the ways in which students are wrong."""

import math

import numpy as np
import pandas as pd
import pytest

from crossread import load
from crossread_seminar import checks
from crossread_seminar.remarks import NO_ANSWER, AnswerMissing, NotYet, Right, blind, show_chart, show_table

CORPUS = load("practice")
COUNTS = CORPUS.counts
SIZES = CORPUS.documents["n_tokens"]
# counted apart from the library: the words of each body, split at spaces and stripped of marks
WE = pd.Series(
    {
        doc_id: sum(
            word.strip(".,;:!?“”\"'()").lower() == "we"
            for text in CORPUS.sentences.query("doc_id == @doc_id and kind == 'body'")["text"]
            for word in text.replace("’", "'").split()
        )
        for doc_id in CORPUS.documents.index
    }
)
RATES = 1000 * WE / SIZES

CODED = pd.DataFrame({"coded": [True] * 6 + [False] * 4, "found": [True] * 3 + [False] * 3 + [True] + [False] * 3})
QUESTIONS = pd.DataFrame(
    {"question": [1, 2], "topic": [1, 2], "choices": ["a | b | c", "d | e | f"], "intruder": ["b", "d"]}
)
STABILITY = pd.DataFrame({"k": [2, 3, 4], "agreement": [0.8, 0.7, 0.6], "null_95": [0.85, 0.6, 0.5]})
LOSSES = {
    "as written": pd.DataFrame({"topic": [1, 1, 2, 2], "agreement": [0.9, 0.8, 0.9, 0.3]}),
    "shuffled": pd.DataFrame({"topic": [1, 1, 2, 2], "agreement": [0.1, 0.2, 0.3, 0.4]}),
    "the study": pd.DataFrame({"topic": [1, 1, 2, 2, 3, 3], "agreement": [0.9, 0.9, 0.9, 0.2, 0.3, 0.4]}),
}
HANGING = pd.DataFrame(
    {
        "topic": [1, 1, 1, 2, 2, 2, 3, 3, 3],
        "left_out": ["lee_2023", "harold_2019", "wesley_2017"] * 3,
        "agreement": [0.1, 0.9, 0.8, 0.7, 0.6, 0.2, 0.0, 0.4, 1.0],
        "share_held": [0.2, 0.2, 0.6, 0.2, 0.2, 0.6, 0.2, 0.2, 0.6],
    }
)
DRAWS = np.random.default_rng(5).gamma(4, 0.01, 2000)
LOW, HIGH = 1000 * np.quantile(DRAWS, [0.025, 0.975])
CONTRASTS = pd.DataFrame({"p": [0.001, 0.02, 0.05, 0.4], "p_adjusted": [0.004, 0.06, 0.1, 0.4]})
WAYS = pd.DataFrame(
    {"claim": ["x"] * 8 + ["y"] * 2, "holds": [True] * 2 + [False] * 6 + [True] * 2, "agrees": [True] * 7 + [False] * 3}
)
PHRASE = "The U.S. told us: burden-sharing is Velland's job."
TOKENS = ["the", "u.s.", "told", "us", "burden", "sharing", "is", "velland", "job"]
TEN = [f"a-{number:03}" for number in range(10)]

CHECKS = {
    "sentences": checks.check_sentences,
    "tokens": lambda answer: checks.check_tokens(answer, PHRASE),
    "counts": checks.check_counts,
    "rates": checks.check_rates,
    "codes": lambda answer: checks.check_codes(answer, TEN),
    "entries": checks.check_entries,
    "scores": lambda answer: checks.check_scores(answer, CODED),
    "intruders": lambda answer: checks.check_intruders(answer, QUESTIONS),
    "supported": lambda answer: checks.check_supported(answer, STABILITY),
    "fragile": lambda answer: checks.check_fragile(answer, LOSSES),
    "hangs": lambda answer: checks.check_hangs(answer, HANGING),
    "limits": lambda answer: checks.check_limits(answer, DRAWS),
    "ceiling": lambda answer: checks.check_ceiling(answer, 266),
    "comparisons": lambda answer: checks.check_comparisons(answer, CONTRASTS),
    "robustness": lambda answer: checks.check_robustness(answer, WAYS, "x"),
}
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
    ("counts", WE),
    ("counts", WE[WE > 0]),
    ("counts", WE.to_dict()),
    ("counts", list(WE)),
    ("counts", WE.iloc[::-1]),
    ("counts", WE.astype(str).to_dict()),
    ("counts", WE.rename(index=CORPUS.documents["label"])),
    ("counts", WE.rename_axis("doc_id").rename("count").reset_index()),
    ("rates", RATES),
    ("rates", RATES[RATES > 0].iloc[::-1]),
    ("rates", RATES.round(1)),
    ("rates", RATES.where(RATES > 0)),
    ("rates", dict(RATES.round(2))),
    ("rates", list(RATES)),
    ("rates", pd.DataFrame({"count": WE, "per_1000": RATES})),
    ("rates", pd.DataFrame({"doc_id": RATES.index, "n_tokens": SIZES.to_numpy(), "mine": RATES.to_numpy()})),
    ("codes", [0, 1, 2, 0, 1, 2, 0, 1, 2, 0]),
    ("codes", dict(zip(reversed(TEN), [0, 1] * 5, strict=True))),
    ("codes", pd.Series([0, 2] * 5, index=TEN)),
    ("codes", ["0", "2"] * 5),
    ("codes", np.array([0, 2.0] * 5)),
    ("entries", ["burden* ! burden of proof", "free rid*", "pay|pays|paid", "cost*"]),
    ("entries", {"burden_sharing": ["free rider", "rent", "load", "cost"]}),
    ("scores", {"precision": 0.75, "recall": 0.5}),
    ("scores", (3 / 4, 3 / 6)),
    ("scores", ["75 %", "50%"]),
    ("scores", {"recall": 50, "precision": 75}),
    ("scores", pd.Series({"recall": 0.5, "precision": 0.75})),
    ("intruders", ["a", "e"]),
    ("intruders", {2: "D", 1: " b"}),
    ("intruders", pd.Series({1: "b", 2: "d"})),
    ("supported", [3, 4]),
    ("supported", {4, 3}),
    ("supported", "3, 4"),
    ("supported", pd.Series([4.0, 3.0])),
    ("supported", np.array([3, 4])),
    ("fragile", {"as written": 1, "shuffled": 2, "the study": 2}),
    ("fragile", {"The study": np.int64(2), "shuffled": "2", "as written": 1.0}),
    ("fragile", pd.Series({"shuffled": 2, "the study": 2, "as written": 1})),
    ("fragile", [1, 2, 2]),
    ("fragile", "1, 2, 2"),
    ("hangs", {1: "lee_2023", 2: "wesley_2017", 3: "lee_2023"}),
    ("hangs", {"3": "Lee 2023", "2": "Wesley", "1": " lee 2023"}),
    ("hangs", ["Lee 2023", "Wesley 2017", "lee"]),
    ("hangs", pd.Series({2: "wesley_2017", 1: "lee_2023", 3: "lee_2023"})),
    ("hangs", HANGING.pivot(index="topic", columns="left_out", values="agreement").idxmin(axis=1)),
    ("limits", (LOW, HIGH)),
    ("limits", [round(LOW, 1), round(HIGH, 1)]),
    ("limits", {"high": HIGH, "low": LOW}),
    ("limits", 1000 * np.quantile(DRAWS, [0.025, 0.975])),
    ("ceiling", 3000 / 266),
    ("ceiling", 11.3),
    ("ceiling", -1000 * math.log(0.025) / 266),
    ("comparisons", (3, 1)),
    ("comparisons", {"after": np.int64(1), "before": np.int64(3)}),
    ("robustness", 0.25),
    ("robustness", "25 %"),
    ("robustness", 25.0),
    ("robustness", np.float64(0.2502)),
]

ADDED = COUNTS[COUNTS["term"].isin(["we", "us", "our", "ours"])].groupby("doc_id")["count"].sum()
ROWS = COUNTS[COUNTS["term"] == "we"].groupby("doc_id").size()
HEADS = CORPUS.sentences.groupby("doc_id")["n_tokens"].sum()
ONE_WRONG = RATES.where(RATES.index != "han_2033", RATES + 1)

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
    ("counts", WE.sum(), "one for each document"),
    ("counts", ADDED, "exactly “we”"),
    ("counts", ROWS, "Add up the column “count”"),
    ("counts", COUNTS.groupby("doc_id")["count"].sum(), "all tokens of each document"),
    ("counts", list(WE)[:3], "3 values for 7 documents"),
    ("counts", WE + 1, "7 of 7 counts are not right yet"),
    ("counts", COUNTS[COUNTS["term"] == "we"].groupby(["doc_id", "segment"])["count"].sum(), "more than one row"),
    ("counts", COUNTS[COUNTS["term"] == "we"], "more than once"),
    ("counts", {"marsh_2031": 4, "nobody": 1}, "“nobody” is not a document"),
    ("counts", 'counts["term"]', "values for 7 documents"),
    ("rates", WE, "These are the counts"),
    ("rates", WE / SIZES, "Multiply it by 1,000"),
    ("rates", 100 * WE / SIZES, "per cent"),
    ("rates", 1000 * WE / SIZES.sum(), "all documents together"),
    ("rates", 1000 * SIZES / WE.where(WE > 0), "Upside down"),
    ("rates", 1000 * WE / HEADS, "headings and notes"),
    ("rates", 1000 * WE / CORPUS.documents["n_sentences"], "These are sentences"),
    ("rates", RATES.round(), "keep at least one decimal"),
    ("rates", ONE_WRONG, "Look again at han_2033"),
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
    ("supported", [2], "The other way round"),
    ("supported", [2, 3, 4], "All of them?"),
    ("supported", [9], "9 is not in the table"),
    ("supported", [3], "Not as you say: 1 of the rows"),
    ("supported", ["three"], "whole numbers"),
    ("fragile", [1, 0, 1], "the ones that stand"),
    ("fragile", [0, 2, 1], "the average of a topic"),
    ("fragile", [1, 4, 3], "You counted topics once for every document"),
    ("fragile", [1, 2, 9], "the study: there are not so many topics"),
    ("fragile", [1, 2, 3], "Go down the column “the study”"),
    ("fragile", {"as written": 1, "shuffled": 2}, "“the study” has no answer yet"),
    ("fragile", [1, 2], "2 answers for 3"),
    ("fragile", ["one", 2, 2], "one number"),
    ("hangs", {1: "harold_2019", 2: "lee_2023", 3: "wesley_2017"}, "can best do without"),
    ("hangs", ["Wesley"] * 3, "Not always the text that has most of a topic"),
    ("hangs", ["Lee 2023"] * 3, "Not always the text that has most of a topic"),
    ("hangs", ["lee_2023", "harold_2019", "lee_2023"], "the row of topic 2"),
    ("hangs", ["lee_2023", "snyder_1984", "lee_2023"], "Topic 2: “snyder_1984” is not a document"),
    ("hangs", {1: "lee_2023", 3: "lee_2023"}, "“2” has no answer yet"),
    ("hangs", 3, "Give a list"),
    ("limits", (HIGH, LOW), "exchange them"),
    ("limits", np.quantile(DRAWS, [0.025, 0.975]), "Multiply by 1,000"),
    ("limits", 1000 * np.quantile(DRAWS, [0.05, 0.95]), "90 of 100"),
    ("limits", 1000 * np.quantile(DRAWS, [0.25, 0.75]), "half of the draws"),
    ("limits", (1000 * DRAWS.min(), 1000 * DRAWS.max()), "smallest and the largest"),
    ("limits", (1000 * (DRAWS.mean() - DRAWS.std()), 1000 * (DRAWS.mean() + DRAWS.std())), "standard deviation"),
    ("limits", (0, 1), "which a and b"),
    ("limits", (1, 2, 3), "two numbers"),
    ("ceiling", 0, "Nought is the rate that was seen"),
    ("ceiling", 3 / 266, "per token"),
    ("ceiling", 1000 / 266, "The rule says three"),
    ("ceiling", 266 / 3, "Upside down"),
    ("ceiling", 50, "3 / n"),
    ("comparisons", (1, 3), "Exchanged"),
    ("comparisons", (3, 2), "Before is right"),
    ("comparisons", (4, 1), "After is right"),
    ("comparisons", (1, 4), "Count the rows"),
    ("comparisons", (2, 2), "Count the rows"),
    ("robustness", 2, "Divide it by all ways"),
    ("robustness", 0.75, "the claim fails"),
    ("robustness", 0.4, "all claims together"),
    ("robustness", 0.875, "the right sign"),
    ("robustness", 0.1, "Keep the rows of this claim"),
    ("robustness", {"x": 1}, "one number"),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_counts_in_any_form(name, answer):
    said = CHECKS[name](answer)
    assert isinstance(said, Right) and said._repr_markdown_() == str(said)


@pytest.mark.parametrize(("name", "answer", "remark"), WRONG)
def test_a_wrong_answer_gets_its_remark(name, answer, remark):
    with pytest.raises(NotYet) as stopped:
        CHECKS[name](answer)
    assert remark in str(stopped.value)
    assert stopped.value._render_traceback_() == [str(stopped.value)]


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.parametrize("answer", [..., None, "", [], [...], {}, {"precision": ..., 1: ...}])
def test_a_missing_answer_is_asked_for(name, answer):
    with pytest.raises(AnswerMissing) as stopped:
        CHECKS[name](answer)
    assert str(stopped.value) == NO_ANSWER


def shown_numbers(text):
    return set(pd.Series([text]).str.findall(r"\d+(?:\.\d+)?").iloc[0])


@pytest.mark.parametrize(("name", "answer", "remark"), WRONG)
def test_a_hint_never_gives_the_answer(name, answer, remark):
    answers = {
        "sentences": [BODY], "counts": WE[WE > 9], "rates": RATES[RATES > 0].round(1), "scores": [0.75, 75],
        "limits": [round(LOW, 1), round(HIGH, 1)], "ceiling": [11.3, 11.28], "robustness": [0.25, 25],
    }  # fmt: skip
    with pytest.raises(NotYet) as stopped:
        CHECKS[name](answer)
    said = str(stopped.value)
    assert not shown_numbers(said) & {str(value) for value in answers.get(name, [])}
    if name == "tokens":
        assert not set(said.lower().split()) & {"velland", "burden", "sharing"}
    if name == "intruders":
        assert "intruder" not in said
    if name == "hangs":
        assert not any(author in said.lower() for author in ("lee", "harold", "wesley"))


@pytest.mark.parametrize("seed", range(25))
def test_numbers_at_random_are_never_taken_for_right(seed):
    generator = np.random.default_rng(seed)
    for name in ("counts", "rates"):
        with pytest.raises(NotYet):
            CHECKS[name](pd.Series(generator.uniform(0, 40, len(WE)), index=WE.index))
    for name in ("limits", "scores"):
        with pytest.raises(NotYet):
            CHECKS[name](tuple(generator.uniform(0, 0.24, 2)))


def test_what_was_found_and_what_not_is_said_of_entries():
    assert checks.check_entries(["free rider", "rent", "load", "zeppelin"]).endswith(
        "Without a hit in these texts: zeppelin."
    )


def test_chart_has_words_for_those_who_cannot_see_it():
    from matplotlib.figure import Figure

    from crossread.errors import CrossreadError

    shown = show_chart(Figure(figsize=(1, 1)), "A & B", 'It "falls".')
    assert 'alt="It &quot;falls&quot;."' in shown._repr_html_() and "A &amp; B" in shown._repr_html_()
    assert repr(shown) == '[Figure: It "falls".]'
    with pytest.raises(CrossreadError, match="give caption and alt"):
        show_chart(Figure(), "A", " ")


def test_a_table_is_set_from_the_left():
    shown = show_table(pd.DataFrame({"text": ["Who pays & why?"]}), index=False)
    made = shown._repr_html_()
    assert made.count('style="text-align: left"') == 4 and "<thead>" in made and "Who pays &amp; why?" in made
    assert "right" not in made and "Who pays" in repr(shown)


def test_blind_sets_come_with_their_key():
    sets, key = blind({"x": 1, "y": 2, "z": 3}, seed=4)
    assert dict(zip(key, sets, strict=True)) == {"x": 1, "y": 2, "z": 3}
    assert len({blind({"x": 1, "y": 2}, seed=seed)[1] for seed in range(9)}) == 2
