"""How much each group of features moves a probability away from that of an ordinary flight."""

from itertools import product
from math import factorial
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from flight_delays.modelling.lateness import LatenessClassifier


class Contributions(NamedTuple):
    """What moves the probability of the first threshold.

    Attributes:
        ordinary: The probability of the ordinary flight, on the index of the flights.
        groups: What each group adds to it; a row sums up to the flight's probability less the
            ordinary one's.
        facts: By how much the probability is above what it would be if one column alone were
            ordinary.
    """

    ordinary: pd.Series
    groups: pd.DataFrame
    facts: pd.DataFrame


def explain(
    model: LatenessClassifier,
    flights: pd.DataFrame,
    ordinary: pd.DataFrame,
    groups: dict[str, list[str]],
    facts: list[str],
) -> Contributions:
    """Part a probability among the groups of features, by exact Shapley values.

    A group's value is what it adds to a coalition of others, averaged over the orders in which they
    may join (Shapley 1953); what has not joined is as in the ordinary flight. All coalitions are
    asked: no sampling, and no assumption about the model.

    Args:
        model: The model.
        flights: Questions with their features.
        ordinary: The ordinary flight of each, on the same index.
        groups: The columns of each group; together all that the model looks at.
        facts: Columns of which is asked what they do alone.

    Returns:
        The contributions.
    """
    columns = [column for members in groups.values() for column in members]
    coalitions = np.array([*product([False, True], repeat=len(groups))])
    joined = np.repeat(coalitions, [len(members) for members in groups.values()], axis=1)
    all_but_one = np.array(columns) != np.array(facts, dtype=object)[:, np.newaxis]
    said = _predict_mixtures(model, flights, ordinary, columns, np.vstack([joined, all_but_one]))
    by_coalition, without = np.split(said, [len(coalitions)], axis=1)
    shares, index = by_coalition @ _weigh(coalitions), flights.index
    return Contributions(
        ordinary=pd.Series(by_coalition[:, 0], index=index),
        groups=pd.DataFrame(shares, index=index, columns=[*groups]),
        facts=pd.DataFrame(by_coalition[:, -1:] - without, index=index, columns=facts),
    )


def _predict_mixtures(
    model: LatenessClassifier,
    flights: pd.DataFrame,
    ordinary: pd.DataFrame,
    columns: list[str],
    own: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Predict flights that are partly ordinary, shape (flights, mixtures).

    Args:
        model: The model.
        flights: Questions with their features.
        ordinary: The ordinary flight of each.
        columns: The features.
        own: Which columns are the flight's own in each mixture, shape (mixtures, columns).
    """
    both = pd.concat([flights[columns], ordinary[columns]], ignore_index=True)
    flight = np.arange(len(flights))[:, np.newaxis]
    mixtures = {
        column: both[column].array.take(
            np.where(own[:, place], flight, flight + len(flights)).ravel()
        )
        for place, column in enumerate(columns)
    }
    said = model.predict_proba(pd.DataFrame(mixtures))[:, 1]
    return said.reshape(len(flights), len(own))


def _weigh(coalitions: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weigh each coalition's value in each group's share, shape (coalitions, groups)."""
    players = coalitions.shape[1]
    size = coalitions.sum(axis=1)
    ways = np.array(
        [factorial(others) * factorial(players - 1 - others) for others in range(players)]
    )
    with_it, without_it = ways[np.maximum(size - 1, 0)], ways[np.minimum(size, players - 1)]
    signed = np.where(coalitions, with_it[:, np.newaxis], -without_it[:, np.newaxis])
    return np.asarray(signed / factorial(players))
