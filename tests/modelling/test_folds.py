"""Trials are judged by days after those they learnt from, with the best number of trees."""

import numpy as np
import pytest
from sklearn.metrics import log_loss

from flight_delays.errors import DataError
from flight_delays.modelling.estimators import make_gradient_boosting
from flight_delays.modelling.folds import score_fold, split_forward
from searches import COLUMNS, FLIGHTS, make_training, make_tuning


def test_a_fold_learns_from_all_days_before_those_it_judges_by() -> None:
    shuffled = FLIGHTS.sample(frac=1, random_state=0)
    folds = split_forward(shuffled, make_tuning())
    days = [[sorted(part["flight_date"].dt.day.unique()) for part in fold] for fold in folds]
    assert days == [[[1, 2, 3, 4], [5, 6, 7]], [[1, 2, 3, 4, 5, 6, 7], [8, 9, 10]]]
    assert [[len(part) for part in fold] for fold in folds] == [[120, 90], [210, 90]]


def test_a_day_without_flights_is_no_day() -> None:
    gap = FLIGHTS[FLIGHTS["flight_date"].dt.day != 6]
    (_, first), (_, second) = split_forward(gap, make_tuning())
    assert sorted(first["flight_date"].dt.day.unique()) == [4, 5, 7]
    assert sorted(second["flight_date"].dt.day.unique()) == [8, 9, 10]


def test_too_few_days_are_told_with_the_parameters_to_change() -> None:
    assert len(split_forward(FLIGHTS, make_tuning(folds=3))) == 3
    longer = make_tuning(validation_days=5)
    message = r"tuning.folds x tuning.validation_days is 2 x 5 days, .* have 10: lower"
    with pytest.raises(DataError, match=message):
        split_forward(FLIGHTS, longer)


def test_a_fold_is_judged_day_by_day_with_the_trees_that_are_best_for_it() -> None:
    past, later = FLIGHTS.iloc[:150], FLIGHTS.iloc[150:250].sample(frac=1, random_state=0)
    training = make_training({"max_iter": 40})
    score = score_fold((past, later), COLUMNS, training)
    model = make_gradient_boosting(past[COLUMNS], training)
    model["classify"].set_params(early_stopping=False)
    model.fit(past[COLUMNS], past["is_late"])
    encoded = model["encode"].transform(later[COLUMNS])
    stages = [stage[:, 1] for stage in model["classify"].staged_predict_proba(encoded)]
    losses = [log_loss(later["is_late"], stage) for stage in stages]
    best = int(np.argmin(losses))
    assert 0 < best < 20  # or the test says nothing
    assert score["cost"] == 31 * (best + 1)
    # Three days of 30 flights and one of 10: 25 a day.
    rows = later.assign(late=stages[best]).groupby("flight_date")
    expected = [
        log_loss(day["is_late"], day["late"], normalize=False, labels=[False, True]) / 25
        for _, day in rows
    ]
    assert score["daily_losses"] == pytest.approx(expected)
    assert np.mean(score["daily_losses"]) == pytest.approx(losses[best])
