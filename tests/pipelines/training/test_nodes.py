"""What is trained is what the parameters say, and what is saved is what was trained."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import skops.io
import yaml
from kedro.io import DataCatalog, DatasetError
from sklearn.pipeline import Pipeline

from flight_delays.modelling.estimators import make_gradient_boosting
from flight_delays.parameters import TrainingParameters
from flight_delays.pipelines.training.nodes import (
    prepare_candidate,
    train_model,
    train_references,
)
from tables import CONF, FEATURE_GROUPS, make_model_input, read_parameters

TRAIN, VALIDATION, TEST = (make_model_input(rows, seed=rows) for rows in (600, 300, 200))
ALL = ["schedule", "weather", "aircraft"]
COLUMNS = [column for group in ALL for column in FEATURE_GROUPS[group]]
CATALOG = yaml.safe_load((CONF / "catalog_06_models.yml").read_text())
TRUSTED = CATALOG["_trusted_types"]
TREE = "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor"


def make_parameters(**changes: Any) -> TrainingParameters:
    delivered = read_parameters("training")
    small = {"learning_rate": 0.2, "max_iter": 200, "min_samples_leaf": 10}
    changes = {"groups": ALL, "classifier": delivered["classifier"] | small} | changes
    return TrainingParameters(**delivered | changes)


@pytest.fixture(scope="module")
def model() -> Pipeline:
    return train_model(TRAIN, VALIDATION, FEATURE_GROUPS, make_parameters())


@pytest.fixture(scope="module")
def references(model: Pipeline) -> dict[str, Pipeline]:
    parameters = make_parameters(ablations=["aircraft", "weather"])
    return train_references(model, TRAIN, VALIDATION, FEATURE_GROUPS, parameters)


@pytest.fixture
def catalog(tmp_path: Path) -> DataCatalog:
    """The datasets of the models as delivered, in an empty folder."""
    names = ["model", "reference_models"]
    return DataCatalog.from_config(
        {name: CATALOG[name] | {"filepath": str(tmp_path / f"{name}.skops")} for name in names}
    )


@pytest.mark.parametrize("groups", [ALL, ["aircraft"], ["weather", "schedule"]])
def test_the_model_sees_the_groups_of_the_parameters(groups: list[str]) -> None:
    model = train_model(TRAIN, VALIDATION, FEATURE_GROUPS, make_parameters(groups=groups))
    expected = [column for group in groups for column in FEATURE_GROUPS[group]]
    assert list(model.feature_names_in_) == expected


@pytest.mark.parametrize(
    ("groups", "ablated"), [(["weather"], "aircraft"), (["weather"], "weather")]
)
def test_what_cannot_be_left_out_is_no_reference(
    model: Pipeline, groups: list[str], ablated: str
) -> None:
    parameters = make_parameters(groups=groups, ablations=[ablated])
    references = train_references(model, TRAIN, VALIDATION, FEATURE_GROUPS, parameters)
    assert set(references) == {"base_rate", "schedule_logistic_regression"}


def test_the_references_are_those_of_the_parameters(references: dict[str, Pipeline]) -> None:
    assert {name: list(model.feature_names_in_) for name, model in references.items()} == {
        "base_rate": ["carrier", "local_minute"],
        "schedule_logistic_regression": ["carrier", "local_minute"],
        "without_aircraft": ["carrier", "local_minute", "wind"],
        "without_weather": ["carrier", "local_minute", "aircraft_model", "slack"],
    }


def test_no_ablation_no_such_reference(model: Pipeline) -> None:
    parameters = make_parameters(ablations=[])
    references = train_references(model, TRAIN, VALIDATION, FEATURE_GROUPS, parameters)
    assert list(references) == ["base_rate", "schedule_logistic_regression"]


def test_the_base_rate_is_that_of_train_and_validation(references: dict[str, Pipeline]) -> None:
    share = pd.concat([TRAIN, VALIDATION])["is_late"].mean()
    late = references["base_rate"].predict_proba(TEST[FEATURE_GROUPS["schedule"]])[:, 1]
    assert late == pytest.approx([share] * len(TEST))


@pytest.mark.parametrize("refit", [True, False])
def test_without_a_group_it_learns_from_the_same_flights_as_many_trees(refit: bool) -> None:
    parameters = make_parameters(refit=refit)
    model = train_model(TRAIN, VALIDATION, FEATURE_GROUPS, parameters)
    references = train_references(model, TRAIN, VALIDATION, FEATURE_GROUPS, parameters)
    others = [*FEATURE_GROUPS["schedule"], *FEATURE_GROUPS["weather"]]
    learnt = pd.concat([TRAIN, VALIDATION]) if refit else TRAIN
    expected = make_gradient_boosting(learnt[others], parameters)
    trees = model["classify"].n_iter_
    assert trees > 1  # or the test says nothing
    expected["classify"].set_params(early_stopping=False, max_iter=trees)
    expected.fit(learnt[others], learnt["is_late"])
    np.testing.assert_array_equal(
        references["without_aircraft"].predict_proba(TEST), expected.predict_proba(TEST)
    )


def test_training_changes_none_of_its_inputs() -> None:
    train, validation = make_model_input(200, seed=1), make_model_input(100, seed=2)
    model = train_model(train, validation, FEATURE_GROUPS, make_parameters())
    train_references(model, train, validation, FEATURE_GROUPS, make_parameters())
    pd.testing.assert_frame_equal(train, make_model_input(200, seed=1))
    pd.testing.assert_frame_equal(validation, make_model_input(100, seed=2))


SPLITS = {
    "train": {"start": "2013-01-01", "end": "2013-01-03"},
    "validation": {"start": "2013-01-04", "end": "2013-01-06"},
    "test": {"start": "2013-01-07", "end": "2013-01-08"},
}
DEFINITION = {"target": {"late_threshold_minutes": 15}}


def test_the_candidate_is_the_model_with_rows_that_it_can_predict(model: Pipeline) -> None:
    candidate = prepare_candidate(model, VALIDATION, SPLITS, DEFINITION)
    assert candidate.model is model
    pd.testing.assert_frame_equal(candidate.example, VALIDATION[COLUMNS].head(5))
    assert model.predict_proba(candidate.example).shape == (5, 2)


def test_the_candidate_tells_what_it_has_seen_and_what_its_features_mean(model: Pipeline) -> None:
    candidate = prepare_candidate(model, VALIDATION, SPLITS, DEFINITION)
    assert candidate.tags == {"fitted_from": "2013-01-01", "fitted_to": "2013-01-06"}
    assert "from 2013-01-01 to 2013-01-06" in candidate.description
    assert candidate.metadata == {
        "feature_definition": DEFINITION,
        "splits": {name: SPLITS[name] for name in ("train", "validation")},
    }


def test_saved_models_predict_what_they_predicted_before(
    catalog: DataCatalog, model: Pipeline, references: dict[str, Pipeline]
) -> None:
    catalog.save("model", model)
    catalog.save("reference_models", references)
    loaded = catalog.load("reference_models")
    assert list(loaded) == list(references)
    for before, after in [
        (model, catalog.load("model")),
        *((references[name], loaded[name]) for name in references),
    ]:
        rows = TEST[before.feature_names_in_]
        np.testing.assert_array_equal(before.predict_proba(rows), after.predict_proba(rows))


def test_the_trusted_types_are_those_that_the_models_need(
    tmp_path: Path, model: Pipeline, references: dict[str, Pipeline]
) -> None:
    skops.io.dump([model, references], tmp_path / "models.skops")
    assert sorted(skops.io.get_untrusted_types(file=tmp_path / "models.skops")) == sorted(TRUSTED)
    assert CATALOG["candidate"]["trusted_types"] == TRUSTED
    for entry in ("contenders", "champion"):
        assert CATALOG[entry]["trusted_types"] == TRUSTED


def test_a_type_that_is_not_trusted_is_not_loaded(
    tmp_path: Path, catalog: DataCatalog, model: Pipeline
) -> None:
    catalog.save("model", model)
    others = [name for name in TRUSTED if name != TREE]
    suspicious = CATALOG["model"] | {
        "filepath": str(tmp_path / "model.skops"),
        "load_args": {"trusted": others},
    }
    with pytest.raises(DatasetError, match="TreePredictor"):
        DataCatalog.from_config({"model": suspicious}).load("model")
