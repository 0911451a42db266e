"""Charts of claims: the ledger in sentences with two bars, the curve of all ways of measuring, the switches."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from crossread.charts import claims
from crossread.errors import CrossreadError

LEDGER = pd.DataFrame([
    {"claim": "money", "text": "Wesley counts money.", "counted": "9 of 29 sentences against 15 of 149", "measured": "",
     "verdict": "supported", "direction": 1.0, "support": 0.42},
    {"claim": "never", "text": "Tow never names China.", "counted": "0 of 9 sentences",
     "measured": "coders marked none", "verdict": "too few units", "direction": 0.5, "support": np.nan},
])  # fmt: skip
WAYS = pd.DataFrame({
    "claim": "money", "specification": [1, 2, 3, 4], "weight": [3.0, 1.0, 1.0, 1.0],
    "kinds": ["body", "all", "body", "all"],
    "lexicon": ["all", "all", "without cost*", "without pay*"], "unit": "share of sentences",
    "relative": [0.5, -0.2, 0.3, 0.1], "relative_low": [0.1, -0.5, -np.inf, -0.1],
    "relative_high": [0.9, 0.1, 0.8, 0.3], "agrees": [True, False, True, True], "holds": [True, False, False, False],
})  # fmt: skip


def test_the_ledger_says_each_claim_what_is_counted_and_measured_and_its_verdict(reading):
    canvas = claims.plot_ledger(LEDGER, "Of two claims one is supported")
    written = reading.words(canvas)
    for words in ("Wesley counts money", "9 of 29 sentences against 15 of 149", "Coders marked none", "✓", "supported",
                  "–", "too few units", "100", "42", "50"):  # fmt: skip
        assert words in written
    assert written.count("Counted") == 2 and written.count("Measured") == 1
    bars = [patch.get_width() for patch in canvas.patches]
    assert np.allclose(np.array(bars) / bars[0], [1, 1, 1, 0.42, 1, 0.5, 1])  # the last has no support to draw
    reading.assert_laid_out(canvas)


def test_a_ledger_without_ways_of_measuring_has_no_bars(reading):
    canvas = claims.plot_ledger(LEDGER[["claim", "text", "verdict"]])
    assert len(canvas.patches) == 0 and "points that way" not in reading.words(canvas)
    assert reading.figure_of(claims.plot_ledger(LEDGER.head(0))).get_figheight() < 2


def test_the_curve_rises_and_its_fields_stand_where_their_ways_do(reading):
    upper, lower = claims.plot_curve(WAYS, title="Wesley counts money")
    assert upper.lines[0].get_ydata().tolist() == [-0.2, 0.1, 0.3, 0.5]
    by_colour = {to_hex(part.get_color()[0][:3]): len(part.get_segments()) for part in upper.collections}
    assert by_colour == {claims.FAILS: 3, claims.HOLDS: 1}
    rows = [label.get_text() for label in lower.get_yticklabels()]
    assert rows == ["body alone", "all", "all", "one entry left out"]
    assert reading.words(lower) == ["75 %", "0 %", "75 %", "0 %"]  # 3 of 4 in weight
    reading.assert_laid_out(upper)


def test_no_way_of_measuring_is_a_sentence():
    with pytest.raises(CrossreadError, match="There is no way of measuring to draw."):
        claims.plot_curve(WAYS.head(0))


def test_choices_are_switched_on_and_off():
    panel = claims.switch_choices(WAYS, {"money": "Ames 1999 counts money."})
    assert panel.claim.options == (("Ames 1999 counts money.", "money"),)
    assert list(panel.switches) == ["kinds", "lexicon"] and "83 % of 4 ways" in panel.summary.value
    panel.switches["kinds"].value = ("body",)
    assert "100 % of 2 ways" in panel.summary.value and "75 % it is supported" in panel.summary.value
    assert 'alt="In 100 % of 2 ways' in panel.chart.outputs[0]["data"]["text/html"]
    panel.switches["kinds"].value = ()
    assert "switch something on" in panel.summary.value and panel.chart.outputs == ()
