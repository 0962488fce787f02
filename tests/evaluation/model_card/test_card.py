"""The model card: every figure of it, and what it says where something is missing."""

import posixpath
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from jinja2 import UndefinedError

from evaluation.model_card.example import (
    COMPARISON,
    FIGURES,
    IDENTITY,
    IMPORTANCE,
    METADATA,
    QUALITY,
    SLICE_COMPARISON,
    SLICES,
    TEST_PREDICTIONS,
    write_card,
)
from flight_delays.evaluation import model_card
from flight_delays.evaluation.model_card.card import format_percent, format_score
from flight_delays.evaluation.model_card.contents import PROVENANCE, describe_model
from flight_delays.modelling.estimators import fit_gradient_boosting
from flight_delays.modelling.lateness import LatenessClassifier
from flight_delays.parameters import TrainingParameters
from flight_delays.schemas import reporting
from tables import FEATURE_GROUPS, make_model_input, read_parameters

ROOT = Path(__file__).parents[3]
TEMPLATE = (Path(model_card.__file__).parent / "model_card.md.j2").read_text()


@pytest.fixture(scope="module")
def card() -> str:
    return write_card()


def test_the_tables_here_keep_their_contracts() -> None:
    reporting.TestPredictions.validate(TEST_PREDICTIONS)
    reporting.ModelComparison.validate(COMPARISON)
    reporting.SliceMetrics.validate(SLICES)
    reporting.SliceComparison.validate(SLICE_COMPARISON)
    reporting.Importance.validate(IMPORTANCE)
    reporting.DataQuality.validate(QUALITY)


def test_these_are_the_figures_of_the_card_and_there_is_no_other(card: str) -> None:
    figures = [line for line in card.splitlines() if re.search(r"\d", line)]
    assert figures == FIGURES.splitlines()


def test_no_digit_is_typed_into_the_template() -> None:
    assert re.findall(r"\d", TEMPLATE.replace("_sha256", "")) == []


def test_every_table_is_whole(card: str) -> None:
    """A row with a cell too many, or a blank line in between, would end the table."""
    for table in re.findall(r"(?:^\|.*\n)+", card, flags=re.MULTILINE):
        cells = {line.count("|") for line in table.splitlines()}
        assert len(cells) == 1, table
        assert re.fullmatch(r"\|(-+:?\|)+", table.splitlines()[1]), table


def test_where_nothing_was_wrong_with_the_tables_it_says_so() -> None:
    assert "no value broke the rules" in write_card(data_quality=QUALITY.head(0))


@pytest.mark.parametrize("refit", [True, False])
def test_it_says_what_the_model_has_learnt_from(refit: bool) -> None:
    delivered = read_parameters("training")
    classifier = delivered["classifier"] | {"max_iter": 3, "min_samples_leaf": 10}
    parameters = TrainingParameters(**delivered | {"refit": refit, "classifier": classifier})
    columns = [column for group in FEATURE_GROUPS.values() for column in group]
    tables = (make_model_input(100, seed=seed) for seed in (0, 1))
    link = fit_gradient_boosting(*tables, columns, parameters)
    model = LatenessClassifier([20], [link])
    assert describe_model(model)["refitted"] is refit
    card = write_card(model=model)
    assert ("fitted again" in card) is refit
    assert f"to {'2021-04-05' if refit else '2021-03-02'}. Other airports" in card


@pytest.mark.parametrize("key", PROVENANCE)
def test_what_is_not_known_is_unknown(key: str) -> None:
    complete = write_card(provenance=IDENTITY | {key: "its value"})
    known = {name: value for name, value in IDENTITY.items() if name != key}
    assert write_card(provenance=known) == complete.replace("its value", "unknown")


def test_the_last_delivery_is_told_where_there_was_one() -> None:
    row = "| last delivery, after all before it | 20131101T0Z-0 |\n"
    card = write_card(provenance=IDENTITY | {"last_delivery": "20131101T0Z-0"})
    assert card.replace(row, "") == write_card(provenance=IDENTITY) != card


def test_what_the_template_does_not_find_is_an_error_and_no_gap() -> None:
    splits = METADATA["splits"]
    endless = {name: value for name, value in splits["train"].items() if name != "end"}
    with pytest.raises(UndefinedError, match="no attribute 'end'"):
        write_card(metadata={"splits": splits | {"train": endless}})


