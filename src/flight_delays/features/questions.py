"""Questions: flights, each with the moment from which its delay is to be foretold."""

import numpy as np
import pandas as pd

from flight_delays.errors import DataError

from .entities import Names
from .events import to_minutes
from .windows import Floats, Integers


class Asked:
    """Flights with a prediction time each; a flight may be asked about at several.

    Attributes:
        table: The flights as they were handed in.
        names: What names their entities.
        prediction_minute: The prediction time, in whole minutes since 1970 UTC.
        departing_minute: The scheduled departure, likewise.
        block: Scheduled minutes from gate to gate.
    """

    def __init__(self, flights: pd.DataFrame) -> None:
        """Ask about flights.

        Args:
            flights: `SCHEDULE` and `prediction_time` (UTC). Outcomes, if there are any, are not
                read.

        Raises:
            DataError: If a prediction is to be made at or after the scheduled departure.
        """
        if not (flights["prediction_time"] < flights["scheduled_departure"]).all():
            raise DataError(
                "A prediction_time is not before its scheduled_departure: lengthen the lead."
            )
        self.table = flights
        self.names = Names(flights)
        # What happens within the minute is not known yet.
        self.prediction_minute: Integers = np.floor(to_minutes(flights["prediction_time"])).astype(
            np.int64
        )
        departing = to_minutes(flights["scheduled_departure"])
        self.departing_minute: Integers = departing.astype(np.int64)
        self.block: Floats = to_minutes(flights["scheduled_arrival"]) - departing

    @property
    def lead_minutes(self) -> Integers:
        """Minutes from the prediction time to the scheduled departure."""
        return self.departing_minute - self.prediction_minute
