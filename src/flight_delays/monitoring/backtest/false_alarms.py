"""How often the rule calls for retraining where a model is as good as it says."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from flight_delays.evaluation.metrics import Floats, Integers
from flight_delays.monitoring.rule import compare_with_expected, decide_retraining
from flight_delays.parameters import BacktestParameters, EvaluationParameters, RetrainingParameters

DAYS_OF_A_MONTH = 30


def count_false_alarms(
    played: pd.DataFrame,
    backtest: BacktestParameters,
    evaluation: EvaluationParameters,
    retraining: RetrainingParameters,
) -> dict[str, float]:
    """Count alarms over months that are drawn from days on which a model is right.

    Right by construction: an isotonic regression, fitted on all days, puts in place of each
    probability the share that was late of the flights with such a one, so over all days realised
    and expected loss are the same. Single days still have more or fewer late flights than
    expected, as real days do, and neighbouring days stay beside each other: months are drawn in
    blocks of `evaluation.block_days` (Politis and Romano 1992).

    Args:
        played: What was said of each flight by the model of every month, `monthly`; `flight_date`
            and `is_late`.
        backtest: How many months to draw.
        evaluation: Blocks of days, and the seed.
        retraining: The rule.

    Returns:
        `months`; in which share of them the loss surely exceeded what was expected (`exceeded`);
        and in which share the rule called for retraining, by that month and those drawn before it
        (`retrain`).
    """
    flights = played.rename(columns={"monthly": "late_probability"})
    windows: list[dict[str, float]] = []
    alarms = []
    for late, said, day in draw_months(flights, backtest.drawn_months, evaluation):
        windows.append(
            compare_with_expected(late, said, day, retraining.confidence_level, evaluation)
        )
        alarms.append(decide_retraining(windows, 0, retraining).retrain)
    return {
        "months": len(windows),
        "exceeded": float(np.mean([window["lower"] > 0 for window in windows])),
        "retrain": float(np.mean(alarms)),
    }


def draw_months(
    flights: pd.DataFrame, months: int, evaluation: EvaluationParameters
) -> Iterator[tuple[NDArray[np.bool_], Floats, Integers]]:
    """Draw months from days on which a model is right.

    Args:
        flights: `flight_date`, `is_late` and `late_probability`.
        months: How many.
        evaluation: Blocks of days, and the seed.

    Yields:
        Of a month's flights what happened, the probability that is right over all days, and the
        number of the day, from 0.
    """
    ordered = flights.sort_values("flight_date")
    late, said = ordered["is_late"].to_numpy(dtype=bool), ordered["late_probability"].to_numpy()
    right = IsotonicRegression().fit(said, late).predict(said)
    _, sizes = np.unique(ordered["flight_date"], return_counts=True)
    ends = sizes.cumsum()
    length = evaluation.block_days
    blocks = -(-DAYS_OF_A_MONTH // length)
    random = np.random.default_rng(evaluation.random_state)
    for firsts in random.integers(len(sizes), size=(months, blocks, 1)):
        days = ((firsts + np.arange(length)) % len(sizes)).ravel()[:DAYS_OF_A_MONTH]
        drawn = np.concatenate([np.arange(ends[day] - sizes[day], ends[day]) for day in days])
        yield late[drawn], right[drawn], np.arange(len(days)).repeat(sizes[days])
