"""What the charts of topics show: compared artist by artist with their tables."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from crossread import figures
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
    assert axes[1].get_title(loc="left") == "Topic 2: 92% one text"
    saved(axes[0], terms)


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
    saved(ax, shares)


def test_grids_write_the_agreement_in_each_cell():
    table = pd.DataFrame(
        {"left_out": ["alder", "birch"] * 2, "topic": [1, 1, 2, 2], "agreement": [1, 0.25, np.nan, 0.5]}
    )
    ax = charts.plot_topic_grid(table, "left_out", "topic", DOCUMENTS["label"].to_dict())
    assert [text.get_text() for text in ax.texts] == ["1.00", "0.25", "0.50"]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["Alder 2001", "Birch 2002"]
    saved(ax, table)


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


def test_the_map_carries_its_warning():
    places = pd.DataFrame(
        {"topic": [1, 2, 3], "x": [0, 1, 1.05], "y": [1, 0, 0.02], "share": [0.5, 0.3, 0.2], "kept": 0.7}
    )
    ax = charts.plot_topic_map(places)
    assert ax.get_title(loc="left").startswith("Distances in this map are not findings.")
    assert sorted(text.get_text() for text in ax.texts if text.get_text()) == ["Topic 1", "Topic 2", "Topic 3"]
    assert list(ax.get_xticks()) == []
    saved(ax, places)


def test_a_table_that_lacks_a_column_is_named():
    with pytest.raises(CrossreadError, match="the stability path: the column “null_95” is missing"):
        charts.plot_topic_stability(pd.DataFrame({"k": [2], "agreement": [1.0], "supported": [True]}))
    with pytest.raises(CrossreadError, match="1 topics are drawn on as many axes, and 2 were given"):
        table = pd.DataFrame({"doc_id": ["alder"], "topic": 1, "share": 0.5, "low": 0.4, "high": 0.6})
        charts.plot_topic_shares(table, DOCUMENTS, axes=[None, None])
