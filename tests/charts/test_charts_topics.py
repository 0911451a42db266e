"""What the charts of topics show, held against their tables."""

import numpy as np
import pandas as pd
from matplotlib.colors import to_hex

from crossread.charts import style, topics
from crossread.wording import Labels

DOCUMENTS = pd.DataFrame({"label": ["Alder 2001", "Birch 2002"]}, index=["alder", "birch"])
LABELS = Labels(DOCUMENTS["label"].to_dict())
PATH = pd.DataFrame({
    "k": [2, 3, 4], "agreement": [0.5, 0.8, 0.6], "null": [0.45, 0.4, 0.38], "null_95": [0.66, 0.61, 0.59],
    "verdict": ["not distinguishable", "supported", "supported"],
})  # fmt: skip
TOPICS = pd.DataFrame({
    "topic": [1, 2], "name": ["ally, cost", "sea, port"], "terms": ["ally, cost, base", "sea, port"],
    "steady": ["ally, base", ""], "doc_id": ["alder", "birch"], "document_holds": [0.5, 0.92],
    "document_tokens": [0.4, 0.6], "fingerprint": [False, True],
    "sentences": ["alder-003 alder-004 alder-005 alder-009 birch-001", ""],
})  # fmt: skip


def places(**changes):
    return pd.DataFrame({
        "doc_id": ["alder"] * 4 + ["birch"] * 2, "section": [1, 1, 2, 2, 1, 1], "segment": [0, 0, 1, 1, 0, 0],
        "topic": [1, 2] * 3, "name": ["ally, cost", "sea, port"] * 3, "share": [0.9, 0.1, 0.3, 0.7, 0.5, 0.5],
    }).assign(**changes)  # fmt: skip


def test_stability_is_drawn_with_its_null_and_filled_where_supported():
    ax = topics.plot_topic_stability(PATH, "Two numbers are supported")
    lines = {tuple(np.round(line.get_ydata(), 3)) for line in ax.lines}
    assert {(0.5, 0.8, 0.6), (0.45, 0.4, 0.38), (0.66, 0.61, 0.59)} <= lines
    filled, hollow = ax.lines[-2:]
    assert list(filled.get_xdata()) == [3, 4] and list(hollow.get_xdata()) == [2]
    assert filled.get_markerfacecolor() != hollow.get_markerfacecolor() == "white"
    heights = sorted(text.xy[1] for text in ax.texts)
    assert len(heights) == 3 and min(np.diff(heights)) > 0.09  # three names that do not cover one another
    assert ax.figure.texts[0].get_text() == "Two numbers are supported"


def test_stability_of_too_few_passages_says_so(reading):
    assert reading.words(topics.plot_topic_stability(PATH.assign(agreement=np.nan))) == ["too few passages"]


def test_topics_are_words_with_the_document_that_holds_most_and_where_to_read(reading):
    canvas = topics.plot_topics(TOPICS, DOCUMENTS, LABELS)
    assert reading.words(canvas) == [
        "1  ally, cost", "ally, base", "come and go: cost", "Alder 2001 holds 50 % and is 40 % of all text",
        "Read sentences: Alder 2001 3 to 5, 9; Birch 2002 1",
        "2  sea, port", "no word stays", "come and go: sea, port", "Birch 2002 holds 92 % and is 60 % of all text",
    ]  # fmt: skip
    whole, held = canvas.patches[0].get_width(), canvas.patches[1].get_width()
    assert np.isclose(held / whole, 0.5)
    assert [to_hex(canvas.patches[n].get_facecolor()) for n in (1, 3)] == [style.DOCUMENT_COLOURS[0], topics.GREYED]
    reading.assert_laid_out(canvas)


def test_topics_that_do_not_fit_two_screens_stand_in_the_table(reading):
    many = pd.concat([TOPICS.head(1).assign(topic=n, terms=", ".join(f"responsibility{i}" for i in range(40)))
                      for n in range(1, 25)], ignore_index=True)  # fmt: skip
    canvas = topics.plot_topics(many, DOCUMENTS, LABELS)
    shown = sum(text.get_fontweight() == "bold" for text in canvas.texts)
    note = " ".join(text.get_text() for text in canvas.figure.texts)
    assert shown < 24 and f"{24 - shown} more topics stand in the table." in note
    reading.assert_laid_out(canvas)


def test_sections_shade_each_segment_by_its_share_and_name_the_sections(reading):
    canvas = topics.plot_topic_sections(places(), DOCUMENTS, LABELS)
    written = reading.words(canvas)
    assert written.count("1  ally, cost") == 2 and "2 segments" in written and "1 segment" in written
    assert [words for words in written if words.startswith("§")] == [
        "§ 1",
        "§ 2",
    ]  # the second document has one section
    titled = pd.DataFrame({"doc_id": ["alder"], "section": [2], "heading": ["Costs"]})
    assert "Costs" in reading.words(topics.plot_topic_sections(places(), DOCUMENTS, LABELS, sections=titled))
    shades = [np.round(part.get_facecolor()[:, 0], 3).tolist() for part in canvas.collections]
    expected = [[round(style.tint(topics.SHADE, share)[0], 3) for share in shares]
                for shares in ((0.9, 0.3), (0.1, 0.7), (0.5,), (0.5,))]  # fmt: skip
    assert shades == expected


def test_a_segment_without_a_word_of_the_model_is_grey():
    canvas = topics.plot_topic_sections(places(share=[0.9, 0.1, np.nan, np.nan, 0.5, 0.5]), DOCUMENTS, LABELS)
    assert to_hex(canvas.collections[0].get_facecolor()[1]) == style.BAND
    assert "Grey: no word of the model." in " ".join(text.get_text() for text in canvas.figure.texts)


def test_of_hundreds_the_mean_share_in_each_tenth():
    ids = [f"d{number}" for number in range(61)]
    table = pd.concat([places().query("doc_id == 'alder'").assign(doc_id=one) for one in ids], ignore_index=True)
    canvas = topics.plot_topic_sections(table)
    heights = -np.array([bar.get_height() for bar in canvas.patches]).reshape(2, 10)
    assert np.allclose(heights / heights.max(), np.array([[0.9] * 5 + [0.3] * 5, [0.1] * 5 + [0.7] * 5]) / 0.9)


def test_sensitivity_writes_the_words_left_and_frames_what_is_lost(reading):
    changes = pd.DataFrame({
        "variation": ["without Alder 2001", "without Alder 2001", "one topic more", "one topic more"],
        "left_out": ["alder", "alder", "", ""], "topic": [1, 2, 1, 2], "name": ["ally, cost", "sea, port"] * 2,
        "agreement": [0.2, 1.0, 0.7, 0.9], "terms_kept": [3, 10, 8, 9],
    })  # fmt: skip
    canvas = topics.plot_topic_sensitivity(changes)
    assert [words for words in reading.words(canvas) if words.isdigit()] == ["3", "10", "8", "9"]
    assert [to_hex(patch.get_facecolor()) == "#ffffff" for patch in canvas.patches] == [True, False, False, False]


def test_sensitivity_of_hundreds_keeps_the_decisions_and_the_documents_that_matter_most(toys, reading):
    canvas = topics.plot_topic_sensitivity(toys.changes(100))
    written = reading.words(canvas)
    assert sum(words.startswith("without") for words in written) == topics.MOST_CHANGES - 2
    assert {"one topic more", "plain counts"} <= set(written)
