"""Moments as others tell them."""

from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator


def _refuse_number(told: Any) -> Any:
    # Pydantic would take it for seconds since 1970, and nobody says what else it may be.
    try:
        float(told)
    except (TypeError, ValueError):
        return told
    raise ValueError("a number is no moment: write it as 2013-12-17T15:00:00Z")


Moment = Annotated[AwareDatetime, BeforeValidator(_refuse_number)]
"""A date and a time with its time zone, in ISO 8601."""
