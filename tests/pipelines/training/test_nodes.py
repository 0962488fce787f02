"""What is trained is what the parameters say, and what is saved is what was trained."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import skops.io
import yaml
from kedro.io import DataCatalog, DatasetError

from flight_delays.modelling.estimators import make_gradient_boosting
from flight_delays.modelling.explanations.ordinary import (
    make_ordinary_flights,
    read_ordinary_flights,
)
from flight_delays.modelling.lateness import LatenessClassifier
from flight_delays.parameters import TrainingParameters
from flight_delays.pipelines.training.nodes import (
    prepare_candidate,
    train_model,
    train_references,
)
from flight_delays.registry.versions import Candidate
from tables import CONF, FEATURE_GROUPS, make_model_input, make_target, read_parameters

TRAIN, VALIDATION, TEST = (
    make_model_input(rows, seed=rows).assign(flight_date=pd.Timestamp("2013-01-01"))
    for rows in (600, 300, 200)
)
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
def model() -> LatenessClassifier:
    return train_model(TRAIN, VALIDATION, FEATURE_GROUPS, make_parameters(), make_target(15, 60))


@pytest.fixture(scope="module")
def references(model: LatenessClassifier) -> dict[str, LatenessClassifier]:
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
    model = train_model(
        TRAIN, VALIDATION, FEATURE_GROUPS, make_parameters(groups=groups), make_target(15)
    )
    expected = [column for group in groups for column in FEATURE_GROUPS[group]]
    assert list(model.feature_names_in_) == expected


@pytest.mark.parametrize(
    ("groups", "ablated"), [(["weather"], "aircraft"), (["weather"], "weather")]
)
def test_what_cannot_be_left_out_is_no_reference(
    model: LatenessClassifier, groups: list[str], ablated: str
) -> None:
    parameters = make_parameters(groups=groups, ablations=[ablated])
    references = train_references(model, TRAIN, VALIDATION, FEATURE_GROUPS, parameters)
    assert set(references) == {"base_rate", "schedule_logistic_regression"}


def test_the_references_are_those_of_the_parameters(
    references: dict[str, LatenessClassifier],
) -> None:
    assert {name: list(model.feature_names_in_) for name, model in references.items()} == {
        "base_rate": ["carrier", "local_minute"],
        "schedule_logistic_regression": ["carrier", "local_minute"],
        "without_aircraft": ["carrier", "local_minute", "wind"],
        "without_weather": ["carrier", "local_minute", "aircraft_model", "slack"],
    }


def test_the_baselines_answer_every_threshold_and_the_ablations_the_first(
    references: dict[str, LatenessClassifier],
) -> None:
    assert {name: model.thresholds_minutes for name, model in references.items()} == {
        "base_rate": [15, 60],
        "schedule_logistic_regression": [15, 60],
        "without_aircraft": [15],
        "without_weather": [15],
    }


def test_a_threshold_that_too_few_flights_reach_is_left_out_and_the_rest_is_the_same(
    model: LatenessClassifier, caplog: pytest.LogCaptureFixture
) -> None:
    reached = [(table["arrival_delay_minutes"] >= 60).sum() for table in (TRAIN, VALIDATION)]
    assert min(reached) == reached[1]
    for fewest, thresholds, told in (
        (reached[1], [15, 60], []),
        (reached[1] + 1, [15], ["validation"]),
        (reached[0] + 1, [15], ["train"]),
    ):
        caplog.clear()
        target = make_target(15, 60, min_flights=int(fewest))
        other = train_model(TRAIN, VALIDATION, FEATURE_GROUPS, make_parameters(), target)
        assert other.thresholds_minutes == thresholds
        np.testing.assert_array_equal(other.predict_proba(TEST), model.predict_proba(TEST))
        assert re.findall(r"in table (\w+)", caplog.text) == told


def test_no_ablation_no_such_reference(
    model: LatenessClassifier,
) -> None:
    parameters = make_parameters(ablations=[])
    references = train_references(model, TRAIN, VALIDATION, FEATURE_GROUPS, parameters)
    assert list(references) == ["base_rate", "schedule_logistic_regression"]


def test_the_base_rate_is_that_of_train_and_validation(
    references: dict[str, LatenessClassifier],
) -> None:
    both = pd.concat([TRAIN, VALIDATION])
    said = references["base_rate"].predict_lateness(TEST[FEATURE_GROUPS["schedule"]])
    for minutes in (15, 60):
        share = (both["arrival_delay_minutes"] >= minutes).mean()
        assert list(said[f"late_{minutes}"]) == pytest.approx([share] * len(TEST))


@pytest.mark.parametrize("refit", [True, False])
def test_without_a_group_it_learns_from_the_same_flights_as_many_trees(refit: bool) -> None:
    parameters = make_parameters(refit=refit)
    model = train_model(TRAIN, VALIDATION, FEATURE_GROUPS, parameters, make_target(15))
    references = train_references(model, TRAIN, VALIDATION, FEATURE_GROUPS, parameters)
    others = [*FEATURE_GROUPS["schedule"], *FEATURE_GROUPS["weather"]]
    learnt = pd.concat([TRAIN, VALIDATION]) if refit else TRAIN
    expected = make_gradient_boosting(learnt[others], parameters)
    trees = model.headline["classify"].n_iter_
    assert trees > 1  # or the test says nothing
    expected["classify"].set_params(early_stopping=False, max_iter=trees)
    expected.fit(learnt[others], learnt["is_late"])
    np.testing.assert_array_equal(
        references["without_aircraft"].predict_proba(TEST), expected.predict_proba(TEST)
    )


def test_training_changes_none_of_its_inputs() -> None:
    train, validation = make_model_input(200, seed=1), make_model_input(100, seed=2)
    model = train_model(train, validation, FEATURE_GROUPS, make_parameters(), make_target(15, 60))
    train_references(model, train, validation, FEATURE_GROUPS, make_parameters())
    pd.testing.assert_frame_equal(train, make_model_input(200, seed=1))
    pd.testing.assert_frame_equal(validation, make_model_input(100, seed=2))


SPLITS = {
    "train": {"start": "2013-01-01", "end": "2013-01-03"},
    "validation": {"start": "2013-01-04", "end": "2013-01-06"},
    "test": {"start": "2013-01-07", "end": "2013-01-08"},
}
DEFINITION = {"target": {"late_thresholds_minutes": [15, 60]}}


def prepare(model: LatenessClassifier, *deliveries: str, **changes: Any) -> Candidate:
    parameters = make_parameters(**changes)
    learnt = (TRAIN, VALIDATION, FEATURE_GROUPS, parameters, SPLITS, DEFINITION)
    return prepare_candidate(model, *learnt, [*deliveries])


def test_the_candidate_is_the_model_with_rows_that_it_can_predict(
    model: LatenessClassifier,
) -> None:
    candidate = prepare(model)
    assert candidate.model is model
    pd.testing.assert_frame_equal(candidate.example, VALIDATION[COLUMNS].head(5))
    assert model.predict_proba(candidate.example).shape == (5, 2)


def test_the_candidate_tells_the_last_delivery_that_it_has_learnt_from(
    model: LatenessClassifier,
) -> None:
    tags = prepare(model, "first", "last").tags
    assert tags == prepare(model).tags | {"last_delivery": "last"}


def test_the_candidate_brings_what_it_was_fitted_on_as_a_reference(
    model: LatenessClassifier,
) -> None:
    reference = prepare(model, reference_rows=10_000).reference
    assert len(reference) == len(TRAIN) + len(VALIDATION)
    assert list(reference)[1:] == [
        *("prediction.late_15", "prediction.late_60"),
        *(f"feature.{name}" for name in COLUMNS),
    ]
    drawn = prepare(model, reference_rows=7, random_state=1).reference
    assert len(drawn) == 7
    assert not drawn.equals(prepare(model, reference_rows=7, random_state=2).reference)


def test_the_candidate_tells_what_it_has_seen_and_what_its_features_mean(
    model: LatenessClassifier,
) -> None:
    candidate = prepare(model)
    assert candidate.tags == {"fitted_from": "2013-01-01", "fitted_to": "2013-01-06"}
    assert "from 2013-01-01 to 2013-01-06" in candidate.description
    ordinary = candidate.metadata.pop("ordinary_flights")
    assert candidate.metadata == {
        "feature_definition": DEFINITION,
        "feature_groups": {group: FEATURE_GROUPS[group] for group in ALL},
        "splits": {name: SPLITS[name] for name in ("train", "validation")},
    }
    pd.testing.assert_frame_equal(
        read_ordinary_flights(ordinary), make_ordinary_flights(TRAIN, COLUMNS)
    )


def test_saved_models_predict_what_they_predicted_before(
    catalog: DataCatalog, model: LatenessClassifier, references: dict[str, LatenessClassifier]
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
        pd.testing.assert_frame_equal(before.predict_lateness(rows), after.predict_lateness(rows))


def test_the_trusted_types_are_those_that_the_models_need(
    tmp_path: Path, model: LatenessClassifier, references: dict[str, LatenessClassifier]
) -> None:
    skops.io.dump([model, references], tmp_path / "models.skops")
    assert sorted(skops.io.get_untrusted_types(file=tmp_path / "models.skops")) == sorted(TRUSTED)
    assert CATALOG["candidate"]["trusted_types"] == TRUSTED
    for entry in ("contenders", "champion", "served_version", "last_served_version"):
        assert CATALOG[entry]["trusted_types"] == TRUSTED


def test_a_type_that_is_not_trusted_is_not_loaded(
    tmp_path: Path, catalog: DataCatalog, model: LatenessClassifier
) -> None:
    catalog.save("model", model)
    others = [name for name in TRUSTED if name != TREE]
    suspicious = CATALOG["model"] | {
        "filepath": str(tmp_path / "model.skops"),
        "load_args": {"trusted": others},
    }
    with pytest.raises(DatasetError, match="TreePredictor"):
        DataCatalog.from_config({"model": suspicious}).load("model")
