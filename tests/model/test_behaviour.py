"""What the model must do, whatever its scores: invariance, direction, minimum functionality."""

import numpy as np
import pandas as pd
import pytest
import skops.io
import yaml

from flight_delays.modelling.lateness import LatenessClassifier, name_threshold, reach
from projects import ROOT, Project


@pytest.fixture(scope="module")
def model(sample: Project) -> LatenessClassifier:
    catalog = yaml.safe_load((ROOT / "conf/base/catalog_06_models.yml").read_text())
    trusted = catalog["_trusted_types"]
    return skops.io.load(sample.path / "data/06_models/model.skops", trusted=trusted)


@pytest.fixture(scope="module")
def test(sample: Project) -> pd.DataFrame:
    return pd.read_parquet(sample.path / "data/05_model_input/test.parquet")


THRESHOLDS = [15, 60]


def predict(model: LatenessClassifier, flights: pd.DataFrame) -> np.ndarray:
    """What is said of every threshold, shape (n, 2)."""
    return model.predict_lateness(flights).to_numpy()


class TestInvariance:
    def test_a_flight_does_not_depend_on_the_others(
        self, model: LatenessClassifier, test: pd.DataFrame
    ) -> None:
        together = predict(model, test)
        backwards = predict(model, test[::-1])[::-1]
        alone = [predict(model, test.iloc[[row]])[0] for row in range(5)]
        np.testing.assert_array_equal(backwards, together)
        np.testing.assert_array_equal(alone, together[:5])

    def test_only_features_are_read(self, model: LatenessClassifier, test: pd.DataFrame) -> None:
        features = test[model.feature_names_in_]
        np.testing.assert_array_equal(predict(model, features), predict(model, test))
        outcome_or_key = {"flight_id", "flight_date", "prediction_time"}
        outcome_or_key |= {"is_late", "arrival_delay_minutes"}
        assert not outcome_or_key & {*model.feature_names_in_}

    @pytest.mark.parametrize("column", ["carrier", "aircraft_model"])
    def test_an_unseen_category_counts_as_a_missing_one(
        self, model: LatenessClassifier, test: pd.DataFrame, column: str
    ) -> None:
        unseen = predict(model, test.assign(**{column: "never seen"}))
        nothing = pd.Series(np.nan, index=test.index, dtype="str")
        missing = predict(model, test.assign(**{column: nothing}))
        np.testing.assert_array_equal(unseen, missing)


class TestDirection:
    @pytest.mark.parametrize(
        ("column", "calm", "rough"),
        [
            ("aircraft_rotation_slack_minutes", 120, -60),
            ("aircraft_rotation_shortfall_minutes", 0, 60),
            ("origin_waiting", 0, 30),
            ("visibility", 10, 1),
        ],
    )
    def test_trouble_raises_the_probabilities(
        self, model: LatenessClassifier, test: pd.DataFrame, column: str, calm: float, rough: float
    ) -> None:
        columns = [name for name in test if column in name]
        rise = predict(model, test.assign(**dict.fromkeys(columns, rough))) - predict(
            model, test.assign(**dict.fromkeys(columns, calm))
        )
        for place, least in enumerate((0.005, 0.002)):  # an hour late is a third as frequent
            assert rise[:, place].mean() > least
            assert (rise[:, place] >= -0.02).mean() > 0.9


@pytest.mark.parametrize("minutes", THRESHOLDS)
class TestMinimumFunctionality:
    def test_probabilities_are_probabilities(
        self, model: LatenessClassifier, test: pd.DataFrame, minutes: int
    ) -> None:
        probability = model.predict_lateness(test)[name_threshold(minutes)]
        assert ((probability > 0) & (probability < 1)).all()
        assert abs(probability.mean() - reach(test, minutes).mean()) < 0.05

    def test_the_surest_tenth_is_late_far_more_often(
        self, model: LatenessClassifier, test: pd.DataFrame, minutes: int
    ) -> None:
        probability, late = model.predict_lateness(test), reach(test, minutes)
        tenth = pd.qcut(probability[name_threshold(minutes)], 10, labels=False)
        shares = late.groupby(tenth).mean()
        assert shares[9] > 2 * late.mean()
        assert shares[0] < late.mean() / 2
