"""Whether what came in of a month is as it usually is: values, weather, timetable, outcomes."""
