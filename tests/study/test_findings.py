"""Every sentence of every answer is read again and held against its numbers, also where what is usual is false.

Each question has a reader below. It takes the finding apart by patterns, computes from the frame alone what each says,
and leaves nothing unread.
"""

# ruff: noqa: E501 - the pattern of a sentence stays on one line

import re

import numpy as np
import pandas as pd
import pytest

import crossread as cr
from crossread import from_texts
from crossread.measure.pairs import REST
from crossread.questions import GROUPED, QUESTIONS
from crossread.wording import TIED, spoken, spoken_name

PAY = "Allies pay for the watch. They talk of costs in the harbour. Nobody minds the costs of bases. "
RAIN = "Rain fell on the islands. The ships came home late. We must not wait. "
KNOWS = "Nobody knows the way. "
LEXICON = {"cost": ["cost*", "pay*"], "rise": ["rise*", "growing power"], "ally": ["ally|allies"]}
WHO = {"allies": ["allies"], "ships": ["ships"], "islands": ["islands"], "harbour": ["harbour"]}
EVEN = "".join(
    f"{who} {does} the {what} at {when}. "
    for who in ("Allies", "Ships", "Ports") for does in ("pay", "see", "keep") for what in ("cost", "sea")
    for when in ("noon", "dusk")
)  # fmt: skip
MADE = {
    "one document": {"only": PAY * 8},
    "two documents": {"a": PAY * 6, "b": RAIN * 9},
    "the same text three times": dict.fromkeys("abc", PAY * 6),
    "one kind of text, nobody ahead": {f"d{n}": EVEN for n in range(4)},
    "a sentence each": {"a": "Allies pay.", "b": "Rain fell.", "c": "They talk."},
    "silent themes": {"a": RAIN * 6, "b": RAIN * 4 + "Ships sail far out to sea. " * 5, "c": KNOWS * 12},
    "ties": {"a": PAY * 2, "b": PAY * 4, "c": RAIN * 3 + PAY, "d": RAIN * 4},
}
DATED = {f"t{n}": (PAY if n % 2 else RAIN) * (n % 4 + 1) + KNOWS * n for n in range(12)}
NEEDED = {"search": {"pattern": "pay*|fell"}, "topic_stability": {"ks": (2, 3)}}
OF_HITS = ("contrasts", "omnibus", "trends", "group_trends")  # are asked of hits per 1,000 tokens too
NOT_HERE = ("curve", "read", "group_trends")  # need an argument that the corpus gives


# --- the answers ----------------------------------------------------------------------------------------------------


def made(name):
    if name != "years and parties":
        return cr.study(MADE[name], lexicon=LEXICON), None
    frame = pd.DataFrame({"doc_id": list(DATED), "text": list(DATED.values()), "year": range(1990, 2002)})
    return cr.study(frame.assign(party=["red", "blue", None] * 4), lexicon=LEXICON), "party"


def opened(name):
    by = {"practice": "genre"}.get(name)
    return (cr.study(name, texts=None if by else False), by) if name in ("practice", "alliances") else made(name)


def asked(study, by):
    """Every question in every form, and the answer or the sentence that says why there is none."""
    for question in QUESTIONS:
        forms = [] if question in NOT_HERE else [NEEDED.get(question, {})]
        if question == "actors" and study.corpus.folder is None:
            forms = [{"lexicon": WHO}]
        forms += [{"by": by}] if by and (question in GROUPED or question == "group_trends") else []
        if question in OF_HITS:
            forms += [form | {"quantity": "per_1000"} for form in forms]
        if question == "read":
            forms = [{"sense": theme} for theme in study.lexicon.themes]
        if question == "curve":
            forms = [{"claim": claim} for claim in study.claims()["claim"][:2]]
        for arguments in forms:
            try:
                answer = getattr(study, question)
                yield question, answer.table if question == "readings" else answer(**arguments)
            except cr.CrossreadError as refusal:
                yield question, str(refusal)


@pytest.fixture
def few_samples(monkeypatch):
    """As many samples of topics as a sentence about them needs."""
    real = cr.topics.topic_stability
    few = lambda counts, ks=None: real(counts, ks or (2, 3), resamples=4, shuffles=39)  # noqa: E731
    monkeypatch.setattr(cr.topics, "topic_stability", few)


@pytest.mark.parametrize("name", [*MADE, "years and parties", "practice", "alliances"])
def test_every_sentence_is_true_of_its_numbers(name, few_samples):
    study, by = opened(name)
    answered = set()
    for question, answer in asked(study, by):
        if isinstance(answer, str):
            assert_well_formed(answer, study)
            continue
        answered.add(question)
        assert_told(question, answer, study)
        read_again(question, answer.finding, answer.frame, study)
    assert {"rates", "senses", "read", "places", "claims", "entries", "account", "plan"} <= answered


def test_a_contrast_says_what_coders_would_mark_where_half_is_coded():
    study = cr.study("practice")
    study.codes = study.codes.sample(frac=0.5, random_state=3).sort_index()
    answer = study.contrasts()
    assert answer.finding.count("; coders would mark ") == 3
    read_again("contrasts", answer.finding, answer.frame, study)
    assert study.rates().finding.count("; coders would mark ") == 3
    read_again("rates", study.rates().finding, study.rates().frame, study)
    claims = study.claims()
    assert "by the best estimate of what coders would mark" in claims.finding
    read_again("claims", claims.finding, claims.frame, study)


def test_what_nobody_coded_is_told_as_not_coded():
    study = cr.study("practice")
    first = list(study.documents.index)[:3]
    study.codes = study.codes[study.codes["doc_id"].isin(first)]
    measured = study.measured()
    open_limits = measured.frame.loc[measured.frame["n_coded"] == 0, ["measured_low", "measured_high"]]
    assert (open_limits == [0, 1]).all(axis=None) and len(open_limits) == 12
    assert (
        "Burden sharing: largest share of those coded in Pellworth 2028, where coders marked 23 of 40"
        in measured.finding
    )
    assert measured.finding.endswith(" Nobody has coded Marsh 2031, Four Ports 2032, Han 2033 or Quay 2034.")
    contrasts = study.contrasts().finding
    assert contrasts.count("coders marked") == 1 and "coders marked 23 against 2" in contrasts
    assert study.rates().finding.count(", the largest share of those coded") == 3
    assert study.claims()["measured"].notna().tolist() == [True, False, False]
    for said in (measured.finding, contrasts, study.rates().finding):
        assert "would mark" not in said


def test_of_those_that_coders_marked_alike_none_is_called_the_largest():
    parties = cr.study("parties")
    told = [parties.measured(by=by).finding for by in ("party", "government")]
    assert "Osmarra's rise: coders marked 39 of 270 sentences, where 38 are counted; the same share in each." in told[0]
    assert (
        "Multilateralism: coders marked 60 of 270 sentences, where 58 are counted; the same share in each." in told[1]
    )
    measured = parties.measured().finding
    assert "; largest share in Harbour Union 2022, Harbour Union 2026 and 3 more, 39 %." in measured
    alike = "coders marked 13 of 90 sentences in Green Current, Harbour Union and Shore League."
    assert alike in parties.rates(by="party").finding


def test_topics_of_one_text_are_no_fingerprints_and_are_not_read_as_documents(few_samples):
    sentences = cr.study("practice").sentences
    text = "\n\n".join(sentences.loc[sentences["doc_id"] == sentences["doc_id"].iloc[0], "text"])
    answer = cr.study({"only": text}, lexicon=LEXICON).topics(2)
    assert not answer.frame["fingerprint"].any()
    assert "document" not in answer.finding.split("within documents")[-1]


def test_an_empty_document_changes_nothing_of_what_is_said_of_the_others():
    texts = {"a": PAY * 16, "c": RAIN * 19}
    beside = cr.study(from_texts({"a": texts["a"], "b": "", "c": texts["c"]}), lexicon=LEXICON)
    alone = cr.study(from_texts(texts), lexicon=LEXICON)
    for question in ("rates", "contrasts", "frequencies", "keyness", "similarity", "map", "variety", "claims"):
        assert getattr(beside, question)().finding == getattr(alone, question)().finding, question


def test_without_a_claim_there_is_no_curve_and_the_refusal_says_what_to_do():
    with pytest.raises(cr.CrossreadError, match="^There is no claim here. Claims are written into claims.yml"):
        cr.study(MADE["one document"], lexicon=LEXICON).curve()


@pytest.mark.parametrize("asked", [{"by": "party"}, {"target": "a", "reference": "b"}])
def test_keyness_names_the_one_that_it_holds_a_text_against(asked):
    frame = pd.DataFrame({"doc_id": list("abc"), "text": [PAY * 6, RAIN * 9, KNOWS * 9], "party": ["x", "y", "y"]})
    said = cr.study(frame, lexicon=LEXICON).keyness(**asked).finding
    assert re.search(rf"against [\d,]+ of [\d,]+ in {'y' if 'by' in asked else 'b'}; in general", said), said


