"""What airports and airlines are called, and which clock goes at an airport."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

import pandas as pd


@dataclass(frozen=True, eq=False)
class Names:
    """Names by code; of what has none here, the code is shown, and UTC.

    Attributes:
        airports: What airports are called.
        airlines: What airlines are called.
        time_zones: Of airports, by their names in the IANA's data base.
    """

    airports: Mapping[str, str] = field(default_factory=dict)
    airlines: Mapping[str, str] = field(default_factory=dict)
    time_zones: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, airports: pd.DataFrame, airlines: pd.DataFrame) -> Self:
        """Read names from tables.

        Args:
            airports: Airports (`IntAirports`).
            airlines: Airlines (`IntAirlines`).

        Returns:
            What is not missing there.
        """
        return cls(
            airports=_read_column(airports, "airport", "name"),
            airlines=_read_column(airlines, "carrier", "name"),
            time_zones=_read_column(airports, "airport", "time_zone"),
        )

    def find_time_zone(self, airport: str) -> str:
        """Find the time zone of an airport."""
        return self.time_zones.get(airport, "UTC")


def _read_column(table: pd.DataFrame, code: str, column: str) -> dict[str, str]:
    known = table[table[column].notna()]
    return dict(zip(known[code], known[column], strict=True))


CODES_ALONE = Names()
