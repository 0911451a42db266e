"""What the charts of topics show: compared artist by artist with their tables."""

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex

from crossread.charts import figures
from crossread.charts import topics as charts
from crossread.charts.style import document_colours
from crossread.errors import CrossreadError
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
CHANGES = pd.DataFrame({
    "variation": ["without Alder 2001", "without Alder 2001", "one topic more", "one topic more"],
    "left_out": ["alder", "alder", "", ""], "topic": [1, 2, 1, 2], "name": ["ally, cost", "sea, port"] * 2,
    "agreement": [0.2, 1.0, 0.7, 0.9], "terms_kept": [3, 10, 8, 9],
})  # fmt: skip


def saved(drawing, table, name="fig-99-topics"):
    """Save, which refuses letters that are too small or run out of the picture."""
    return figures.save(drawing, name, data=table, caption="A caption.", alt="A finding.")


def places(**changes):
    return pd.DataFrame({
        "doc_id": ["alder"] * 4 + ["birch"] * 2, "section": [1, 1, 2, 2, 1, 1], "segment": [0, 0, 1, 1, 0, 0],
        "topic": [1, 2] * 3, "name": ["ally, cost", "sea, port"] * 3, "share": [0.9, 0.1, 0.3, 0.7, 0.5, 0.5],
    }).assign(**changes)  # fmt: skip


def written(ax):
    return [text.get_text() for text in ax.texts]


def test_stability_is_drawn_with_its_null_and_filled_where_supported():
    ax = charts.plot_topic_stability(PATH, "Two numbers are supported")
    lines = {tuple(np.round(line.get_ydata(), 3)) for line in ax.lines}
    assert {(0.5, 0.8, 0.6), (0.45, 0.4, 0.38), (0.66, 0.61, 0.59)} <= lines
    filled, hollow = ax.lines[-2:]
    assert list(filled.get_xdata()) == [3, 4] and list(hollow.get_xdata()) == [2]
    assert filled.get_markerfacecolor() != hollow.get_markerfacecolor() == "white"
    heights = sorted(text.xy[1] for text in ax.texts)
    assert len(heights) == 3 and min(np.diff(heights)) > 0.09  # three names that do not cover one another
    assert ax.figure.get_suptitle() == "Two numbers are supported"
    saved(ax, PATH)


def test_too_few_passages_are_said_to_be_so():
    ax = charts.plot_topic_stability(PATH.assign(agreement=np.nan, null=np.nan, null_95=np.nan))
    assert written(ax) == ["too few passages"] and not ax.lines


def test_topics_are_words_that_stay_and_words_that_come_and_go():
    ax = charts.plot_topics(TOPICS, DOCUMENTS, LABELS, "Two topics")
    text = written(ax)
    assert ["Topic 1: ally, cost", "ally, base", "come and go: cost"] == text[:3]
    assert "read alder-003 to 005, alder-009, birch-001" in text
    assert ["no word stays", "come and go: sea, port"] == text[text.index("Topic 2: sea, port") + 1 :][:2]
    widths = [round(bar.get_width() / 0.42, 6) for bar in ax.patches]
    assert widths == [1, 0.5, 1, 0.92]
    assert to_hex(ax.patches[1].get_facecolor()) == document_colours(DOCUMENTS)["alder"]
    assert to_hex(ax.patches[3].get_facecolor()) == charts.GREYED  # a fingerprint
    assert [round(line.get_xdata()[0] / 0.42, 6) for line in ax.lines] == [0.4, 0.6]
    assert "Alder 2001 holds 50 % (line: its 40 % of all text)" in text
    saved(ax, TOPICS)


def test_sections_show_every_segment_of_every_document_and_where_sections_begin():
    ax = charts.plot_topic_sections(places(), DOCUMENTS)
    first, second = (mesh.get_array().tolist() for mesh in ax.collections[:2])
    assert first == [[0.9, 0.3], [0.1, 0.7]] and second == [[0.5], [0.5]]
    assert [text for text in written(ax) if text.startswith("§")] == ["§1", "§2"]  # a single section needs no number
    assert [list(line.get_xdata()) for line in ax.lines] == [[0, 0], [1, 1]]
    assert ax.figure.get_supxlabel() == "1  ally, cost\n2  sea, port"
    saved(ax, places())


def test_a_segment_without_a_term_is_grey():
    ax = charts.plot_topic_sections(places(share=[0.9, 0.1, np.nan, np.nan, 0.5, 0.5]), DOCUMENTS)
    mesh = ax.collections[0]
    assert mesh.get_array().mask.tolist() == [[False, True]] * 2
    assert to_hex(mesh.get_cmap().get_bad()) == charts.NOTHING
    assert ax.figure.axes[1].get_ylabel() == "Share of the topic (grey: no term)"


