from flight_delays.cli import cli, run

__all__ = ["cli", "run"]
