"""Charts of documents: how long, where in them, how near to each other."""

import numpy as np
import pandas as pd
from matplotlib.colors import to_hex

from crossread.charts import corpus, places, proximity, style
from crossread.wording import Labels

DOCUMENTS = pd.DataFrame(
    {"label": ["Early 1999", "Late 2001"], "genre": ["op-ed", ""], "n_sentences": [9, 100], "n_tokens": [200, 400]},
    index=["early", "late"],
)
LABELS = Labels(DOCUMENTS["label"].to_dict(), {"cost": "Burden sharing", "rise": "China's rise"})


def test_documents_are_as_long_as_their_parts_and_say_what_was_cut(reading):
    table = pd.DataFrame({"doc_id": ["late", "late", "early", "early"], "held_as": ["body", "cut"] * 2,
                          "n_tokens": [400, 0, 200, 50], "share": [1, 0, 0.8, 0.2]})  # fmt: skip
    canvas = corpus.plot_documents(table, DOCUMENTS, LABELS)
    widths = {(to_hex(bar.get_facecolor()), bar.get_hatch()): bar.get_width() for bar in canvas.patches[2:]}
    early, late = style.DOCUMENT_COLOURS[:2]
    assert np.isclose(widths[(late, None)] / widths[(early, None)], 2)
    assert np.isclose(widths[("#ffffff", "/////")] / widths[(early, None)], 0.25)
    written = reading.words(canvas)
    for words in ("200 in 9 sentences", "20 % cut", "400 in 100 sentences", "nothing cut", "op-ed", "body", "cut"):
        assert words in written
    assert "headings and notes" not in written  # no document has any
    assert written.index("Early 1999") < written.index("Late 2001")


def test_many_documents_are_sorted_by_length_and_of_hundreds_the_ends_are_named(toys, reading):
    names = [words for words in reading.words(corpus.plot_documents(toys.account(30), toys.documents(30)))
             if words.startswith("Author")]  # fmt: skip
    assert names[0] == "Author & Author 2003" and len(names) == 29  # one has a long name
    canvas = corpus.plot_documents(toys.account(200), toys.documents(200))
    assert sum(words.startswith("Author") for words in reading.words(canvas)) == 2 * corpus.FEW
    assert len(canvas.collections[0].get_offsets()) == 200


def hits():
    table = pd.DataFrame({"doc_id": ["late", "late", "early"], "key": ["cost", "cost", "rise"],
                          "place": [0.0, 1.0, 0.5], "n_tokens": [400, 400, 200]})  # fmt: skip
    return table.astype({"key": pd.CategoricalDtype(["cost", "rise"])})


def test_hits_are_strokes_in_the_lane_of_their_theme_at_their_place(reading):
    canvas = places.plot_places(hits(), DOCUMENTS, LABELS)
    strokes = [np.array(part.get_segments()) for part in canvas.collections]
    empty, rise, cost, silent = (part[:, 0, 0].tolist() if len(part) else [] for part in strokes)  # early, then late
    axis = [line.get_xdata() for line in canvas.lines][0]
    assert empty == silent == [] and np.allclose(cost, axis) and np.allclose(rise, np.mean(axis))
    written = reading.words(canvas)
    assert [written.count(words) for words in ("0", "1", "2")] == [2, 1, 1]
    assert "200 tokens" in written and "400 tokens" in written and written.count("Burden sharing") == 2


def test_sections_are_named_over_the_lanes_and_cover_none_another(reading):
    sections = pd.DataFrame({"doc_id": "late", "heading": ["§ 1", "§ 2", "Alliance Costs and Benefits"],
                             "start": [0.0, 0.01, 0.6]})  # fmt: skip
    canvas = places.plot_places(hits(), DOCUMENTS, LABELS, sections=sections)
    at = {text.get_text(): text.get_position() for text in canvas.texts}
    assert at["§ 1"][1] < at["§ 2"][1] and at["§ 2"][0] < at["Alliance Costs and Benefits"][0]
    reading.assert_laid_out(canvas)


def test_places_of_hundreds_are_shares_of_hits_in_tenths():
    ids = [f"d{number}" for number in range(61)]
    table = pd.DataFrame({"doc_id": ids, "key": "cost", "place": [0.05] * 40 + [0.95] * 21, "n_tokens": 9})
    (ax,) = places.plot_places(table)
    assert np.allclose([bar.get_height() for bar in ax.patches], [40 / 61] + [0] * 8 + [21 / 61])


def pairs(n=2):
    table = pd.DataFrame({"doc_a": ["early", "early", "late"], "doc_b": ["early", "late", "late"], "measure": "delta",
                          "value": [0.7, 1.2, 0.9], "low": [0.6, 1.1, 0.8], "high": [0.8, 1.3, 1.0]})  # fmt: skip
    return table


def test_similarity_writes_values_with_limits_and_halves_on_the_diagonal(reading):
    written = reading.words(proximity.plot_similarity(pairs(), DOCUMENTS, LABELS))
    for words in ("1.20", "1.10 to 1.30", "halves 0.70", "halves 0.90"):
        assert words in written


def test_the_nearer_the_darker_in_either_direction_of_the_measure(toys):
    for measure, nearest in (("delta", 0.3), ("cosine", 0.9)):
        table = pd.DataFrame({"doc_a": list("aab"), "doc_b": list("bcc"), "measure": measure, "value": [0.3, 0.6, 0.9],
                              "low": np.nan, "high": np.nan})  # fmt: skip
        canvas = proximity.plot_similarity(table)
        darkness = {value: 1 - np.mean(patch.get_facecolor()[:3])
                    for value, patch in zip(table["value"], canvas.patches, strict=True)}  # fmt: skip
        assert max(darkness, key=darkness.get) == nearest


def test_of_many_documents_the_name_stands_at_the_diagonal_and_of_hundreds_the_nearest_pairs(toys, reading):
    canvas = proximity.plot_similarity(toys.similarity(20), toys.documents(20))
    at = {text.get_text(): text.get_position() for text in canvas.texts}
    assert at["Author & Author 2000"][0] < at["Author & Author 2010"][0] < at["Author & Author 2019"][0]
    table = toys.similarity(61)
    written = reading.words(proximity.plot_similarity(table, toys.documents(61)))
    different = table[table["doc_a"] != table["doc_b"]]["value"]
    assert written.count("Nearest") == written.count("Farthest") == 1
    assert f"{different.min():.2f}" in written and f"{different.max():.2f}" in written


def test_the_map_has_documents_where_the_table_has_them_and_the_heaviest_words(toys):
    table = toys.map(5)
    ax = proximity.plot_map(table, toys.documents(5))
    points = next(part for part in ax.collections if len(part.get_offsets()) == 5)
    assert np.allclose(points.get_offsets(), table.loc[table["kind"] == "document", ["x", "y"]])
    assert [to_hex(colour) for colour in points.get_facecolor()] == list(style.DOCUMENT_COLOURS[:5])
    words = {text.get_text() for text in ax.texts}
    assert "Author & Author 2000" in words and "word39" in words and "word0" not in words
    assert ax.get_xlabel() == "axis 1: 40 % of the differences" and ax.get_aspect() == 1
    assert len(ax.patches) == 5
