"""The estimators on small tables: what they do with text, gaps, seeds and the validation months."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import log_loss
from sklearn.pipeline import Pipeline

from flight_delays.modelling.estimators import (
    MAX_CATEGORIES,
    fit_gradient_boosting,
    fit_logistic_regression,
    make_gradient_boosting,
)
from flight_delays.parameters import TrainingParameters
from tables import FEATURE_GROUPS, make_model_input, read_parameters

TRAIN, VALIDATION, TEST = (make_model_input(rows, seed=rows) for rows in (600, 300, 200))
COLUMNS = [column for group in FEATURE_GROUPS.values() for column in group]
SMALL = {"learning_rate": 0.2, "max_iter": 200, "min_samples_leaf": 10, "max_features": 0.5}


def make_parameters(**changes: object) -> TrainingParameters:
    delivered = read_parameters("training")
    classifier = delivered["classifier"] | SMALL
    return TrainingParameters(**delivered | {"classifier": classifier} | changes)


def fit(**changes: object) -> Pipeline:
    return fit_gradient_boosting(TRAIN, VALIDATION, COLUMNS, make_parameters(**changes))


@pytest.fixture(scope="module")
def model() -> Pipeline:
    return fit()


@pytest.fixture(scope="module")
def losses() -> list[float]:
    """The log loss of the validation flights after 1, 2, 3 ... trees grown on the train flights."""
    unstopped = make_gradient_boosting(TRAIN[COLUMNS], make_parameters())
    unstopped["classify"].set_params(early_stopping=False, max_iter=60)
    unstopped.fit(TRAIN[COLUMNS], TRAIN["is_late"])
    encoded = unstopped["encode"].transform(VALIDATION[COLUMNS])
    stages = unstopped["classify"].staged_predict_proba(encoded)
    return [log_loss(VALIDATION["is_late"], probabilities[:, 1]) for probabilities in stages]


def test_it_learns(model: Pipeline) -> None:
    late = model.predict_proba(TEST)[:, 1]
    share = TEST["is_late"].mean()
    assert log_loss(TEST["is_late"], late) < 0.9 * log_loss(TEST["is_late"], [share] * len(TEST))


def test_it_picks_its_columns_from_any_table_that_has_them(model: Pipeline) -> None:
    turned = TEST[TEST.columns[::-1]].assign(flight_id="x").set_index(TEST.index[::-1])
    np.testing.assert_array_equal(model.predict_proba(turned), model.predict_proba(TEST[COLUMNS]))


def test_refitting_takes_the_number_of_trees_that_is_best_for_the_validation_flights(
    model: Pipeline, losses: list[float]
) -> None:
    best = int(np.argmin(losses)) + 1
    assert 1 < best < 60 - 20  # or the test says nothing
    assert model["classify"].n_iter_ == best


def test_without_refitting_it_stops_when_the_validation_loss_no_longer_falls(
    losses: list[float],
) -> None:
    stopped = fit(refit=False)
    assert stopped["classify"].n_iter_ == np.argmin(losses) + 1 + 20
    expected = losses[stopped["classify"].n_iter_ - 1]
    late = stopped.predict_proba(VALIDATION)[:, 1]
    assert log_loss(VALIDATION["is_late"], late) == pytest.approx(expected)


def test_only_refitting_learns_from_the_validation_flights() -> None:
    other = VALIDATION.assign(carrier="XX")
    for refit in (True, False):
        model = fit_gradient_boosting(TRAIN, other, COLUMNS, make_parameters(refit=refit))
        encoder = model["encode"].named_transformers_["categories"]
        assert ("XX" in encoder.categories_[0]) == refit


def test_one_tree_at_least_where_validation_shows_none_is_worth_it() -> None:
    contrary = VALIDATION.assign(is_late=~VALIDATION["is_late"])
    model = fit_gradient_boosting(TRAIN, contrary, COLUMNS, make_parameters())
    assert model["classify"].n_iter_ == 1


def test_the_same_seed_gives_the_same_predictions_and_another_one_others(model: Pipeline) -> None:
    again, other = fit().predict_proba(TEST), fit(random_state=1).predict_proba(TEST)
    np.testing.assert_array_equal(model.predict_proba(TEST), again)
    assert not np.array_equal(again, other)


def test_an_unseen_category_counts_as_a_missing_one(model: Pipeline) -> None:
    unseen = model.predict_proba(TEST.assign(carrier="XX", aircraft_model="Concorde"))
    missing = model.predict_proba(TEST.assign(carrier=None, aircraft_model=None))
    np.testing.assert_array_equal(unseen, missing)
    assert np.isfinite(unseen).all()


def test_text_is_split_by_category_and_not_by_the_alphabet(model: Pipeline) -> None:
    names = model["encode"].get_feature_names_out()
    assert [*names[model["classify"].is_categorical_]] == ["carrier", "aircraft_model"]


@pytest.mark.parametrize("column", ["wind", "slack", "local_minute"])
def test_missing_numbers_are_harmless(model: Pipeline, column: str) -> None:
    assert np.isfinite(model.predict_proba(TEST.assign(**{column: np.float32("nan")}))).all()


def test_of_more_categories_than_it_can_take_the_rarest_are_one() -> None:
    common = [f"common-{number:03}" for number in range(MAX_CATEGORIES - 1)]
    rare = [f"rare-{number:03}" for number in range(50)]
    names = pd.Series(3 * common + rare, dtype="str")
    rows = len(names)
    table = make_model_input(rows, seed=1).assign(carrier=names)
    model = fit_gradient_boosting(table, table, ["carrier", "slack"], make_parameters())
    encoder = model["encode"].named_transformers_["categories"]
    assert sorted(encoder.infrequent_categories_[0]) == rare
    assert np.isfinite(model.predict_proba(table)).all()


def test_columns_with_gaps_are_learnt_from(model: Pipeline) -> None:
    assert set(TRAIN.columns[TRAIN.isna().any()]) == {"wind", "aircraft_model"}
    assert set(model["encode"].get_feature_names_out()) == set(COLUMNS)
    logistic = fit_logistic_regression(TRAIN, ["wind"])
    assert logistic["classify"].n_features_in_ == 1


def test_columns_without_a_value_are_ignored() -> None:
    empty = {"aircraft_model": pd.Series(None, TRAIN.index, dtype="str"), "wind": np.float32("nan")}
    train, validation = TRAIN.assign(**empty), VALIDATION.assign(**empty)
    model = fit_gradient_boosting(train, validation, COLUMNS, make_parameters())
    known = [column for column in COLUMNS if column not in empty]
    assert list(model["encode"].get_feature_names_out()) == known
    logistic = fit_logistic_regression(train, COLUMNS)
    for fitted in (model, logistic):
        assert np.isfinite(fitted.predict_proba(TEST[COLUMNS])).all()


def test_numbers_alone_or_categories_alone_will_do() -> None:
    for columns in (["slack", "wind"], ["carrier", "aircraft_model"]):
        model = fit_gradient_boosting(TRAIN, VALIDATION, columns, make_parameters())
        assert model.predict_proba(TEST).shape == (len(TEST), 2)


def test_the_hyperparameters_reach_the_classifier(model: Pipeline) -> None:
    parameters = make_parameters()
    unfitted = make_gradient_boosting(TRAIN[COLUMNS], parameters)["classify"].get_params()
    hyperparameters = parameters.classifier.model_dump()
    assert {name: unfitted[name] for name in hyperparameters} == hyperparameters
    assert unfitted["random_state"] == parameters.random_state


def test_the_logistic_regression_does_not_mind_units() -> None:
    columns = ["carrier", "slack"]
    hours = {"slack": lambda table: table["slack"] / 60}
    in_minutes = fit_logistic_regression(TRAIN, columns)
    in_hours = fit_logistic_regression(TRAIN.assign(**hours), columns)
    np.testing.assert_allclose(
        in_hours.predict_proba(TEST[columns].assign(**hours)),
        in_minutes.predict_proba(TEST[columns]),
        rtol=1e-3,
    )


def test_the_logistic_regression_takes_gaps_and_unseen_categories() -> None:
    columns = ["carrier", "local_minute", "wind"]
    model = fit_logistic_regression(TRAIN, columns)
    odd = TEST.assign(carrier="XX", wind=np.float32("nan"))
    assert np.isfinite(model.predict_proba(odd[columns])).all()
