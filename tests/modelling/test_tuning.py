"""A study is of what can be compared, and its finished trials are listed."""

from typing import Any

import numpy as np
import optuna
import pytest
import sklearn
from optuna.trial import TrialState, create_trial

from flight_delays.modelling import tuning
from flight_delays.modelling.tuning import name_study, tabulate_trials
from searches import FLIGHTS, SPACE, make_training, make_tuning


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


def test_a_study_whose_trials_keep_something_else_is_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = name_study(FLIGHTS, make_training(), make_tuning())
    monkeypatch.setattr(tuning, "FORMAT", "")  # what trials kept before there was a format
    assert name_study(FLIGHTS, make_training(), make_tuning()) != name


def test_another_scikit_learn_scores_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    name = name_study(FLIGHTS, make_training(), make_tuning())
    monkeypatch.setattr(sklearn, "__version__", "1.0")
    assert name_study(FLIGHTS, make_training(), make_tuning()) != name


@pytest.mark.parametrize(
    ("training", "searched"),
    [
        ({"classifier": {"learning_rate": 0.3, "max_leaf_nodes": 7}}, {}),
        ({"ablations": []}, {}),
        ({"refit": False}, {}),
        ({}, {"trials": 100, "startup_trials": 1, "jobs": -1, "random_state": 1}),
    ],
)
def test_a_study_goes_on_after_changes_that_leave_its_scores_alone(
    training: dict[str, Any], searched: dict[str, Any]
) -> None:
    changed = name_study(FLIGHTS.copy(), make_training(**training), make_tuning(**searched))
    assert changed == name_study(FLIGHTS, make_training(), make_tuning())


def test_finished_trials_are_listed_with_the_folds_they_reached() -> None:
    study = optuna.create_study()
    chosen = {"params": {"learning_rate": 0.3, "max_leaf_nodes": 7}}
    chosen["distributions"] = {
        "learning_rate": optuna.distributions.FloatDistribution(0.2, 0.5, log=True),
        "max_leaf_nodes": optuna.distributions.IntDistribution(3, 31),
    }
    scores = {
        "log_loss_fold_1": 0.4,
        "log_loss_fold_2": 0.6,
        "daily_losses": [0.25, 0.55, 0.5, 0.7],
        "cost": 75,
    }
    study.add_trial(create_trial(value=0.5, user_attrs=scores, **chosen))
    study.add_trial(create_trial(state=TrialState.FAIL, **chosen))
    study.add_trial(
        create_trial(
            state=TrialState.PRUNED,
            value=0.7,  # as Optuna keeps it
            user_attrs={"log_loss_fold_1": 0.7},
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
            "cost": 75,
            "difference": 0,
            "standard_error": 0,
            "chosen": True,
            "learning_rate": 0.3,
            "max_leaf_nodes": 7,
        },
        {
            "trial": 2,
            "state": "pruned",
            "log_loss": None,
            "log_loss_fold_1": 0.7,
            "log_loss_fold_2": None,
            "cost": None,
            "difference": None,
            "standard_error": None,
            "chosen": False,
            "learning_rate": 0.3,
            "max_leaf_nodes": 7,
        },
    ]
    assert (trials["seconds"] >= 0).all()
