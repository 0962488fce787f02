"""How late a flight will be: one answer for each of several thresholds, from a chain of models."""

import logging
from collections.abc import Callable
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.pipeline import Pipeline

logger = logging.getLogger(__name__)


class LatenessClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """How likely a flight is to be late by each of several rising thresholds.

    A chain (continuation ratios; Agresti 2010, section 4.2): the first link tells how likely a
    flight reaches the first threshold, each other one how likely it reaches its own, given that it
    reaches the one before. Their products cannot rise with the threshold, because no factor is
    above one.

    To scikit-learn it is a classifier of the first threshold: `predict` and `predict_proba` are
    about that. `predict_lateness` gives the whole answer.

    Attributes:
        thresholds_minutes: The thresholds, rising.
        links: The fitted pipelines, one a threshold, all on the same features.
    """

    def __init__(self, thresholds_minutes: list[int], links: list[Pipeline]) -> None:
        """Take the thresholds and a fitted pipeline for each."""
        self.thresholds_minutes = thresholds_minutes
        self.links = links

    @property
    def headline(self) -> Pipeline:
        """The link of the first threshold."""
        return self.links[0]

    @property
    def classes_(self) -> NDArray[np.bool_]:
        """Not late by the first threshold, late by it."""
        return np.array([False, True])

    @property
    def feature_names_in_(self) -> NDArray[np.object_]:
        """The names of the features."""
        names: NDArray[np.object_] = self.headline.feature_names_in_
        return names

    def fit(self, X: pd.DataFrame, y: object = None) -> Self:  # noqa: N803
        """Change nothing, as scikit-learn's FrozenEstimator: `fit_chain` has fitted the links."""
        return self

    def predict(self, X: pd.DataFrame) -> NDArray[np.bool_]:  # noqa: N803
        """Tell whether a flight is more likely late by the first threshold than not."""
        return np.asarray(self.predict_proba(X)[:, 1] > 0.5)

    def predict_proba(self, X: pd.DataFrame) -> NDArray[np.float64]:  # noqa: N803
        """Predict the first threshold.

        Args:
            X: Questions with their features.

        Returns:
            The probabilities of not being late by it and of being late, shape (n, 2).
        """
        return np.asarray(self.headline.predict_proba(X), dtype=np.float64)

    def predict_lateness(self, X: pd.DataFrame) -> pd.DataFrame:  # noqa: N803
        """Predict every threshold.

        Args:
            X: Questions with their features.

        Returns:
            On their index, a column for each threshold: the probability of being so many minutes
            late or more. None is above the one before it.
        """
        names = [name_threshold(minutes) for minutes in self.thresholds_minutes]
        if X.empty:  # scikit-learn refuses a table without rows
            return pd.DataFrame(index=X.index, columns=names, dtype=np.float64)
        steps = [link.predict_proba(X)[:, 1] for link in self.links]
        products = np.cumprod(steps, axis=0, dtype=np.float64)
        return pd.DataFrame(products.T, index=X.index, columns=names)

    def __sklearn_clone__(self) -> Self:
        """Stay as it is where scikit-learn would make an unfitted copy."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        """Tell scikit-learn that it may be asked."""
        return True


def fit_chain(
    thresholds_minutes: list[int], fit_link: Callable[..., Pipeline], *tables: pd.DataFrame
) -> LatenessClassifier:
    """Fit one link after the other, each on the flights that reach the threshold before.

    Args:
        thresholds_minutes: The thresholds, rising.
        fit_link: Fits a classifier of `is_late` on the tables.
        *tables: Questions with features and `arrival_delay_minutes`; every link gets as many.

    Returns:
        The chain.
    """
    links = []
    for minutes in thresholds_minutes:
        marked = [table.assign(is_late=reach(table, minutes)) for table in tables]
        links.append(fit_link(*marked))
        tables = tuple(table[table["is_late"]] for table in marked)
    return LatenessClassifier(thresholds_minutes, links)


def select_thresholds(
    thresholds_minutes: list[int], tables: dict[str, pd.DataFrame], min_flights: int
) -> list[int]:
    """Leave out the thresholds that too few flights can tell anything of, and say so.

    Args:
        thresholds_minutes: The thresholds, rising; the first stays whatever the tables hold.
        tables: By name, questions with `flight_id` and `arrival_delay_minutes`.
        min_flights: How many flights of each table must reach a threshold, and how many must reach
            the one before but not this one.

    Returns:
        The thresholds that are left.
    """
    kept, later = thresholds_minutes[:1], thresholds_minutes[1:]
    for minutes in later:
        for name, table in tables.items():
            flights = table[["flight_id", "arrival_delay_minutes"]].drop_duplicates("flight_id")
            late, later_still = reach(flights, kept[-1]).sum(), reach(flights, minutes).sum()
            if min(later_still, late - later_still) < min_flights:
                logger.warning(
                    "Nothing is said of flights %d minutes late: in table %s %d were, and %d were "
                    "late by %d but not so late; target.min_flights asks for %d of both",
                    minutes,
                    name,
                    later_still,
                    late - later_still,
                    kept[-1],
                    min_flights,
                )
                break
        else:
            kept = [*kept, minutes]
    return kept


def reach(flights: pd.DataFrame, minutes: int) -> pd.Series:
    """Tell which flights, with their `arrival_delay_minutes`, were so many minutes late or more."""
    return flights["arrival_delay_minutes"] >= minutes


def name_threshold(minutes: int) -> str:
    """Name a threshold as columns and metrics do: `late_60`."""
    return f"late_{minutes}"
