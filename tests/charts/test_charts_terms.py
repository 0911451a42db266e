"""Charts of words: used more and less, two documents against each other, written forms."""

import numpy as np
import pandas as pd
from matplotlib.colors import to_hex

from crossread.charts import style, terms
from crossread.wording import Labels

DOCUMENTS = pd.DataFrame({"label": ["Early 1999", "Late 2001"]}, index=["early", "late"])
LABELS = Labels(DOCUMENTS["label"].to_dict())
WORDS = pd.DataFrame(
    [("late", "ships", 20, 3.0, 1.0, 5.0, "supported"), ("late", "sails", 9, 4.0, 0.5, 7.5, "not distinguishable"),
     ("late", "noise", 5, 5.0, -1.0, 9.0, "not distinguishable"), ("late", "soil", 1, -2.0, -4.0, -0.5, "supported"),
     ("early", "soil", 30, 2.0, 0.5, 4.0, "supported")],
    columns=["doc_id", "term", "count", "log_ratio", "low", "high", "verdict"],
).assign(reference="all others", n_tokens=1000, reference_count=4, reference_n_tokens=1000, g2=9.0)  # fmt: skip


def words(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def test_keyness_ranks_words_by_effect_more_to_the_right_and_less_to_the_left():
    early, late = terms.plot_keyness(WORDS, DOCUMENTS, LABELS)
    assert words(late) == ["sails", "ships", "soil"] and words(early) == ["soil"]  # limits of “noise” hold equal use
    assert [bar.get_width() for bar in late.patches] == [4.0, 3.0, -2.0]
    strong = style.DOCUMENT_COLOURS[1]
    assert [to_hex(bar.get_facecolor()) == strong for bar in late.patches] == [False, True, True]
    assert [label.get_fontweight() for label in late.get_yticklabels()] == ["normal", "bold", "bold"]
    assert [label.get_text() for label in late.get_xticklabels()] == ["1/4", "equal", "4 ×"]
    assert late.get_xlim()[0] == -late.get_xlim()[1]


def test_keyness_has_no_empty_side_where_no_word_is_used_less():
    (ax,) = terms.plot_keyness(WORDS[WORDS["log_ratio"] > 0].query("doc_id == 'late'"), DOCUMENTS, LABELS)
    assert -1 < ax.get_xlim()[0] < 0 < 4 < ax.get_xlim()[1]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["equal", "4 ×"]


def test_keyness_says_where_a_document_has_no_word_of_its_own(reading):
    early, _ = terms.plot_keyness(WORDS.assign(low=np.where(WORDS["doc_id"] == "early", -1, WORDS["low"]),
                                               verdict="not distinguishable"), DOCUMENTS, LABELS)  # fmt: skip
    assert words(early) == [] and "no word" in reading.words(early)


def test_keyness_of_many_documents_is_one_list_with_the_names(toys):
    (ax,) = terms.plot_keyness(toys.keyness(13), toys.documents(13))
    assert len(words(ax)) == terms.ALL and all(word.endswith(")") for word in words(ax))
    widths = [bar.get_width() for bar in ax.patches]
    assert widths == sorted(widths, reverse=True)


FORMS = pd.DataFrame(
    [("late", "United States", "US", 3), ("late", "United States", "U.S.", 1), ("early", "United States", "US", 0),
     ("early", "United States", "U.S.", 2), ("late", "defence", "defence", 1), ("early", "defence", "defence", 0),
     ("late", "labor", "labour", 0), ("early", "labor", "labour", 0)],
    columns=["doc_id", "group", "form", "count"],
).assign(group_count=4, share=0.5)  # fmt: skip


def test_written_forms_stand_under_their_document_the_most_frequent_first(reading):
    canvas = terms.plot_spelling(FORMS, DOCUMENTS, LABELS)
    places = {text.get_text(): text.get_position() for text in canvas.texts}
    assert places["U.S. 2"][0] < places["US 3"][0] == places["U.S. 1"][0] and places["US 3"][1] < places["U.S. 1"][1]
    assert "Labor" not in places and len(canvas.patches) == 4
    forms = [
        words for words in reading.words(canvas) if words[-1].isdigit() and words not in DOCUMENTS["label"].tolist()
    ]
    shades = {words: to_hex(patch.get_facecolor()) for words, patch in zip(forms, canvas.patches, strict=True)}
    assert shades["U.S. 2"] == shades["U.S. 1"] != shades["US 3"]


def test_written_forms_of_hundreds_are_counted_by_the_form_that_is_used_most(toys, reading):
    written = " ".join(reading.words(terms.plot_spelling(toys.spelling(100), toys.documents(100))))
    table = toys.spelling(100).query("group == 'defense or defence' and count > 0")
    first = table.sort_values("count", ascending=False, kind="stable").drop_duplicates("doc_id")["form"].value_counts()
    for form, number in first.items():
        assert f"{form} {number}" in written
