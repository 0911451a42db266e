"""Charts of words, nearness and actors: what is drawn is what the table says."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Ellipse

from crossread import from_texts
from crossread import measure as terms
from crossread.charts import actors as actor_charts
from crossread.charts import figures, labels, style
from crossread.charts import proximity as near_charts
from crossread.charts import terms as charts
from crossread.lexicon import find_hits, make_lexicon
from crossread.measure import actors, proximity


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def corpus():
    sea = "Ships sail the sea. The tide turns and the wind drops. " * 50
    soil = "Men plough the soil. The rain falls and the wheat grows. " * 50
    return from_texts({"a": sea, "b": soil, "c": sea[:900] + soil[:900]})


@pytest.fixture(scope="module")
def key_table(corpus):
    return terms.keyness(corpus, "a", "b")


def texts_of(ax):
    return [text.get_text() for text in ax.texts]


def test_frequencies_draws_each_rate_and_its_limits(corpus):
    table = terms.term_frequencies(corpus, terms=["sea", "soil"])
    ax = charts.plot_frequencies(table, corpus.documents)
    points = [line.get_xdata()[0] for line in ax.lines if len(line.get_xdata()) == 1]
    assert sorted(points) == pytest.approx(sorted(table["per_1000"]))
    limits = {
        tuple(np.round(line.get_xdata(), 6))
        for line in ax.lines
        if line.get_linewidth() == 2 and len(line.get_xdata()) == 2
    }
    assert {(round(low, 6), round(high, 6)) for low, high in zip(table["low"], table["high"], strict=True)} <= limits
    assert [label.get_text() for label in ax.get_yticklabels()] == ["sea", "soil"]


def test_dispersion_draws_a_bar_for_each_segment_with_the_word(corpus):
    table = terms.occurrences(corpus, ["ships", "men"])
    ax = charts.plot_dispersion(table, corpus.documents, terms.dispersion(corpus, ["ships", "men"]))
    drawn = sorted((bar.get_x(), bar.get_width()) for bar in ax.patches)
    expected = sorted(zip(table["start"], table["end"] - table["start"], strict=True))
    assert np.allclose(drawn, expected)
    assert "none" in texts_of(ax) and any("DP" in text for text in texts_of(ax))


def test_keyness_draws_effects_and_marks_what_is_supported(key_table):
    ax = charts.plot_keyness(key_table)
    supported = key_table[key_table["verdict"] == "supported"]
    marked = next(line for line in ax.lines if line.get_marker() == "D")
    assert marked.get_ydata() == pytest.approx(supported["log_ratio"])
    assert set(supported["term"]) <= set(texts_of(ax))
    bars = [
        line.get_ydata()
        for line in ax.lines
        if len(line.get_xdata()) == 2 and line.get_color() == style.DOCUMENT_COLOURS[0]
    ]
    edge = ax.get_ylim()[1]
    assert sorted(low for low, _ in bars) == pytest.approx(sorted(np.maximum(supported["low"], -edge)))


def test_two_documents_are_drawn_at_their_rates(key_table):
    ax = charts.plot_two_documents(key_table)
    drawn = sorted(
        (x, y) for line in ax.lines if line.get_marker() in "oDs" for x, y in zip(*line.get_data(), strict=True)
    )
    x = 1000 * key_table["reference_count"] / key_table["reference_n_tokens"]
    y = 1000 * key_table["count"] / key_table["n_tokens"]
    assert np.allclose(drawn, sorted(zip(x, y, strict=True)))


def test_fingerprints_draw_shares_that_add_up():
    own = from_texts({"a": "Defence, defence, defense.", "b": "Ships sail."})
    table = terms.spelling_fingerprints(own, {"d": ["defense", "defence"]})
    (panel,) = charts.plot_fingerprints(table)
    assert [round(bar.get_width(), 3) for bar in panel.patches] == [0.333, 0.667]
    assert texts_of(panel) == ["1", "2", "none"]


def test_similarity_writes_every_value(corpus):
    table = proximity.similarity(corpus, draws=100)
    ax = near_charts.plot_similarity(table, corpus.documents)
    assert len(ax.texts) == len(table) == 6
    assert [
        text.split()[0 if a != b else 1]
        for text, a, b in zip(texts_of(ax), table["doc_a"], table["doc_b"], strict=True)
    ] == [f"{value:.2f}" for value in table["value"]]
    shade = {round(float(patch.get_facecolor()[0]), 3) for patch in ax.patches}
    assert len(shade) > 2


def test_map_draws_documents_where_the_table_has_them(corpus):
    table = proximity.correspondence(corpus, minimum_count=5, draws=50)
    ax = near_charts.plot_correspondence(table, corpus.documents)
    documents = table[table["kind"] == "document"]
    drawn = {
        tuple(np.round(line.get_xydata()[0], 9))
        for line in ax.lines
        if line.get_marker() in style.MARKERS and len(line.get_xdata()) == 1
    }
    assert {tuple(np.round(at, 9)) for at in documents[["x", "y"]].to_numpy()} <= drawn
    assert [patch.width for patch in ax.patches if isinstance(patch, Ellipse)] == pytest.approx(
        documents["region_width"].tolist()
    )


@pytest.fixture(scope="module")
def ties():
    own = from_texts(
        {"a": "Japan and Korea signed. " * 12 + "Peru met Japan. Rain fell. Peru slept there. Japan slept there. " * 20}
    )
    hits = find_hits(own, make_lexicon("demo", {"japan": ["Japan"], "south_korea": ["Korea"], "peru": ["Peru"]}))
    return actors.comentions(hits, own.sentences, minimum_sentences=1)


def test_network_draws_ties_by_their_sentences(ties):
    ax = actor_charts.plot_comentions(ties)
    solid = [line for line in ax.lines if line.get_linestyle() == "-"]
    expected = ties.loc[~ties["explained"], "sentences"]
    assert len(solid) == len(expected) > 0 and len(ax.lines) == len(ties)
    assert sorted(line.get_linewidth() for line in solid) == pytest.approx(sorted(0.9 + 0.45 * expected))
    assert set(texts_of(ax)) == {"Japan", "South Korea", "Peru"}
    assert actor_charts.network_places(ties) == actor_charts.network_places(ties)


def test_mentions_write_sentences_and_keep_empty_rows():
    own = from_texts({"a": "Japan met Korea. Japan left."})
    hits = find_hits(own, make_lexicon("demo", {"japan": ["Japan"], "nato": ["NATO"]}))
    ax = actor_charts.plot_mentions(actors.mentions(hits, own.sentences))
    assert texts_of(ax) == ["2"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Japan", "NATO (nowhere)"]


def test_labels_do_not_cover_one_another_and_are_large_enough():
    _, ax = style.figure(height=3)
    ax.set(xlim=(0, 1), ylim=(0, 1))
    words = [f"word{i}" for i in range(12)]
    placed = labels.place_labels(ax, np.linspace(0.3, 0.7, 12), [0.5] * 12, words)
    renderer = ax.figure.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in placed]
    overlaps = sum(boxes[i].overlaps(boxes[j]) for i in range(12) for j in range(i))
    assert overlaps <= 2
    assert all(text.get_fontsize() >= 8 for text in placed)


def test_pictures_are_the_same_twice_and_can_be_saved(key_table, tmp_path, monkeypatch):
    monkeypatch.setenv("CROSSREAD_FIGURES", str(tmp_path))
    made = []
    for _ in range(2):
        table = figures.rounded(key_table)
        figures.save(charts.plot_keyness(table), "fig-98-again", data=table, caption="A caption.", alt="An alt text.")
        made.append((tmp_path / "fig-98-again.svg").read_bytes())
    assert made[0] == made[1]


@pytest.mark.parametrize("size", ["page", "notebook", "slide"])
def test_charts_fit_every_size(key_table, size, tmp_path, monkeypatch):
    monkeypatch.setenv("CROSSREAD_FIGURES", str(tmp_path))
    _, ax = style.figure(height=5, size=size)
    charts.plot_keyness(figures.rounded(key_table), ax=ax)
    figures.save(ax, f"fig-98-{size}", data=key_table, caption="A caption.", alt="An alt text.")


def test_a_missing_column_is_named(key_table):
    with pytest.raises(ValueError, match="the column “g2” is missing"):
        charts.plot_keyness(key_table.drop(columns="g2"))
