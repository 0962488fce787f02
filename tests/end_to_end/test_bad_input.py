"""Bad input: one clear message that names what is wrong, and nothing already made is touched."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pandas as pd
import pytest
from click.testing import CliRunner
from kedro.framework.cli.cli import KedroCLI

from projects import Project

MONTH = "data/01_raw/flights/2013-01.csv"


@pytest.fixture(scope="module")
def whole(sample: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's configuration and raw data, with a few flights of each month."""
    path = tmp_path_factory.mktemp("whole")
    for folder in ("data/01_raw", "conf"):
        copytree(sample.path / folder, path / folder)
    for month in (path / "data/01_raw/flights").iterdir():
        lines = month.read_text().splitlines(keepends=True)
        month.write_text("".join(lines[:300]))
    return path


@pytest.fixture(scope="module")
def copy(sample: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the finished project, to break and mend."""
    path = tmp_path_factory.mktemp("broken") / "project"
    return Project(Path(copytree(sample.path, path, symlinks=True)))


@pytest.fixture
def project(copy: Project, whole: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The copy with few raw data, and these and its configuration whole again."""
    copytree(whole, copy.path, dirs_exist_ok=True)
    monkeypatch.chdir(copy.path)
    monkeypatch.setenv("KEDRO_ENV", "test")
    return copy


def fail(project: Project, *arguments: str) -> str:
    """Type a `kedro run` that must fail; return its message."""
    before = digest(project)
    result = CliRunner().invoke(KedroCLI(project.path), ["run", *arguments])
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    assert digest(project) == before
    return result.stderr


def digest(project: Project) -> dict[str, str]:
    """All that was made, but not the alerts: one of them may tell of the failure."""
    files = project.digest("0[2-8]*/**/*.*")
    return {name: digest for name, digest in files.items() if "/alerts." not in name}


def edit(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[Path], None]:
    """A change of the table in a CSV file."""

    def apply(path: Path) -> None:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        change(table).to_csv(path, index=False)

    return apply


def put(column: str, value: str) -> Callable[[Path], None]:
    """A value in the third row of a CSV file."""
    return edit(
        lambda table: table.assign(**{column: table[column].where(table.index != 2, value)})
    )


@pytest.mark.parametrize(
    ("break_file", "told"),
    [
        (edit(lambda table: table.drop(columns="arr_delay")), ["2013-01.csv", "arr_delay"]),
        (put("arr_delay", "soon"), ["2013-01.csv", "arr_delay", "2013-01-01_AA_1141_JFK: soon"]),
        (put("time_hour", "1 January"), ["2013-01.csv", "time_hour", "1 January"]),
        (put("month", "13"), ["2013-01.csv", "month", "13"]),
        (
            lambda path: path.write_bytes(path.read_bytes()[:-30]),
            ["2013-01.csv", "time_hour"],
        ),
        (
            edit(lambda table: pd.concat([table, table.head(1)])),
            ["2013-01.csv", "2013-01-01_UA_1545_EWR"],
        ),
        (edit(lambda table: table.head(0)), ["2013-01.csv", "empty"]),
        (lambda path: path.write_bytes(b""), ["2013-01.csv"]),
        (put("dest", "QQQ"), ["QQQ (1 flights)", "airports.csv", "extra_airports"]),
        (
            lambda path: (path.parent / "2013-03.csv").write_bytes(path.read_bytes()),
            ["int_flights", "flight_id", "2013-01-01_UA_1545_EWR"],
        ),
    ],
    ids=[
        "missing column",
        "text for a number",
        "text for a time",
        "out of range",
        "truncated",
        "duplicate",
        "empty month",
        "empty file",
        "unknown airport",
        "month delivered twice",
    ],
)
def test_bad_flights(project: Project, break_file: Callable[[Path], None], told: list[str]) -> None:
    break_file(project.path / MONTH)
    message = fail(project, "--pipeline=data_processing")
    (project.path / "data/01_raw/flights/2013-03.csv").unlink(missing_ok=True)
    assert [word for word in told if word not in message] == []


def test_weather_in_another_unit(project: Project) -> None:
    path = project.path / "data/01_raw/weather.csv"
    edit(lambda table: table.assign(pressure="29.92"))(path)
    message = fail(project, "--nodes=choose_each_row,type_weather")
    told = ["table weather", "100 % of pressure", "EWR 2013-01-01T06:00:00Z", "another unit"]
    assert [word for word in told if word not in message] == []
    assert "data_processing.max_implausible_share" in message


def test_missing_table_of_ones_own(project: Project) -> None:
    (project.path / "data/01_raw/airports.csv").unlink()
    message = fail(project, "--params=data_collection.source=own")
    assert "not there: raw_airports (data/01_raw/airports.csv). Put yours there" in message


def test_missing_raw_table(project: Project) -> None:
    (project.path / "data/01_raw/planes.csv").unlink()
    message = fail(project, "--pipeline=data_processing")
    assert "raw_planes (data/01_raw/planes.csv)" in message
    assert "`kedro run --pipelines=data_collection --env=test` makes them" in message


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ("training.classifier.learning_rate=fast", "training.classifier.learning_rate is 'fast'"),
        ("training.classifier.learning_rate=-1", "greater than 0"),
        ("training.classifier.lerning_rate=1", "did you mean training.classifier.learning_rate?"),
        ("trainning.refit=false", "There is no parameter trainning: did you mean training?"),
        ("feature_engineering.splits.validation.start=2013-01-20", "train and validation overlap"),
        ("data_collection.months=[2013-1]", "data_collection.months"),
    ],
)
def test_bad_parameter(project: Project, parameters: str, told: str) -> None:
    assert told in fail(project, f"--params={parameters}")


def test_missing_parameter(project: Project) -> None:
    path = project.path / "conf/base/parameters_evaluation.yml"
    path.write_text(path.read_text().replace("  miss_cost", "  #"))
    assert "The parameter evaluation.miss_cost is missing." in fail(project)


def test_month_that_the_package_lacks(project: Project) -> None:
    (project.path / "conf/test/parameters.yml").write_text("data_collection: {months: [2014-02]}")
    message = fail(project, "--pipeline=data_collection")
    assert "data_collection.months asks for 2014-02" in message


def test_empty_split(project: Project) -> None:
    split = "feature_engineering.splits.test"
    dates = f"{split}.start=2013-03-01,{split}.end=2013-03-31"
    message = fail(project, "--pipeline=feature_engineering", f"--params={dates}")
    assert "The test split, 2013-03-01 to 2013-03-31, has 0 flights" in message
    assert split in message
