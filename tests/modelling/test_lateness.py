"""A chain answers every threshold, and no later one is likelier than the one before."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone, is_classifier
from sklearn.metrics import RocCurveDisplay
from sklearn.pipeline import Pipeline

from flight_delays.modelling.estimators import (
    fit_base_rate,
    fit_gradient_boosting,
    fit_logistic_regression,
)
from flight_delays.modelling.lateness import (
    LatenessClassifier,
    fit_chain,
    name_threshold,
    reach,
    select_thresholds,
)
from flight_delays.parameters import TrainingParameters
from tables import FEATURE_GROUPS, make_model_input, read_parameters

TRAIN, VALIDATION, TEST = (make_model_input(rows, seed=rows) for rows in (600, 300, 200))
COLUMNS = [column for group in FEATURE_GROUPS.values() for column in group]


class Says(Pipeline):  # type: ignore[misc]
    """A link that predicts what stands in a column."""

    def __init__(self, column: str) -> None:
        super().__init__([("column", None)])
        self.column = column

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:  # noqa: N803
        late = X[self.column].to_numpy()
        return np.column_stack([1 - late, late])


QUESTIONS = pd.DataFrame({"a": [0.5, 0.8], "b": [0.5, 1.0], "c": [0.0, 0.5]}, index=[7, 3])
CHAIN = LatenessClassifier([15, 60, 120], [Says("a"), Says("b"), Says("c")])


def test_each_threshold_is_answered_by_the_product_of_the_links_up_to_it() -> None:
    expected = pd.DataFrame(
        {"late_15": [0.5, 0.8], "late_60": [0.25, 0.8], "late_120": [0.0, 0.4]}, index=[7, 3]
    )
    pd.testing.assert_frame_equal(CHAIN.predict_lateness(QUESTIONS), expected)


def test_to_scikit_learn_it_is_a_classifier_of_the_first_threshold() -> None:
    assert is_classifier(CHAIN)
    np.testing.assert_allclose(CHAIN.predict_proba(QUESTIONS), [[0.5, 0.5], [0.2, 0.8]])
    assert CHAIN.predict(QUESTIONS).tolist() == [False, True]
    assert CHAIN.fit(QUESTIONS) is CHAIN
    assert clone(CHAIN) is CHAIN
    assert CHAIN.score(QUESTIONS, [False, True]) == 1
    display = RocCurveDisplay.from_estimator(CHAIN, QUESTIONS, [False, True])
    assert display.roc_auc == 1


@given(st.data())
def test_the_answers_fall_with_the_threshold_whatever_the_links_say(data: st.DataObject) -> None:
    probability = st.floats(0, 1) | st.sampled_from([0.0, 1.0, np.nextafter(1, 0)])
    thresholds = data.draw(st.lists(st.integers(1, 999), min_size=1, max_size=5, unique=True))
    columns = [f"link {place}" for place in range(len(thresholds))]
    rows = data.draw(st.lists(st.tuples(*[probability] * len(columns)), min_size=1, max_size=5))
    model = LatenessClassifier(sorted(thresholds), [Says(column) for column in columns])
    said = model.predict_lateness(pd.DataFrame(rows, columns=columns))
    assert list(said) == [name_threshold(minutes) for minutes in sorted(thresholds)]
    for earlier, later in pairwise(said):
        assert (said[later] <= said[earlier]).all()


@given(st.lists(st.integers(16, 200), unique=True).map(lambda later: [15, *sorted(later)]))
def test_a_fitted_chain_falls_too_for_any_list_of_thresholds(thresholds: list[int]) -> None:
    kept = select_thresholds(thresholds, {"train": TRAIN}, min_flights=1)
    for fit in (fit_base_rate, fit_logistic_regression):
        model = fit_chain(kept, lambda flights, fit=fit: fit(flights, ["slack"]), TRAIN)
        said = model.predict_lateness(TEST)
        assert (said.diff(axis=1).iloc[:, 1:] <= 0).all(axis=None)


def test_each_link_learns_from_the_flights_that_reach_the_threshold_before() -> None:
    shown: list[tuple[pd.DataFrame, ...]] = []

    def fit_link(*tables: pd.DataFrame) -> Pipeline:
        shown.append(tables)
        return Says(f"link {len(shown)}")

    delays = [-5.0, 14.0, 15.0, 59.0, 60.0, 130.0]
    flights = pd.DataFrame({"arrival_delay_minutes": delays, "is_late": None})
    model = fit_chain([15, 60, 120], fit_link, flights, flights.tail(2))
    assert [link.column for link in model.links] == ["link 1", "link 2", "link 3"]
    assert [table["is_late"].tolist() for table, _ in shown] == [
        [False, False, True, True, True, True],
        [False, False, True, True],
        [False, True],
    ]
    assert [table["is_late"].tolist() for _, table in shown] == [
        [True, True],
        [True, True],
        [False, True],
    ]
    assert flights["is_late"].isna().all()


def test_one_threshold_alone_gives_the_same_bits_as_its_classifier() -> None:
    delivered = read_parameters("training")
    small = {"learning_rate": 0.2, "max_iter": 50, "min_samples_leaf": 10}
    parameters = TrainingParameters(**delivered | {"classifier": delivered["classifier"] | small})

    def fit(train: pd.DataFrame, validation: pd.DataFrame) -> Pipeline:
        return fit_gradient_boosting(train, validation, COLUMNS, parameters)

    alone = fit(TRAIN, VALIDATION).predict_proba(TEST)
    for thresholds in ([15], [15, 60]):
        chain = fit_chain(thresholds, fit, TRAIN, VALIDATION)
        np.testing.assert_array_equal(chain.predict_proba(TEST), alone)
        np.testing.assert_array_equal(chain.predict_lateness(TEST)["late_15"], alone[:, 1])
        assert list(chain.feature_names_in_) == COLUMNS


def test_late_is_who_reaches_the_threshold() -> None:
    flights = pd.DataFrame({"arrival_delay_minutes": [59.9, 60.0, np.nan]})
    assert reach(flights, 60).tolist() == [False, True, False]


# Of five flights three are late, and of these one by an hour; the last one is asked about twice.
FLIGHTS = pd.DataFrame(
    {
        "flight_id": [*"abcdee"],
        "lead_minutes": [30, 30, 30, 30, 30, 120],
        "arrival_delay_minutes": [0.0, 14.0, 15.0, 59.0, 60.0, 60.0],
    }
)
MANY = pd.concat([FLIGHTS.assign(flight_id=FLIGHTS["flight_id"] + place) for place in "xyz"])


@pytest.mark.parametrize(
    ("tables", "fewest", "short"),
    [
        ({"train": FLIGHTS, "test": MANY}, 1, None),
        ({"train": FLIGHTS, "test": MANY}, 2, ("train", 1, 2)),
        ({"train": MANY, "validation": FLIGHTS}, 2, ("validation", 1, 2)),
        ({"train": MANY}, 3, None),
        ({"train": MANY}, 4, ("train", 3, 6)),
    ],
)
def test_a_threshold_that_too_few_flights_reach_is_left_out_in_a_sentence(
    tables: dict[str, pd.DataFrame],
    fewest: int,
    short: tuple[str, int, int] | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    kept = select_thresholds([15, 60], tables, fewest)
    assert kept == ([15] if short else [15, 60])
    expected = []
    if short:
        name, late, others = short
        expected = [
            f"Nothing is said of flights 60 minutes late: in table {name} {late} were, and "
            f"{others} were late by 15 but not so late; target.min_flights asks for {fewest} of "
            "both"
        ]
    assert caplog.messages == expected


def test_what_is_left_out_in_between_is_no_condition_of_the_next() -> None:
    """Too few were late by 15 minutes but not by 16; of 60 minutes, both 15 and 16 count."""
    flights = pd.DataFrame(
        {"flight_id": [*"abcde"], "arrival_delay_minutes": [0.0, 15.0, 16.0, 60.0, 60.0]}
    )
    assert select_thresholds([15, 16, 60], {"train": flights}, 2) == [15, 60]
    assert select_thresholds([15, 16, 60], {"train": flights}, 1) == [15, 16, 60]


def test_the_first_threshold_stays_whatever_there_is() -> None:
    assert select_thresholds([500, 600], {"train": FLIGHTS}, 1) == [500]


def test_where_nothing_is_asked_nothing_is_answered() -> None:
    chain = fit_chain([15, 60], lambda flights: fit_logistic_regression(flights, ["slack"]), TRAIN)
    answers = chain.predict_lateness(TEST[:0])
    assert list(answers) == ["late_15", "late_60"]
    assert len(answers) == 0
    assert (answers.dtypes == np.float64).all()
