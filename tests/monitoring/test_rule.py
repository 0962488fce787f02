"""When to retrain: only where the loss exceeds what the model itself expected, again and again."""

import numpy as np
import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.monitoring.rule import Verdict, compare_with_expected, decide_retraining
from flight_delays.parameters import RetrainingParameters
from tables import EVALUATION

RULE = RetrainingParameters(windows=3, exceeded_windows=2, confidence_level=0.95, max_age_days=365)
DAYS = pd.date_range("2013-11-01", periods=4)
ENTROPY = -(0.25 * np.log(0.25) + 0.75 * np.log(0.75))


def late_of_four(*late: int) -> tuple[np.ndarray, pd.DatetimeIndex]:
    """Four flights a day, so many of which are late."""
    return np.concatenate([np.arange(4) < each for each in late]), DAYS.repeat(4)


def excess(lower: float) -> dict[str, float]:
    return {"lower": lower}


def test_a_model_that_is_right_loses_what_it_expected() -> None:
    is_late, day = late_of_four(1, 1, 1, 1)
    said = compare_with_expected(is_late, np.full(16, 0.25), day, 0.95, EVALUATION)
    assert said["realised"] == pytest.approx(ENTROPY)
    assert said["expected"] == pytest.approx(ENTROPY)
    assert [said[each] for each in ("difference", "lower", "upper")] == pytest.approx([0, 0, 0])


def test_the_excess_is_bounded_over_days() -> None:
    # One late flight more than expected costs log 3 more among four: by day 0, 1, 1, 2 of them.
    is_late, day = late_of_four(1, 2, 2, 3)
    said = compare_with_expected(is_late, np.full(16, 0.25), day, 0.95, EVALUATION)
    by_day = np.log(3) / 4 * np.array([0, 1, 1, 2])
    margin = 3.18245 * by_day.std(ddof=1) / 2
    assert said["realised"] - said["expected"] == pytest.approx(by_day.mean())
    assert said["difference"] == pytest.approx(by_day.mean())
    assert said["lower"] == pytest.approx(by_day.mean() - margin, rel=1e-4)
    assert said["upper"] == pytest.approx(by_day.mean() + margin, rel=1e-4)
    wider = compare_with_expected(is_late, np.full(16, 0.25), day, 0.99, EVALUATION)
    assert wider["lower"] < said["lower"]


def test_certainty_expects_no_loss() -> None:
    is_late, day = late_of_four(4, 4, 0, 0)
    said = compare_with_expected(is_late, is_late.astype(float), day, 0.95, EVALUATION)
    assert (said["realised"], said["expected"]) == pytest.approx((0, 0))


def test_one_block_bounds_nothing() -> None:
    with pytest.raises(DataError, match="Too few days"):
        compare_with_expected([True], [0.5], DAYS[:1], 0.95, EVALUATION)


@pytest.mark.parametrize(
    ("lowers", "retrain"),
    [
        pytest.param([-1, 0.1, 0.1], True, id="two of three, the latest among them"),
        pytest.param([0.1, -1, 0.1], True, id="not one after the other"),
        pytest.param([0.1, 0.1, -1], False, id="the latest one is as expected"),
        pytest.param([-1, -1, 0.1], False, id="once"),
        pytest.param([0.1, -1, -1, 0.1], False, id="the first is too long ago"),
        pytest.param([0.1, 0.1], True, id="only two windows so far"),
        pytest.param([0.0, 0.0], False, id="not surely above"),
        pytest.param([], False, id="no window"),
    ],
)
def test_retrain_where_the_loss_exceeds_again_and_again(lowers: list[float], retrain: bool) -> None:
    assert decide_retraining([excess(each) for each in lowers], 61, RULE).retrain == retrain


def test_the_verdict_says_why() -> None:
    told = "the loss surely exceeds what was expected in 2 of the last 3 windows"
    verdict = decide_retraining([excess(each) for each in (0.1, -1, 0.1)], 61, RULE)
    assert verdict == Verdict(True, f"{told}, the latest one among them")
    verdict = decide_retraining([excess(each) for each in (0.1, 0.1, -1)], 61, RULE)
    assert verdict == Verdict(False, told)


def test_retrain_what_has_learnt_nothing_for_too_long() -> None:
    assert not decide_retraining([excess(-1)], 365, RULE).retrain
    assert decide_retraining([excess(-1)], 366, RULE) == Verdict(
        True, "what the champion has learnt from ended 366 days ago, more than 365"
    )
