"""Trials are judged on days after those they learnt from; a study is of what can be compared."""

from typing import Any

import numpy as np
import optuna
import pytest
from optuna.storages import InMemoryStorage
from optuna.trial import TrialState, create_trial

from flight_delays.errors import DataError
from flight_delays.modelling.tuning import name_study, search, split_forward, tabulate_trials
from searches import COLUMNS, FLIGHTS, SPACE, make_training, make_tuning


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
        next(search(InMemoryStorage(), FLIGHTS, COLUMNS, make_training(), longer))


def test_a_study_has_the_name_of_all_that_its_scores_depend_on() -> None:
    other = FLIGHTS.assign(slack=FLIGHTS["slack"].where(FLIGHTS.index > 0, 1))
    wider = SPACE | {"max_leaf_nodes": {"low": 3, "high": 32}}
    inputs = [
        (FLIGHTS, make_training(), make_tuning()),
        (other, make_training(), make_tuning()),
        (FLIGHTS.drop(columns="wind"), make_training(), make_tuning()),
        (FLIGHTS.rename(columns={"wind": "gust"}), make_training(), make_tuning()),
        (FLIGHTS, make_training({"max_iter": 6}), make_tuning()),
        (FLIGHTS, make_training(random_state=1), make_tuning()),
        (FLIGHTS, make_training(), make_tuning(folds=3)),
        (FLIGHTS, make_training(), make_tuning(validation_days=2)),
        (FLIGHTS, make_training(), make_tuning(search_space=wider)),
    ]
    names = {name_study(*each) for each in inputs}
    assert len(names) == len(inputs)


@pytest.mark.parametrize(
    ("training", "tuning"),
    [
        ({"classifier": {"learning_rate": 0.3, "max_leaf_nodes": 7}}, {}),
        ({"ablations": []}, {}),
        ({"refit": False}, {}),
        ({}, {"trials": 100, "startup_trials": 1, "jobs": -1, "random_state": 1}),
    ],
)
def test_a_study_goes_on_after_changes_that_leave_its_scores_alone(
    training: dict[str, Any], tuning: dict[str, Any]
) -> None:
    changed = name_study(FLIGHTS.copy(), make_training(**training), make_tuning(**tuning))
    assert changed == name_study(FLIGHTS, make_training(), make_tuning())


def test_finished_trials_are_listed_with_the_folds_they_reached() -> None:
    study = optuna.create_study()
    chosen = {"params": {"learning_rate": 0.3, "max_leaf_nodes": 7}}
    chosen["distributions"] = {
        "learning_rate": optuna.distributions.FloatDistribution(0.2, 0.5, log=True),
        "max_leaf_nodes": optuna.distributions.IntDistribution(3, 31),
    }
    folds = {"fold_1": 0.4, "fold_2": 0.6}
    study.add_trial(create_trial(value=0.5, user_attrs=folds, **chosen))
    study.add_trial(create_trial(state=TrialState.FAIL, **chosen))
    study.add_trial(
        create_trial(
            state=TrialState.PRUNED,
            user_attrs={"fold_1": 0.7},
            intermediate_values={1: 0.7},
            **chosen,
        )
    )
    study.ask()  # runs still
    trials = tabulate_trials(study, make_tuning())
    assert (trials["study"] == study.study_name).all()
    assert trials.drop(columns=["study", "seconds"]).replace({np.nan: None}).to_dict("records") == [
        {
            "trial": 0,
            "state": "complete",
            "log_loss": 0.5,
            "log_loss_fold_1": 0.4,
            "log_loss_fold_2": 0.6,
            "learning_rate": 0.3,
            "max_leaf_nodes": 7,
        },
        {
            "trial": 2,
            "state": "pruned",
            "log_loss": None,
            "log_loss_fold_1": 0.7,
            "log_loss_fold_2": None,
            "learning_rate": 0.3,
            "max_leaf_nodes": 7,
        },
    ]
    assert (trials["seconds"] >= 0).all()