# --- what holds of every sentence -----------------------------------------------------------------------------------

THINGS = (
    "sentence document word term token question topic group line minute tie hit claim change difference place".split()
)
CLUMSY = re.compile(
    rf"\b1 ({'|'.join(f'{thing}s' for thing in THINGS)}|entries)\b|\bnan\b|\bNone\b|\binf\b|  |\.\.|,\.|“”|(?<!\w)\(\)| [.,;](?!\d)"
    r"|\b(all|none of) [012] |\b0 of 0\b|\b1 (are|have)\b"
)


def assert_well_formed(text, study):
    assert text and not CLUMSY.search(text), text
    assert text[0] in "“(±" or not text[0].islower() or text.startswith(tuple(study.documents.index)), text
    if len(study.documents) == 2:
        assert "the others" not in text and "other documents" not in text, text
    for key in study.lexicon.keys:
        assert "_" not in key or key not in text, (key, text)


def assert_told(question, answer, study):
    for text in (answer.finding, answer.caption, answer.alt):
        assert_well_formed(text, study)
        assert text.endswith("."), text
    form = answer._card.question.form
    assert answer.alt == answer.finding[: len(answer.alt)] if not form else answer.alt.startswith(form)
    assert answer.finding.startswith(answer.alt.removeprefix(form).strip().rstrip("."))


# --- reading an answer again ----------------------------------------------------------------------------------------


class Said:
    """A finding of which sentences are taken away one by one; what is left at the end was not read."""

    def __init__(self, text, study, frame):
        self.text, self.study, self.frame = text, study, frame
        groups = [*frame["group"].unique()] if "group" in frame else []
        sides = ("group_a", "group_b", *(("highest", "lowest") if "by" in frame else ()))
        groups += [
            name for side in sides if side in frame for names in frame[side].unique() for name in names.split(TIED)
        ]
        self.units = {name: name for name in groups} or study.documents["label"].to_dict() | {REST: REST}
        self.themes = {key: study.labels.theme(key) for key in (*study.lexicon.themes, *study.lexicon.keys)}
        self.unit = self.one_of(self.units.values())
        self.units_listed = rf"(?:{self.unit}|\d+ more)(?:(?:, | and )(?:{self.unit}|\d+ more))*"

    @staticmethod
    def one_of(names):
        both = {form for name in names for form in (str(name), str(name)[:1].upper() + str(name)[1:])}
        forms = "|".join(sorted(map(re.escape, both), key=len, reverse=True))
        return rf"(?<!\w)(?:{forms})(?!\w)" if both else "(?!)"

    def take(self, pattern, times=None):
        found = [match.groups() for match in re.finditer(pattern, self.text)]
        self.text = re.sub(pattern, "¶", self.text)
        assert times is None or len(found) == times, (pattern, self.text)
        return found

    def has(self, pattern):
        return bool(self.take(pattern))

    def id(self, name, among=None):
        known = among or self.units
        return next(key for key, label in known.items() if name in (label, str(label)[:1].upper() + str(label)[1:]))

    def listed(self, text):
        """The ids of a list, and how many it only counts."""
        more = re.search(r"(\d+) more$", text)
        return [self.id(name) for name in re.findall(self.unit, text)], int(more[1]) if more else 0

    def done(self):
        left = re.sub(r"[¶.,;:\s]", "", self.text)
        assert not left, f"not read: {self.text}"


def number(text):
    return float(str(text).replace(",", ""))


def near(text, value, digits=0):
    """Whether a printed number is the value, rounded."""
    return abs(number(text) - value) <= 0.5 * 10**-digits + 1e-9


def cents(text, share):
    return 0 < share < 0.005 if text == "<1" else near(text, 100 * share)


def is_list_of(said, text, wanted):
    names, more = said.listed(text)
    return set(names) <= set(wanted) and len(names) + more == len(wanted) and len(set(names)) == len(names)


COUNT = r"([\d,]+) of ([\d,]+) sentences?"
PER_CENT = r"(<?\d+) %"
WOULD = rf"{PER_CENT} \({PER_CENT} to {PER_CENT}\)"
READERS = {}


def reads(*questions):
    def put(reader):
        READERS.update(dict.fromkeys(questions, reader))
        return reader

    return put


def read_again(question, finding, frame, study):
    said = Said(finding, study, frame)
    left_out = said.take(r"Left out: (\d+) documents? without “(\w+)”")
    assert bool(left_out) == bool(
        len(frame) and {"left_out", "by"} <= {*frame} and "along" not in frame and frame["left_out"].iloc[0]
    )
    for n, column in left_out:
        assert int(n) == frame["left_out"].iloc[0] and study.documents[column].isna().sum() + (
            study.documents[column].astype(str) == ""
        ).sum() == int(n)
    READERS[question](said, frame, study)
    said.done()


@reads("account")
def account(said, frame, study):
    cut = frame[frame["held_as"] == "cut"].set_index("doc_id")["share"]
    if not said.has("Nothing was cut"):
        ((names, share, whose),) = said.take(
            rf"Most was cut from ({said.units_listed}): {PER_CENT} of (its|their) tokens"
        )
        most = cut.index[cut == cut.max()]
        assert is_list_of(said, names, most) and cents(share, cut.max()) and (whose == "its") == (len(most) == 1)
    else:
        assert not cut.sum()


@reads("cuts")
def cuts(said, frame, study):
    if said.has("Nothing but marks and white space was cut"):
        assert frame.empty
        return
    ((reason, where, n),) = said.take(rf"The largest cut is “(.+?)” in ({said.unit}): ([\d,]+) tokens?")
    row = frame[(frame["reason"] == reason) & (frame["doc_id"] == said.id(where))]
    assert row["n_tokens"].tolist() == [number(n)] and number(n) == frame["n_tokens"].max()


def marked_most(said, text, rows):
    """What coders marked, beside what is counted: where they marked the largest share."""
    if "measured" not in rows or rows["measured"].isna().all():
        assert text is None
    elif text == "coders marked it nowhere":
        assert not rows["measured_high"].any()
    else:
        numbers, names, most = re.fullmatch(
            r"coders (?:marked|would mark) (.*?) in (.*?)(, the largest share(?: of those coded)?)?", text
        ).groups()
        alike = rows[rows["measured"] == rows["measured"].max()]
        assert is_list_of(said, names, alike.index) and bool(most) == (len(alike) < len(rows))
        row, of = alike.iloc[0], re.fullmatch(COUNT, numbers)
        assert ("would" in text) == bool((rows["measured_low"] < rows["measured_high"]).any())
        if of:
            assert (number(of[1]) / number(of[2]), number(of[2])) == (row["measured"], row["n_sentences"])
        else:
            limits = zip(
                re.findall(PER_CENT, numbers), row[["measured", "measured_low", "measured_high"]], strict=False
            )
            assert all(cents(text, value) for text, value in limits)


