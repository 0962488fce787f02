"""Parameters of feature_engineering: the splits, and a model for each group of features."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from .base import MINUTES_IN_A_DAY, Parameters, Positive, RisingMinutes

Windows = list[Positive]
Entity = Literal[
    "network",
    "origin",
    "carrier",
    "destination",
    "sector",
    "sector_at_origin",
    "sector_haul",
    "carrier_at_origin",
    "carrier_at_origin_hour",
    "carrier_on_route",
    "carrier_on_route_hour",
    "flight_at_origin",
]
Reading = Literal[
    "temperature_f",
    "dew_point_f",
    "humidity_percent",
    "wind_direction_degrees",
    "wind_speed_mph",
    "wind_gust_mph",
    "precipitation_inches",
    "pressure_hpa",
    "visibility_miles",
]
TrafficStatistic = Literal[
    "departures_delay_mean",
    "departures_late_share",
    "departures_early_share",
    "scheduled_late_share",
    "landings_delay_mean",
    "landings_added_delay_mean",
    "landings_taxi_mean",
    "delay_with_waiting_mean",
    "delay_accrued",
    "delay_accrued_change",
]
BacklogStatistic = Literal[
    "waiting",
    "waiting_change",
    "waiting_per_scheduled",
    "deficit",
    "departed_per_scheduled",
    "queue_excess",
    "queue_use",
    "airborne",
    "overdue",
    "overdue_share",
]
STATES = ("waiting", "airborne", "overdue", "overdue_share")


def _check_backlog_windows(family: dict[BacklogStatistic, list[int]]) -> Any:
    for statistic, windows in family.items():
        if statistic in STATES and windows != [0]:
            raise ValueError(f"{statistic} is a state at the prediction time: its window is [0]")
        if statistic not in STATES and min(windows, default=1) <= 0:
            raise ValueError(f"{statistic} needs windows of more than 0 minutes")
    return family


TrafficFamilies = dict[Entity, dict[TrafficStatistic, Windows]]
BacklogFamilies = dict[
    Entity,
    Annotated[dict[BacklogStatistic, list[int]], AfterValidator(_check_backlog_windows)],
]


class Period(Parameters):
    """Local dates of scheduled departure, both inclusive."""

    start: date
    end: date

    @model_validator(mode="after")
    def _end_after_the_start(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"it ends on {self.end}, before it starts on {self.start}")
        return self


class Splits(Parameters):
    """Train, validation and test: later and later, and apart."""

    train: Period
    validation: Period
    test: Period

    @model_validator(mode="after")
    def _follow_each_other(self) -> Self:
        for name, earlier, later in (
            ("train and validation", self.train, self.validation),
            ("validation and test", self.validation, self.test),
        ):
            if later.start <= earlier.end:
                raise ValueError(
                    f"{name} overlap or are out of order: the one ends on {earlier.end}, "
                    f"the other starts on {later.start}"
                )
        return self


class Leads(Parameters):
    """Minutes from the question to the scheduled departure: a range to draw from, and a list."""

    shortest_minutes: Positive
    longest_minutes: Positive
    evaluated_minutes: RisingMinutes

    @model_validator(mode="after")
    def _longest_is_not_shorter(self) -> Self:
        if self.longest_minutes < self.shortest_minutes:
            raise ValueError(
                f"longest_minutes, {self.longest_minutes}, is below shortest_minutes, "
                f"{self.shortest_minutes}"
            )
        return self


class EventParameters(Parameters):
    """After how many minutes without news a flight is taken for cancelled, or for diverted."""

    given_up_minutes: Positive
    lost_minutes: Positive


class ScheduleFeatures(Parameters):
    """How busy the timetable is: windows around the departure, entities up to it or that day."""

    departures_before: Windows
    departures_after: Windows
    departures_until: list[Entity]
    departures_same_day: list[Entity]
    since_previous: list[Entity]


class WeatherFeatures(Parameters):
    """Which readings to take, at the origin and over all origins."""

    known_after_minutes: Annotated[int, Field(ge=0)]
    latest: list[Reading]
    mean: dict[Reading, Windows]
    change: dict[Reading, Windows]
    network_mean: dict[Reading, Windows]
    network_minimum: list[Reading]

    @property
    def readings(self) -> list[Reading]:
        """Every reading that a feature asks for, each once."""
        lists = (self.latest, self.mean, self.change, self.network_mean, self.network_minimum)
        return sorted({reading for readings in lists for reading in readings})


class AircraftFeatures(Parameters):
    """How turnarounds are learned."""

    turnaround_days: Positive
    longest_turnaround_minutes: Positive
    default_turnaround_minutes: Positive


class HistoryFeatures(Parameters):
    """Entities, values and windows in days."""

    lag_minutes: Annotated[int, Field(ge=0)]
    pseudo_flights: Annotated[float, Field(gt=0)]
    landings: dict[Entity, dict[Literal["delay", "late", "added_delay"], list[Positive]]]
    days: dict[Entity, dict[Literal["delay", "late"], list[Positive]]]

    @model_validator(mode="after")
    def _look_beyond_the_lag(self) -> Self:
        if self.lag_minutes >= MINUTES_IN_A_DAY:
            raise ValueError("lag_minutes must be less than a day, the shortest window")
        return self


class FeatureEngineeringParameters(Parameters):
    """The leads, the splits and the families of features."""

    leads: Leads
    splits: Splits
    events: EventParameters
    schedule: ScheduleFeatures
    weather: WeatherFeatures
    traffic: TrafficFamilies
    backlog: BacklogFamilies
    aircraft: AircraftFeatures
    history: HistoryFeatures
