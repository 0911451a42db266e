"""Cleaning, rule by rule on texts written for it, and the account of every character."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossread import CrossreadError, from_texts
from crossread.corpus import cover
from crossread.corpus.bodies import body_of, paragraphs_of, quick_body
from crossread.corpus.cleaning import clean, read_rules
from crossread.corpus.reading.source import Block, looks_like_heading
from crossread.corpus.spans import running_text
from crossread.corpus.tokens import words

WRAPPED = """\
 1  The first note of this small text, which goes on in a second
line and stops.

Pay and Promises
Ada Writer

In the spring the seven harbour states met to settle who should pay
for the long-
planned coast guard, and none of them wished to go first.1 Their mini-
sters smiled; the ministers had done so before, and each of the
rooms in which they met was dear.

A second paragraph begins here and is broken by the foot of the page,
where the notes of the page are printed, so that the sentence has to

2  See the Harbour Gazette, vol. 3, no. 1, Mar. 1999.
3  A third note.

http://www.harbour.example/a-long-address
 go on upon the next page.2 It runs to the very end of a full line, so
that the last one
is short.
 A third paragraph starts at the top of a page because the line above
was short and its sentence was over.3
 Costs and Benefits
The section under this heading has one sentence that fills two lines of
the page.
"""


def texts_of(text, kind="body", **options):
    cleaned = clean(text, **options)
    return [" ".join(running_text(text, unit).text.split()) for unit in cleaned.units if unit.kind == kind]


def reasons(text, **options):
    return {text[cut.start : cut.end].strip(): cut.reason for cut in clean(text, **options).cuts}


def test_hard_wrapped_lines_become_paragraphs():
    body = texts_of(WRAPPED)
    assert [paragraph.split()[1] for paragraph in body] == ["the", "second", "third", "section"]
    assert "so that the sentence has to go on upon the next page. It runs" in body[1]
    assert body[1].endswith("the last one is short.")


def test_a_hyphen_at_the_end_of_a_line_stays_in_a_compound_and_goes_from_a_broken_word():
    body = " ".join(texts_of(WRAPPED))
    assert "long-planned coast guard" in body
    assert "Their ministers smiled" in body


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the compound stands elsewhere, whole
        ("Fair burden-sharing and burden-sharing talks go on about burden-\nsharing now.", "about burden-sharing now"),
        ("They met for burden-\nsharing, which is burdensharing to some.", "for burdensharing, which"),
        ("All burden-shared costs fall under burden-\nsharing now.", "under burden-sharing now"),
        # a prefix that is hardly ever written with a hyphen, or one that often is
        ("A multi-\nlateral order was built.", "A multilateral order"),
        ("A tri-\nlateral pact and a bi-\nlateral one.", "A trilateral pact and a bilateral one."),
        ("It has twenty-\neight states and a fifty-\nfirst.", "has twenty-eight states and a fifty-first"),
        ("They want non-\nproliferation, for proliferation is near.", "want non-proliferation, for"),
        ("They co-\noperated for long.", "They cooperated for"),
        ("The multi-lateral order, or multi-\nlateral peace.", "or multi-lateral peace"),
        # both halves are words of the text; only one is; the second half is one that compounds have
        ("A long war was planned: a war-\nplanned state.", "a war-planned state"),
        ("For one the for-\neign ministers came.", "the foreign ministers"),
        ("A treaty and a treaty-\nbased order.", "a treaty-based order"),
        # a hyphen that waits for the end of another word, letters with accents, a soft hyphen
        ("The pre-\nand post-war years.", "The pre- and post-war"),
        ("Es geht um Ver-\nöffentlichung der Sta-\ntistik.", "um Veröffentlichung der Statistik."),
        ("The minis\u00ad\nters smiled.", "The ministers smiled."),
    ],
)
def test_a_broken_compound_is_looked_up_whole_then_by_its_parts(text, expected):
    assert expected in " ".join(texts_of(text))


@pytest.mark.parametrize(
    "broken",
    [
        "over-\nwhelmed",
        "under-\nmine",
        "over-\ncome",
        "under-\nstanding",
        "in-\nability",
        "in-\njustice",
        "some-\ntimes",
        "co-\noperation",
    ],
)
def test_words_are_joined_that_have_no_hyphen_though_their_end_is_a_word_too(broken):
    text = f"A well-known and long-term mine in its times is to come, standing there. They {broken} it all. "
    text += "Some operation of ability, some justice."
    assert broken.replace("-\n", "") in words(texts_of(text)[0])
    assert "an in-depth study" in " ".join(texts_of(text + " It was an in-\ndepth study."))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The present CON-\nFEDERATION cannot preserve it.", "present CONFEDERATION cannot"),
        ("The US and JAPAN made a US-\nJAPAN treaty.", "a US-JAPAN treaty"),
        ("It was an Anglo-\nAmerican pact.", "Anglo- American"),
    ],
)
def test_a_word_of_capitals_is_broken_as_others_are(text, expected):
    assert expected in " ".join(texts_of(text, hints=[Block(0, len(text), "body")]))


def test_the_pieces_of_broken_words_are_no_words_of_the_text():
    text = "It is region-\nal, and nation-\nal, and was a person.\n" * 2 + "It is person-\nal.\n"
    assert {"regional", "national", "personal"} <= set(words(" ".join(texts_of(text))))


def test_where_no_compound_has_a_hyphen_every_broken_word_is_joined():
    words = "Die Kinder und der Garten, das Haus und die Arbeit im Land, so sagen alle hier. " * 300
    assert "der Kindergarten im" in " ".join(
        texts_of(words + "Ver-\nsuch. " * 60 + "So ist der Kinder-\ngarten im Land.")
    )
    programs = "Versuch mit docbook-xsl. " * 60  # have hyphens in any language
    assert "der Kindergarten im" in " ".join(
        texts_of(words + programs + "Ver-\nsuch. " * 60 + "So ist der Kinder-\ngarten im Land.")
    )


def test_notes_leave_the_sentence_they_interrupt_and_their_marks_the_words():
    notes = texts_of(WRAPPED, "note")
    assert notes[0].startswith("The first note") and notes[0].endswith("and stops.")
    assert notes[1:] == ["See the Harbour Gazette, vol. 3, no. 1, Mar. 1999.", "A third note."]
    assert "first. Their" in texts_of(WRAPPED)[0] and texts_of(WRAPPED)[2].endswith("over.")
    assert reasons(WRAPPED)["http://www.harbour.example/a-long-address"] == "link on a line of its own"


def test_headings_are_told_from_paragraphs():
    assert texts_of(WRAPPED, "heading") == ["Pay and Promises", "Ada Writer", "Costs and Benefits"]
    page = "Key Findings\n\nHistory and norms shape what harbours do\n\nA first point that is made in one sentence."
    assert texts_of(page, "heading") == ["Key Findings"]
    assert texts_of(page)[0] == "History and norms shape what harbours do"


def test_numbers_that_are_no_note_marks_stay():
    text = "The year 1999 saw 3 ships. They cost 4.2 each.\n\n[^1]: A note.\n"
    assert texts_of(text) == ["The year 1999 saw 3 ships. They cost 4.2 each."]


def test_markdown_marks_are_cut_and_words_kept():
    text = (
        "## **A Title**\n\nThe *Gazette* has [a page](https://x.example/y) by Ada "
        "([ada@x.example](mailto:ada@x.example)).[^1]\n\n[^1]: Its note."
    )
    assert texts_of(text, "heading") == ["A Title"]
    assert texts_of(text) == ["The Gazette has a page by Ada ."]
    assert texts_of(text, "note") == ["Its note."]
    assert "ada@" not in "".join(texts_of(text))
    assert "mail address" in reasons(text).values()


def test_bullets_are_paragraphs_without_their_marks():
    text = (
        "Five points follow:\n\n- the first, which ends in a semicolon;\n- the second; and\n- the third.\n\n"
        "  1. One?\n  2. Two?\n"
    )
    assert texts_of(text)[1:] == [
        "the first, which ends in a semicolon;",
        "the second; and",
        "the third.",
        "One?",
        "Two?",
    ]


def test_a_page_break_inside_a_sentence_does_not_end_the_paragraph():
    text = "The allies came to seek\n\nreassurance from the patron.\n\nThey left."
    assert texts_of(text) == ["The allies came to seek reassurance from the patron.", "They left."]


def test_running_heads_and_page_numbers_are_cut():
    pages = [
        f"HARBOUR REVIEW\n{word} harbour states agreed to share the cost of the long guard,\n"
        f"as the {word.lower()} minister said at the end of the day in the hall by\n"
        f"the sea, where {word.lower()} of them had sat,\n{number}\n"
        for word, number in (("Seven", 11), ("Other", 12), ("Those", 13))
    ]
    body = " ".join(texts_of("\f".join(pages)))
    assert "REVIEW" not in body and "11" not in body and body.count("harbour states agreed") == 3
    assert set(reasons("\f".join(pages)).values()) >= {"running head", "page number"}


def test_a_sentence_at_the_edge_of_pages_is_no_running_head():
    pages = [
        f"{word} harbour states agreed to share the cost of the long guard,\nas the minister said at the end\n"
        f"of the day. {word} left.\nWe shall not fail our friends.\n"
        for word in ("Seven", "Other", "Those")
    ]
    assert " ".join(texts_of("\f".join(pages))).count("We shall not fail our friends.") == 3


def test_a_line_on_two_pages_is_no_running_head():
    pages = [f"HARBOUR REVIEW\n\n{word} states agreed to share the cost.\n" for word in ("Seven", "Other")]
    assert "HARBOUR REVIEW" not in reasons("\f".join(pages))


def test_endnotes_with_a_stop_are_notes_and_a_list_is_none():
    body = (
        "The allies share the burden of the alliance1 and pay for the common2 defence\n"
        "of all the bases that they use and that their friends use as well, for the\n"
        "guns and the ships. And they share much more than this, as everybody knows\n"
        "who has seen it.\n\n"
    )
    notes = "Notes\n1. Roe, The Alliance, 2011, p. 5.\n2. Poe, Bases, 2012, and more of what he wrote\nin the end.\n"
    for text in (body + notes, body + notes.removeprefix("Notes\n")):
        assert texts_of(text, "note")[0] == "Roe, The Alliance, 2011, p. 5."
        assert len(texts_of(text, "note")) == 2
        assert "the alliance and pay for the common defence" in texts_of(text)[0]
    assert texts_of("Two points follow.\n\n1. Roe pays.\n2. Poe does not.\n", "note") == []


RULED = "By Ada\n\nThe body of the text is here.\n\nRead more\nA teaser of another text.\nAnd one more.\n"


def test_rules_cut_by_words_and_give_their_reason():
    rules = [{"cut": "By Ada", "reason": "byline"}, {"cut": "Read more", "through": "end", "reason": "teasers"}]
    assert texts_of(RULED, rules=rules) == ["The body of the text is here."]
    assert set(reasons(RULED, rules=rules).values()) >= {"byline", "teasers"}
    assert len(texts_of(RULED, rules=rules[:1])) > 1  # without the rule the teasers count


def test_rules_find_words_in_a_copy_saved_in_another_way():
    copy = RULED.replace("\n", "\r\n").replace("Read more", "Read\u00a0 more")
    assert (
        texts_of(copy, rules=[{"cut": "Read more", "through": "end", "reason": "teasers"}])[-1]
        == "The body of the text is here."
    )


def test_a_rule_can_make_a_heading_or_a_paragraph():
    text = "A plain line\n\nA Title Case Line\n\nSome words."
    rules = [{"heading": "A plain line"}, {"body": "A Title Case Line"}]
    assert texts_of(text, "heading", rules=rules) == ["A plain line"]
    assert texts_of(text, rules=rules) == ["A Title Case Line", "Some words."]


def test_a_rule_that_finds_nothing_is_named():
    assert clean("Some words.", rules=[{"cut": "not there", "reason": "x"}]).unmatched == ("not there",)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("- drop: a\n", "rule 1: give exactly one of cut, heading, body (found: drop)"),
        ("- cut: a\n", "rule 1: give the reason of the cut"),
        ("- cut: [\n", "not YAML"),
        ("cut: a\n", "write the rules as a list"),
    ],
)
def test_bad_rules_are_named(tmp_path, content, message):
    path = tmp_path / "a.yml"
    path.write_text(content)
    with pytest.raises(CrossreadError) as error:
        read_rules(path)
    assert message in str(error.value) and str(path) in str(error.value)


@pytest.mark.parametrize("text", ["[" + "a" * 200_000, "--- " + " " * 50_000 + "x", "1. x\n" * 5_000, "a-\n" * 10_000])
def test_no_rule_takes_long_over_a_long_text(text):
    import time

    begun = time.process_time()
    clean(text)
    assert time.process_time() - begun < 3


PIECES = st.sampled_from(
    ["The allies pay.1", " Costs rise", "\n", "\n\n", "- a bullet;", "# Heading", "\f", "12", " 1  A note",
     "*", "**", "[a](b)", "a@b.example", "long-\n", "mini-\n", "\u00a0", "  ", "…", "US", "“Why?”", "\r\n",
     "[^1]: note", "The Liberal Order", "www.x.example",
     "which is a line that has about as many letters as a page is wide,"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
def test_every_character_is_held_exactly_once(text):
    account(text)


@given(st.text(max_size=150))
def test_every_character_is_held_exactly_once_whatever_the_text(text):
    account(text)


@given(
    st.lists(PIECES, max_size=12).map("".join),
    st.sampled_from(["The allies", "Heading", "a bullet", "Costs"]),
    st.booleans(),
)
def test_every_character_is_held_exactly_once_under_rules(text, words, to_end):
    rules = [{"cut": words, "through": "end" if to_end else "", "reason": "x"}, {"cut": "The", "reason": "y"}]
    covered = sorted(
        [(cut.start, cut.end) for cut in clean(text, rules=rules).cuts]
        + [span for unit in clean(text, rules=rules).units for span in unit.spans]
    )
    assert sum(b - a for a, b in covered) == len(text)
    assert all(a[1] <= b[0] for a, b in zip(covered, covered[1:], strict=False))


def account(text):
    corpus = from_texts({"a": text})
    owner = cover(corpus.sentences, corpus.cuts, len(text))
    assert (corpus.cuts["n_characters"] == corpus.cuts["end"] - corpus.cuts["start"]).all()
    assert (
        np.bincount(-1 - owner[owner < 0], minlength=len(corpus.cuts)).tolist() == corpus.cuts["n_characters"].tolist()
    )
    spaces = corpus.cuts["reason"] == "white space"
    assert all(not text[a:b].strip() for a, b in corpus.cuts.loc[spaces, ["start", "end"]].itertuples(index=False))
    assert "not in any block" not in set(corpus.cuts["reason"])
    assert all(owner[start] >= 0 for start in corpus.tokens.starts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The factor is 2*3*4. Die Konsument*innen zahlen.", "The factor is 2*3*4. Die Konsument*innen zahlen."),
        ("It is 2 * 3 * 4, a_b_c and 5* of 6*.", "It is 2 * 3 * 4, a_b_c and 5* of 6*."),
        ("A *word*, **two words** and ***three* of them**.", "A word, two words and three of them."),
        ("An _open_ sea, a `code` and don`t.", "An open sea, a code and don`t."),
        ("“*Quoted*” (_so_).", "“Quoted” (so)."),
        ("*Not closed, and so it stays.", "*Not closed, and so it stays."),
        ("Write to a_b@x.example. Then stop.", "Write to . Then stop."),
        ("See ![a picture](p.png) and [a page](https://x.example/a_(b)).", "See  and a page."),
        ("An array[1] and [this] stay.", "An array[1] and [this] stay."),
    ],
)
def test_markup_is_cut_in_pairs_and_signs_within_words_stay(text, expected):
    assert [running_text(text, unit).text for unit in clean(text).units] == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Allies<br>pay<br/> now.<sup>1</sup> The 19<sup>th</sup> <!-- not read -->year.",
            "Allies>pay now. The 19th year.",
        ),
        ("AT&amp;T pays&nbsp;<b>m</b>uch if a < b and c > d.", "AT&T pays&much if a < b and c > d."),
        ("<p class='x'>Six</p><p>pay.</p>", "Six>>pay."),
    ],
)
def test_tags_and_entities_in_markdown_are_no_words_and_part_them(text, expected):
    assert texts_of(text) == [expected]
    assert list(paragraphs_of(b"".join(quick_body(text.encode())))) == list(paragraphs_of(body_of(text)))


def test_targets_of_links_are_no_text():
    text = "See [a page][x].\n\n[x]: https://x.example 'On burdens'\n[y]: <https://y.example>\n\nThey pay."
    assert texts_of(text) == ["See [a page][x].", "They pay."]


def test_what_holds_no_word_is_no_sentence():
    text = "Allies pay.\n\n…\n\n• • •\n\n—\n\n|---|---|\n\n```\n\n. . .\n\nThey talk."
    assert texts_of(text) == ["Allies pay.", "They talk."]
    assert reasons(text)["…"] == "signs without words"
    assert [cut.reason for cut in clean("• •", hints=[Block(0, 3, "body")]).cuts] == ["signs without words"]


def test_markdown_is_read_only_where_a_text_may_be_written_in_it():
    text = "A *word* and [a page](https://x.example) of _ours_, `so`.[^1]"
    block = Block(0, len(text), "body")
    cleaned = clean(text, hints=[block])
    assert [running_text(text, unit).text for unit in cleaned.units] == [text[:-4]]
    assert [cut.reason for cut in cleaned.cuts] == ["note mark"]


@pytest.mark.parametrize("text", [
    "[" + "a" * 200_000, "![" * 100_000, "[a](" * 50_000, "](" * 100_000, "[^" * 100_000, "*" * 200_000, "*a" * 100_000,
    "_" * 200_000, " _a" * 60_000, "`" * 100_000, "a@" * 100_000, "a.b" * 60_000 + "@", "(" * 200_000,
    "---" + " " * 50_000, "[a](" + "(b)" * 50_000, "[a](b" * 40_000, "[a](b '" * 30_000,
    "- " * 100_000, "\n" * 200_000, "a\n" * 100_000, "http://" * 30_000, "a-\n" * 40_000, "#" * 200_000, "1. " * 60_000,
    "[^1]: " * 40_000, " \t" * 100_000 + "x", "\u00ad\n" * 40_000, "x" * 200_000 + "@y",
], ids=lambda text: repr(text[:8]))  # fmt: skip
def test_a_text_made_to_take_long_is_cleaned_in_no_time(text):
    start = time.process_time()
    clean(text)
    assert time.process_time() - start < 20  # ten times what it takes; read again and again it takes minutes


def test_most_words_of_a_heading_have_capitals():
    assert looks_like_heading("The Fleet Sails North") and looks_like_heading("Who Pays for the Watch")
    assert not looks_like_heading("The Fleet sails north again under another flag")


@pytest.mark.parametrize(
    "text",
    [
        "Allies pay.1 They share.2\n\nReferences\n\n[1] Roe 2011.\n[2] Lee 2012.\n",
        "Allies pay[1]. They share[2].\n\nNOTES\n1) Roe 2011.\n2) Lee 2012.\n",
        "Allies pay¹. They share².\n\n¹ Roe 2011.\n² Lee 2012.\n",
    ],
)
def test_notes_at_the_end_are_numbered_in_many_ways(text):
    units = clean(text).units
    assert [running_text(text, unit).text for unit in units if unit.kind == "note"] == ["Roe 2011.", "Lee 2012."]
    (body,) = [running_text(text, unit).text for unit in units if unit.kind == "body"]
    assert words(body) == ["allies", "pay", "they", "share"]


def test_marks_in_brackets_apart_from_the_word_and_notes_without_a_stop_under_their_heading():
    text = "Allies pay [1] and talk in 2011 [2].\n\nFootnotes:\n1 Roe 2010.\n2 Poe 2012.\n"
    assert texts_of(text, "note") == ["Roe 2010.", "Poe 2012."]
    text = "Allies pay [1] and talk in 2011 [2].\n\nReferences\n[1] Roe 2010.\n[2] Poe 2012.\n"
    assert texts_of(text, "note") == ["Roe 2010.", "Poe 2012."]
    assert texts_of(text) == ["Allies pay and talk in 2011."]


@pytest.mark.parametrize(
    ("broken", "joined"),
    [
        ("Союз пла-\nтит за оборо-\nну.", "Союз платит за оборону."),
        ("Η συμμα-\nχία πληρώνει.", "Η συμμαχία πληρώνει."),
        ("Rząd wła-\nśnie płaci, spo-\nłeczeństwo też.", "Rząd właśnie płaci, społeczeństwo też."),
        ("СОЮЗ ПЛА-\nТИТ.", "СОЮЗ ПЛАТИТ."),
        ("Y a-t-\nil un coût, un T-\nshirt ?", "Y a-t-il un coût, un T-shirt ?"),
        ("C’est-\nà-dire beaucoup.", "C’est-à-dire beaucoup."),
        ("Die Ausgaben der EU-\nStaaten Asiens", "Die Ausgaben der EU- Staaten Asiens"),
    ],
)
def test_words_of_every_script_are_broken_alike(broken, joined):
    assert texts_of(broken) == [joined]


def test_a_sentence_goes_on_after_a_gap_in_any_script():
    assert texts_of("Наш союз долго\n\nплатит.\n\nДа.") == ["Наш союз долго платит.", "Да."]


@pytest.mark.parametrize("said", ["Scholz: „Keine Truppen.“", "Шольц: «Без Войск.»", "Dupont : « Les Alliés Paient. »"])
def test_what_is_quoted_with_its_stop_is_no_heading(said):
    assert texts_of(f"{said}\n\nThey talk.") == [said, "They talk."]


def test_other_hyphens_at_line_ends_are_hyphens():
    text = "The com\u00ac\nmon de\u2010\nfence."
    assert running_text(text, clean(text).units[0]).text == "The common defence."


NUMBERED = "\n\nNotes\n\n" + "\n".join(f"{number}. See Roe {1980 + number}." for number in range(1, 27)) + "\n"


@pytest.mark.parametrize("mark", ["2", "[^2]", "[2]", "¹", "*"])
def test_a_sentence_of_capitals_with_a_mark_of_a_note_is_no_heading(mark):
    assert texts_of(f"They pay.\n\nIto Met Roe in Tokyo.{mark}\n\nThey talked.", "heading") == []


@pytest.mark.parametrize(
    ("written", "counted"),
    [
        ("The G7 met.1 The G20 paid.2 It fell.7", "The G7 met. The G20 paid. It fell."),
        ("The allies1 met in 2009.2 It cost 1.3 million.", "The allies met in 2009. It cost 1.3 million."),
        ("Of CO2 and 5 km2 they said little.1 It rose.2", "Of CO2 and 5 km2 they said little. It rose."),
        (
            "They agreed.1 The EU2 and NATO3 did.4 COP26 and MI6 too.",
            "They agreed. The EU and NATO did. COP26 and MI6 too.",
        ),
        ("It grew.1 The G2 is dead, the G2 lives.3", "It grew. The G2 is dead, the G2 lives."),
        (
            "They met at No.10 Downing Street.1 It is so, they say.2",
            "They met at No.10 Downing Street. It is so, they say.",
        ),
        ("It grew.[^1] The G7 met in phase2 of it.[^2]", "It grew. The G7 met in phase2 of it."),
        ("It grew.1 Column V:2, I:18, says so.", "It grew. Column V:2, I:18, says so."),
    ],
)
def test_numbers_that_belong_to_a_name_are_no_marks_of_notes(written, counted):
    bodies = [unit for unit in texts_of(f"{written}{NUMBERED}") if "See Roe" not in unit]
    assert bodies[0] == counted


@pytest.mark.parametrize(
    ("broken", "joined"),
    [("anti-\nAmericanism", "anti- Americanism"), ("U.S.-\nJapan", "U.S.- Japan"), ("COVID-\n19", "COVID- 19")],
)
def test_a_line_that_ends_in_a_hyphen_goes_on_in_the_next_whatever_begins_it(broken, joined):
    text = f"They speak of {broken} ties now."
    assert [words(unit) for unit in texts_of(text)] == [words(f"They speak of {joined} ties now.")]
    assert list(paragraphs_of(b"".join(quick_body(text.encode())))) == list(paragraphs_of(body_of(text)))


def test_front_matter_of_markdown_is_cut_and_ruled_lines_within_a_text_are_not():
    text = "---\ntitle: On Cost\ntags:\n  - pay\n---\n\nThe allies pay.\n\n---\nCosts: they rise.\n---\n"
    assert texts_of(text) == ["The allies pay.", "Costs: they rise."]
    assert reasons(text)["---\ntitle: On Cost\ntags:\n  - pay\n---"] == "front matter"
    assert list(paragraphs_of(b"".join(quick_body(text.encode())))) == [["The allies pay."], ["Costs: they rise."]]


def test_a_word_that_has_a_number_twice_is_a_name_and_bears_no_mark_of_a_note():
    body = "The disk sda2 is there (B.2), and sda2 is what the states shared2 in the end."
    text = f"{body}\n\n2 Roe, The Alliance, 2011."
    hints = [Block(0, len(body), "body"), Block(len(body) + 2, len(text), "note")]
    assert texts_of(text, hints=hints) == [body.replace("shared2", "shared")]


def test_a_number_behind_many_words_marks_a_note_only_where_a_sentence_ends_or_the_word_is_there_without_it():
    body = "The states shared costs2 of imap2, aria2, lvm2, kinput2 and librt.so.2 at last.2 The costs grew (I:2 here)."
    text = f"{body}\n\n2 Roe, The Alliance, 2011."
    hints = [Block(0, len(body), "body"), Block(len(body) + 2, len(text), "note")]
    assert texts_of(text, hints=hints) == [body.replace("costs2", "costs").replace("last.2", "last.")]


def test_where_marks_of_notes_stand_in_brackets_no_number_glued_to_a_word_is_one():
    body = "They use latin1 and pay [1] for it."
    text = f"{body}\n\n[1] Roe, The Alliance, 2011."
    hints = [Block(0, len(body), "body"), Block(len(body) + 2, len(text), "note")]
    assert texts_of(text, hints=hints) == ["They use latin1 and pay for it."]