@reads("rates", "senses", "prescription")
def rates(said, frame, study):
    unit = "group" if "group" in frame else "doc_id"
    frame = frame[frame["n_sentences"] > 0]
    shares = frame.pivot(index="key", columns=unit, values="share")
    labels = {key: study.labels.theme(key) for key in frame["key"].unique()}
    theme = said.one_of(labels.values())
    sums = frame.groupby("key", observed=True)["sentences_with_hit"].sum()
    if said.has("Nothing is counted in these pages"):
        assert not sums.sum()
    for themes, are, most, n, total in said.take(
        rf"((?:“{theme}”|\d+ more|, | and )+) (is|are) counted( most)?, in {COUNT}"
    ):
        named = [key for key, label in labels.items() if f"“{label}”" in themes]
        more = sum(map(int, re.findall(r"(\d+) more", themes)))
        top = sums.index[sums == sums.max()]
        assert set(named) <= set(top) and len(named) + more == len(top) and bool(most) == (len(sums) > 1)
        assert (
            number(n) == sums.max() and number(total) == frame.groupby("key", observed=True)["n_sentences"].sum().max()
        )
        assert (are == "is") == (len(top) == 1)
    for of, name in said.take(rf"“({theme})” (?:is most frequent )?in ({said.unit})"):
        row = shares.loc[said.id(of, labels)]
        assert row.idxmax() == said.id(name) and (row == row.max()).sum() == 1
    said.text = said.text.replace(" and ", " ", 0)
    some = rf"(?:{COUNT}|{PER_CENT} of the sentences) in ({said.units_listed})"
    told = said.take(
        rf"({theme}): (?:(nowhere)|{some}(?:, {some})?)(?:; silent: (.*?\)(?:(?:, | and )(?:\d+ more|{said.unit} \([^)]*\)))*))?"
        rf"(?:; (coders marked it nowhere|coders (?:marked|would mark) [^;]*? in {said.units_listed}(?:, the largest share(?: of those coded)?)?))?"
    )
    assert [said.id(one[0], labels) for one in told] == list(frame["key"].drop_duplicates())
    for name, nowhere, n, of, share, who, n_least, of_least, share_least, who_least, silent, marked in told:
        rows = frame[frame["key"] == said.id(name, labels)].set_index(unit)
        marked_most(said, marked, rows)
        speaking = rows[rows["count"] > 0]
        assert bool(nowhere) == speaking.empty
        if nowhere:
            continue
        ends = [(speaking["share"].max(), n, of, share, who)]
        ends += [(speaking["share"].min(), n_least, of_least, share_least, who_least)] if who_least else []
        assert bool(who_least) == (speaking["share"].nunique() > 1)
        for value, count, total, cent, names in ends:
            alike = speaking[speaking["share"] == value]
            assert is_list_of(said, names, alike.index), (names, alike.index)
            if cent:
                assert cents(cent, value)
            else:
                assert ((alike["sentences_with_hit"] == number(count)) & (alike["n_sentences"] == number(total))).all()
        quiet = rows[rows["count"] == 0]
        allowed = re.findall(
            rf"({said.unit}) \(([\d,]+) sentences?, (?:which still allows? up to {PER_CENT}|too few to say more)\)",
            silent or "",
        )
        more = sum(map(int, re.findall(r"(\d+) more", silent or "")))
        assert len(allowed) + more == len(quiet)
        for where, total, most in allowed:
            row = quiet.loc[said.id(where)]
            assert row["n_sentences"] == number(total) and (most == "") == (row["share_high"] > 0.5)
            assert not most or cents(most, row["share_high"])
    said.text = re.sub(r"¶ and ¶", "¶", said.text)


@reads("contrasts")
def contrasts(said, frame, study):
    if said.has("There is nothing to compare"):
        assert frame.empty
        return
    a, b = ("group_a", "group_b") if "group_a" in frame else ("doc_a", "doc_b")
    verdicts = frame["verdict"].value_counts()
    one = r"supported|not distinguishable|too few units"
    for n, of, others in said.take(
        r"In general (\d+|none) of ([\d,]+) differences (?:is|are) supported(?: \((.*?)\))?"
    ):
        assert (0 if n == "none" else int(n)) == verdicts.get("supported", 0) and number(of) == len(frame)
        assert {verdict: int(k) for k, verdict in re.findall(rf"(\d+) ({one})", others or "")} == verdicts.drop(
            "supported", errors="ignore"
        ).to_dict()
    theme = said.one_of(said.themes.values())
    there = frame["key"].isin(frame.loc[frame["sentences_a"] + frame["sentences_b"] > 0, "key"])
    for low, high, none in said.take(
        r"Smallest ratio that was sure to be seen where not distinguishable: ([\d.,]+\d)(?: to ([\d.,]+\d))?(?:, in (\d+) none can be named)?"
    ):
        ratios = frame.loc[there & (frame["verdict"] == "not distinguishable"), "minimum_ratio"]
        seen = ratios[np.isfinite(ratios)]
        assert (
            near(low, seen.min(), 1) and near(high or low, seen.max(), 1) and int(none or 0) == len(ratios) - len(seen)
        )
    if said.has(
        "Where not distinguishable, no ratio can be named that was sure to be seen, in 80 of 100 such texts, so this "
        "does not speak against a difference"
    ):
        ratios = frame.loc[there & (frame["verdict"] == "not distinguishable"), "minimum_ratio"]
        assert len(ratios) and not np.isfinite(ratios).any()
    ((supported,),) = said.take(r"Supported: ([^.]*)") or [("",)]
    for name, first, side, second in re.findall(rf"({theme}): ({said.unit}) (above|below) ({said.unit})", supported):
        row = frame[
            (frame["key"] == said.id(name, said.themes)) & (frame[a] == said.id(first)) & (frame[b] == said.id(second))
        ]
        assert row["verdict"].tolist() == ["supported"] and (row["difference"].iloc[0] > 0) == (side == "above")
    if "count_a" in frame:
        contrasts_of_hits(said, frame, theme, one, a, b)
        return
    told = said.take(
        rf"({theme}): (?:(nowhere)|{COUNT} in ({said.unit}) against ([\d,]+) of ([\d,]+) in ({said.unit})(?:; coders marked ([\d,]+) against ([\d,]+))?(?:; coders would mark {WOULD} against {WOULD})?)(?:; in general ({one}))?"
    )
    assert len(told) == frame["key"].nunique()
    for name, nowhere, n, of, first, n_b, of_b, second, marked_a, marked_b, *would, verdict in told:
        own = frame[frame["key"] == said.id(name, said.themes)]
        apart = (own["share_a"] - own["share_b"]).abs()
        if nowhere:
            assert not own[["sentences_a", "sentences_b"]].to_numpy().any()
            continue
        row = own[(own[a] == said.id(first)) & (own[b] == said.id(second))].iloc[0]
        assert row[["sentences_a", "n_a", "sentences_b", "n_b"]].tolist() == [number(x) for x in (n, of, n_b, of_b)]
        assert abs(row["share_a"] - row["share_b"]) >= apart.max() - 1e-9 and verdict in (None, row["verdict"])
        if not all(row.get(f"measured_{s}_low", 0) > 0 or row.get(f"measured_{s}_high", 1) < 1 for s in "ab"):
            assert marked_a is None and would == [None] * 6
        elif marked_a:
            found = study.measured(**({"by": row["by"]} if "by" in row else {})).frame
            found = found[found["key"] == row["key"]].set_index("group" if "by" in row else "doc_id")
            assert (found["n_coded"] == found["n_sentences"])[[row[a], row[b]]].all()
            found = (found["both"] + found["only_marked"])[[row[a], row[b]]]
            assert found.tolist() == [number(marked_a), number(marked_b)]
        else:
            names = [f"measured_{side}{limit}" for side in "ab" for limit in ("", "_low", "_high")]
            assert all(cents(text, value) for text, value in zip(would, row[names], strict=True))
    assert not study.marks() or all("oded by" in answer.caption for answer in (study.contrasts(), study.rates()))


def contrasts_of_hits(said, frame, theme, one, a, b):
    told = said.take(
        rf"({theme}): (?:(nowhere)|([\d,]+) hits? in ([\d,]+) tokens? of ({said.unit}) \(([\d.,]+) per 1,000\) against "
        rf"([\d,]+) in ([\d,]+) of ({said.unit}) \(([\d.,]+)\))(?:; in general ({one}))?"
    )
    assert len(told) == frame["key"].nunique()
    for name, nowhere, n, of, first, rate, n_b, of_b, second, rate_b, verdict in told:
        own = frame[frame["key"] == said.id(name, said.themes)]
        if nowhere:
            assert not own[["sentences_a", "sentences_b"]].to_numpy().any()
            continue
        row = own[(own[a] == said.id(first)) & (own[b] == said.id(second))].iloc[0]
        assert row[["count_a", "n_tokens_a", "count_b", "n_tokens_b"]].tolist() == [
            number(x) for x in (n, of, n_b, of_b)
        ]
        assert near(rate, row["per_1000_a"], 1) and near(rate_b, row["per_1000_b"], 1)
        assert abs(row["difference"]) >= own["difference"].abs().max() - 1e-9 and verdict in (None, row["verdict"])


@reads("omnibus")
def omnibus(said, frame, study):
    if said.has("There is nothing to compare"):
        assert frame.empty or frame["n_compared"].max() < 2
        return
    units = "groups" if "by" in frame else "documents"
    theme = said.one_of(said.themes.values())
    ((names,),) = said.take(
        rf"So a difference between {units} is supported on (no theme|{theme}(?:(?:, | and ){theme})*)"
    )
    supported = [said.themes[key] for key in frame.loc[frame["verdict"] == "supported", "key"]]
    assert re.findall(theme, names) == supported and (names == "no theme") == (not supported)
    counted = rf"(?:counted most in ({said.units_listed}), least in ({said.units_listed})|the same in all {units})"
    verdicts = "supported|not distinguishable|too few units"
    lines = said.take(rf"({theme}): {counted}; in general ({verdicts})(?: \(adjusted p (under )?([\d.]+)\))?")
    assert len(lines) == len(frame)
    for name, most, least, verdict, under, p in lines:
        row = frame[frame["key"] == said.id(name, said.themes)].iloc[0]
        assert row["verdict"] == verdict
        for names, wanted in ((most, row["highest"]), (least, row["lowest"])):
            assert not names or is_list_of(said, names, wanted.split(TIED))
        assert bool(most) == (row["highest"] != row["lowest"])
        assert not p or (row["p_adjusted"] < 0.001 if under else near(p, row["p_adjusted"], 3))


