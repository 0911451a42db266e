import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from test_themes import ABSTRACT, REPORT, make_tables

from crossread.charts import claims as claim_charts
from crossread.charts import figures, style
from crossread.charts import themes as charts
from crossread.measure import claims, themes, validation

OFTEN = [(29, {"china": 1 + i % 2, "cost": int(i % 5 == 0)}) for i in range(50)]
TEXTS = {"abstract": ABSTRACT, "report": REPORT, "often": OFTEN}
LABELS = ["A short abstract 2011", "Report & Others 2013", "Often 2023"]
KEYS = ["china", "cost"]


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def tables():
    hits, sentences = make_tables(TEXTS, KEYS)
    hits["entry"] = np.array(["china*", "prc|beijing|chinese government|people's republic", "x ~ y"])[
        np.arange(len(hits)) % 3
    ]
    sentences["section"] = 0
    # the first document in the table of documents is not the first alphabetically
    return hits, sentences, pd.DataFrame({"label": LABELS}, index=pd.Index(list(TEXTS), name="doc_id"))


@pytest.fixture(scope="module")
def specifications(tables):
    asked = [
        claims.Claim("often-over-report", "{a} over {b}", "china", "share", ("often", "report"), "higher"),
        claims.Claim("abstract-silent", "{a}", "china", "per_1000", ("abstract",), "absent"),
    ]
    ways = claims.multiverse(asked, *tables[:2], draws=100)
    return ways, claims.evaluate_claims(asked, *tables[:2], documents=tables[2], specifications=ways)


