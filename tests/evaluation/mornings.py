"""Four weeks of flights at 5 in the morning, few of them late, and in the evening, half of them."""

import numpy as np
import pandas as pd

from flight_delays.parameters import PromotionParameters
from tables import EVALUATION

# An hour of the day has just enough flights.
PROMOTION = PromotionParameters(
    max_calibration_error=0.4,
    min_slice_flights=168,
    min_days=1,
    confidence_level=0.95,
    non_inferiority_margin=None,
)
WEEKLY = EVALUATION.model_copy(update={"block_days": 7})


def make_predictions(worse_at: str = "") -> pd.DataFrame:
    """What a good model and both baselines say two hours before, with the facts of the flights.

    The base rate knows nothing, the schedule the hour. The model knows the evening by heart; of
    the morning it knows no more than the schedule, as some flights are said to be a bit likelier to
    be late, and are not.

    Args:
        worse_at: The hour at which the model alarms everybody.
    """
    days = pd.date_range("2013-11-01", periods=28)
    places = pd.MultiIndex.from_product([days, ["05", "17"], range(6)])
    flights = places.to_frame(index=False, name=["flight_date", "hour", "number"])
    day, number = flights["flight_date"].dt.day, flights["number"]
    morning = flights["hour"] == "05"
    late = np.where(morning, (number == 0) & (day % 2 == 0), number < 3).astype(bool)
    said = np.where(morning, 0.07 + 0.03 * (number == day % 6), 0.9 * late + 0.05)
    return flights.assign(
        flight_id=flights.index.astype(str),
        prediction_time=pd.Timestamp("2013-11-01T08:00Z"),
        lead_minutes=120,
        threshold_minutes=15,
        origin=np.where(number < 5, "EWR", "LGA"),  # LGA has too few flights
        carrier=np.where(day <= 13, "AA", "UA"),  # AA has too few days, with 156 flights
        arrival_delay_minutes=np.where(late, 20.0, 0.0),
        is_late=late,
        base_rate=0.3,
        schedule_logistic_regression=np.where(morning, 1 / 12, 0.5),
        late_probability=np.where(flights["hour"] == worse_at, 0.6, said),
        scheduled_departure_local=flights["flight_date"] + pd.to_timedelta(flights["hour"] + "h"),
        aircraft_model="A320",
    )
