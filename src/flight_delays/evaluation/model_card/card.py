"""Fill the model card with what the run's tables, parameters and model say."""

from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

from flight_delays.evaluation.headline import select_first_threshold
from flight_delays.evaluation.splits import describe_split
from flight_delays.modelling.lateness import LatenessClassifier
from flight_delays.parameters import (
    EvaluationParameters,
    FeatureEngineeringParameters,
    PromotionParameters,
)

from .contents import (
    Provenance,
    complete_provenance,
    describe_data,
    describe_features,
    describe_model,
    describe_slices,
    describe_thresholds,
)


def write_model_card(
    model: LatenessClassifier,
    test_predictions: pd.DataFrame,
    model_comparison: pd.DataFrame,
    slice_metrics: pd.DataFrame,
    slice_comparison: pd.DataFrame,
    importance: pd.DataFrame,
    data_quality: pd.DataFrame,
    provenance: Provenance,
    metadata: dict[str, Any],
    feature_engineering: FeatureEngineeringParameters,
    evaluation: EvaluationParameters,
    promotion: PromotionParameters,
) -> str:
    """Write what the model is for, what it was made from, how good it is and where its limits are.

    Args:
        model: The fitted model, from `train_model`.
        test_predictions: What it said of each threshold at every lead, and what happened.
        model_comparison: The scores of the model and its references (`ModelComparison`).
        slice_metrics: Its scores on parts of the test flights (`SliceMetrics`).
        slice_comparison: The model against the baselines on the large slices (`SliceComparison`).
        importance: What it rests on (`Importance`).
        data_quality: What was wrong with the delivered tables (`DataQuality`).
        provenance: Registered name and version, run, code, packages and digests; whatever is
            missing is printed as unknown.
        metadata: What MLflow keeps with the model: its `splits`.
        feature_engineering: The range of leads.
        evaluation: The headline lead, costs, calibration bins and bootstrap.
        promotion: How many flights make a slice worth comparing, and how sure the gates are.

    Returns:
        The card, in Markdown.
    """
    test = describe_split(select_first_threshold(test_predictions))
    first, *later = describe_thresholds(test_predictions, model_comparison, evaluation)
    return _open_template().render(
        shortest_minutes=feature_engineering.leads.shortest_minutes,
        longest_minutes=feature_engineering.leads.longest_minutes,
        evaluation=evaluation,
        level=f"{100 * evaluation.confidence_level:g} %",
        slice_level=f"{100 * promotion.confidence_level:g} %",
        provenance=complete_provenance(provenance),
        quality=data_quality.to_dict("records"),
        data=describe_data(metadata["splits"] | {"test": test}),
        model=describe_model(model),
        features=describe_features(importance),
        first=first,
        later=later,
        slices=describe_slices(slice_metrics, slice_comparison, promotion.min_slice_flights),
    )


def format_score(score: float, decimals: int = 3) -> str:
    """Write a score as in `.781`; one that is missing as `n/a`."""
    if pd.isna(score):
        return "n/a"
    sign = "-" if score < 0 else ""
    return sign + f"{abs(score):.{decimals}f}".removeprefix("0")


def format_percent(share: float) -> str:
    """Write a share as in `25.8 %`; one that is missing as `n/a`."""
    return "n/a" if pd.isna(share) else f"{100 * share:.1f} %"


def _open_template() -> Template:
    environment = Environment(
        loader=PackageLoader("flight_delays.evaluation.model_card", "."),
        autoescape=select_autoescape(),  # of HTML: Markdown stays as it is
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.filters |= {
        "score": format_score,
        "fine_score": lambda score: format_score(score, decimals=4),
        "percent": format_percent,
        "fine_percent": lambda share: f"{100 * share:.3g} %",
        "count": "{:,.0f}".format,
        "number": "{:,.10g}".format,
        "words": lambda name: name.replace("_", " "),
    }
    return environment.get_template("model_card.md.j2")