def line(said, frame, named, first, year, last, year_last, verdict, ratio):
    theme, *group = named
    row = frame[(frame["key"] == said.id(theme, said.themes)) & (frame["group"] == group[0] if group else True)].iloc[0]
    ends = ((first, "fitted_first"), (last, "fitted_last"))
    if row["quantity"] == "share":
        assert all(text.endswith(" %") and cents(text[:-2], row[name]) for text, name in ends)
    else:
        assert all(text.endswith(" tokens") and near(text.split()[0], row[name], 1) for text, name in ends)
    assert (number(year), number(year_last)) == (row["first"], row["last"]) and row["verdict"] == verdict
    assert not ratio or near(ratio, row["minimum_ratio"], 1)
    return row


END = r"<?\d+ %|[\d.,]+ per 1,000 tokens"
LINE = (
    rf"line from ({END}) \((\d+)\) to ({END}) \((\d+)\), (supported|too few units|not distinguishable)"
    r"(?: from none)?(?:; only a ratio of ([\d.,]+\d) or more was sure to be seen)?"
)


@reads("trends")
def trends(said, frame, study):
    theme = said.one_of(said.themes.values())
    supported = (frame["verdict"] == "supported").sum()
    for n, none in said.take(r"In general, over (\d+) documents, (no theme is supported as growing or shrinking)?"):
        assert int(n) == frame["n_units"].iloc[0] and bool(none) == (not supported)
    for name, way in said.take(rf"“({theme})” (grows|shrinks)"):
        row = frame[frame["key"] == said.id(name, said.themes)].iloc[0]
        assert row["verdict"] == "supported" and (row["per_decade"] > 0) == (way == "grows")
    said.text = re.sub(r"¶ and ¶", "¶", said.text)
    told = [line(said, frame, one[:1], *one[1:]) for one in said.take(rf"({theme}): {LINE}")]
    silent = said.take(rf"({theme}): too few units")
    nowhere = said.take(rf"({theme}): nowhere")
    assert len(told) + len(silent) + len(nowhere) == len(frame)
    assert all(
        frame.loc[frame["key"] == said.id(name, said.themes), "verdict"].item() == "too few units" for (name,) in silent
    )
    never = frame["verdict"].eq("not distinguishable") & ~np.isfinite(frame["minimum_ratio"].astype(float))
    assert (
        said.has("Where it is not distinguishable and no ratio is told, none can be named that was sure to be seen")
        == (never & (frame["fitted_first"] + frame["fitted_last"] > 0)).any()
    )
    absent = frame.loc[(frame["fitted_first"] == 0) & (frame["fitted_last"] == 0), "key"]
    assert {said.id(name, said.themes) for (name,) in nowhere} == set(absent)


@reads("group_trends")
def group_trends(said, frame, study):
    theme, groups = said.one_of(said.themes.values()), frame["group"].unique()
    supported = frame[frame["verdict"] == "supported"]
    for where in said.take(
        r"In general, no theme is supported as growing or shrinking in (?:any of (\d+) groups|(.+?))(?=\.)"
    ):
        assert supported.empty and (int(where[0] or 1), where[1] or groups[0]) == (len(groups), groups[0])
    for name, way, n, many, one in said.take(
        rf"(?:In general )?“({theme})” (grows|shrinks) in (?:(\d+) of (\d+) groups|({said.unit}))"
    ):
        own = supported[supported["key"] == said.id(name, said.themes)]
        assert ((own["per_decade"] > 0) == (way == "grows")).sum() == int(n or 1)
        assert int(many or 1) == len(groups) and one in (None, groups[0])
    for n, of in said.take(r"Supported: (\d+) of (\d+) lines?"):
        assert (int(n), int(of)) == (len(supported), len(frame))
    said.text = re.sub(r"¶ and ¶", "¶", said.text)
    told = [
        line(said, frame, (one[1], said.id(one[0])), *one[2:])
        for one in said.take(rf"({said.unit}), ({theme}): {LINE}")
    ]
    assert len(told) == len(supported)
    for n, column in said.take(
        r"Without a line: (\d+) documents?, of groups with fewer than three of them or without a (\w+)"
    ):
        assert int(n) == frame["left_out"].iloc[0] and column == frame["along"].iloc[0]


@reads("places")
def places(said, frame, study):
    theme = said.one_of(said.themes.values())
    for inside, of, name, where in said.take(
        rf"(\d+) of (\d+) hits of “({theme})” in ({said.unit}) stand within a quarter of the text"
    ):
        own = np.sort(
            frame.loc[(frame["key"] == said.id(name, said.themes)) & (frame["doc_id"] == said.id(where)), "place"]
        )
        assert int(of) == len(own) and int(inside) == max(((own >= at) & (own <= at + 0.25)).sum() for at in own)
        assert int(inside) > int(of) / 2
    if said.has("There is no hit"):
        assert frame.empty
    ((hits,),) = said.take(r"Hits: (.*)\.") or [("",)]
    counts = frame["key"].value_counts()
    assert {said.id(name, said.themes): int(n) for name, n in re.findall(rf"({theme}) (\d+)", hits)} == counts.to_dict()


@reads("scores")
def scores(said, frame, study):
    theme = said.one_of(said.themes.values())
    by = frame.set_index(["key", "rule"])
    blind = frame.dropna(subset=["blind_f1"]) if "blind_f1" in frame else frame[:0]
    for n, told in said.take(r"F1 on ([\d,]+) sentences that its authors had not seen: (.*?\d\)?)(?=\. )"):
        for name, *values in re.findall(rf"({theme}) (\d\.\d+) \((\d\.\d+) to (\d\.\d+)\)", told):
            row = blind[blind["key"] == said.id(name, said.themes)].iloc[0]
            columns = ("blind_f1", "blind_f1_low", "blind_f1_high")
            assert all(near(x, row[column], 2) for x, column in zip(values, columns, strict=True))
            assert number(n) == row["blind_n"]
    for column, start in (
        ("precision", "Of what it counts there, coders marked"),
        ("recall", "Of what they marked, it counts"),
    ):
        for (told,) in said.take(rf"{start} (.*?)(?=\. |; )"):
            for share, name in re.findall(rf"{PER_CENT} \(({theme})\)", told):
                row = blind[blind["key"] == said.id(name, said.themes)].iloc[0]
                assert near(share, 100 * row[f"blind_{column}"])
    core, loose = (blind[blind["rule"] == rule]["blind_recall"].to_numpy() for rule in ("core", "core or weak"))
    for (told,) in said.take(r"of what they marked as core, (.*?)(?=\. )"):
        assert all(near(x, 100 * share) for x, share in zip(re.findall(PER_CENT, told), core, strict=True))
    if said.has("What only touches a theme is missed more often than what is about it"):
        assert (core > loose).all()
    for texts, coders, rule, changed in said.take(
        r"These are sentences of (.*?), coded by (.*?); marked are those (core or weak|core)"
        r"(; the lexicon has changed since)?"
    ):
        assert (
            texts in blind["blind_texts"].tolist()
            and coders in blind["blind_coders"].tolist()
            and rule in blind["rule"].tolist()
            and bool(changed) == blind["lexicon_changed"].any()
        )
    assert said.has("The lexicon has no score on codes that its authors had not seen") == blind.empty
    assert said.has("The lexicon is not validated here: nobody has coded these sentences") == (
        not frame["n_coded"].any()
    )
    for n, coder in said.take(
        r"Scores on codes (?:that guided it|made after it), ([\d,]+) sentences coded by (.*?)\. "
    ):
        assert number(n) == frame["n_coded"].iloc[0] and coder == frame["coder"].iloc[0]
    for rule, told in said.take(rf"(Core or weak|Core): ((?:{theme}: [^;.]*\.\d+[^;]*?\.\d+[^;]*?\.\d+(?:; )?)+)"):
        for name, *values in re.findall(rf"({theme}): precision ([\d.]+), recall ([\d.]+), F1 (\d\.\d+)", told):
            row = by.loc[(said.id(name, said.themes), rule.lower())]
            assert all(near(x, row[column], 2) for x, column in zip(values, ("precision", "recall", "f1"), strict=True))
    for (told,) in said.take(
        r"Where a neighbour of the theme is present and the theme is not, it fires falsely: (.*)\."
    ):
        for name, n, of in re.findall(rf"({theme}) in {COUNT}", told):
            row = frame[frame["key"] == said.id(name, said.themes)].iloc[0]
            assert (number(n), number(of)) == (row["false_fire"], row["n_neighbours"])


