import numpy as np
import pytest
from golds import golds

from crossread.errors import CrossreadError
from crossread.measure import resampling


def test_exact_limits_match_published_tables():
    # Garwood 1936 and any table of Poisson limits: 0, 1, 5 and 10 events
    low, high = resampling.exact_limits([0, 1, 5, 10], 1)
    assert low == pytest.approx([0, 0.0253, 1.6235, 4.7954], abs=1e-4)
    assert high == pytest.approx([3.6889, 5.5716, 11.6683, 18.3904], abs=1e-4)
    # Clopper and Pearson: 0 of 10, 3 of 10, 10 of 10
    low, high = resampling.exact_limits([0, 3, 10], 10, share=True)
    assert low == pytest.approx([0, 0.0667, 0.6915], abs=1e-4)
    assert high == pytest.approx([0.3085, 0.6525, 1], abs=1e-4)


def test_inflation_weighs_thirty_clustered_hits_as_ten():
    clustered = resampling.exact_limits(30, 3000, inflation=3)
    assert np.ravel(clustered) == pytest.approx(np.ravel(resampling.exact_limits(10, 1000)))


def test_more_hits_than_units_is_an_error():
    with pytest.raises(CrossreadError, match=r"more hits \(4\) than units \(3\)"):
        resampling.exact_limits(4, 3, share=True)


@pytest.mark.parametrize("text", ["binary60", "count60", "binary149", "binary30", "binary9", "zeros30"])
def test_blocks_are_as_long_as_arch_makes_them(text):
    ((given, circular),) = golds(f"block_circular_{text}")
    series = np.array(list(map(float, given)))
    found = float(resampling.block_length((series - series.mean())[:, None], [0, len(series)])[0])
    assert found == pytest.approx(float(circular), nan_ok=True)
    ((_, stationary),) = golds(f"block_stationary_{text}")
    most = np.ceil(min(3 * np.sqrt(len(series)), len(series) / 3))
    shorter = found if found == most else found * (2 / 3) ** (1 / 3)  # blocks of chance length, unless both are cut
    assert shorter == pytest.approx(float(stationary), nan_ok=True)


def test_blocks_of_several_documents_never_cross_from_one_to_the_other():
    for centre in ("own", "pooled"):
        ((given, value),) = golds(f"block_pooled4_circular_{centre}")
        texts = [np.array(list(map(float, text))) for text in given.split(";")]
        every, bounds = np.concatenate(texts), np.cumsum([0, *map(len, texts)])
        centred = every - every.mean() if centre == "pooled" else np.concatenate([one - one.mean() for one in texts])
        assert resampling.block_length(centred[:, None], bounds)[0] == pytest.approx(float(value))


@pytest.mark.parametrize("n", [1, 2, 7, 30])
def test_bootstrap_weights_draw_whole_samples_in_runs(n):
    weights = resampling.block_weights(n, block=3, draws=200, seed=4)
    assert weights.shape == (200, n) and (weights.sum(1) == n).all()
    if n == 30:  # blocks: neighbours are drawn together far more often than strangers
        drawn = weights > 0
        assert (drawn[:, 4] & drawn[:, 5]).mean() > (drawn[:, 4] & drawn[:, 20]).mean() + 0.1


def test_unsure_inflation_widens_limits_as_students_t_does():
    low, high = resampling.exact_limits(0, 100, freedom=5)
    # Student's t with 5 degrees of freedom leaves out at 2.571 what the normal law leaves out at .00507 on each side
    assert high[()] == pytest.approx(-np.log(0.00507) / 100, rel=0.002) and low == 0
    for share in (False, True):
        sure, unsure = (resampling.rate_limits(10, 50, 2.0, df, share=share) for df in (np.inf, 4.0))
        assert unsure[1] < sure[1] < sure[0] < sure[2] < unsure[2]
