"""Forward chaining: learn from a past, judge by the days after it."""

from itertools import islice
from typing import TypedDict

import numpy as np
import pandas as pd
from sklearn.metrics import log_loss
from sklearn.model_selection import TimeSeriesSplit

from flight_delays.errors import DataError
from flight_delays.modelling.estimators import find_best_trees, fit_until_best
from flight_delays.parameters import TrainingParameters, TuningParameters

Fold = tuple[pd.DataFrame, pd.DataFrame]


class FoldScore(TypedDict):
    """What is kept of a fold; `score_fold` says what it means."""

    cost: int
    daily_losses: list[float]


def split_forward(flights: pd.DataFrame, parameters: TuningParameters) -> list[Fold]:
    """Split flights into pairs of a past to learn from and the days after it to judge by.

    Args:
        flights: Flights with `flight_date`.
        parameters: How many pairs, and how many days to judge by.

    Returns:
        The pairs, the one with the shortest past first.

    Raises:
        DataError: There are too few days.
    """
    days = np.sort(flights["flight_date"].unique())
    if len(days) <= parameters.folds * parameters.validation_days:
        raise DataError(
            f"tuning.folds x tuning.validation_days is {parameters.folds} x "
            f"{parameters.validation_days} days, and train and validation have {len(days)}: "
            "lower one of the parameters, or lengthen the splits."
        )
    splitter = TimeSeriesSplit(parameters.folds, test_size=parameters.validation_days)
    return [
        (
            flights[flights["flight_date"].isin(days[past])],
            flights[flights["flight_date"].isin(days[later])],
        )
        for past, later in splitter.split(days)
    ]


def score_fold(fold: Fold, columns: list[str], parameters: TrainingParameters) -> FoldScore:
    """Fit on the past, and judge by the later days, which decide the number of trees too.

    Args:
        fold: Flights to learn from and later ones, with `flight_date` and `is_late`.
        columns: The features to use.
        parameters: Hyperparameters and seed.

    Returns:
        `cost`, the number of trees that is best for the later flights times the leaves that a tree
        may have, which is the same on every machine; and `daily_losses` by date: the sum of the log
        losses of a day's flights over the mean number of flights a day, so that their mean is the
        log loss of all later flights.
    """
    past, later = fold
    model = fit_until_best(past, later, columns, parameters)
    trees = find_best_trees(model)
    encode, classify = model
    stages = classify.staged_predict_proba(encode.transform(later[columns]))
    probability = next(islice(stages, trees - 1, None))[:, 1]
    late = later["is_late"].to_numpy()
    days = later.groupby("flight_date").indices.values()
    sums = [
        log_loss(late[day], probability[day], labels=[False, True], normalize=False) for day in days
    ]
    flights_per_day = len(later) / len(days)
    return {
        "cost": trees * parameters.classifier.max_leaf_nodes,
        "daily_losses": [float(total / flights_per_day) for total in sums],
    }
