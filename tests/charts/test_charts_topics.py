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

DOCUMENTS = pd.DataFrame({"label": ["Alder 2001", "Birch 2002"]}, index=["alder", "birch"])


def saved(drawing, table, name="fig-99-topics"):
    """Save, which refuses letters that are too small or run out of the picture."""
    return figures.save(drawing, name, data=table, caption="A caption.", alt="A finding.")


def test_terms_show_how_often_they_stay_and_grey_for_fingerprints():
    terms = pd.DataFrame({
        "topic": [1, 1, 2, 2], "rank": [1, 2, 1, 2], "term": ["ally", "cost", "sea", "port"],
        "retained": [1, 0.5, 0.2, 0.9],
    })  # fmt: skip
    quality = pd.DataFrame({
        "topic": [1, 2], "share": [0.6, 0.4], "document": "alder", "document_holds": [0.5, 0.92],
        "fingerprint": [False, True],
    })  # fmt: skip
    axes = charts.plot_topic_terms(terms, quality)
    assert [bar.get_width() for bar in axes[0].patches[2:]] == [1, 0.5]
    assert [text.get_text() for text in axes[1].get_yticklabels()] == ["sea", "port"]
    assert to_hex(axes[0].patches[2].get_facecolor()) != to_hex(axes[1].patches[2].get_facecolor()) == charts.GREYED
    assert axes[0].get_title(loc="left") == "Topic 1"
    assert axes[1].get_title(loc="left") == "Topic 2\n92% in alder"
    saved(axes[0], terms)
    assert (
        charts.plot_topic_terms(terms, quality, DOCUMENTS["label"])[1].get_title(loc="left").endswith("in Alder 2001")
    )


def test_shares_keep_the_colours_of_the_documents():
    shares = pd.DataFrame({
        "doc_id": ["birch", "alder"], "topic": 1, "share": [0.7, 0.2], "low": [0.5, np.nan], "high": [0.9, np.nan],
    })  # fmt: skip
    ax = charts.plot_topic_shares(shares, DOCUMENTS)[0]
    colours = document_colours(DOCUMENTS)
    assert [line.get_color() for line in ax.lines[::2]] == [colours["alder"], colours["birch"]]
    assert list(ax.lines[2].get_xdata()) == [0.5, 0.9] and list(ax.lines[0].get_xdata()) == [0.2, 0.2]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["Alder 2001", "Birch 2002"]
    saved(ax, shares)


def test_stability_is_drawn_with_its_null_and_filled_where_supported():
    path = pd.DataFrame({
        "k": [2, 3, 4], "agreement": [0.5, 0.8, 0.6], "null_95": [0.6, 0.61, 0.59], "supported": [False, True, True],
    })  # fmt: skip
    ax = charts.plot_topic_stability(path, path.assign(null_95=0.62))
    assert list(ax.lines[0].get_ydata()) == [0.5, 0.8, 0.6] and list(ax.lines[1].get_ydata()) == [0.6, 0.61, 0.59]
    filled, hollow = ax.lines[3], ax.lines[4]
    assert list(filled.get_xdata()) == [3, 4] and list(hollow.get_xdata()) == [2]
    labels = sorted(text.xy[1] for text in ax.texts)
    assert len(labels) == 3 and min(np.diff(labels)) > 0.05  # three names that do not cover one another
    saved(ax, path)


def test_strips_show_every_segment_of_every_document():
    shares = pd.DataFrame({
        "doc_id": ["alder"] * 4 + ["birch"] * 2, "segment": [0, 0, 1, 1, 0, 0], "topic": [1, 2] * 3,
        "share": [0.9, 0.1, 0.3, 0.7, 0.5, 0.5],
    })  # fmt: skip
    ax = charts.plot_topic_strips(shares, DOCUMENTS)
    first, second = (mesh.get_array().tolist() for mesh in ax.collections[:2])
    assert first == [[0.9, 0.3], [0.1, 0.7]] and second == [[0.5], [0.5]]
    assert "Grey" not in ax.get_title(loc="left")
    saved(ax, shares)


