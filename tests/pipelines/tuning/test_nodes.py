"""The search tells how far it is, and the chosen trial becomes parameters for conf."""

import logging

import numpy as np
import optuna
import pandas as pd
import pytest
import yaml
from optuna.storages import InMemoryStorage

from flight_delays.modelling.tuning import name_study
from flight_delays.pipelines.training.nodes import train_model
from flight_delays.pipelines.tuning.nodes import choose_parameters, search_hyperparameters
from searches import COLUMNS, FLIGHTS, make_training, make_tuning
from tables import FEATURE_GROUPS, make_target

TRAIN, VALIDATION = FLIGHTS.iloc[:240], FLIGHTS.iloc[240:].reset_index(drop=True)
TRIALS = pd.DataFrame(
    {
        "trial": [0, 1, 2, 3],
        "state": ["complete", "pruned", "complete", "complete"],
        "log_loss": [0.5, np.nan, 0.4, 0.45],
        "log_loss_fold_1": [0.5, 0.3, 0.4, 0.45],
        "log_loss_fold_2": [0.5, np.nan, 0.4, 0.45],
        "cost": [30, np.nan, 90, 60],
        "difference": [0.1, np.nan, 0, 0.05],
        "standard_error": [0.05, np.nan, 0, 0.06],
        "chosen": [False, False, False, True],
        "seconds": 1.0,
        "learning_rate": [0.2, 0.3, 0.4, 0.5],
        "max_leaf_nodes": [3, 7, 15, 31],
    }
)


def test_the_search_hands_on_the_trials_before_the_first_and_after_each(
    caplog: pytest.LogCaptureFixture,
) -> None:
    storage, tuning = InMemoryStorage(), make_tuning(trials=3, startup_trials=1)
    training = make_training(groups=["weather", "aircraft"])
    with caplog.at_level(logging.INFO, logger="flight_delays.pipelines"):
        tables = list(
            search_hyperparameters(storage, TRAIN, VALIDATION, FEATURE_GROUPS, training, tuning)
        )
    assert [list(table["trial"]) for table in tables] == [[], [0], [0, 1], [0, 1, 2]]
    first = tables[-1].loc[0, "log_loss"]
    assert caplog.messages[:2] == [
        "0 of 3 trials",
        f"1 of 3 trials: log loss {first:.5f}, best {first:.5f} (trial 0)",
    ]
    # What was searched are the days of both tables, with the features of the groups alone.
    both = pd.concat([TRAIN, VALIDATION], ignore_index=True)
    searched = both[["flight_date", "is_late", "wind", "aircraft_model", "slack"]]
    (study,) = storage.get_all_studies()
    assert study.study_name == name_study(searched, training, tuning)


def test_progress_tells_the_last_and_the_best_trial(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    studies = [optuna.create_study()] * 3
    tables = iter([TRIALS.head(0), TRIALS.head(2), TRIALS])
    nodes = "flight_delays.pipelines.tuning.nodes"
    monkeypatch.setattr(f"{nodes}.search", lambda *arguments: iter(studies))
    monkeypatch.setattr(f"{nodes}.tabulate_trials", lambda *arguments: next(tables))
    groups = {"schedule": COLUMNS}
    with caplog.at_level(logging.INFO, logger=nodes):
        list(
            search_hyperparameters(
                InMemoryStorage(),
                TRAIN,
                VALIDATION,
                groups,  # type: ignore[arg-type]
                make_training(groups=["schedule"]),
                make_tuning(trials=9),
            )
        )
    assert caplog.messages == [
        "0 of 9 trials",
        "2 of 9 trials: pruned after 1 of 2 folds, best 0.50000 (trial 0)",
        "4 of 9 trials: log loss 0.45000, best 0.40000 (trial 2)",
    ]


def test_the_chosen_parameters_are_a_fragment_of_conf() -> None:
    chosen = choose_parameters(TRIALS, make_tuning())
    assert chosen == {"training": {"classifier": {"learning_rate": 0.5, "max_leaf_nodes": 31}}}
    # As YAML they are plain numbers, whole ones without a point.
    text = yaml.safe_dump(chosen)
    assert "max_leaf_nodes: 31\n" in text
    assert yaml.safe_load(text) == chosen


def test_the_chosen_parameters_can_be_trained_with() -> None:
    chosen = choose_parameters(TRIALS, make_tuning())["training"]["classifier"]
    training = make_training(chosen, groups=["weather", "aircraft"])
    model = train_model(TRAIN, VALIDATION, FEATURE_GROUPS, training, make_target(15, 60))
    assert [link["classify"].max_leaf_nodes for link in model.links] == [31, 31]


def test_the_chosen_and_the_best_are_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="flight_delays.pipelines.tuning.nodes"):
        choose_parameters(TRIALS, make_tuning())
    assert caplog.messages == [
        "Chosen is trial 3 (log loss 0.45000, cost 60); the best is trial 2 (log loss 0.40000, "
        "cost 90), lower by 0.05000 with a standard error of 0.06000"
    ]
