"""What the model must do, whatever its scores: invariance, direction, minimum functionality."""

import numpy as np
import pandas as pd
import pytest
import skops.io
import yaml
from sklearn.pipeline import Pipeline

from projects import ROOT, Project


@pytest.fixture(scope="module")
def model(sample: Project) -> Pipeline:
    catalog = yaml.safe_load((ROOT / "conf/base/catalog_06_models.yml").read_text())
    trusted = catalog["_trusted_types"]
    return skops.io.load(sample.path / "data/06_models/model.skops", trusted=trusted)


@pytest.fixture(scope="module")
def test(sample: Project) -> pd.DataFrame:
    return pd.read_parquet(sample.path / "data/05_model_input/test.parquet")


def predict(model: Pipeline, flights: pd.DataFrame) -> np.ndarray:
    return model.predict_proba(flights)[:, 1]


class TestInvariance:
    def test_a_flight_does_not_depend_on_the_others(
        self, model: Pipeline, test: pd.DataFrame
    ) -> None:
        together = predict(model, test)
        backwards = predict(model, test[::-1])[::-1]
        alone = [predict(model, test.iloc[[row]])[0] for row in range(5)]
        np.testing.assert_array_equal(backwards, together)
        np.testing.assert_array_equal(alone, together[:5])

    def test_only_features_are_read(self, model: Pipeline, test: pd.DataFrame) -> None:
        features = test[model.feature_names_in_]
        np.testing.assert_array_equal(predict(model, features), predict(model, test))
        assert not {"flight_id", "flight_date", "is_late", "prediction_time"} & {
            *model.feature_names_in_
        }

    @pytest.mark.parametrize("column", ["carrier", "aircraft_model"])
    def test_an_unseen_category_counts_as_a_missing_one(
        self, model: Pipeline, test: pd.DataFrame, column: str
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
    def test_trouble_raises_the_probability(
        self, model: Pipeline, test: pd.DataFrame, column: str, calm: float, rough: float
    ) -> None:
        columns = [name for name in test if column in name]
        rise = predict(model, test.assign(**dict.fromkeys(columns, rough))) - predict(
            model, test.assign(**dict.fromkeys(columns, calm))
        )
        assert rise.mean() > 0.005
        assert (rise >= -0.02).mean() > 0.9


class TestMinimumFunctionality:
    def test_probabilities_are_probabilities(self, model: Pipeline, test: pd.DataFrame) -> None:
        probability = predict(model, test)
        assert ((probability > 0) & (probability < 1)).all()
        assert abs(probability.mean() - test["is_late"].mean()) < 0.05

    def test_the_surest_tenth_is_late_far_more_often(
        self, model: Pipeline, test: pd.DataFrame
    ) -> None:
        tenth = pd.qcut(predict(model, test), 10, labels=False)
        late = test["is_late"].groupby(tenth).mean()
        assert late[9] > 2 * test["is_late"].mean()
        assert late[0] < test["is_late"].mean() / 2