def test_without_any_provenance_all_is_unknown() -> None:
    card = write_card(provenance={})
    assert "Registered model: unknown, version: unknown, MLflow run: unknown" in card
    origin = card.partition("## Where it comes from\n")[2]
    assert [line.split(" | ")[1] for line in origin.splitlines()[3:]] == ["unknown |"] * 6


@pytest.mark.parametrize(("dirty", "told"), [("true", "yes"), ("false", "no")])
def test_it_says_whether_the_tree_was_dirty(dirty: str, told: str) -> None:
    assert f"| uncommitted changes | {told} |" in write_card(
        provenance=IDENTITY | {"git_dirty": dirty}
    )


def test_without_an_ablation_the_caveat_has_no_scores() -> None:
    card = write_card(model_comparison=COMPARISON[COMPARISON["model"] != "without_aircraft"])
    caveat = card.partition("## The aircraft")[2].partition("##")[0]
    assert "this run trained no model without it" in caveat
    assert not re.search(r"\d", caveat)
    assert "without aircraft" not in card


def test_a_model_without_the_aircraft_needs_no_caveat() -> None:
    card = write_card(
        importance=IMPORTANCE[IMPORTANCE["group"] != "aircraft"],
        model_comparison=COMPARISON[COMPARISON["model"] != "without_aircraft"],
    )
    assert "## The aircraft" not in card
    assert "tail number" not in card
    assert "\n## Limits" in card


def test_slices_that_are_all_small_have_no_best_and_worst() -> None:
    card = write_card(
        slice_metrics=SLICES.assign(flights=10), slice_comparison=SLICE_COMPARISON.head(0)
    )
    assert "Among the slices" not in card
    assert "Where a baseline" not in card
    assert "| 20 | origin | OSL | 10 |" in card


def test_without_an_alert_none_of_them_is_right() -> None:
    card = write_card(test_predictions=TEST_PREDICTIONS.assign(late_probability=0.1))
    assert "0 of 4 flights a day are alerted (0.0 %)" in card
    assert "catch 0.0 % of the flights that were so late; n/a of the alerts are right" in card


@pytest.mark.parametrize("group", read_parameters("training")["groups"])
def test_every_group_is_described(group: str) -> None:
    renamed = IMPORTANCE.replace("schedule", group)
    row = re.search(rf"^\| {group} \| \d \| \S+ \| (.*) \|$", write_card(importance=renamed), re.M)
    assert row is not None
    assert row[1].endswith(".")


@pytest.mark.parametrize(
    ("score", "text"),
    [(0.7809, ".781"), (1.2, "1.200"), (-0.02, "-.020"), (0, ".000"), (float("nan"), "n/a")],
)
def test_scores_are_written_without_the_leading_zero(score: float, text: str) -> None:
    assert format_score(score) == text


def test_a_missing_share_is_no_percentage() -> None:
    assert format_percent(float("nan")) == "n/a"
    assert format_percent(1) == "100.0 %"


def test_the_plots_lie_where_the_card_looks_both_on_disk_and_in_mlflow(card: str) -> None:
    catalog = yaml.safe_load((ROOT / "conf/base/catalog_08_reporting.yml").read_text())
    links = re.findall(r"!\[.*\]\((.*)\)", card)
    written = catalog["model_card"]
    folder = posixpath.dirname(written["dataset"]["filepath"])
    for link, entry in zip(links, ("lead_plot", "reliability_plot"), strict=True):
        plot = catalog[entry]
        assert f"{folder}/{link}" == plot["dataset"]["filepath"]
        in_mlflow = f"{plot['artifact_path']}/{posixpath.basename(plot['dataset']['filepath'])}"
        assert f"{written['artifact_path']}/{link}" == in_mlflow


def test_the_template_is_delivered_with_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    patterns = project["tool"]["setuptools"]["package-data"]["flight_delays.evaluation.model_card"]
    folder = Path(model_card.__file__).parent
    assert [file.name for pattern in patterns for file in folder.glob(pattern)] == [
        "model_card.md.j2"
    ]
