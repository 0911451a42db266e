"""The look of the charts: colours told apart by everyone, no trace left in matplotlib's settings."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from crossread.charts import style
from crossread.errors import CrossreadError

# Machado, Oliveira and Fernandes 2009, “A Physiologically-based Model for Simulation of Color Vision
# Deficiency”, table 1, severity 1.0: protanopia, deuteranopia, tritanopia, in linear RGB.
VISION = {
    "full": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def linear(colour):
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ np.clip(rgb, 0, 1)
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in xyz / [0.95047, 1, 1.08883])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def smallest_distance(colours, vision):
    seen = [lab(np.array(VISION[vision]) @ linear(colour)) for colour in colours]
    return min(np.linalg.norm(a - b) for a, b in combinations(seen, 2))


def contrast(colour, ground="#ffffff"):
    light, dark = (np.array([0.2126, 0.7152, 0.0722]) @ linear(c) + 0.05 for c in (ground, colour))
    return light / dark


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize(
    ("colours", "least"), [(style.PETROFF_6, 25), (style.PETROFF_8, 17), (style.THEME_COLOURS, 14)]
)
def test_colours_are_told_apart_with_every_vision(colours, least, vision):
    assert smallest_distance(colours, vision) > least


@pytest.mark.parametrize("vision", VISION)
def test_the_colours_of_five_documents_and_three_themes_do_not_meet(vision):
    documents, themes = style.DOCUMENT_COLOURS[:5], style.THEME_COLOURS[:3]
    assert min(smallest_distance(pair, vision) for d in documents for pair in [(d, t) for t in themes]) > 17


def test_ink_and_themes_stand_out_from_white():
    assert contrast(style.INK) > 7 and contrast(style.PALE) > 4.5
    assert min(map(contrast, style.THEME_COLOURS)) > 3


def test_each_document_keeps_its_colour_and_marker():
    documents = pd.DataFrame({"label": list("xyz")}, index=["a", "b", "c"])
    colours, markers = style.document_colours(documents), style.document_markers(documents)
    assert list(colours) == style.document_order(documents) == ["a", "b", "c"]
    assert len(set(colours.values())) == len(set(markers.values())) == 3
    many = [f"d{i}" for i in range(24)]
    pairs = set(zip(style.document_colours(many).values(), style.document_markers(many).values(), strict=True))
    assert len(pairs) == 24


def test_drawing_leaves_no_trace_in_the_readers_settings():
    import matplotlib

    before = dict(matplotlib.rcParams)

    @style.styled
    def plot_toy(ax):
        assert matplotlib.rcParams["font.size"] == style.SIZES["page"][1]
        return ax

    _, ax = style.figure(size="slide", rows=2)
    plot_toy(ax[0])
    with style.context("notebook"):
        assert not matplotlib.rcParams["axes.spines.top"]
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize("size", style.SIZES)
def test_no_type_is_below_the_smallest(size):
    import matplotlib

    with style.context(size):
        for name in ("font.size", "xtick.labelsize", "ytick.labelsize", "legend.fontsize", "axes.labelsize"):
            assert matplotlib.rcParams[name] >= style.SMALLEST_TYPE


def test_an_unknown_size_is_refused():
    with pytest.raises(CrossreadError, match="there is no figure size “poster”: choose page, notebook or slide."):
        style.figure(size="poster")


def test_intervals_are_where_the_numbers_are_and_gaps_are_left_out():
    _, ax = style.figure()
    style.draw_intervals(
        ax, [1.0, float("nan"), 3.0], [0.5, 0, 2], [1.5, 0, 5], [0, 1, 2], style.PETROFF_6, labels=["a", "b", "c"]
    )
    drawn = [line.get_xydata().tolist() for line in ax.lines]
    assert drawn == [[[0.5, 0], [1.5, 0]], [[1.0, 0]], [[2, 2], [5, 2]], [[3.0, 2]]]
    assert [text.get_text() for text in ax.texts] == ["a", "c"]
    _, upright = style.figure()
    style.draw_intervals(upright, [1.0], [0.5], [1.5], [7], ["#000000"], horizontal=False)
    assert upright.lines[0].get_xydata().tolist() == [[7, 0.5], [7, 1.5]]


def test_a_chart_grows_to_a_slide_with_everything_in_it():
    drawing, ax = style.figure(width=5.0, height=2.0)
    (line,) = ax.plot([1, 2], [1, 2], "o-", linewidth=1.0, markersize=4.0)
    dots = ax.scatter([1], [1], s=9.0)
    tick = ax.xaxis.get_ticklabels()[0].get_fontsize()
    assert style.resize(ax, "slide") is drawing and drawing.get_size_inches().tolist() == [10.0, 4.0]
    assert (line.get_linewidth(), line.get_markersize(), dots.get_sizes().tolist()) == (2.0, 8.0, [36.0])
    assert ax.xaxis.get_ticklabels()[0].get_fontsize() == 2 * tick
    with pytest.raises(CrossreadError, match="no figure size “poster”"):
        style.resize(ax, "poster")
