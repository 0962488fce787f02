"""What has too few days is left out; days and months are those of the headline lead."""

import pandas as pd
import pytest

from flight_delays.monitoring.performance import compare_months, score_answers, score_days
from flight_delays.parameters import RetrainingParameters
from flight_delays.parameters.modelling import Costs
from tables import EVALUATION

RULE = RetrainingParameters(windows=3, exceeded_windows=2, confidence_level=0.95, max_age_days=90)
# One day of October and two of November, on each a late flight and a punctual one.
DAYS = pd.to_datetime(["2013-10-31", "2013-11-01", "2013-11-02"]).repeat(2)
HEADLINE = pd.DataFrame(
    {
        "flight_date": DAYS,
        "month": DAYS.strftime("%Y-%m"),
        "lead_minutes": 120,
        "threshold_minutes": 15,
        "is_late": [True, False] * 3,
        "late_probability": [0.8, 0.2] * 3,
    }
)
# Earlier one knows nothing, and was asked on one day only.
EARLY = HEADLINE.iloc[:2].assign(lead_minutes=480, late_probability=0.5)
ANSWERS = pd.concat([HEADLINE, EARLY], ignore_index=True)


def test_a_lead_with_too_few_days_has_no_scores() -> None:
    assert set(score_answers(ANSWERS, EVALUATION)["lead_minutes"]) == {120}


def test_each_threshold_has_its_costs() -> None:
    # A miss costs three false alarms, so alerts begin at 1 in 4; where it costs nine, at 1 in 10.
    careful = EVALUATION.model_copy(
        update={"costs_by_threshold": {60: Costs(miss_cost=9, false_alarm_cost=1)}}
    )
    said = HEADLINE.assign(late_probability=[0.2, 0.1] * 3)
    both = pd.concat([said, said.assign(threshold_minutes=60)], ignore_index=True)
    scores = score_answers(both, careful).query("metric == 'cost_per_flight'")
    costs = scores.set_index("threshold_minutes")["value"]
    assert costs[15] == pytest.approx(3 / 2)  # every second flight is missed
    assert costs[60] == pytest.approx(1 / 2)  # from 0.1 on all are alerted


def test_days_are_those_of_the_headline_lead() -> None:
    days = score_days(ANSWERS, EVALUATION)
    assert list(days["flights"]) == [2, 2, 2]
    assert list(days["mean_probability"]) == pytest.approx([0.5] * 3)
    assert list(days["late_share"]) == pytest.approx([0.5] * 3)


def test_a_month_of_too_few_days_is_no_window() -> None:
    months = compare_months(ANSWERS, EVALUATION, RULE)
    assert list(months["month"]) == ["2013-11"]
    assert list(months["flights"]) == [4]
