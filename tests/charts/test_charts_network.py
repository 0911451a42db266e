"""The chart of who is named with whom: the hub in the middle, ties by their sentences, nobody's name covered."""

import numpy as np
import pandas as pd
from matplotlib.colors import to_hex

from crossread.charts import actors


def ties(*rows):
    columns = ["actor_a", "actor_b", "sentences", "sentences_a", "sentences_b", "explained"]
    return pd.DataFrame(rows, columns=columns)


STAR = ties(("us", "china", 8, 40, 12, True), ("us", "japan", 6, 40, 9, True), ("us", "nato", 2, 40, 5, True),
            ("china", "japan", 3, 12, 9, False))  # fmt: skip


def test_an_actor_named_twice_as_often_as_any_other_is_the_hub(reading):
    (ax,) = actors.plot_network(STAR)
    at = {text.get_text(): np.array(text.get_position()) for text in ax.texts}
    assert set(at) == {"US 40", "China 12", "Japan 9", "NATO 5"}
    assert "In the middle US, named in more than twice" in " ".join(text.get_text() for text in ax.figure.texts)
    even = STAR.assign(sentences_a=[20, 20, 20, 12])
    (ax,) = actors.plot_network(even)
    assert "In the middle" not in " ".join(text.get_text() for text in ax.figure.texts)


def test_ties_that_chance_does_not_explain_are_strong_and_thick_by_their_sentences():
    (ax,) = actors.plot_network(STAR)
    strong = [patch for patch in ax.patches if to_hex(patch.get_edgecolor()) == actors.STRONG]
    assert len(ax.patches) == 4 and len(strong) == 1
    widths = sorted(patch.get_linewidth() for patch in ax.patches)
    assert np.allclose(np.diff(widths), np.array([1, 3, 2]) * 4 / 8)  # 2, 3, 6 and 8 sentences


def test_neighbours_on_the_ring_are_those_that_are_tied():
    pairs = ties(("a", "b", 5, 5, 5, False), ("c", "d", 5, 5, 5, False), ("e", "f", 5, 5, 5, False))
    order = actors.ring_order(pairs, list("acebdf"))
    for one, other in ("ab", "cd", "ef"):
        assert (order.index(one) - order.index(other)) % 6 in (1, 5)
    assert actors.ring_order(pairs.head(0), []) == []


def test_too_many_for_a_ring_stand_in_the_table(reading):
    many = ties(*[("hub", f"actor_{n}", 1 + n, 200, 3 + n, n % 2 == 0) for n in range(60)])
    (ax,) = actors.plot_network(many)
    assert len(ax.texts) == actors.MOST_ACTORS
    assert "31 rarer actors stand in the table." in " ".join(text.get_text() for text in ax.figure.texts)
    reading.assert_laid_out(ax)


def test_nobody_is_named_with_anybody():
    (ax,) = actors.plot_network(STAR.head(0), title="No two actors")
    assert ax.figure.get_figheight() < 1 and ax.figure.texts[0].get_text() == "No two actors"
