import mlflow
import pytest

from flight_delays.errors import DataError
from flight_delays.lineage.provenance import list_packages
from flight_delays.lineage.record import find_run, read_outcome, read_provenance
from projects import TinyProject


def test_record_says_what_the_run_was_made_from_and_what_came_of_it(
    whole_way: TinyProject,
) -> None:
    whole_way.run(training={"learning_rate": 0.7})
    (run,) = whole_way.list_runs()
    found = find_run(run.info.run_id)
    then = read_provenance(found)
    assert then.code["lock_sha256"] == "unknown"
    assert {*then.tables} == {"raw_numbers"}
    assert then.packages == list_packages()
    assert then.parameters == {
        "collection": {"numbers": [1, 2, 3]},
        "training": {"learning_rate": 0.7, "trees": {"depth": 3}},
        "serving": {"champion_poll_seconds": 15},
    }
    outcome = read_outcome(found)
    assert outcome.metrics == {"error": repr(1.5 * 0.7 - 2)}
    assert {*outcome.tables} == {"raw_numbers", "train", "test"}
    assert outcome.predictions == {"predictions_digest": found.data.tags["predictions_digest"]}


def test_run_of_before_has_the_digest_of_the_file_of_its_predictions(
    whole_way: TinyProject,
) -> None:
    whole_way.run()
    (run,) = whole_way.list_runs()
    client = mlflow.MlflowClient()
    client.delete_tag(run.info.run_id, "predictions_digest")
    with pytest.raises(DataError, match="did not go the whole way"):
        find_run(run.info.run_id)
    client.set_tag(run.info.run_id, "predictions_sha256", "p1")
    outcome = read_outcome(find_run(run.info.run_id))
    assert outcome.predictions == {"predictions_sha256": "p1"}


def test_unknown_run_is_refused(project: TinyProject) -> None:
    mlflow.set_tracking_uri(f"sqlite:///{project.path}/mlflow.db")
    with pytest.raises(DataError, match="There is no run abc in this environment's MLflow"):
        find_run("abc")


@pytest.mark.parametrize("pipelines", [["training"], ["evaluation"]])
def test_part_of_the_way_is_refused(whole_way: TinyProject, pipelines: list[str]) -> None:
    whole_way.run()
    whole_way.run(*pipelines)
    _, run = whole_way.list_runs()
    with pytest.raises(DataError, match=rf"\({pipelines[0]}\) did not go the whole way"):
        find_run(run.info.run_id)


def test_run_that_failed_is_refused(
    whole_way: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCIDENT", "data")
    with pytest.raises(DataError, match="too odd"):
        whole_way.run()
    (run,) = whole_way.list_runs()
    with pytest.raises(DataError, match="did not finish, it is FAILED"):
        find_run(run.info.run_id)


def test_run_without_provenance_is_refused(project: TinyProject) -> None:
    mlflow.set_tracking_uri(f"sqlite:///{project.path}/mlflow.db")
    client = mlflow.MlflowClient()
    run = client.create_run("0", run_name="full")
    client.set_terminated(run.info.run_id)
    with pytest.raises(DataError, match="keeps no parameters and packages"):
        find_run(run.info.run_id)
