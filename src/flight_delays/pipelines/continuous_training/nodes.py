"""Facts -> what was known on a day, and splits by rule; and the day as a tag of the version."""

import logging
from dataclasses import replace
from datetime import date

import pandas as pd

from flight_delays.errors import DataError, NothingToDo
from flight_delays.parameters import (
    ContinuousTrainingParameters,
    FeatureEngineeringParameters,
    Period,
    Splits,
)
from flight_delays.registry.versions import (
    CHAMPION,
    DECISION,
    FITTED_TO,
    GATES,
    NONE,
    REPLACED_BY,
    Candidate,
    RegisteredModel,
    Version,
)

TRAINED_AS_OF = "trained_as_of"

# What becomes known when a flight leaves, and when it lands.
DEPARTURE = ["actual_departure", "departure_delay_minutes"]
ARRIVAL = ["actual_arrival", "arrival_delay_minutes", "air_time_minutes", "is_late"]

logger = logging.getLogger(__name__)


def plan_training(
    flights: pd.DataFrame,
    deliveries: list[str],
    registered_model: RegisteredModel,
    training: ContinuousTrainingParameters,
    features: FeatureEngineeringParameters,
) -> tuple[pd.DataFrame, list[str], FeatureEngineeringParameters, str]:
    """Plan a training as of a day.

    Args:
        flights: Facts of all flights (`PrmFlights`).
        deliveries: What they were delivered in.
        registered_model: The versions that there are, perhaps none.
        training: The day, and how many months to learn from.
        features: The parameters of feature_engineering.

    Returns:
        The facts as they were known on that day; the deliveries as they are, so that nothing is
        written before there is a plan; the parameters of feature_engineering with splits
        by rule; and the day, as an ISO date.

    Raises:
        DataError: There are fewer than three whole months before the day, or fewer than it takes.
        NothingToDo: A version of this day and these months has been judged already.
    """
    months = list_whole_months(flights)
    as_of = training.as_of or ((months[-1] + 1).start_time.date() if len(months) else None)
    splits = choose_splits(flights, months, as_of, training.train_months)
    assert as_of is not None  # noqa: S101 - without months there are no splits
    wanted = {TRAINED_AS_OF: str(as_of), FITTED_TO: str(splits.validation.end)}
    for version in registered_model.versions.values():
        is_wanted = wanted.items() <= version.tags.items()
        if is_wanted and is_judged(version, registered_model.aliases.get(CHAMPION)):
            raise NothingToDo(
                f"Version {version.number} of {registered_model.name} was trained as of {as_of} "
                "and has been judged: nothing is left to do."
            )
    for name, split in splits:
        logger.info("As of %s, %s is %s to %s", as_of, name, split.start, split.end)
    planned = features.model_copy(update={"splits": splits})
    return select_known(flights, as_of), deliveries, planned, str(as_of)


def is_judged(version: Version, champion: int | None) -> bool:
    """Tell whether a version has failed the absolute gates, or has been decided on to the end.

    Args:
        version: The version.
        champion: The number of the version in use, if there is one.

    Returns:
        False also where a promotion was killed before it gave the alias: neither is the version
        champion, nor has another one taken its place.
    """
    tags = version.tags
    if tags.get(DECISION) == "promoted":
        return version.number == champion or tags.get(REPLACED_BY, NONE) != NONE
    return DECISION in tags or tags.get(GATES, "passed") != "passed"


def list_whole_months(flights: pd.DataFrame) -> pd.PeriodIndex:
    """List the months that have flights on their first day and on their last.

    Args:
        flights: With `flight_date`.

    Returns:
        The months, in order of time.
    """
    dates = flights["flight_date"]
    days = dates.groupby(dates.dt.to_period("M")).agg(["min", "max"])
    months = pd.PeriodIndex(days.index)
    ends = months.to_timestamp(how="end").normalize()
    return months[(days["min"] == months.to_timestamp()) & (days["max"] == ends)]


def choose_splits(
    flights: pd.DataFrame, months: pd.PeriodIndex, as_of: date | None, train_months: int | None
) -> Splits:
    """Choose the last whole month before a day to test on, the one before it to validate on.

    Args:
        flights: With `flight_date`.
        months: From `list_whole_months`.
        as_of: The day.
        train_months: How many whole months before those to learn from, None for all flights.

    Returns:
        The splits.

    Raises:
        DataError: There are fewer than three whole months in a row, or fewer than it takes.
    """
    before = [month for month in months if as_of and month.end_time.date() < as_of]
    needed = 2 + (train_months or 1)
    last = before[-needed:]
    if len(last) < needed or last[-1] - last[0] != (needed - 1) * last[0].freq:
        raise DataError(
            f"Table prm_flights has no {needed} whole months in a row up to {as_of or 'any day'}, "
            "to train, validate and test on: collect more months, or change the parameters "
            "continuous_training.as_of and train_months."
        )
    *_, validation, test = last
    train = last[0].start_time if train_months else flights["flight_date"].min()
    return Splits(
        train=Period(start=train.date(), end=last[-3].end_time.date()),
        validation=Period(start=validation.start_time.date(), end=validation.end_time.date()),
        test=Period(start=test.start_time.date(), end=test.end_time.date()),
    )


def select_known(flights: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Select what was known at midnight of a day, by the clock of each flight's origin.

    Args:
        flights: Facts of all flights (`PrmFlights`).
        as_of: The day.

    Returns:
        The flights scheduled before it; what happened to them later is missing.
    """
    known = flights[flights["flight_date"] < pd.Timestamp(as_of)].reset_index(drop=True)
    scheduled = known["scheduled_departure"].dt.tz_localize(None)
    midnight = pd.Timestamp(as_of) - (known["scheduled_departure_local"] - scheduled)
    for moment, columns in (("actual_departure", DEPARTURE), ("actual_arrival", ARRIVAL)):
        is_later = known[moment].dt.tz_localize(None) > midnight
        for column in columns:
            known[column] = known[column].mask(is_later)
    return known


def tag_candidate(candidate: Candidate, trained_as_of: str) -> Candidate:
    """Put the day as of which it was trained among the tags of a version to come."""
    return replace(candidate, tags=candidate.tags | {TRAINED_AS_OF: trained_as_of})