def labels(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


def test_rates_are_drawn_where_the_table_says(tables):
    hits, sentences, documents = tables
    table = themes.theme_rates(hits, sentences)
    axes = charts.plot_theme_rates(table, documents)
    assert [panel.get_title("left") for panel in axes] == ["China", "Cost"] and labels(axes[0].yaxis) == LABELS
    own = table[table["key"] == "china"].set_index("doc_id")
    colours = style.document_colours(documents)
    for place, doc in enumerate(documents.index):
        interval, point = axes[0].lines[2 * place : 2 * place + 2]
        assert interval.get_xdata() == pytest.approx([own.loc[doc, "low"], own.loc[doc, "high"]])
        assert (point.get_xdata()[0], point.get_ydata()[0]) == (pytest.approx(own.loc[doc, "per_1000"]), place)
        silent = own.loc[doc, "verdict"] == "not informative"
        assert silent == (doc == "abstract")
        assert point.get_markerfacecolor() == ("white" if silent else colours[doc])
    assert axes[0].get_xlim()[1] >= own["high"].max() and axes[0].yaxis_inverted()
    shares = charts.plot_theme_rates(table, documents, "share")
    assert "share of sentences" in "".join(panel.get_xlabel() for panel in shares)


def test_every_hit_has_its_stroke_in_its_lane(tables):
    hits, sentences, documents = tables
    table = themes.locate_hits(hits.assign(start_token=np.arange(len(hits)) % 250), sentences)
    ax = charts.plot_hit_places(table, documents)
    strokes = sum(len(collection.get_segments()) for collection in ax.collections)
    assert strokes == len(hits)
    drawn = sorted(segment[0][0] for collection in ax.collections for segment in collection.get_segments())
    assert drawn == pytest.approx(sorted(table["place"]))
    assert {text.get_text() for text in ax.texts} == {"no hit", "4,350\ntokens", "1,450\ntokens"}
    assert [text.get_text() for text in ax.get_legend().get_texts()] == KEYS


def test_verdicts_are_drawn_with_their_sign(tables):
    hits, sentences, documents = tables
    table = themes.theme_contrasts(hits, sentences, quantity="share")
    axes = charts.plot_verdicts(table, documents, 100, "per cent of sentences")
    assert [len(panel.patches) for panel in axes] == [3, 3]
    row = table[(table["key"] == "china") & (table["doc_a"] == "report") & (table["doc_b"] == "often")].iloc[0]
    assert row["verdict"] == "supported" and row["difference"] < 0
    lower = [
        patch
        for patch in axes[0].patches
        if patch.get_facecolor()[:3] == pytest.approx((0.722, 0.314, 0.047), abs=0.01)
    ]
    # rows: abstract, report; columns: report, often
    assert {(patch.get_x(), patch.get_y()) for patch in lower} == {(0.5, -0.5), (0.5, 0.5)}
    assert ((table["verdict"] == "supported") & (table["key"] == "china")).sum() == 2
    # the other order of a pair gives the same picture
    swapped = table.rename(columns={"doc_a": "doc_b", "doc_b": "doc_a"}).assign(difference=-table["difference"])
    again = charts.plot_verdicts(swapped, documents, 100, "per cent of sentences")
    assert [text.get_text() for text in again[0].texts] == [text.get_text() for text in axes[0].texts]


def test_validation_draws_scores_or_says_that_there_are_none(tables):
    hits, sentences, _ = tables
    ids = sentences.index[:60]
    codes = pd.DataFrame(
        {"doc_id": sentences.loc[ids, "doc_id"].values, "sentence_id": ids, "coder": "x", "china": 2, "cost": 0}
    )
    table = validation.validate_lexicon(hits, codes)
    ax = charts.plot_validation(table)
    assert (
        labels(ax.yaxis) == KEYS and sum("recall" in text.get_text() for text in ax.texts) == 1
    )  # cost has no positive
    assert [text.get_text() for text in charts.plot_validation(validation.validate_lexicon(hits, None)).texts] == [
        "not validated here"
    ] * 2
    rates = themes.theme_rates(hits, sentences)
    axes = charts.plot_corrected_shares(validation.corrected_shares(rates, hits, None))
    assert all("withheld" in panel.get_title("left") for panel in axes)


def test_equal_length_marks_what_samples_would_be_silent(tables):
    hits, sentences, documents = tables
    table = themes.equal_length_rates(hits, sentences)
    axes = charts.plot_equal_length(table, documents)
    assert "100%" in [text.get_text() for text in axes[0].texts]


def test_the_specification_curve_is_sorted_and_counts_right(specifications):
    ways, _ = specifications
    upper, lower = claim_charts.plot_specification_curve(ways, "often-over-report")
    own = ways[ways["claim"] == "often-over-report"]
    assert upper.lines[0].get_ydata() == pytest.approx(np.sort(own["relative"]))
    assert f"holds in {own['holds'].sum()} of {len(own)}" in upper.get_title("left")
    strokes = sum(len(collection.get_segments()) for collection in upper.collections)
    assert strokes == len(own) and len(labels(lower.yaxis)) == 2 + 2 + 5 + 3 + 2


def test_the_ledger_shows_every_claim(specifications):
    ways, ledger = specifications
    ax = claim_charts.plot_ledger(ledger)
    assert labels(ax.yaxis) == ledger["claim"].tolist()
    assert [text.get_text() for text in ax.texts][::2] == ledger["verdict"].tolist()
    widths = [patch.get_width() for patch in ax.patches][1::2]
    assert widths == pytest.approx(ledger["robustness"].tolist())


def test_choices_are_switched_on_and_off(specifications):
    ways, _ = specifications
    panel = claim_charts.switch_choices(ways, "often-over-report")
    assert "of 240" in panel.summary.value.replace(",", "") and len(panel.chart.outputs) == 1
    panel.switches["unit"].value = ("share of sentences",)
    panel.switches["block"].value = ("1", "3")
    own = ways[
        (ways["claim"] == "often-over-report") & (ways["unit"] == "share of sentences") & ways["block"].isin([1, 3])
    ]
    assert f"holds in {own['holds'].sum()} of {len(own)}" in panel.summary.value
    assert 'alt="often-over-report holds in' in panel.chart.outputs[0]["data"]["text/html"]
    panel.switches["unit"].value = ()
    assert "switch something on" in panel.summary.value and panel.chart.outputs == ()
    panel.claim.value = "abstract-silent"
    panel.switches["unit"].value = ("per 1,000 tokens",)
    assert "abstract-silent" in panel.summary.value


def test_every_chart_keeps_its_lettering_large_and_inside(tables, specifications, tmp_path, monkeypatch):
    monkeypatch.setenv("CROSSREAD_FIGURES", str(tmp_path))
    hits, sentences, documents = tables
    ways, ledger = specifications
    contrasts = themes.theme_contrasts(hits, sentences)
    drawn = [
        charts.plot_theme_rates(themes.theme_rates(hits, sentences), documents),
        charts.plot_hit_places(themes.locate_hits(hits, sentences), documents),
        charts.plot_verdicts(contrasts, documents),
        charts.plot_equal_length(themes.equal_length_rates(hits, sentences), documents),
        claim_charts.plot_ledger(ledger),
        claim_charts.plot_specification_curve(ways, "often-over-report"),
    ]
    for number, axes in enumerate(drawn, start=1):
        figures.save(axes, f"fig-{number:02d}-x", data=contrasts, caption="x", alt="x")
    assert len(list(tmp_path.glob("*.svg"))) == len(drawn)


def test_a_table_that_is_not_the_right_one_is_refused(tables):
    from crossread.errors import CrossreadError

    for plot in (charts.plot_theme_rates, charts.plot_hit_places,
                 charts.plot_validation, charts.plot_corrected_shares, charts.plot_verdicts, charts.plot_equal_length,
                 claim_charts.plot_ledger, claim_charts.switch_choices):  # fmt: skip
        with pytest.raises(CrossreadError, match="missing"):
            plot(pd.DataFrame({"nothing": [1]}))
