"""Features are finite and lie where their names say; the target is known in model input only."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from flight_delays.schemas.features import FeatFlights, ModelInput
from flight_delays.schemas.raw import UNIQUENESS
from tables import find_failures


@pytest.fixture
def features() -> pd.DataFrame:
    departure = pd.Series(pd.to_datetime(["2013-01-01 10:15"] * 3, utc=True)).dt.as_unit("us")
    numbers = {
        "lead_minutes": [120, 120, 120],
        "origin_departures_late_share_2h": [0, 1, np.nan],
        "origin_waiting": [0, 3, np.nan],
        "origin_scheduled_before_90m": [0, 12, np.nan],
        "origin_waiting_change_1h": [-2, 2, np.nan],
    }
    table = pd.DataFrame(numbers, dtype=np.float32).assign(
        flight_id=["a", "b", "c"],
        flight_date=departure.dt.tz_localize(None).dt.normalize(),
        scheduled_departure=departure,
        prediction_time=departure - pd.Timedelta(hours=2),
        origin="EWR",
        destination="IAH",
        carrier="UA",
        aircraft_model=pd.Series(["737-824", "737-824", None], dtype="str"),
        arrival_delay_minutes=[15.0, 14.0, np.nan],
        is_late=pd.array([True, False, None], dtype="boolean"),
    )
    return table


@pytest.fixture
def model_input(features: pd.DataFrame) -> pd.DataFrame:
    return features[:2].astype({"is_late": bool})


def test_good_tables_pass(features: pd.DataFrame, model_input: pd.DataFrame) -> None:
    assert find_failures(FeatFlights, features) == set()
    assert find_failures(ModelInput, model_input) == set()


def test_which_features_there_are_is_free(features: pd.DataFrame) -> None:
    none = features.drop(columns=list(features.select_dtypes("float32").columns[1:]))
    some = none.assign(another=np.float32(-1))
    assert find_failures(FeatFlights, none) == find_failures(FeatFlights, some) == set()


@pytest.mark.parametrize("schema", [FeatFlights, ModelInput])
def test_a_flight_is_asked_about_once_at_a_time(
    features: pd.DataFrame, model_input: pd.DataFrame, schema: type
) -> None:
    table = {FeatFlights: features, ModelInput: model_input}[schema]
    hour = pd.Timedelta(hours=1)
    later = table.assign(prediction_time=table["prediction_time"] + hour)
    assert find_failures(schema, pd.concat([table, later], ignore_index=True)) == set()
    twice = find_failures(schema, pd.concat([table, table], ignore_index=True))
    assert twice == {(schema.__name__, UNIQUENESS)}


@pytest.mark.parametrize(
    ("column", "value", "check"),
    [
        ("origin_departures_late_share_2h", 1.01, "less_than_or_equal_to(1)"),
        ("origin_departures_late_share_2h", -0.01, "greater_than_or_equal_to(0)"),
        ("lead_minutes", 0, "greater_than(0)"),
        ("origin_waiting", -1, "greater_than_or_equal_to(0)"),
        ("origin_scheduled_before_90m", -1, "greater_than_or_equal_to(0)"),
        ("prediction_time", pd.NaT, "not_nullable"),
        ("carrier", None, "not_nullable"),
    ],
)
def test_a_bad_value(features: pd.DataFrame, column: str, value: Any, check: str) -> None:
    features.loc[0, column] = value
    assert (column, check) in find_failures(FeatFlights, features)


@pytest.mark.parametrize("schema", [FeatFlights, ModelInput])
def test_every_schema_that_inherits_a_rule_names_it_and_one_row_suffices(
    features: pd.DataFrame, model_input: pd.DataFrame, schema: type
) -> None:
    table = {FeatFlights: features, ModelInput: model_input}[schema]
    name, infinite, behind = schema.__name__, table.copy(), table.copy()
    infinite.loc[1, "origin_waiting_change_1h"] = np.inf
    behind.loc[1, "prediction_time"] = behind.loc[1, "scheduled_departure"]
    assert find_failures(schema, infinite) == {(name, "has_finite_features")}
    assert find_failures(schema, behind) == {(name, "predicts_before_departure")}


def test_a_feature_of_double_precision_is_noticed(features: pd.DataFrame) -> None:
    failures = find_failures(FeatFlights, features.astype({"origin_waiting": float}))
    assert failures == {("origin_waiting", "dtype('float32')")}


def test_model_input_has_no_unknown_target(features: pd.DataFrame) -> None:
    failures = find_failures(ModelInput, features)
    assert failures == {
        ("arrival_delay_minutes", "not_nullable"),
        ("is_late", "not_nullable"),
        ("is_late", "dtype('bool')"),
    }
