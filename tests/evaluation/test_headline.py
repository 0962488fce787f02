"""The headline lead is found, or missed in words that help."""

import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.evaluation.headline import select_headline
from tables import EVALUATION

QUESTIONS = pd.DataFrame({"flight_id": list("aabb"), "lead_minutes": [30.0, 120.0, 240.0, 120.0]})


def test_the_rows_of_the_headline_lead_are_numbered_anew() -> None:
    headline = select_headline(QUESTIONS, EVALUATION)
    assert headline.to_dict() == {"flight_id": {0: "a", 1: "b"}, "lead_minutes": {0: 120, 1: 120}}


def test_a_headline_at_which_nobody_was_asked_is_named_with_the_leads_there_are() -> None:
    never = EVALUATION.model_copy(update={"headline_lead_minutes": 60})
    message = (
        "Table test has no .* 60 .* evaluation.headline_lead_minutes, but at 30, 120, 240. .*"
        "feature_engineering.leads.evaluated_minutes and make the features again.$"
    )
    with pytest.raises(DataError, match=message):
        select_headline(QUESTIONS, never)