@reads("errors")
def errors(said, frame, study):
    for name, wrong, missed in said.take(rf"({said.one_of(said.themes.values())}): (\d+) called wrongly, (\d+) missed"):
        own = frame.loc[frame["key"] == said.id(name, said.themes), "error"]
        assert ((own == "false positive").sum(), (own == "miss").sum()) == (int(wrong), int(missed))
    for (coder,) in said.take(r"Coded by (.*)\."):
        assert coder == frame["coder"].iloc[0]
    assert not said.has("No coded sentence that the lexicon calls wrongly or misses") or frame.empty


@reads("discriminant")
def discriminant(said, frame, study):
    assert (
        said.has("There are no sentences here in which a neighbour of a theme is present and the theme is not")
        == frame.empty
    )
    told = said.take(rf"({said.one_of(said.themes.values())}) fires falsely in {COUNT}, its core entries in (\d+)")
    assert len(told) == len(frame)
    for name, fired, n, core in told:
        row = frame[frame["key"] == said.id(name, said.themes)].iloc[0]
        assert (number(fired), number(n), number(core)) == (row["fired"], row["n"], row["fired_core"])


@reads("measured")
def measured(said, frame, study):
    unit, theme = "group" if "group" in frame else "doc_id", said.one_of(said.themes.values())
    marked = frame["both"] + frame["only_marked"]
    for name, n, of, counted, where, own, own_of, own_counted, _ in said.take(
        rf"({theme}): coders marked {COUNT}, where ([\d,]+) are counted; largest share in ({said.unit}), (\d+) of ([\d,]+) \(counted {COUNT}\)"
    ):
        rows = frame["key"] == said.id(name, said.themes)
        row = frame[rows & (frame[unit] == said.id(where))].iloc[0]
        assert (number(n), number(of)) == (marked[rows].sum(), frame.loc[rows, "n_sentences"].sum())
        assert (
            number(counted) == frame.loc[rows, "counted"].sum() and row["measured"] == frame.loc[rows, "measured"].max()
        )
        assert (number(own), number(own_of), number(own_counted)) == (
            row["both"] + row["only_marked"],
            row["n_sentences"],
            row["counted"],
        )
    for name, kind, n, of, where, n_else, of_else in said.take(
        rf"The lexicon errs differently by document on ({theme}): of the sentences that it (counts|passes over), coders marked (\d+) of (\d+) in ({said.unit}) and (\d+) of (\d+) elsewhere"
    ):
        rows = frame[frame["key"] == said.id(name, said.themes)].set_index(unit)
        hit = rows["both"] if kind == "counts" else rows["only_marked"]
        among = rows["both"] + rows["only_counted"]
        among = among if kind == "counts" else rows["n_coded"] - among
        own = said.id(where)
        assert (int(n), int(of)) == (hit[own], among[own]) and (int(n_else), int(of_else)) == (
            hit.sum() - hit[own],
            among.sum() - among[own],
        )
    for n, coders in said.take(r"Coded: all ([\d,]+) sentences, by (.*)\."):
        assert number(n) == frame.groupby("key")["n_sentences"].sum().max() and set(frame["coder"]) == {
            coder for coder in set(frame["coder"]) if coder in coders
        }


@reads("plan")
def plan(said, frame, study):
    unit, total = frame.columns[0], frame["n_sentences"].sum()
    if said.has("All sentences are coded: nothing is left open"):
        assert frame["n_coded"].sum() == total
    for each, margin, more, of, minutes in said.take(
        r"To know the share of each theme( in each (?:document|group))? to within ±([\d.]+) points, ([\d,]+) more of ([\d,]+) sentences? needs? coding, about (\d+) minutes? at 12 seconds each"
    ):
        assert bool(each) == (frame[unit].nunique() > 1) and near(margin, 100 * frame["margin"].iloc[0], 1)
        assert (number(more), number(of)) == (frame["more"].sum(), total) and int(minutes) == max(
            1, round(number(more) / 5)
        )
    for now, where in said.take(rf"Now the widest limits reach ±([\d.]+) points \(({said.unit})\)"):
        assert (
            near(now, 100 * frame["margin_now"].max(), 0)
            and frame.loc[frame[unit] == said.id(where), "margin_now"].max() == frame["margin_now"].max()
        )
    for then, again in said.take(r"then ±([\d.]+) points(, to be planned anew on the way)?"):
        assert near(then, 100 * frame["margin_then"].max(), 0) and bool(again) == (
            frame["margin_then"].max() > frame["margin"].iloc[0] + 0.005
        )


@reads("frequencies")
def frequencies(said, frame, study):
    unit = "group" if "group" in frame else "doc_id"
    rows = frame[(frame["term"] == frame["term"].iloc[0]) & (frame["n_tokens"] > 0)].set_index(unit)["per_1000"]
    for word, low, first, high, last in said.take(
        rf"“(.+?)” runs from ([\d.]+) \(({said.unit})\) to ([\d.]+) \(({said.unit})\) per 1,000 tokens"
    ):
        assert (
            word == frame["term"].iloc[0]
            and near(low, rows.min(), 1)
            and near(high, rows.max(), 1)
            and rows.nunique() > 1
        )
        assert (rows[said.id(first)], rows[said.id(last)]) == (rows.min(), rows.max())
    for word, rate, names in said.take(rf"“(.+?)”: ([\d.]+) per 1,000 tokens in ({said.units_listed})"):
        assert (
            word == frame["term"].iloc[0]
            and near(rate, rows.iloc[0], 1)
            and rows.nunique() == 1
            and is_list_of(said, names, rows.index)
        )


@reads("dispersion")
def dispersion(said, frame, study):
    often = frame[(frame["count"] >= 5) & frame["dp_norm"].notna()]
    if said.has("No word occurs five times in a document of several segments"):
        assert often.empty
        return
    word = rf"“(.+?)” in ({said.unit}) \(DP ([\d.]+)\)"
    told = said.take(rf"Most even is {word}, least even {word}")
    told = [one[:3] + ("min",) for one in told] + [one[3:] + ("max",) for one in told]
    told += [one + ("max",) for one in said.take(rf"No word is spread less evenly than another: {word}")]
    for term, where, value, end in told:
        row = often[(often["term"] == term) & (often["doc_id"] == said.id(where))].iloc[0]
        assert row["dp_norm"] == often["dp_norm"].agg(end) and near(value, row["dp_norm"], 2)
    assert (len(told) == 1) == (often["dp_norm"].nunique() == 1)


@reads("keyness")
def keyness(said, frame, study):
    unit = "group" if "group" in frame else "doc_id"
    supported = frame[frame["verdict"] == "supported"]
    assert said.has("There is no word to compare") == frame.empty
    for n, _ in said.take(r"In general (?:none of (\d+) words|(no word)) is supported as used more or less"):
        assert supported.empty and (not n or int(n) == frame["term"].nunique())
    used = dict(more=supported[supported["log_ratio"] > 0], less=supported[supported["log_ratio"] < 0])
    count = COUNT.replace("sentence", "token")
    told = said.take(
        rf"“(.+?)”: {count} in ({said.unit}) against ([\d,]+) of ([\d,]+) in (?:(\d+) other (?:document|group)s|(.+?)); in general (supported|not distinguishable|too few units)(?: \(only a ratio of ([\d.,]+) or more was sure to be seen\))?"
    )
    assert len(told) == (len(frame) > 0)
    for word, n, of, name, n_there, of_there, others, other, verdict, ratio in told:
        row = frame[(frame["term"].str.lower() == word.lower()) & (frame[unit] == said.id(name))].iloc[0]
        assert row[["count", "n_tokens", "reference_count", "reference_n_tokens"]].tolist() == [
            number(each) for each in (n, of, n_there, of_there)
        ]
        among = row["reference"].split(" + ")
        assert [study.labels.document(one) for one in among] == [other] if other else len(among) == int(others) > 1
        assert verdict == row["verdict"] and (verdict == "supported") == (not supported.empty)
        assert bool(ratio) == (verdict == "not distinguishable" and np.isfinite(row["minimum_ratio"]))
        assert not ratio or near(ratio, row["minimum_ratio"], 1)
    for name, told in said.take(rf"Supported in ({said.unit}): (.*?[”e])(?=\.(?: |$))"):
        for much in used:
            words = used[much].loc[used[much][unit] == said.id(name), "term"]
            (part,) = re.findall(rf"{much} of ([^;]*)", told) or [""]
            listed, more = re.findall("“(.+?)”", part), re.findall(r"(\d+) more", part)
            assert set(listed) <= set(words) and len(listed) + sum(map(int, more)) == len(words)