def test_a_segment_without_a_term_keeps_its_place_and_is_grey():
    shares = pd.DataFrame({
        "doc_id": "alder", "segment": [0, 0, 1, 1, 3, 3], "topic": [1, 2] * 3,
        "share": [0.9, 0.1, np.nan, np.nan, 0.3, 0.7],
    })  # fmt: skip
    ax = charts.plot_topic_strips(shares, DOCUMENTS)
    mesh = ax.collections[0]
    assert mesh.get_array().mask.tolist() == [[False, True, True, False]] * 2
    assert mesh.get_array()[0].tolist() == [0.9, None, None, 0.3]
    assert to_hex(mesh.get_cmap().get_bad()) == charts.NOTHING
    assert ax.get_title(loc="left").endswith("Grey: no term of the model")
    saved(ax, shares)


def recovery(**changes):
    return pd.DataFrame({
        "key": ["a_b", "a_b"], "source": ["lexicon", "best topic"], "topic": [0, 3], "auc": [0.9, 0.7],
        "low": [0.8, 0.6],
        "high": [0.95, 0.8],
    }).assign(**changes)  # fmt: skip


def test_recovery_sets_topic_beside_lexicon():
    ax = charts.plot_theme_recovery(recovery())
    assert [text.get_text() for text in ax.texts] == ["lexicon", "best topic (3)"]
    assert list(ax.lines[0].get_xdata()) == [0.8, 0.95] and list(ax.lines[3].get_xdata()) == [0.7]
    saved(ax, recovery())


def test_texts_that_nobody_coded_are_said_to_be_so():
    ax = charts.plot_theme_recovery(recovery(auc=np.nan, low=np.nan, high=np.nan))
    assert [text.get_text() for text in ax.texts] == ["nobody has coded these texts"]


def test_labels_move_only_where_they_would_overlap():
    assert charts._apart([0.9, 0.5, 0.51], 0.06).tolist() == pytest.approx([0.9, 0.475, 0.535])
    assert charts._apart([0.2, 0.5], 0.06).tolist() == [0.2, 0.5]
    assert charts._apart([0.5, 0.5, 0.5], 0.1).tolist() == pytest.approx([0.4, 0.5, 0.6])


LONG = pd.DataFrame(
    {"label": [f"Report of the committee on a matter of some importance, {i:02d}" for i in range(30)]},
    index=[f"report_{i:02d}" for i in range(30)],
)


def awkward(k):
    """Shares of k topics in thirty documents with long names, the last topic in one of them alone."""
    generator = np.random.default_rng(0)
    rows = [(name, segment, topic + 1, share)
            for name in LONG.index for segment in range(generator.integers(1, 9))
            for topic, share in enumerate(generator.dirichlet(np.full(k, 0.3)))]  # fmt: skip
    shares = pd.DataFrame(rows, columns=["doc_id", "segment", "topic", "share"])
    ranks = np.arange(1, 11)
    terms = pd.DataFrame({
        "topic": np.repeat(np.arange(1, k + 1), 10), "rank": np.tile(ranks, k), "term": "misunderstanding",
        "retained": 0.7,
    })  # fmt: skip
    quality = pd.DataFrame({"topic": range(1, k + 1), "share": 1 / k, "document": "report_07", "document_holds": 1.0})
    quality["fingerprint"] = quality["topic"] == k
    by_document = shares.groupby(["doc_id", "topic"], as_index=False)["share"].mean().assign(low=0.0, high=1.0)
    return {
        "terms": lambda: charts.plot_topic_terms(terms, quality, LONG["label"])[0],
        "shares": lambda: charts.plot_topic_shares(by_document, LONG)[0],
        "strips": lambda: charts.plot_topic_strips(shares, LONG),
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


@pytest.mark.parametrize("chart", ["terms", "shares", "strips", "grid", "map"])
@pytest.mark.parametrize("k", [2, 12, 20])
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
    with pytest.raises(CrossreadError, match="the stability path: the column “null_95” is missing"):
        charts.plot_topic_stability(pd.DataFrame({"k": [2], "agreement": [1.0], "supported": [True]}))
    with pytest.raises(CrossreadError, match="1 topics are drawn on as many axes, and 2 were given"):
        table = pd.DataFrame({"doc_id": ["alder"], "topic": 1, "share": 0.5, "low": 0.4, "high": 0.6})
        charts.plot_topic_shares(table, DOCUMENTS, axes=[None, None])
