"""A version is asked by what it carries, and refused if that is not all."""

from typing import Any

import pytest

from flight_delays.errors import DataError
from flight_delays.registry.versions import Contender, Version
from flight_delays.serving.board.served_model import ServedModel
from serving.boards import make_served_model
from tables import EVALUATION, make_target

SERVED = make_served_model()
CARRIED: dict[str, Any] = {
    "feature_definition": SERVED.definition.model_dump(mode="json"),
    "feature_groups": {"backlog": ["origin_waiting"]},
    "ordinary_flights": {"lead_from_minutes": [30.0], "origin_waiting": [2.0]},
}


def read(carried: dict[str, Any]) -> ServedModel:
    contender = Contender(Version(7, "run", {"judged_thresholds": "15"}, ""), SERVED.model, carried)
    return ServedModel.read(contender, make_target(15, 60), EVALUATION)


def test_it_answers_what_it_was_judged_by_and_looks_at_its_own_features() -> None:
    served = read(CARRIED)
    assert (served.number, served.thresholds_minutes) == (7, [15])
    assert served.leads.longest_minutes == 480
    assert served.groups == CARRIED["feature_groups"]
    assert served.ordinary["origin_waiting"].to_dict() == {30: 2}


@pytest.mark.parametrize("missing", ["feature_groups", "ordinary_flights"])
def test_one_that_cannot_give_reasons_is_refused_with_what_to_do(missing: str) -> None:
    carried = {name: value for name, value in CARRIED.items() if name != missing}
    with pytest.raises(DataError, match=r"Version 7 does not say what an ordinary .* Train anew"):
        read(carried)