@reads("collocations")
def collocations(said, frame, study):
    assert (
        said.has("Of the words asked for no two stand near each other three times; more frequent words may")
        == frame.empty
    )
    for a, b, n in said.take(r"The surest pair is “(.+?)” with “(.+?)”, (\d+) times together"):
        row = frame[(frame["term_a"] == a) & (frame["term_b"] == b)].iloc[0]
        assert row["count"] == int(n) and row["log_dice"] == frame["log_dice"].max() or row["g2"] == frame["g2"].max()


@reads("similarity")
def similarity(said, frame, study):
    first, second = ("group_a", "group_b") if "group_a" in frame else ("doc_a", "doc_b")
    pairs = (
        frame[frame[first] != frame[second]]
        .assign(pair=lambda rows: [*zip(rows[first], rows[second], strict=False)])
        .set_index("pair")
    )
    assert said.has("There is nothing to compare") == pairs.empty
    two = rf"({said.unit}) and ({said.unit}) \(([\d.]+)\)"
    for a, b, value, c, d, other, overlap in said.take(
        rf"Nearest are {two}, farthest {two}(, with limits that overlap)?"
    ):
        near_row, far_row = (pairs.loc[[(said.id(x), said.id(y))]].iloc[0] for x, y in ((a, b), (c, d)))
        assert near_row["value"] == pairs["value"].min() < far_row["value"] == pairs["value"].max()
        assert near(value, near_row["value"], 2) and near(other, far_row["value"], 2)
        assert bool(overlap) == (near_row["high"] >= far_row["low"])
    for _, _, value in said.take(rf"The distance of {two}"):
        assert len(pairs) == 1 and near(value, pairs["value"].iloc[0], 2)
    for (value,) in said.take(r"The distance of any two (?:documents|groups) is the same, ([\d.]+\d)"):
        assert len(pairs) > 1 and pairs["value"].nunique() == 1 and near(value, pairs["value"].iloc[0], 2)


@reads("map")
def on_a_map(said, frame, study):
    documents = frame[frame["kind"] == "document"].set_index("name")["x"]
    ((share, first, last),) = said.take(
        rf"On the first axis, with {PER_CENT} of all differences in words, ({said.unit}) stands farthest from ({said.unit})"
    )
    assert cents(share, frame["share_x"].iloc[0]) and {documents[said.id(first)], documents[said.id(last)]} == {
        documents.min(),
        documents.max(),
    }


@reads("topic_stability")
def topic_stability(said, frame, study):
    if said.has(
        "Too few passages to say how many topics there are. Most documents are a single passage, and what .* of one"
    ):
        assert frame["agreement"].isna().all()
        return
    supported = frame[frame["verdict"] == "supported"]
    assert said.has("No number of topics is supported within documents") == supported.empty
    for low, high in said.take(
        r"Of the numbers from (\d+) to (\d+), none makes topics that come back more than those of shuffled text"
    ):
        assert (int(low), int(high)) == (frame["k"].min(), frame["k"].max())
    for (k,) in said.take(r"(\d+) topics are supported within documents"):
        assert int(k) in supported["k"].tolist()
    others = sum(len(re.findall(r"\d+", told)) for (told,) in said.take(r"Also supported: ([\d, and]+)\."))
    assert said.has("No other number is") <= (len(supported) == 1 < len(frame)) and others in (0, len(supported) - 1)
    for k, nearest in said.take(
        r"(\d+) is named because (?:so many|it is nearest to (\d+), the number of) groups of words (?:that )?keep passages of a document apart"
    ):
        assert int(nearest or k) == frame["k_factors"].iloc[0]
        assert abs(supported["k"] - int(nearest or k)).min() == abs(int(k) - int(nearest or k))
    for k, nearest, agreement, null, needed, p in said.take(
        r"[Ww]ith (\d+)(, which comes nearest,)? the topics agree with themselves to ([\d.]+); with the words shuffled within each document ([\d.]+) on average, and more than ([\d.]+) is needed \(adjusted p ([\d.]+)\)"
    ):
        row = frame[frame["k"] == int(k)].iloc[0]
        columns = ("agreement", "null", "null_95", "p_adjusted")
        assert all(near(x, row[column], 2) for x, column in zip((agreement, null, needed, p), columns, strict=True))
        assert not nearest or int(k) == frame.loc[frame["excess"].idxmax(), "k"]
    planted = pd.read_csv(cr.topics.stability.PLANTED).set_index(["passages", "planted"])["right"]
    ((size, here, even, uneven),) = said.take(
        r"In made texts of (\d+) passages(?:,? \(?(?:more than the )?(\d+) here[,)])? this method found 3, 5 and 8 planted topics of equal size in ([\d, and]+) of 10 texts, of unequal size in ([\d, and]+\d)"
    )
    assert int(here or size) == frame["n_units"].iloc[0]
    for numbers, shape in ((even, "even"), (uneven, "uneven")):
        told = [int(n) for n in re.findall(r"\d+", numbers)]
        assert told == [planted[int(size), f"{k} {shape}"] for k in (3, 5, 8)]
    said.take(
        "So topics of these texts may be differences between documents and nothing more: read each as a description of the documents that hold it, not as a theme that runs through them|That topics come back does not say that they mean anything"
    )


TOPIC = r"topic (\d+) \((.+?)\)"


def topics_of_groups(said, frame):
    share = frame.set_index(["topic", "group"])["share"]
    told = said.take(
        rf"[Tt]opic (\d+) \((.+?)\) runs from {PER_CENT} \(({said.unit})\) to {PER_CENT} \(({said.unit})\)"
    )
    for topic, name, low, least, high, most in told:
        own = share[int(topic)]
        assert name == frame.loc[frame["topic"] == int(topic), "name"].iloc[0]
        assert cents(low, own[least]) and cents(high, own[most]) and (own[least], own[most]) == (own.min(), own.max())
    for topic, _, part in said.take(rf"[Tt]opic (\d+) \((.+?)\) is about {PER_CENT} of every group"):
        assert cents(part, share[int(topic)].min()) and cents(part, share[int(topic)].max())
    if len(frame):
        assert len(support_of_topics(said, frame)) == 1


def support_of_topics(said, frame):
    told = said.take(
        r"(\d+) topics( to look at, though no number of topics is supported within documents| are supported within documents|, from too few passages to say whether so many are there| are not distinguishable from text shuffled within documents; \d+ are supported)"
    )
    for n, how in told:
        assert int(n) == frame["topic"].nunique()
        assert how.startswith(" are supported") == (frame["verdict"].iloc[0] == "supported")
        assert how.startswith(" to look at") <= frame["supported_k"].isna().all()
    documents = said.take("So topics of these texts may be .*? that runs through them")
    passages = said.take("So topics of this text may be chance: .*? that runs through them")
    assert len(documents) + len(passages) == (frame["verdict"].iloc[0] not in ("supported", "too few units"))
    assert not passages or (frame["document_tokens"] == 1).all()
    assert not documents or "group" in frame or (frame["document_tokens"] < 1).all()
    return told


@reads("topics")
def topics(said, frame, study):
    if "group" in frame:
        return topics_of_groups(said, frame)
    by = frame.set_index("topic")
    assert len(support_of_topics(said, frame)) == 1
    (told,) = said.take(r"They are (.*?)\. (?=Topic)")
    assert told[0] == "; ".join(frame["name"])
    for topic, share, words, _, steady, where, holds, is_of in said.take(
        rf"Topic (\d+), {PER_CENT} of the text: (.*?)( \((\d+) of \d+ stay in half of the samples or more\))?(?:; ({said.unit}) holds {PER_CENT} of it and is {PER_CENT} of the text)?(?=\.(?: |$))"
    ):
        row = by.loc[int(topic)]
        assert cents(share, row["share"]) and words == row["terms"] and (where is None) == (len(study.documents) == 1)
        if where:
            assert said.id(where) == row["doc_id"]
            assert cents(holds, row["document_holds"]) and cents(is_of, row["document_tokens"])
        assert not steady or int(steady) == len(row["steady"].split(", ")) * bool(row["steady"])
    alone = frame.loc[frame["fingerprint"], "topic"].astype(str).tolist()
    for n, of, which in said.take(
        r"(\d+) of (\d+) topics (?:is a fingerprint|are fingerprints) of one document: ([\d, and]+)"
    ):
        assert (int(n), int(of)) == (len(alone), len(frame)) and re.findall(r"\d+", which) == alone
    assert len(study.documents) > 1 or not alone


