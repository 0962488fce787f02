"""Contributions are Shapley values: worked out on paper, and true of any model."""

from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from flight_delays.modelling.explanations.contributions import explain

GROUPS = {"schedule": ["hour"], "weather": ["wind", "rain"], "backlog": ["waiting"]}
COLUMNS = ["hour", "wind", "rain", "waiting"]
FLIGHTS = pd.DataFrame({"hour": 1.0, "wind": 1.0, "rain": 1.0, "waiting": 1.0}, index=[7])
ORDINARY = FLIGHTS * 0


class Says:
    """A model that computes what a function says."""

    def __init__(self, function: Any) -> None:
        self.function = function

    def predict_proba(self, table: pd.DataFrame) -> np.ndarray:
        late = np.asarray(self.function(table), dtype=float)
        return np.column_stack([1 - late, late])


def tell(function: Any, flights: pd.DataFrame = FLIGHTS, facts: list[str] | None = None) -> Any:
    ordinary = pd.concat([ORDINARY] * len(flights)).set_axis(flights.index)
    return explain(Says(function), flights, ordinary, GROUPS, facts or [])  # type: ignore[arg-type]


def test_what_groups_do_together_is_parted_evenly_among_them() -> None:
    """.1 from the hour; .3 take both wind and waiting, so that each gets half; .2 from rain."""
    told = tell(lambda t: 0.1 * t["hour"] + 0.3 * t["wind"] * t["waiting"] + 0.2 * t["rain"] + 0.1)
    assert told.ordinary.to_dict() == {7: 0.1}
    assert list(told.groups) == ["schedule", "weather", "backlog"]
    np.testing.assert_allclose(told.groups.loc[7], [0.1, 0.35, 0.15])


def test_a_fact_does_what_would_be_missing_if_it_alone_were_ordinary() -> None:
    told = tell(
        lambda t: 0.1 * t["hour"] + 0.3 * t["wind"] * t["waiting"] + 0.2 * t["rain"],
        facts=["waiting", "rain", "hour"],
    )
    np.testing.assert_allclose(told.facts.loc[7, ["waiting", "rain", "hour"]], [0.3, 0.2, 0.1])


values = st.lists(st.floats(0, 1, width=16), min_size=16, max_size=16)


@settings(max_examples=15)
@given(values, st.lists(st.tuples(*[st.booleans()] * 4), min_size=1, max_size=3))
def test_they_are_the_mean_over_all_orders_and_add_up(
    answers: list[float], rows: list[tuple[bool, ...]]
) -> None:
    """A model is any table of answers to the sixteen rows of zeros and ones."""

    def look_up(table: pd.DataFrame) -> np.ndarray:
        place = table[COLUMNS].to_numpy() @ [8, 4, 2, 1]
        return np.array(answers)[place.astype(int)]

    flights = pd.DataFrame(rows, columns=COLUMNS, dtype=float)
    told = tell(look_up, flights)
    total = told.ordinary + told.groups.sum(axis=1)
    np.testing.assert_allclose(total, look_up(flights), atol=1e-12)

    for row, flight in flights.iterrows():
        expected = dict.fromkeys(GROUPS, 0.0)
        for order in permutations(GROUPS):
            mixture = ORDINARY.copy()
            for group in order:
                before = look_up(mixture)[0]
                mixture.loc[7, GROUPS[group]] = flight[GROUPS[group]]
                expected[group] += (look_up(mixture)[0] - before) / 6
        np.testing.assert_allclose(told.groups.loc[row], [*expected.values()], atol=1e-12)
