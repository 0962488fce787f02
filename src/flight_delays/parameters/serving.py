"""Parameters of the live board, which `kedro serve` reads."""

from .base import Parameters, Positive


class ServingParameters(Parameters):
    """How often the registry is asked which version is champion."""

    champion_poll_seconds: Positive