@reads("topic_sections")
def topic_sections(said, frame, study):
    ((n, of),) = said.take(r"(\d+) of (\d+) documents? (?:changes its|change their) strongest topic on the way")
    strongest = (
        frame.dropna(subset="share")
        .sort_values("share", kind="stable")
        .drop_duplicates(["doc_id", "segment"], keep="last")
    )
    assert (int(n), int(of)) == ((strongest.groupby("doc_id")["topic"].nunique() > 1).sum(), frame["doc_id"].nunique())
    mean = frame.groupby(["doc_id", "section", "topic"])["share"].mean()
    for where, told in said.take(rf"({said.unit}): ((?:(?:; )?(?:section \d+ )?\d+ % topic \d+ \([^)]*\))+)"):
        for section, share, topic in re.findall(r"(?:section (\d+) )?(\d+) % topic (\d+)", told):
            own = mean[said.id(where)]
            own = own[int(section)] if section else own.droplevel(0)
            assert cents(share, own[int(topic)]) and own[int(topic)] == own.max()
    first = mean.dropna().groupby(level=["doc_id", "section"]).idxmax().map(lambda place: place[2])
    for where, told in said.take(
        rf"({said.unit}): ((?:(?:; )?topic \d+ \([^)]*\) is the strongest in [\d,]+ of [\d,]+ sections)+)"
    ):
        for topic, n, of in re.findall(r"topic (\d+) \([^)]*\) is the strongest in (\d+) of (\d+)", told):
            own = first[said.id(where)]
            assert ((own == int(topic)).sum(), len(own)) == (int(n), int(of))


@reads("topic_sensitivity")
def topic_sensitivity(said, frame, study):
    lost = frame[frame["agreement"] < 0.7 / 1.3]  # fewer than seven of ten words kept
    k, changes = frame["topic"].nunique(), frame["variation"].nunique()
    for how, name, n, of in said.take(r"(With|Without) (.*?), (\d+) of (\d+) topics? (?:is|are) lost"):
        row = name if how == "With" else f"without {name}"
        assert (frame.loc[frame["terms_kept"] < 7, "variation"] == row).sum() == int(n) and int(of) == k
    for n, of, among in said.take(r"In all, (\d+) of (\d+) topics? (?:is|are) lost by at least one of (\d+) changes"):
        assert (int(n), int(of), int(among)) == (lost["topic"].nunique(), k, changes)
    for topic, _, by, worst, kept in said.take(
        rf"T{TOPIC[1:]} is lost by (\d+), most by “(.+?)”: (\d+) of its 10 words (?:is|are) left"
    ):
        own = lost[lost["topic"] == int(topic)]
        assert (
            len(own) == int(by)
            and int(kept) == own["terms_kept"].min()
            and worst in own.loc[own["terms_kept"] == int(kept), "variation"].tolist()
        )
    for (among,) in said.take(r"No topic is lost by any of (\d+) changes"):
        assert lost.empty and int(among) == changes
    for (found,) in said.take(r"Always found again: (.*)\."):
        assert {int(topic) for topic in re.findall(r"topic (\d+)", found)} == set(frame["topic"]) - set(lost["topic"])


@reads("topic_intruders")
def topic_intruders(said, frame, study):
    said.take("There is nothing to ask: the topics share their words, or no passage clearly lacks one")
    for n, of in said.take(
        r"(\d+) questions?: which choice does not belong. Guessing is right once in ([\d.]+) on average"
    ):
        choices = frame["choices"].str.split(" | ", regex=False).str.len()
        assert int(n) == len(frame) and near(of.rstrip("."), 1 / (1 / choices).mean(), 1)


@reads("actors")
def actors(said, frame, study):
    assert said.has("No two actors are named in one sentence often enough") == frame.empty
    named = {
        spoken_name(row[f"actor_{side}"]): row[f"sentences_{side}"] for _, row in frame.iterrows() for side in "ab"
    }
    ties = {(spoken_name(row["actor_a"]), spoken_name(row["actor_b"])): row["sentences"] for _, row in frame.iterrows()}
    unexplained = {
        (spoken_name(row["actor_a"]), spoken_name(row["actor_b"]))
        for _, row in frame[~frame["explained"].astype(bool)].iterrows()
    }
    for first, n, second, m, strong, of in said.take(
        r"^Named most: (.+?) in ([\d,]+) sentences?, then (.+?) in ([\d,]+); chance does not explain (\d+|any) of (\d+) ties?"
    ):
        assert [number(n), number(m)] == sorted(named.values())[::-1][:2] == [named[first], named[second]]
        assert (0 if strong == "any" else int(strong), int(of)) == (
            (~frame["explained"].astype(bool)).sum(),
            len(frame),
        )
    for (told,) in said.take(r"Strongest of the unexplained: (.*)\."):
        for a, b, n in re.findall(r"(?:, | and |^)(\w[^()]*?) and (\w[^()]*?) \((\d+)\)", told):
            assert ties[a, b] == int(n) and (a, b) in unexplained


@reads("architectures")
def architectures(said, frame, study):
    documents = frame[frame["sentences"] > 0].groupby("key")["doc_id"].nunique()
    labels = {key: study.labels.theme(key) for key in frame["key"].unique()}
    names = {key: spoken_name(key) if label == spoken(key) else label for key, label in labels.items()}
    ((told, n, of),) = said.take(r"^(.+?) (?:is|are) named in (\d+) of (\d+) documents?, no arrangement in more")
    assert (int(n), int(of)) == (documents.max(), frame["doc_id"].nunique())
    left = told
    for key in documents.index[documents == documents.max()]:
        left = left.replace(names[key], "")
    assert not re.sub(",|and", "", left).strip()
    for n, of in said.take(r"In one alone: (\d+) of (\d+)"):
        assert (int(n), int(of)) == ((documents == 1).sum(), len(documents))
    for (several,) in said.take(r"In several: (.*?)(?=\.(?: |$))"):
        assert all(names[key] in several for key in documents.index[documents > 1])
    for (n,) in said.take(r"Nowhere: (\d+)"):
        assert int(n) == frame["key"].nunique() - len(documents)


@reads("claims")
def claims(said, frame, study):
    n, supported = len(frame), frame.loc[frame["verdict"] == "supported", "text"]
    assert said.has("There is no claim") == frame.empty
    said.text = re.sub(r"(?<=\. )(All|Both|None|Neither|The claim)\b", lambda found: found[0].lower(), said.text)
    numbers = lambda told: {"both": 2, "the": 1, "none": 0}.get(told) if not told.isdigit() else int(told)  # noqa: E731
    whole = r"(?:(the) claim is( not)?|(both|neither) claims? (?:are|is)|all (\d+) claims are|(\d+|none) of (\d+) claims (?:is|are))"

    def check(groups, count, of):
        one, no, both, every, some, among = groups
        told = (
            (0 if no else 1)
            if one
            else {"both": 2, "neither": 0}[both]
            if both
            else int(every)
            if every
            else numbers(some)
        )
        assert told == count and (not every or int(every) == of) and (not among or int(among) == of)

    for *groups, general in said.take(
        rf"Counted, {whole} true of these pages; in general (none is supported|\d+ (?:is|are) supported|supported|too few units|not distinguishable)"
    ):
        check(groups, frame["so_counted"].sum(), n)
        assert (
            general == frame["verdict"].iloc[0]
            if n == 1
            else int(general.split()[0].replace("none", "0")) == len(supported)
        )
    for (told,) in said.take(r"Supported: (.*?)\. (?=The others|Measured|all|both|none|neither|\d+ of|the claim)"):
        assert all(text.rstrip(".") in told for text in supported)
    for others, told in said.take(r"(The others|Verdicts): (.*?)(?=\. )"):
        rest = frame.loc[frame["verdict"] != "supported", "verdict"].value_counts().to_dict()
        assert {
            verdict: int(k) for k, verdict in re.findall(r"(\d+) (not distinguishable|too few units)", told)
        } == rest
        assert (others == "The others") == bool(len(supported))
    coded = frame[frame["so_measured"].notna()] if "so_measured" in frame else frame[:0]
    for *groups, how in said.take(
        rf"Measured, {whole} so (as coders marked|by the best estimate of what coders would mark; its limits stand with each)"
    ):
        check(groups, coded["so_measured"].astype(bool).sum(), len(coded))
        assert ("coders would mark" in how) == coded["measured"].str.startswith("coders would mark").any()
    for groups in said.take(rf"{whole} so in every way of measuring"):
        check(groups, (frame["direction"] > 0.995).sum(), n)
    for groups in said.take(rf"{whole} exploratory: written after the numbers were seen"):
        check(groups, frame["exploratory"].sum(), n)


@reads("curve")
def curve(said, frame, study):
    ((agrees, holds, n),) = said.take(
        rf"{PER_CENT} of the ways of measuring point as the claim says, {PER_CENT} support it. There are ([\d,]+) ways; families of choices weigh the same"
    )
    assert number(n) == len(frame)
    assert all(
        cents(x, frame.loc[frame[name], "weight"].sum()) or x == "0"
        for x, name in ((agrees, "agrees"), (holds, "holds"))
    )
    for (told,) in said.take(r"The variance of the estimate is due to (.*)\."):
        assert sum(map(int, re.findall(r"\((\d+) %\)", told))) <= 102


