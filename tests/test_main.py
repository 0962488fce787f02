import click
import pytest

from flight_delays.__main__ import main


@pytest.mark.usefixtures("project")
def test_package_takes_the_options_of_kedro_run() -> None:
    with pytest.raises(click.UsageError, match="Nothing in the catalog is versioned"):
        main(["--load-versions=model:2026-01-01T00.00.00.000Z"], standalone_mode=False)
