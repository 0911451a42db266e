"""Charts of estimates with limits: rates, words, years, verdicts, scores, trends."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from crossread.charts import style, terms, themes, years
from crossread.charts.intervals import Intervals, interval_panels
from crossread.wording import Labels

DOCUMENTS = pd.DataFrame({"label": ["Early 1999", "Late 2001"]}, index=["early", "late"])
LABELS = Labels(DOCUMENTS["label"].to_dict(), {"cost": "Burden sharing", "rise": "China's rise"})
RATES = pd.DataFrame(
    [("late", "cost", 15, 100, 0.15, 0.1, 0.2), ("early", "cost", 0, 9, 0.0, 0.0, 0.3),
     ("late", "rise", 5, 100, 0.05, 0.02, 0.1), ("early", "rise", 3, 9, 1 / 3, 0.1, 0.9)],
    columns=["doc_id", "key", "sentences_with_hit", "n_sentences", "share", "share_low", "share_high"],
)  # fmt: skip


def drawn_points(ax):
    """The points of axes, each with the colour of its inside."""
    points = {}
    for part in ax.collections:
        places = part.get_offsets() if hasattr(part, "get_sizes") and len(part.get_sizes()) else []
        faces = np.resize(part.get_facecolor(), (len(places), 4))
        points |= {tuple(np.round(place, 3)): to_hex(face) for place, face in zip(places, faces, strict=True)}
    return points


def drawn_lines(ax):
    parts = [part.get_segments() for part in ax.collections if hasattr(part, "get_segments")]
    return [np.round(path, 3).tolist() for part in parts for path in part]


def names(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def test_rates_stand_at_their_shares_in_the_order_of_time(reading):
    cost, rise = themes.plot_theme_rates(RATES, DOCUMENTS, LABELS)
    assert (cost.get_title("left"), rise.get_title("left")) == ("Burden sharing", "China's rise")
    assert names(cost) == ["Early 1999", "Late 2001"] and names(rise) == []
    assert set(drawn_points(cost)) == {(0.0, 0.0), (0.15, 1.0)} and set(drawn_points(rise)) == {
        (0.333, 0.0),
        (0.05, 1.0),
    }
    assert drawn_points(cost)[(0.0, 0.0)] == "#ffffff" and drawn_points(cost)[(0.15, 1.0)] == style.THEME_COLOURS[0]
    assert [[0.0, 0.0], [0.3, 0.0]] in drawn_lines(cost) and [[0.1, 1.0], [0.2, 1.0]] in drawn_lines(cost)
    assert reading.words(cost) == ["0 of 9", "15 of 100"]
    assert cost.get_xlim() == rise.get_xlim() and cost.get_ylim()[0] > cost.get_ylim()[1]


def test_limits_beyond_the_axis_end_at_it():
    _, rise = themes.plot_theme_rates(RATES, DOCUMENTS, LABELS)
    assert rise.get_xlim()[1] == pytest.approx(0.9)
    alone = RATES.assign(share_high=[0.2, 1.0, 0.1, 1.0], share=[0.05, 0, 0.05, 0.1])
    cost, _ = themes.plot_theme_rates(alone, DOCUMENTS, LABELS)
    assert cost.get_xlim()[1] == pytest.approx(0.3)  # three times the largest share
    assert [[0.0, 0.0], [0.3, 0.0]] in drawn_lines(cost)


def test_what_coders_mark_stands_beside_what_is_counted():
    table = RATES.assign(measured=[0.2, 0.1, np.nan, np.nan], measured_low=[0.15, 0.05, np.nan, np.nan],
                         measured_high=[0.25, 0.2, np.nan, np.nan])  # fmt: skip
    cost, rise = themes.plot_theme_rates(table, DOCUMENTS, LABELS)
    assert {(0.1, 0.27), (0.2, 1.27)} <= set(drawn_points(cost)) and [[0.05, 0.27], [0.2, 0.27]] in drawn_lines(cost)
    assert not any(place[1] == 0.27 for place in drawn_points(rise))
    assert "Diamond: what coders mark" in " ".join(text.get_text() for text in cost.figure.texts)


def test_the_rows_of_sixty_have_no_counts_and_of_more_a_dot_each_and_two_names(toys, reading):
    small = themes.plot_theme_rates(toys.rates(13), toys.documents(13))
    assert reading.words(small) == [] and len(names(small[0])) == 13
    spread = themes.plot_theme_rates(toys.rates(61), toys.documents(61))[0]
    table = toys.rates(61).query("key == 'cost' and sentences_with_hit > 0")
    assert len(spread.collections[0].get_offsets()) == len(table)
    written = reading.words(spread)
    assert f"{61 - len(table)} silent" in written and any(words.startswith("highest: Author") for words in written)
    assert not any(words.startswith("lowest") for words in written)  # several are lowest
    about = [" ".join(text.get_text() for text in ax.figure.texts) for ax in (small[0], spread)]
    assert "limits" in about[0] and "Beside" not in about[0] and not {"limits", "Hollow:"} & set(about[1].split())


def test_panels_that_do_not_fit_two_screens_stand_in_the_table(reading):
    rows = pd.DataFrame({"value": np.arange(50) / 50, "low": 0.0, "high": 1.0})
    panels = [Intervals(f"theme {number}", "#253793", rows) for number in range(20)]
    axes = interval_panels(panels, [f"name {number}" for number in range(50)])
    assert len(axes) < 20 and axes[0].figure.get_figheight() < 14
    note = " ".join(text.get_text() for text in axes[0].figure.texts)
    assert f"{20 - len(axes)} more stand in the table." in note


def test_words_are_drawn_at_their_rates_in_the_colour_of_their_document():
    table = pd.DataFrame(
        [("late", "allies", 4, 400, 10.0, 3.0, 20.0), ("early", "allies", 0, 200, 0.0, 0.0, 15.0)],
        columns=["doc_id", "term", "count", "n_tokens", "per_1000", "low", "high"],
    )  # fmt: skip
    (ax,) = terms.plot_frequencies(table, DOCUMENTS, LABELS)
    first, second = style.DOCUMENT_COLOURS[:2]
    assert drawn_points(ax) == {(0.0, 0.0): "#ffffff", (10.0, 1.0): second}
    edges = [to_hex(part.get_edgecolor()[0]) for part in ax.collections if len(part.get_offsets()) == 1]
    assert first in edges


# --- years ----------------------------------------------------------------------------------------------------------

YEARS = pd.DataFrame(
    [("1990s", "cost", 0.1, 0.05, 0.2, 3), ("2000s", "cost", 0.2, 0.1, 0.3, 9),
     ("1980s", "cost", 0.0, np.nan, np.nan, 1)],
    columns=["group", "key", "share", "share_low", "share_high", "n_documents"],
)  # fmt: skip


def test_groups_that_are_decades_stand_along_an_axis_of_years(reading):
    (ax,) = themes.plot_theme_rates(YEARS, labels=LABELS)
    points = ax.collections[-1]
    assert points.get_offsets().tolist() == [[1995, 0.1], [2005, 0.2], [1985, 0.0]]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1990s", "2000s", "1980s"]
    assert to_hex(points.get_facecolor()[2]) == "#ffffff" and points.get_sizes()[1] > points.get_sizes()[0]
    line = ax.lines[-1]
    assert line.get_xdata().tolist() == [1985, 1995, 2005]  # in their order, whatever that of the table
    limits = [line.get_ydata() for line in ax.lines[:-1]]
    assert np.allclose(limits, [[0.05, 0.2], [0.1, 0.3]])
    assert "The larger a point" in " ".join(text.get_text() for text in ax.figure.texts)


def test_trends_are_drawn_from_their_zero_with_their_ends(reading):
    table = pd.DataFrame({
        "key": ["cost", "rise"], "first": 1990, "last": 2020, "fitted_first": [0.1, 0.3], "fitted_last": [0.4, 0.3],
        "per_decade": [0.1, 0.0], "low": [0.05, -0.2], "high": [0.15, 0.2],
        "verdict": ["supported", "not distinguishable"],
    })  # fmt: skip
    (ax,) = years.plot_trends(table, LABELS)
    points = drawn_points(ax)
    assert (
        set(points) == {(0.1, 0.0), (0.0, 1.0)} and points[(0.1, 0.0)] == style.THEME_COLOURS[0] != points[(0.0, 1.0)]
    )
    assert [label.get_text() for label in ax.get_xticklabels()] == ["−20", "0", "+20"]
    assert reading.words(ax) == ["10 % (1990) to 40 % (2020)", "30 % (1990) to 30 % (2020)"]


def group_lines(groups=("Red", "Blue"), keys=("cost", "rise")):
    rows = [(group, key, 5 - number, 1990, 2020, 0.1, 0.3, "supported" if number == 0 else "not distinguishable")
            for number, group in enumerate(groups) for key in keys]  # fmt: skip
    names = ["group", "key", "n_units", "first", "last", "fitted_first", "fitted_last", "verdict"]
    return pd.DataFrame(rows, columns=names)


def test_lines_of_groups_stand_in_a_column_each_with_a_point_a_document(reading):
    points = pd.DataFrame({"group": ["Red", "Red", "Blue"], "key": "cost", "year": [1990, 2020, 2000]})
    points = points.assign(share=[0.0, 0.2, 0.4], share_low=[0.0, 0.1, 0.3], share_high=[0.1, 0.3, 0.5])
    axes = np.ravel(years.plot_group_trends(group_lines(), LABELS, points=points))
    assert len(axes) == 4 and axes[0].get_ylabel() == "Burden sharing"
    assert [ax.get_title("left") for ax in axes] == ["Red", "Blue", "", ""]
    drawn = drawn_points(axes[0])
    assert set(drawn) == {(1990.0, 0.0), (2020.0, 0.2)} and drawn[(1990.0, 0.0)] == "#ffffff"
    assert [ax.lines[-1].get_linestyle() for ax in axes] == ["-", "--", "-", "--"]
    reading.assert_laid_out(axes)


def test_lines_of_rates_are_drawn_and_named_as_rates():
    lines = group_lines().assign(quantity="per_1000", fitted_first=0.4, fitted_last=8.0)
    points = pd.DataFrame({"group": ["Red"], "key": "cost", "year": [1990], "share": [7.5]})
    axes = np.ravel(years.plot_group_trends(lines, LABELS, points=points))
    assert axes[0].get_ylim()[1] > 8 and not any("%" in label.get_text() for label in axes[0].get_yticklabels())
    assert "Hits per 1,000 tokens in each" in " ".join(text.get_text() for text in axes[0].figure.texts)
    one = lines.drop_duplicates("key").assign(per_decade=0.1, low=0.0, high=0.2, fitted_last=0.9)
    (ax,) = years.plot_trends(one, LABELS)
    assert "hits per 1,000 tokens" in " ".join(text.get_text() for text in ax.figure.texts)


def test_verdicts_on_hits_say_so_beside_the_shares():
    table = contrasts()
    for shown, told in ((table, False), (table.assign(per_1000_a=1.0), True)):
        (ax, *_) = np.ravel(themes.plot_verdicts(shown, labels=LABELS))
        written = " ".join(text.get_text() for text in [*ax.figure.texts, *ax.texts])
        assert ("verdicts are on hits per 1,000" in written) == told


def test_lines_of_many_groups_and_themes_fit_and_small_groups_are_counted(reading):
    many = group_lines([f"Democratic-Republican party {n}" for n in range(5)] + ["Whigs", "None"], list("abcdef"))
    axes = np.ravel(years.plot_group_trends(many.assign(n_units=many["n_units"] + 9), title="A title"))
    assert "1 smaller group not drawn." in " ".join(text.get_text() for text in axes[0].figure.texts)
    reading.assert_laid_out(axes)
    written = [ax.get_title("left") for ax in axes] + [ax.get_ylabel() for ax in axes]
    assert not any("…" in text for text in written), written
    assert reading.figure_of(years.plot_group_trends(many.head(0), title="None")).get_figheight() < 2


# --- verdicts -------------------------------------------------------------------------------------------------------


def contrasts(**changes):
    table = pd.DataFrame(
        [("cost", "early", "late", 0.0, 0.15, 0, 9, 15, 100, "supported", np.inf),
         ("rise", "early", "late", 1 / 3, 0.05, 3, 9, 5, 100, "not distinguishable", 7.26)],
        columns=["key", "doc_a", "doc_b", "share_a", "share_b", "sentences_a", "n_a", "sentences_b", "n_b", "verdict",
                 "minimum_ratio"],
    )  # fmt: skip
    return table.assign(**changes)


def test_a_verdict_says_who_has_more_or_what_could_have_been_seen(reading):
    canvas = themes.plot_verdicts(contrasts(), DOCUMENTS, LABELS, rates=RATES)
    written = reading.words(canvas)
    assert written.count("▲") == 1 and "▼" not in written and "7.3" in written  # the late row has more than the early
    assert len(canvas.patches) == 1 and to_hex(canvas.patches[0].get_facecolor()) == style.THEME_COLOURS[0]
    for words in ("0 of 9", "15 of 100", "3 of 9", "5 of 100", "Burden sharing", "China's rise"):
        assert words in written
    rows = [text for text in canvas.texts if text.get_text() in ("Early 1999", "Late 2001")]
    assert [row.get_text() for row in rows] == ["Early 1999", "Late 2001"] * 2


@pytest.mark.parametrize(
    ("verdict", "ratio", "said"),
    [("too few units", np.inf, "few"), ("not distinguishable", np.inf, "–"), ("not distinguishable", 250.0, "> 99"),
     ("not distinguishable", 12.4, "12")],
)  # fmt: skip
def test_a_verdict_that_is_none_says_why(verdict, ratio, said, reading):
    assert said in reading.words(
        themes.plot_verdicts(contrasts(verdict=verdict, minimum_ratio=ratio), DOCUMENTS, LABELS)
    )


def test_the_shares_of_a_verdict_stand_on_the_scale_below():
    canvas = themes.plot_verdicts(contrasts(), DOCUMENTS, LABELS, rates=RATES)
    scale = {text.get_text(): text.get_position()[0] for text in canvas.texts if text.get_text().endswith(" %")}
    (zero, middle, end), (low, _, high) = zip(*sorted((x, int(words[:-2])) for words, x in scale.items()), strict=True)
    unit = (end - zero) / (high - low) * 100
    drawn = sorted(float(x) for part in canvas.collections if len(part.get_offsets()) and hasattr(part, "get_sizes")
                   for x, _ in part.get_offsets() if len(part.get_sizes()))  # fmt: skip
    assert np.allclose(drawn, sorted(zero + unit * np.array([0, 0.15, 1 / 3, 0.05])))


def test_documents_compared_with_all_others_are_strong_where_they_differ():
    rows = contrasts().assign(doc_b="all others")
    cost, rise = themes.plot_verdicts(rows, DOCUMENTS, LABELS)
    assert drawn_points(cost) == {(0.0, 0.0): "#ffffff"}
    assert list(drawn_points(rise)) == [(0.333, 0.0)]
    assert drawn_points(rise)[(0.333, 0.0)] == to_hex(style.tint(style.THEME_COLOURS[1], 0.45))


# --- scores ---------------------------------------------------------------------------------------------------------


def scores(**changes):
    table = pd.DataFrame({
        "key": ["cost", "cost"], "rule": ["core", "core or weak"], "n_coded": 40, "coder": ["model A", "model A"],
        "precision": [0.5, 0.75], "recall": [1.0, 0.8], "f1": [0.67, 0.77],
    })  # fmt: skip
    for name in ("precision", "recall", "f1"):
        table[f"{name}_low"], table[f"{name}_high"] = table[name] - 0.1, table[name] + 0.05
    return table.assign(**changes)


def test_scores_are_written_and_drawn_with_who_coded(reading):
    axes = themes.plot_scores(scores(), LABELS)
    precision, recall, _ = axes
    assert set(drawn_points(precision)) == {(0.5, 0.0), (0.75, 1.0)} and ".50" in reading.words(precision)
    assert "1" in reading.words(recall) and "Burden sharing" in reading.words(precision)
    assert "40 sentences, coded by model A." in [text.get_text() for text in precision.figure.texts]


def test_scores_on_sentences_that_its_authors_had_not_seen_are_diamonds():
    blind = scores(blind_precision=[0.25, 0.3], blind_recall=0.4, blind_f1=0.35, blind_n=180, blind_texts="strategies",
                   blind_coders="model B", lexicon_changed=True)  # fmt: skip
    precision, recall, f1 = themes.plot_scores(blind, LABELS)
    assert {(0.25, 0.0), (0.3, 1.0)} <= set(drawn_points(precision)) and (0.35, 0.0) in drawn_points(f1)
    note = " ".join(text.get_text() for text in f1.figure.texts)
    assert "180 sentences that the authors of the lexicon had not seen (strategies; coded by model B); it has" in note
    assert note.endswith("changed since.")
    sheet = themes.plot_scores(blind.assign(blind_recall=[0.7, 0.4]), LABELS)[0].figure
    assert "What only touches a theme is missed more often" in " ".join(text.get_text() for text in sheet.texts)


def test_scores_say_that_nobody_has_coded():
    axes = themes.plot_scores(scores(n_coded=0), LABELS)
    assert "Nobody has coded these texts." in [text.get_text() for text in axes[0].figure.texts]
    assert drawn_points(axes[0]) == {}
