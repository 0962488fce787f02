"""A search begins with the current parameters, and goes on where it was."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pandas as pd
import pytest
from optuna.distributions import FloatDistribution, IntDistribution
from optuna.storages import BaseStorage, InMemoryStorage, RDBStorage

from flight_delays.modelling import tuning
from flight_delays.modelling.folds import Fold, FoldScore, score_fold, split_forward
from flight_delays.modelling.tuning import search, tabulate_trials
from flight_delays.parameters import TrainingParameters
from searches import COLUMNS, FLIGHTS, SPACE, make_training, make_tuning


def begin(
    storage: BaseStorage, training: TrainingParameters | None = None, **changes: Any
) -> Iterator[optuna.Study]:
    training = training or make_training()
    return search(storage, FLIGHTS, COLUMNS, training, make_tuning(**changes))


def run(
    storage: BaseStorage, training: TrainingParameters | None = None, **changes: Any
) -> pd.DataFrame:
    """Search to the end, and list the trials without how long they took."""
    *_, study = begin(storage, training, **changes)
    return tabulate_trials(study, make_tuning(**changes)).drop(columns="seconds")


@pytest.fixture(scope="module")
def whole() -> pd.DataFrame:
    """A search that nothing interrupts."""
    return run(InMemoryStorage())


def test_the_first_trial_is_the_current_parameters(whole: pd.DataFrame) -> None:
    training = make_training()
    first = whole.iloc[0]
    assert first["learning_rate"] == training.classifier.learning_rate
    assert first["max_leaf_nodes"] == training.classifier.max_leaf_nodes
    assert len(whole.drop_duplicates([*SPACE])) == 4


def test_a_trial_is_judged_by_the_later_days_of_every_fold(whole: pd.DataFrame) -> None:
    folds = split_forward(FLIGHTS, make_tuning())
    one, other = (score_fold(fold, COLUMNS, make_training()) for fold in folds)
    losses = [np.mean(score["daily_losses"]) for score in (one, other)]
    first = whole.iloc[0]
    assert [first["log_loss_fold_1"], first["log_loss_fold_2"]] == losses
    assert first["log_loss"] == pytest.approx(np.mean(losses))
    assert first["cost"] == (one["cost"] + other["cost"]) / 2


def test_trials_are_compared_over_the_days_of_all_folds() -> None:
    *_, study = begin(InMemoryStorage(), trials=2)
    trials = tabulate_trials(study, make_tuning())
    one, other = (trial.user_attrs["daily_losses"] for trial in study.trials)
    best = int(trials["log_loss"].idxmin())
    differences = np.subtract(*((other, one) if best == 0 else (one, other)))
    assert len(differences) == 6
    compared = trials.loc[1 - best]
    assert compared["difference"] == pytest.approx(differences.mean())
    assert compared["standard_error"] == pytest.approx(differences.std(ddof=1) / 6**0.5)
    assert trials["chosen"].sum() == 1


def test_a_trial_reports_the_mean_of_the_folds_so_far() -> None:
    *_, study = begin(InMemoryStorage(), trials=1)
    folds = split_forward(FLIGHTS, make_tuning())
    losses = [np.mean(score_fold(fold, COLUMNS, make_training())["daily_losses"]) for fold in folds]
    assert study.trials[0].intermediate_values == pytest.approx({1: losses[0], 2: np.mean(losses)})


@pytest.mark.parametrize("log", [True, False])
def test_a_search_draws_on_the_scale_that_is_asked_for(log: bool) -> None:
    space = {name: searched | {"log": log} for name, searched in SPACE.items()}
    *_, study = begin(InMemoryStorage(), trials=1, search_space=space)
    assert study.trials[0].distributions == {
        "learning_rate": FloatDistribution(0.2, 0.5, log=log),
        "max_leaf_nodes": IntDistribution(3, 31, log=log),
    }


def test_after_as_many_trials_as_asked_for_the_next_learn_from_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tuning, "score_fold", lambda *_: {"cost": 1, "daily_losses": [0.5, 0.6]})
    drawn = run(InMemoryStorage(), startup_trials=9)["learning_rate"]
    learnt = run(InMemoryStorage(), startup_trials=2)["learning_rate"]
    assert (learnt == drawn).tolist() == [True, True, False, False]


def test_a_search_keeps_inside_its_space_with_whole_numbers_where_asked(
    whole: pd.DataFrame,
) -> None:
    assert whole["learning_rate"].between(0.2, 0.5).all()
    assert whole["max_leaf_nodes"].between(3, 31).all()
    assert pd.api.types.is_integer_dtype(whole["max_leaf_nodes"])
    assert list(whole["state"]) == ["complete"] * 4


def test_one_trial_at_a_time_repeats_exactly(whole: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(run(InMemoryStorage()), whole)
    other = run(InMemoryStorage(), random_state=100)
    assert not np.isin(other["learning_rate"][1:], whole["learning_rate"]).any()


def test_more_trials_go_on_from_those_there_are(whole: pd.DataFrame) -> None:
    storage = InMemoryStorage()
    compared = ["difference", "standard_error", "chosen"]
    first = run(storage, trials=2).drop(columns=compared)
    pd.testing.assert_frame_equal(first, whole.head(2).drop(columns=compared))
    pd.testing.assert_frame_equal(run(storage), whole)
    pd.testing.assert_frame_equal(run(storage, trials=3), whole)


def test_better_parameters_put_into_conf_are_not_tried_twice(whole: pd.DataFrame) -> None:
    storage = InMemoryStorage()
    run(storage, trials=3)
    best = whole.loc[2, [*SPACE]].to_dict()
    pd.testing.assert_frame_equal(run(storage, make_training(best)), whole)


def test_other_parameters_put_into_conf_are_tried_next() -> None:
    storage = InMemoryStorage()
    run(storage, trials=2)
    trials = run(storage, make_training({"learning_rate": 0.25, "max_leaf_nodes": 9}), trials=3)
    assert list(trials["trial"]) == [0, 1, 2]
    assert trials.loc[2, [*SPACE]].to_dict() == {"learning_rate": 0.25, "max_leaf_nodes": 9}


def test_after_an_interruption_a_search_goes_on_where_it_was(whole: pd.DataFrame) -> None:
    storage = InMemoryStorage()
    interrupted = begin(storage)
    counts = [len(next(interrupted).get_trials(states=tuning.FINISHED)) for _ in range(3)]
    assert counts == [0, 1, 2]
    interrupted.close()  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(run(storage), whole)


def test_the_current_parameters_are_tried_again_where_their_trial_was_interrupted(
    whole: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*arguments: Any) -> None:
        raise KeyboardInterrupt

    storage = InMemoryStorage()
    with monkeypatch.context() as patch:
        patch.setattr(tuning, "score_fold", interrupt)
        with pytest.raises(KeyboardInterrupt):
            run(storage)
    pd.testing.assert_frame_equal(run(storage).drop(columns="trial"), whole.drop(columns="trial"))


def test_a_trial_worse_than_the_median_ends_after_its_first_fold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fits: list[float] = []

    def score(fold: Fold, columns: list[str], training: TrainingParameters) -> FoldScore:
        fits.append(training.classifier.learning_rate)
        return {"cost": len(fits), "daily_losses": [fits[-1]] * 2}

    monkeypatch.setattr(tuning, "score_fold", score)
    # The current learning rate is the lowest, so all after the first trial are hopeless.
    trials = run(InMemoryStorage(), startup_trials=1)
    assert list(trials["state"]) == ["complete"] + ["pruned"] * 3
    assert len(fits) == 2 + 3
    assert trials["log_loss"].isna().tolist() == [False] + [True] * 3
    assert trials["cost"].isna().tolist() == [False] + [True] * 3
    assert trials.loc[0, "cost"] == (1 + 2) / 2
    assert trials["chosen"].tolist() == [True] + [False] * 3
    assert trials["log_loss_fold_1"].tolist() == trials["learning_rate"].tolist()
    # Without pruning of the first trials all folds are fitted.
    fits.clear()
    trials = run(InMemoryStorage(), startup_trials=4)
    assert list(trials["state"]) == ["complete"] * 4
    assert len(fits) == 2 * 4


def test_several_trials_at_a_time_are_as_many_as_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fits: list[float] = []

    def score(fold: Fold, columns: list[str], training: TrainingParameters) -> FoldScore:
        fits.append(training.classifier.learning_rate)
        return {"cost": 1, "daily_losses": [fits[-1]] * 3}

    monkeypatch.setattr(tuning, "score_fold", score)
    storage = RDBStorage(f"sqlite:///{tmp_path}/tuning.db")
    assert list(run(storage, trials=5, jobs=2)["trial"]) == [0, 1, 2, 3, 4]
    # Only the first trial ran in this process, alone: two could have taken the same from the file.
    assert fits == [make_training().classifier.learning_rate] * 2
