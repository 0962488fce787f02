"""The reasons for a probability: the groups of features that move it most, with a fact each."""

import numpy as np
import pandas as pd

from .contributions import Contributions
from .words import put_in_words

MOST = 3
PLACE = ["origin", "destination", "carrier"]
GROUPS = {
    "schedule": "its place in the timetable",
    "weather": "the weather",
    "traffic": "how others left and landed",
    "backlog": "what is due and has not gone",
    "aircraft": "where its aircraft is",
    "history": "how flights like it did",
}
"""What is said of a group of which no fact points the way that the group does."""


def tell_reasons(
    contributions: Contributions,
    features: pd.DataFrame,
    flights: pd.DataFrame,
    groups: dict[str, list[str]],
) -> pd.Series:
    """Tell what moves each flight's probability most.

    Of a group the fact is told that alone does most in the group's direction.

    Args:
        contributions: What each group and each fact does.
        features: Questions with their features, on the same index.
        flights: Their `origin`, `destination` and `carrier`, on the same index.
        groups: The columns of each group.

    Returns:
        A text per question: the groups that move the probability most, the strongest first, each
        with what it adds.
    """
    moves, effects = contributions.groups.to_numpy(), contributions.facts.to_numpy()
    facts = contributions.facts.columns
    places = [np.flatnonzero(facts.isin(members)) for members in groups.values()]
    told = []
    for row, flight in enumerate(flights[PLACE].to_dict("records")):
        reasons = []
        for group in np.argsort(-np.abs(moves[row]), kind="stable")[:MOST]:
            move, words = moves[row, group], None
            pushes = effects[row, places[group]] * np.sign(move)
            if pushes.max(initial=0) > 0:
                fact = facts[places[group][pushes.argmax()]]
                words = put_in_words(fact, features[fact].iloc[row], flight)
            reasons.append(f"{move:+.2f} {words or GROUPS[contributions.groups.columns[group]]}")
        told.append("; ".join(reasons))
    return pd.Series(told, index=flights.index, dtype="str")
