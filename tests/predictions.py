"""Hand-made rows of what a version said of two flights, without and with its features."""

import numpy as np
import pandas as pd

MOMENT = pd.Series(pd.to_datetime(["2013-11-15T19:00Z"] * 2)).dt.as_unit("us")
ANSWERS = pd.DataFrame(
    {
        "flight_id": ["a", "b"],
        "scheduled_departure": MOMENT + pd.Timedelta(minutes=30),
        "origin": "EWR",
        "destination": "IAH",
        "carrier": "UA",
        "prediction_time": MOMENT,
        "lead_minutes": 30,
        "late_15": [0.5, 1.0],
        "late_60": [0.25, 0.0],
        "alert_15": [True, False],
        "alert_60": [False, False],
        "version": 7,
    }
)
PREDICTIONS = ANSWERS.assign(ordinary_probability=0.2, from_weather=[0.3, 0.8], reasons="+0.30 fog")
LOGGED = ANSWERS.assign(
    aircraft_model=pd.Series(["737-824", None], dtype="str"),
    origin_waiting=np.array([3, np.nan], dtype=np.float32),
    origin_departures_late_share_2h=np.array([0.5, np.nan], dtype=np.float32),
)