@reads("readings")
def readings(said, frame, study):
    assert (
        said.has("Nobody has written readings of this corpus yet. They stand in readings.yml of its folder")
        == frame.empty
    )
    for n, names in said.take(r"(\d+) readings, with numbers from the counts: ([\w, ]+)"):
        assert int(n) == len(frame) and (frame["stale"] == "").all() and names.split(", ") == frame["reading"].tolist()


@reads("marked")
def marked(said, frame, study):
    sums = frame.groupby("key")[["both", "marked", "counted", "only_marked"]].sum()
    ((both, of, more),) = said.take(
        r"Counting words finds (\d+) of the (\d+) places that coders marked, and (\d+) that they did not. A place is a sentence in a sense"
    )
    assert (int(both), int(of), int(more)) == (
        sums["both"].sum(),
        sums["marked"].sum(),
        sums["counted"].sum() - sums["both"].sum(),
    )
    for (told,) in said.take(r"Most often it misses (.*?\))(?=\. )"):
        found = re.findall(rf"({said.one_of(said.themes.values())}) \((\d+) of (\d+)\)", told)
        missed = sums["only_marked"].nlargest(4).tolist()
        assert [int(number) for _, number, _ in found] == [number for number in missed[:3] if number > sum(missed[3:])]
        assert all(
            sums.loc[said.id(name, said.themes), ["only_marked", "marked"]].tolist() == [int(a), int(b)]
            for name, a, b in found
        )
    assert said.take(r"Coded by (.*)\.") == [(frame["coder"].iloc[0],)]


@reads("spelling")
def spelling(said, frame, study):
    used = frame[frame["count"] > 0]
    assert said.has("No document uses any of these forms") == used.empty
    most = used[used["share"] == used.groupby(["group", "doc_id"])["share"].transform("max")]
    for form, n, of in said.take(r"“([^”]+)” in (\d+) of (\d+) documents?"):
        own = most[most["form"] == form]
        assert (int(n), int(of)) == (
            own["doc_id"].nunique(),
            most.loc[most["group"] == own["group"].iloc[0], "doc_id"].nunique(),
        )
    said.units = study.documents["label"].to_dict()
    unit = said.one_of(said.units.values())
    for form, names in said.take(rf"“([^”]+)” in ((?:{unit}|, | and )+)"):
        assert {said.id(name) for name in re.findall(unit, names)} <= set(most.loc[most["form"] == form, "doc_id"])


@reads("deeds")
def deeds(said, frame, study):
    names = {deed: study.labels.theme(f"deed.{deed}") for deed in frame["deed"].unique()}
    totals = frame.groupby("deed")["sentences"].sum()
    for (told,) in said.take(r"Found most: ((?:.*?\(\d+(?: sentences?)?\))+)\. The rule that finds deeds errs"):
        assert [int(n) for n in re.findall(r"\((\d+)", told)] == totals.nlargest(3).tolist()
        assert all(totals[said.id(name, names)] == int(n) for name, n in re.findall(r"“(.+?)” \((\d+)", told))
    deed = said.one_of(names.values())
    for where, told, *triple in said.take(
        rf"In ({said.unit}): ((?:{deed} \d+(?: and )?)+)(?:; (.+?) – ({deed}) – (.+?), {COUNT})?"
    ):
        own = frame[frame["doc_id"] == said.id(where)]
        counts = own.groupby("deed")["sentences"].sum()
        assert all(counts[said.id(name, names)] == int(n) for name, n in re.findall(rf"({deed}) (\d+)", told))
        if triple[0]:
            row = own[
                (own["agent"].map(study.labels.actor) == triple[0])
                & (own["patient"].map(study.labels.actor) == triple[2])
                & (own["deed"] == said.id(triple[1], names))
            ].iloc[0]
            assert (row["sentences"], row["n_sentences"]) == (number(triple[3]), number(triple[4])) and row[
                "sentences"
            ] == own["sentences"].max()


@reads("entries")
def entries(said, frame, study):
    ((total, found),) = said.take(r"Of (\d+) entr(?:y|ies) in the lexicon, (\d+|none) matched in these texts")
    assert int(total) == len(frame) and (frame["hits"] > 0).sum() == (0 if found == "none" else int(found))


@reads("stop_words")
def stop_words(said, frame, study):
    assert said.has("This stop list breaks no hit") == (not frame["hits_lost"].sum())
    for n, entry, most, every in said.take(
        r"This stop list breaks ([\d,]+) hits?(?:, most of “(.+?)” \((\d+)\)| of “(.+?)”)"
    ):
        assert number(n) == frame["hits_lost"].sum() and (every or int(most) == frame["hits_lost"].max())
        assert frame.loc[frame["entry"] == (entry or every), "hits_lost"].max() == frame["hits_lost"].max()


@reads("false_words")
def false_words(said, frame, study):
    ((told,),) = said.take(
        r"Between random halves of one document these shares of the words are called different: (.*)\."
    )
    assert [
        (cents(share, row.share_different) or share == "0", test)
        for (share, test), row in zip(
            re.findall(rf"{PER_CENT} by the test “(.+?)”", told), frame.itertuples(), strict=True
        )
    ] == [(True, test) for test in frame["test"]]


@reads("variety")
def variety(said, frame, study):
    rows = frame[(frame["measure"] == "mattr") & frame["value"].notna()].set_index("doc_id")
    assert said.has(
        "Variety is compared between documents of at least fifty tokens; there are fewer than two here"
    ) == (len(rows) < 2)
    for first, high, last, low, overlap in said.take(
        rf"Over runs of 50 tokens ({said.unit}) repeats its words least \(MATTR ([\d.]+)\), ({said.unit}) most \(([\d.]+)\)(, with limits that overlap)?"
    ):
        least, most = rows.loc[said.id(first)], rows.loc[said.id(last)]
        assert least["value"] == rows["value"].max() > rows["value"].min() == most["value"]
        assert (
            near(high, least["value"], 2)
            and near(low, most["value"], 2)
            and bool(overlap) == (most["high"] >= least["low"])
        )
    for (value,) in said.take(r"Over runs of 50 tokens all documents repeat their words as much \(MATTR ([\d.]+)\)"):
        assert rows["value"].nunique() == 1 and near(value, rows["value"].iloc[0], 2)


@reads("search", "read")
def reading(said, frame, study):
    assert said.has("No sentence is found") == frame.empty
    kinds = frame["kind"] if "kind" in frame else pd.Series("body", index=frame.index)
    for besides in said.take(r"; also (.*), not counted(?=\.)"):
        told = {kind: int(n) for n, kind in re.findall(r"(\d+) (heading|note)s?", besides[0])}
        assert told == kinds[kinds != "body"].value_counts().to_dict()
    counts = frame.loc[kinds == "body", "doc_id"].value_counts()
    assert said.has("No sentence of the body") == (counts.empty and len(frame) > 0)
    unit = "place" if "match" in frame else "sentence"
    for n, name in said.take(rf"([\d,]+) {unit}s? in ({said.unit})(?=¶|\.$)"):
        assert counts.to_dict() == {said.id(name): number(n)}
    for n, told in said.take(rf"([\d,]+) {unit}s?: (.*?)(?=¶|\.$)"):
        assert number(n) == counts.sum() and len(counts) > 1
        found = re.findall(rf"(\d+) in ({said.unit})(?=,| and |$)", told)
        assert {said.id(name): int(k) for k, name in found} == counts.to_dict()


@reads("who")
def who(said, frame, study):
    years = [float(year) for year in frame["year"] if year and year == year]
    kinds = {kind for kind in frame["genre"] if kind and kind == kind}
    ((n, first, last, of),) = said.take(r"^(\d+) documents?(?: of (\d+)(?: to (\d+))?)?(?:, of (\d+) kinds?)?")
    assert (int(n), int(of or 0)) == (len(frame), len(kinds))
    assert [first, last or first] == ([f"{min(years):g}", f"{max(years):g}"] if years else [None, None])
    for where, *count in said.take(rf"({said.unit}) has {COUNT}"):
        own = frame.set_index("doc_id")["sentences"]
        assert list(map(number, count)) == [own[said.id(where)], own.sum()] and own[said.id(where)] == own.max()


@reads("tried")
def tried(said, frame, study):
    told = said.take(
        r"Where nothing differs, something was claimed in ([\d.]+) % of the runs at most. Limits held the truth in ([\d.]+) % of the cases at least; they say 95 %"
    )
    assert [tuple(map(float, told[0]))] == [
        (round(100 * frame["false_claims"].max(), 1), round(100 * frame["coverage"].min(), 1))
    ]


def test_every_question_has_a_reader():
    assert set(READERS) == set(QUESTIONS)
