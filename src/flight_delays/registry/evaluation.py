"""What an evaluation writes on the version that it evaluated."""

import logging
from collections.abc import Iterator

import pandas as pd

from flight_delays.evaluation.answers import part_by_threshold
from flight_delays.evaluation.gates import tell_failures
from flight_delays.evaluation.headline import name_metrics, select_headline, select_lead
from flight_delays.parameters import EvaluationParameters

from .versions import (
    CHALLENGER,
    GATES,
    JUDGED,
    SECTION_BREAK,
    RegisteredModelChange,
    Version,
    VersionChange,
)

logger = logging.getLogger(__name__)


def record_evaluation(
    candidate_version: Version,
    test_predictions: pd.DataFrame,
    model_comparison: pd.DataFrame,
    absolute_gates: pd.DataFrame,
    evaluation: EvaluationParameters,
) -> RegisteredModelChange:
    """Write the evaluation on the candidate's version: challenger if it passed the gates, else not.

    Args:
        candidate_version: The version that was evaluated.
        test_predictions: The flights it was evaluated on.
        model_comparison: The scores of every model, from `evaluate_models`.
        absolute_gates: From `check_absolute_gates`.
        evaluation: The lead whose scores are written.

    Returns:
        Gates and judged thresholds as tags, the scores as metrics, the description, and the alias
        that is given or taken away.
    """
    failures = tell_failures(absolute_gates)
    at_lead = select_lead(model_comparison, evaluation)
    model = at_lead[at_lead["model"] == "model"]
    dates = select_headline(test_predictions, evaluation)["flight_date"]
    description = "\n".join(
        [
            f"Fitted on flights to {candidate_version.fitted_to}, evaluated on {len(dates):,} from "
            f"{dates.min().date()} to {dates.max().date()}, "
            f"{evaluation.headline_lead_minutes} minutes before departure:",
            *(
                line
                for minutes, scores in part_by_threshold(at_lead).items()
                for line in ("", f"{minutes} minutes late or more", "", *_describe_scores(scores))
            ),
            "",
            f"Absolute gates: {failures or 'passed'}.",
        ]
    )
    if failures:
        logger.info("Version %d is refused: %s", candidate_version.number, failures)
    _, separator, past = candidate_version.description.partition(SECTION_BREAK)
    change = VersionChange(
        candidate_version.number,
        tags={
            JUDGED: " ".join(map(str, part_by_threshold(at_lead))),
            GATES: f"failed: {failures}" if failures else "passed",
        },
        description=description + separator + past,
        alias=None if failures else CHALLENGER,
        lost_alias=CHALLENGER if failures else None,
        metrics=dict(zip(name_metrics(model), map(float, model["value"]), strict=True)),
    )
    return RegisteredModelChange([change])


def _describe_scores(comparison: pd.DataFrame) -> Iterator[str]:
    for metric, rows in comparison.groupby("metric", sort=False):
        scores = rows.set_index("model")
        model = scores.loc["model"]
        others = ", ".join(
            f"{str(name).replace('_', ' ')} {value:.3f}"
            for name, value in scores["value"].drop("model").items()
        )
        name = str(metric).replace("_", " ").replace("roc auc", "ROC AUC")
        yield (
            f"- {name} **{model['value']:.3f}** ({model['lower']:.3f} to {model['upper']:.3f}); "
            f"{others}"
        )