def test_sensitivity_frames_what_is_lost():
    ax = charts.plot_topic_sensitivity(CHANGES, "Without Alder 2001, 1 of 2 topics is lost")
    assert sorted(map(int, written(ax))) == [3, 8, 9, 10]
    lost = [bar for bar in ax.patches if to_hex(bar.get_facecolor()) == "#ffffff"]
    assert [(bar.get_x() < 1, bar.get_y() < 0.5) for bar in lost] == [(True, True)]  # topic 1, the first row
    assert [text.get_text() for text in ax.get_yticklabels()] == ["without Alder 2001", "one topic more"]
    assert ax.get_yticks().tolist() == [0, 1.5]  # documents and decisions stand apart
    saved(ax, CHANGES)


def test_labels_move_only_where_they_would_overlap():
    assert charts._apart([0.9, 0.5, 0.51], 0.06).tolist() == pytest.approx([0.9, 0.475, 0.535])
    assert charts._apart([0.2, 0.5], 0.06).tolist() == [0.2, 0.5]
    assert charts._apart([0.5, 0.5, 0.5], 0.1).tolist() == pytest.approx([0.4, 0.5, 0.6])


LONG = pd.DataFrame(
    {"label": [f"Report of the committee on a matter of some importance, {i:02d}" for i in range(30)]},
    index=[f"report_{i:02d}" for i in range(30)],
)


def awkward(k):
    """Tables of k topics in thirty documents with long names, the last topic in one of them alone."""
    generator = np.random.default_rng(0)
    name = "misunderstanding, interoperability, responsibilities"
    rows = [(doc_id, 1 + segment // 4, segment, topic + 1, name, share)
            for doc_id in LONG.index for segment in range(generator.integers(1, 9))
            for topic, share in enumerate(generator.dirichlet(np.full(k, 0.3)))]  # fmt: skip
    columns = ["doc_id", "section", "segment", "topic", "name", "share"]
    words = [f"misunderstanding{i}" for i in range(10)]
    topics = pd.DataFrame({
        "topic": range(1, k + 1), "name": name, "terms": ", ".join(words), "steady": ", ".join(words[:6]),
        "doc_id": "report_07", "document_holds": 1.0, "document_tokens": 0.1, "fingerprint": [False] * (k - 1) + [True],
        "sentences": " ".join(f"report_07-{i:03d}" for i in range(0, 24, 2)),
    })  # fmt: skip
    variations = [f"without {label}" for label in LONG["label"][:12]] + ["LDA instead of NMF"]
    changes = pd.DataFrame({
        "variation": np.repeat(variations, k), "left_out": np.repeat([*LONG.index[:12], ""], k),
        "topic": np.tile(range(1, k + 1), 13), "name": name, "agreement": 0.4, "terms_kept": 5,
    })  # fmt: skip
    return {
        "topics": lambda: charts.plot_topics(topics, LONG, Labels(LONG["label"].to_dict()), "A title " * 20),
        "sections": lambda: charts.plot_topic_sections(pd.DataFrame(rows, columns=columns), LONG, "A title " * 20),
        "sensitivity": lambda: charts.plot_topic_sensitivity(changes, "A title " * 20),
    }


def covered(ax):
    """Return the labels of a figure that another one covers, and those that run out of it."""
    from matplotlib.text import Text

    ax.figure.draw_without_rendering()
    texts = [text for text in ax.figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    boxes = [text.get_window_extent() for text in texts]
    whole = ax.figure.bbox
    outside = [text.get_text() for text, box in zip(texts, boxes, strict=True)
               if box.x0 < -1 or box.y0 < -1 or box.x1 > whole.width + 1 or box.y1 > whole.height + 1]  # fmt: skip
    x0, y0, x1, y1 = (np.array([getattr(box, side) for box in boxes]) for side in ("x0", "y0", "x1", "y1"))
    wide = np.minimum(x1[:, None], x1) - np.maximum(x0[:, None], x0)
    high = np.minimum(y1[:, None], y1) - np.maximum(y0[:, None], y0)
    both = np.argwhere(np.triu((wide > 1) & (high > 3), 1))
    return outside, [(texts[i].get_text(), texts[j].get_text()) for i, j in both]


@pytest.mark.parametrize("chart", ["topics", "sections", "sensitivity"])
@pytest.mark.parametrize("k", [2, 10])
def test_many_documents_with_long_names_stay_readable(chart, k):
    ax = awkward(k)[chart]()
    assert covered(ax) == ([], [])
    assert ax.figure.get_figheight() < 30
    plt.close(ax.figure)


def test_a_long_name_keeps_what_tells_it_from_others():
    names = [charts.shorten(label) for label in LONG["label"]]
    assert len(set(names)) == 30 and max(map(len, names)) == 26
    assert charts.shorten("x" * 26) == "x" * 26 and charts.shorten(2024) == "2024"


def test_a_table_that_lacks_a_column_is_named():
    with pytest.raises(CrossreadError, match="the stability of the topics: the column “null_95” is missing"):
        charts.plot_topic_stability(PATH.drop(columns="null_95"))
    with pytest.raises(CrossreadError, match="the topics: the column “steady” is missing"):
        charts.plot_topics(TOPICS.drop(columns="steady"), DOCUMENTS)
