"""The look of the charts: colours told apart by everyone, words that fit, no trace in matplotlib's settings."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossread.charts import labels, primitives, style
from crossread.wording import Labels

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


# --- colours --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize(("colours", "least"), [(style.DOCUMENT_COLOURS, 25), (style.THEME_COLOURS, 14)])
def test_colours_are_told_apart_with_every_vision(colours, least, vision):
    assert smallest_distance(colours, vision) > least


@pytest.mark.parametrize("vision", VISION)
def test_the_colours_of_five_documents_and_three_themes_do_not_meet(vision):
    documents, themes = style.DOCUMENT_COLOURS[:5], style.THEME_COLOURS[:3]
    assert min(smallest_distance(pair, vision) for d in documents for pair in [(d, t) for t in themes]) > 17


def test_ink_and_themes_stand_out_from_white():
    assert contrast(style.INK) > 7 and contrast(style.PALE) > 4.5 and contrast(style.MANY) > 4.5
    assert min(map(contrast, style.THEME_COLOURS)) > 3


def test_a_document_keeps_its_colour_by_its_row_and_many_have_one_together():
    documents = pd.DataFrame({"label": list("xyz")}, index=["c", "a", "b"])
    assert style.document_colours(documents) == dict(zip("cab", style.DOCUMENT_COLOURS, strict=False))
    assert list(style.document_colours(documents)) == style.document_order(documents) == ["c", "a", "b"]
    assert set(style.document_colours([f"d{n}" for n in range(7)]).values()) == {style.MANY}


def test_a_theme_keeps_its_colour_by_its_place_in_the_lexicon():
    known = Labels({}, {"cost": "Cost", "rise_named": "Rise is named", "rise": "Rise", "ties": "Ties"})
    first, second, third = style.THEME_COLOURS[:3]
    assert style.theme_colours(["ties.two", "cost.money"], known) == {"ties.two": third, "cost.money": first}
    assert style.theme_colours(["rise_named", "rise"], known) == {"rise_named": style.NAME_COLOUR, "rise": second}
    many = style.theme_colours([f"t{n}" for n in range(8)])
    assert len(set(many.values())) == 7 and many["t6"] == many["t7"] == style.MANY


def test_a_table_has_its_documents_in_the_order_of_the_documents_and_groups_in_their_own():
    table = pd.DataFrame({"doc_id": ["late_2001", "early_1999", "late_2001"]})
    documents = pd.DataFrame({"label": ""}, index=["early_1999", "middle_2000", "late_2001"])
    assert style.present_documents(table, documents) == ["early_1999", "late_2001"]
    grouped, known = style.groups_as_documents(pd.DataFrame({"group": ["left", "right"]}), documents)
    assert known is None and style.present_documents(grouped, known) == ["left", "right"]
    same, known = style.groups_as_documents(table, documents)
    assert same is table and known is documents


# --- the sheet ------------------------------------------------------------------------------------------------------


def test_a_title_is_wrapped_at_the_width_and_ends_in_an_ellipsis_where_it_is_endless():
    sheet = style.Sheet(1.0, title="Wesley counts money " * 5)
    lines = [text for text in sheet.figure.texts]
    assert len(lines) == 2 and lines[0].get_fontweight() == "bold"
    assert all(labels.text_width(t.get_text(), t.get_fontsize(), "bold") <= style.WIDTH - 0.2 for t in lines)
    endless = style.Sheet(1.0, title="Wesley counts money " * 40)
    assert len(endless.figure.texts) == style.MOST_LINES and endless.figure.texts[-1].get_text().endswith(" …")
    assert endless.figure.texts[0].get_fontsize() < lines[0].get_fontsize()


def test_what_stands_in_the_title_below_it_and_in_the_note_takes_its_room():
    bare, full = style.Sheet(1.0), style.Sheet(1.0, title="A", below="B", note="C")
    assert full.figure.get_figheight() > bare.figure.get_figheight() > 1.0
    heights = {text.get_text(): text.get_position()[1] for text in full.figure.texts}
    assert heights["A"] > heights["B"] > full.axes(0, 0, 1, 1).get_position().y1
    assert heights["C"] < full.axes(0, 0, 1, 1).get_position().y0
    canvas = full.canvas()
    assert canvas.get_xlim() == (0, style.WIDTH) and canvas.get_ylim() == (1.0, 0)


def test_drawing_leaves_no_trace_in_the_readers_settings():
    import matplotlib

    before = dict(matplotlib.rcParams)

    @style.chart("the toy", "n")
    def plot_toy(table):
        assert matplotlib.rcParams["font.size"] == labels.TEXT and not matplotlib.rcParams["text.parse_math"]

    plot_toy(pd.DataFrame({"n": [1]}))
    assert dict(matplotlib.rcParams) == before


def test_no_type_is_below_the_smallest():
    for name in ("font.size", "xtick.labelsize", "ytick.labelsize", "legend.fontsize", "axes.labelsize"):
        assert style.SETTINGS[name] >= labels.SMALLEST_TYPE


# --- words ----------------------------------------------------------------------------------------------------------


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=9), min_size=1, max_size=12), st.floats(0.5, 3))
def test_wrapped_lines_fit_and_lose_no_word_that_fits(words, inches):
    lines = labels.wrap(" ".join(words), inches)
    assert all(labels.text_width(line) <= inches for line in lines)
    if all(labels.text_width(word) <= inches for word in words):
        assert " ".join(lines).split() == words


@given(st.text("abcdefghij ", max_size=60), st.floats(0.3, 3))
def test_a_shortened_name_fits_and_keeps_its_ends(name, inches):
    short = labels.shorten(name, inches)
    assert labels.text_width(short) <= inches or short == "…"
    if short != name and len(short) > 3:
        assert short[0] == name[0] and short[-1] == name[-1] and "…" in short


@given(st.lists(st.floats(0, 10), max_size=12), st.floats(0.1, 2))
def test_places_are_moved_apart_in_their_order_and_as_little_as_needed(places, least):
    moved = labels.apart(places, least)
    order = np.argsort(places, kind="stable")
    assert (np.diff(moved[order]) >= least - 1e-9).all()
    if len(places) < 2 or (np.diff(np.sort(places)) >= least).all():
        assert np.allclose(moved, places)
    assert np.isclose(moved.sum(), np.sum(places))


def test_labels_stand_beside_their_points_and_cover_nothing():
    from matplotlib.text import Text

    ax = style.Sheet(2.0).axes(1, 0, 6, 1.7)
    generator = np.random.default_rng(0)
    x, y = generator.random(60), generator.random(60)
    ax.scatter(x, y)
    written = labels.place_labels(ax, x, y, [f"label {number}" for number in range(60)], bold=2)
    assert len(written) > 40 and [text.get_fontweight() for text in written[:3]] == ["bold", "bold", "normal"]
    ax.figure.draw_without_rendering()
    boxes = [Text.get_window_extent(text) for text in written]  # without the line that joins it
    points = ax.transData.transform(np.column_stack([x, y]))
    for place, box in enumerate(boxes):
        assert not any(box.shrunk(0.9, 0.7).overlaps(other.shrunk(0.9, 0.7)) for other in boxes[:place])
        assert not any(box.shrunk(0.9, 0.6).contains(*point) for point in points)


# --- shapes ---------------------------------------------------------------------------------------------------------


def test_intervals_are_where_the_numbers_are_gaps_are_left_out_and_silence_is_hollow_and_dotted():
    ax = style.Sheet(2.0).axes(1, 0, 6, 1.7)
    primitives.draw_intervals(
        ax, [1.0, np.nan, 0.0], [0.5, 0, 0], [1.5, 0, 5], [0, 1, 2], style.DOCUMENT_COLOURS[:3],
        silent=[False, False, True],
    )  # fmt: skip
    line, point, dotted, hollow = ax.collections
    assert [path.tolist() for path in line.get_segments()] == [[[0.5, 0.0], [1.5, 0.0]]]
    assert point.get_offsets().tolist() == [[1.0, 0.0]] and hollow.get_offsets().tolist() == [[0.0, 2.0]]
    assert [path.tolist() for path in dotted.get_segments()] == [[[0.0, 2.0], [5.0, 2.0]]]
    assert line.get_linestyle()[0][1] is None and dotted.get_linestyle()[0][1] is not None
    assert hollow.get_facecolor()[0][:3].tolist() == [1, 1, 1] and point.get_facecolor()[0][:3].tolist() != [1, 1, 1]


def test_the_area_of_a_disc_is_its_share():
    small, large = (primitives.disc_radius(share, 0.5, 0.2) for share in (0.125, 0.5))
    assert large == 0.2 and (large / small) ** 2 == pytest.approx(4)
    assert primitives.disc_radius(0.3, 0, 0.2) == 0


def test_a_lead_is_alone_and_has_three_sentences():
    table = pd.DataFrame({"key": list("aabbcc"), "number": [3, 1, 2, 1, 4, 4], "share": [0.3, 0.1, 0.9, 0.1, 0.2, 0.2]})
    assert primitives.leaders(table, "key") == {0}


def test_heads_are_wrapped_then_small_then_upright():
    forms = [primitives.head_form(["Glosserman"], width) for width in (1.0, 0.85, 0.77, 0.5)]
    assert forms == [(9.0, "bold"), (8.0, "bold"), (8.0, "normal"), None]


def test_facts_say_what_one_sentence_weighs():
    documents = pd.DataFrame({"genre": ["op-ed", np.nan]}, index=["a", "b"])
    assert primitives.facts_of(["a", "b", "c"], documents, {"a": 8, "b": 4000}) == [
        ["op-ed", "8 sentences", "one is 12 %"],
        ["", "4,000 sentences", "one is < 0.1 %"],
        ["", "0 sentences", ""],
    ]


def test_dots_of_a_swarm_stand_at_their_square_root_and_on_each_other():
    canvas = style.Sheet(1.0).canvas()
    primitives.draw_swarm(canvas, [0.0, 0.25, 0.25, 1.0], 1.0, 1.0, 4.0, 0.9, 0.5, style.MANY)
    x, y = canvas.collections[0].get_offsets().T
    assert np.allclose(x, [1, 3, 3, 5], atol=0.03)
    assert y[1] > y[2] and y[0] == y[1] == y[3]  # downwards: the second of two stands higher
