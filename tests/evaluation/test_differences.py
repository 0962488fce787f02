"""The interval of a difference can be worked out on paper, and keeps what it promises."""

import numpy as np
import pytest

from flight_delays.errors import DataError
from flight_delays.evaluation.differences import bound_mean, compare_log_losses
from tables import EVALUATION

BIT = np.log(2)
# Quantiles of Student's t for intervals of 90 and 95 %, from a printed table.
T90, T95 = {1: 6.3138, 3: 2.3534}, {1: 12.7062, 3: 3.1824}


def compare(
    gained: list[float], dates: list[str], confidence_level: float, block_days: int = 1
) -> dict[str, float]:
    """Bound a difference: all flights are late, and one model gains so many bits on each."""
    one, other = 0.125 * 2 ** np.array(gained, dtype=float), np.full(len(gained), 0.125)
    parameters = EVALUATION.model_copy(update={"block_days": block_days})
    return compare_log_losses([True] * len(gained), one, other, dates, confidence_level, parameters)


def in_bits(difference: float, margin: float) -> object:
    return pytest.approx(
        {
            "difference": BIT * difference,
            "lower": BIT * (difference - margin),
            "upper": BIT * (difference + margin),
        },
        abs=1e-4,
    )


@pytest.mark.parametrize(("level", "quantile"), [(0.9, T90[3]), (0.95, T95[3])])
def test_the_interval_is_that_of_students_t(level: float, quantile: float) -> None:
    # Squares of 1, 0, 1, 0 about the mean of 1: a variance of 2/3, over four days.
    assert compare([2, 1, 0, 1], [*"abcd"], level) == in_bits(-1, quantile * np.sqrt(2 / 3 / 4))


def test_blocks_have_so_many_days_or_more_and_none_is_left_out() -> None:
    # Of five days two blocks: of 2 days, one bit each, and of 3, two bits each.
    # The mean is 8/5; about it the sums are 2 - 16/5 and 6 - 24/5, one time 6/5 each.
    margin = T95[1] * np.sqrt(2 * (6 / 5) ** 2 * 2) / 5
    assert compare([1, 1, 2, 2, 2], [*"abcde"], 0.95, block_days=2) == in_bits(-8 / 5, margin)


def test_blocks_are_as_equal_as_can_be() -> None:
    # Eight days are two blocks of 4 rather than of 3 and 5: about the mean of 3/2 their sums are
    # 2 off.
    margin = T95[1] * np.sqrt(2 * 2**2 * 2) / 8
    gained = [1, 1, 1, 1, 2, 2, 2, 2]
    assert compare(gained, [*"abcdefgh"], 0.95, block_days=3) == in_bits(-1.5, margin)


def test_a_block_counts_by_its_flights() -> None:
    # On day a three flights gain a bit each, on day b one loses one: 1/2 in the mean. About it the
    # sums are 3 - 3/2 and -1 - 1/2.
    margin = T90[1] * np.sqrt(2 * 1.5**2 * 2) / 4
    assert compare([1, 1, 1, -1], [*"aaab"], 0.9) == in_bits(-1 / 2, margin)


def test_a_day_counts_as_a_whole() -> None:
    # Every day one flight gains a bit and another loses one.
    assert compare([1, -1] * 3, [*"aabbcc"], 0.9) == in_bits(0, 0)


def test_neither_the_order_of_the_rows_nor_gaps_between_days_matter() -> None:
    expected = compare([2, 1, 0, 1, 3], [*"aabcd"], 0.9, block_days=2)
    assert compare([3, 1, 2, 0, 1], [*"zaaxy"], 0.9, block_days=2) == pytest.approx(expected)


def test_the_comparison_the_other_way_round_is_its_mirror_image() -> None:
    better = compare([2, 1, 0, 1], [*"abcd"], 0.9)
    worse = compare([-2, -1, 0, -1], [*"abcd"], 0.9)
    assert worse == pytest.approx(
        {
            "difference": -better["difference"],
            "lower": -better["upper"],
            "upper": -better["lower"],
        }
    )
    assert {type(value) for value in better.values()} == {float}


def test_a_single_block_is_refused() -> None:
    with pytest.raises(DataError, match="Too few days of table test"):
        compare([1, 1, 1], [*"abc"], 0.9, block_days=2)


@pytest.mark.parametrize("days", [30, 61, 120])
def test_an_equal_model_seldom_looks_surely_better_however_alike_neighbouring_days_are(
    days: int,
) -> None:
    differences = draw_days(2000, days)
    assert 0.015 < find_share_surely_below(differences, 7) <= 0.05
    # Single days would let three times as many through.
    assert find_share_surely_below(differences, 1) > 0.08
    # A model better by half a day's standard deviation is hardly seen in a month, but in four.
    seen = find_share_surely_below(differences - 0.5, 7)
    assert seen > {30: 0.25, 61: 0.6, 120: 0.9}[days]


def draw_days(simulations: int, days: int) -> np.ndarray:
    """Daily differences about 0, standard deviation 1, with the autocorrelation of real days."""
    random, autocorrelation = np.random.default_rng(0), 0.41
    drawn = random.normal(size=(simulations, days))
    drawn[:, 1:] *= np.sqrt(1 - autocorrelation**2)
    for day in range(1, days):
        drawn[:, day] += autocorrelation * drawn[:, day - 1]
    return drawn


def find_share_surely_below(differences: np.ndarray, block_days: int) -> float:
    """How often the gate lets through, where every day has as many flights."""
    days = differences.shape[-1]
    _, _, upper = bound_mean(differences * 900, np.full(days, 900), 0.95, block_days)
    return float(np.mean(upper < 0))
