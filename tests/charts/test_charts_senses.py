"""Charts of shares by row and document: senses, registers, what coders mark, architectures and deeds."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from crossread.charts import actors, senses, shares, style
from crossread.charts.labels import TEXT, text_width
from crossread.charts.primitives import PALE_PART
from crossread.wording import Labels

DOCUMENTS = pd.DataFrame(
    {"label": ["Early 1999", "Late 2001"], "genre": ["abstract", "chapter"], "n_sentences": [9, 100]},
    index=["early", "late"],
)
LABELS = Labels(
    DOCUMENTS["label"].to_dict(),
    {"cost": "Burden sharing", "cost.money": "Money and cost", "cost.effort": "Effort", "rise_named": "China is named",
     "rise": "China's rise", "rise.power": "Its power"},
)  # fmt: skip
COUNTS = {  # sentences with a hit: of 9 in the early text, of 100 in the late one
    ("late", "cost.money"): 13, ("early", "cost.money"): 0, ("late", "cost.effort"): 2, ("early", "cost.effort"): 2,
    ("late", "rise.power"): 4, ("early", "rise.power"): 0, ("late", "rise_named"): 5, ("early", "rise_named"): 0,
}  # fmt: skip


def cells(counts=COUNTS, totals=(("early", 9), ("late", 100))):
    totals = dict(totals)
    table = pd.DataFrame([(doc, key, n, totals[doc]) for (doc, key), n in counts.items()],
                         columns=["doc_id", "key", "sentences_with_hit", "n_sentences"])  # fmt: skip
    return table.assign(share=table["sentences_with_hit"] / table["n_sentences"])


def at(canvas, words):
    """Where a text stands, in inches."""
    return next(text.get_position() for text in canvas.texts if text.get_text() == words)


@pytest.fixture
def canvas():
    return senses.plot_senses(cells(), DOCUMENTS, LABELS, title="Late 2001 counts money")


def test_documents_stand_in_the_order_of_time_with_what_one_sentence_weighs(canvas, reading):
    written = reading.words(canvas)
    assert at(canvas, "Early 1999")[0] < at(canvas, "Late 2001")[0]
    for fact in ("abstract", "9 sentences", "one is 11 %", "chapter", "100 sentences", "one is 1.0 %"):
        assert fact in written
    assert "Late 2001 counts money" in [text.get_text() for text in canvas.figure.texts]


def test_senses_stand_in_blocks_of_their_themes_the_name_alone_first(canvas):
    order = ["Burden sharing", "Money and cost", "Effort", "China's rise", "China is named", "Its power"]
    heights = [at(canvas, words)[1] for words in order]
    assert heights == sorted(heights)
    slanted = [text.get_text() for text in canvas.texts if text.get_fontstyle() == "italic"]
    assert slanted == ["China is named"]
    assert "the name alone" in " ".join(text.get_text() for text in canvas.figure.texts)


def test_every_cell_has_its_number_and_share_and_silence_a_ring_as_large_as_one_sentence(canvas, reading):
    written = reading.words(canvas)
    assert [written.count(words) for words in ("13", "13 %", "22 %", "never", "0")] == [1, 1, 1, 1, 2]
    discs, rings = canvas.collections
    areas = dict(zip(discs.get_offsets()[:, 1].round(3), discs.get_sizes(), strict=False))
    assert len(discs.get_offsets()) == 5 and len(rings.get_offsets()) == 3
    sizes = discs.get_sizes() / discs.get_sizes().max()
    assert np.allclose(sorted(sizes), sorted(np.array([0.13, 2 / 9, 0.02, 0.05, 0.04]) / (2 / 9)))
    assert np.allclose(rings.get_sizes(), discs.get_sizes().max() / 2)  # one of 9 is half of two of 9
    assert all(line[1] is not None for line in rings.get_linestyle()) and len(areas)


@pytest.mark.parametrize(("documents", "hits"), [(3, 1234), (3, 263), (8, 99), (8, 263), (20, 263)])
def test_no_number_stands_on_its_disc_however_long_it_is(documents, hits):
    names = [f"group_{number}" for number in range(documents)]
    counts = {(name, key): hits for name in names for key in ("cost.money", "rise.power")}
    canvas = senses.plot_senses(cells(counts, [(name, 2 * hits) for name in names]), None, LABELS)
    discs = canvas.collections[0]
    ends = discs.get_offsets()[:, 0] + np.sqrt(discs.get_sizes()) / 144
    written = [text for text in canvas.texts if text.get_text() == f"{hits:,}" and text.get_ha() == "right"]
    starts = [text.get_position()[0] - text_width(text.get_text(), TEXT, text.get_fontweight()) for text in written]
    assert (np.sort(starts) > np.sort(ends)[: len(starts)]).all()
    assert len(written) == len(ends) or documents == 20
    shares = [text for text in canvas.texts if text.get_text() == "50 %"]
    assert len(shares) == (len(ends) if documents == 3 or (documents == 20 and hits < 1000) else 0)


def test_the_largest_of_a_row_is_strong_where_it_has_three_sentences(canvas):
    discs = canvas.collections[0]
    strong = [to_hex(colour) for colour in discs.get_facecolor()]
    cost, rise = style.THEME_COLOURS[:2]
    assert strong.count(cost) == 1 and strong.count(rise) == 1  # 13 of 100, 4 of 100; not 2 of 9
    assert strong.count(to_hex(style.tint(cost, PALE_PART))) == 2
    bold = [text.get_text() for text in canvas.texts if text.get_fontweight() == "bold"]
    assert {"13", "4", "5", "never"} <= set(bold) and "2" not in bold


def test_groups_stand_where_documents_do_in_the_order_of_the_table(reading):
    table = cells().rename(columns={"doc_id": "group"}).replace({"early": "right", "late": "left"})
    canvas = senses.plot_senses(table, DOCUMENTS, LABELS)
    assert at(canvas, "left")[0] < at(canvas, "right")[0] and "abstract" not in reading.words(canvas)


def test_a_document_that_is_silent_on_a_whole_lexicon_says_so_once_where_there_are_many(toys, reading):
    table = toys.rates(30, ("cost", "rise"))
    table.loc[table["key"] == "rise", ["sentences_with_hit", "share"]] = 0
    names = Labels(toys.documents(30)["label"].to_dict(), LABELS.themes)
    canvas = senses.plot_senses(table, toys.documents(30), names)
    note = " ".join(text.get_text() for text in canvas.figure.texts)
    assert "In no document: China's rise." in note and "China's rise" not in reading.words(canvas)
    discs = canvas.collections[0]
    assert len(discs.get_offsets()) == (table["sentences_with_hit"] > 0).sum()
    assert at(canvas, "Author & Author 2000")[1] < at(canvas, "Author & Author 2029")[1]


def test_of_hundreds_a_dot_for_each_that_speaks_and_the_highest_by_name(toys, reading):
    table = toys.rates(200, ("cost",))
    table.loc[table["doc_id"] == "d150", ["sentences_with_hit", "share"]] = (18, 0.9)
    canvas = senses.plot_senses(table, toys.documents(200))
    speaking = (table["sentences_with_hit"] > 0).sum()
    assert sum(len(part.get_offsets()) for part in canvas.collections) == speaking
    written = reading.words(canvas)
    assert f"{200 - speaking} of 200" in written and "Author & Author 2150  18 of 20" in written


def test_rows_without_themes_have_no_heading(reading):
    table = pd.DataFrame({"key": ["should", "must"], "label": ["should", "must"]})
    assert [(row.key, row.block) for row in shares.rows_of(table, Labels())] == [("should", ""), ("must", "")]
    counts = {("early", "p.should"): 0, ("late", "p.should"): 7}
    written = reading.words(senses.plot_registers(cells(counts), DOCUMENTS, Labels({}, {"p.should": "should"})))
    assert "“should”" in written and "7 %" in written


# --- what coders mark -----------------------------------------------------------------------------------------------


def marks():
    rows = [  # doc_id, key, counted, marked, both, n_sentences
        ("early", "cost.money", 0, 2, 0, 9), ("late", "cost.money", 13, 18, 12, 100),
        ("early", "cost.effort", 1, 1, 1, 9), ("late", "cost.effort", 4, 15, 4, 100),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["doc_id", "key", "counted", "marked", "both", "n_sentences"])
    return table.assign(
        only_counted=table["counted"] - table["both"], only_marked=table["marked"] - table["both"],
        share_counted=table["counted"] / table["n_sentences"], share_marked=table["marked"] / table["n_sentences"],
    )  # fmt: skip


def test_marks_set_what_is_counted_beside_what_is_marked(reading):
    canvas = senses.plot_marks(marks(), DOCUMENTS, LABELS)
    written = reading.words(canvas)
    for words in ("of 9", "of 100", "only counted", "both", "only marked", "13", "18", "15"):
        assert words in written
    discs, rings = canvas.collections[-2:]
    assert len(discs.get_offsets()) == 3 and len(rings.get_offsets()) == 4  # counted somewhere; marked somewhere
    bold = [text.get_text() for text in canvas.texts if text.get_fontweight() == "bold"]
    assert {"4", "15"} <= set(bold) and not {"13", "18"} & set(bold)  # 11 of 15 are missed; 12 of 19 are the same


def test_the_bars_of_marks_add_up_over_the_documents():
    canvas = senses.plot_marks(marks(), DOCUMENTS, LABELS)
    bars = [patch for patch in canvas.patches if patch.get_width() != 0.14]
    widths = np.array([patch.get_width() for patch in bars])
    per_sentence = widths.max() / 12  # 12 both: the longest part of the first row, 11 only marked of the second
    assert np.allclose(widths / per_sentence, [1, 12, 8, 5, 11])


# --- architectures and deeds ----------------------------------------------------------------------------------------


def test_architectures_run_from_two_to_many_in_the_order_of_the_lexicon(reading):
    table = cells({("early", "hub"): 0, ("late", "hub"): 3, ("early", "web_of_ties"): 1, ("late", "web_of_ties"): 0})
    table = table.rename(columns={"sentences_with_hit": "sentences"})
    canvas = actors.plot_architectures(table, DOCUMENTS, Labels({}, {"hub": "The hub"}))
    assert at(canvas, "The hub")[1] < at(canvas, "Web of ties")[1]
    assert at(canvas, "two")[1] < at(canvas, "many")[1]
    colours = [to_hex(part.get_facecolor()[0]) for part in canvas.collections[2:]]
    assert colours == [actors.FROM, actors.TO]


def test_deeds_stand_in_blocks_the_most_frequent_first(reading):
    rows = [("early", "us", "ask", "japan", 2, 9), ("late", "us", "ask", "japan", 1, 100),
            ("late", "china", "deter", "us", 2, 100)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["doc_id", "agent", "deed", "patient", "sentences", "n_sentences"])
    labels = Labels(DOCUMENTS["label"].to_dict(), {"deed.ask": "asks", "group.us": "the allies"})
    canvas = actors.plot_deeds(table, DOCUMENTS, labels)
    order = ["Asks", "The allies  →  Japan", "Deter", "China  →  The allies"]
    heights = [at(canvas, words)[1] for words in order]
    assert heights == sorted(heights) and "22 %" in reading.words(canvas)


def test_deeds_of_many_documents_are_bars_with_the_number_of_documents(toys, reading):
    table = pd.DataFrame({"doc_id": toys.ids(20), "agent": "us", "deed": "ask", "patient": "japan", "sentences": 2,
                          "n_sentences": 9})  # fmt: skip
    assert "40 in 20 documents" in reading.words(actors.plot_deeds(table, toys.documents(20)))
