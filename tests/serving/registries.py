"""A model registry by hand: versions, a champion, and whether the way to it is open."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kedro.io import AbstractDataset

from flight_delays.errors import DataError, TrackingError
from flight_delays.kedro_parts.datasets.served_version import LastServedVersionDataset
from flight_delays.registry.versions import Contender, Version
from flight_delays.serving.board.served_model import ServedModel
from flight_delays.serving.desk.champion import Champion
from serving.boards import make_served_model
from tables import EVALUATION, make_target

SERVED = make_served_model()
CARRIED: dict[str, Any] = {
    "feature_definition": SERVED.definition.model_dump(mode="json"),
    "feature_groups": SERVED.groups,
    "ordinary_flights": {"lead_from_minutes": [30.0]},
}
TRUSTED = ["serving.boards.SaysWaiting"]


def make_contender(number: int, **changes: Any) -> Contender:
    """A version; what it carries may be changed, and without its model another one given."""
    model = changes.pop("model", SERVED.model)
    version = Version(number, "run", {"judged_thresholds": "15 60"}, "")
    return Contender(version, model, CARRIED | changes)


class _Number(AbstractDataset[Any, int | None]):
    def __init__(self, registry: "Registry") -> None:
        self._registry = registry

    def load(self) -> int | None:
        self._registry.check()
        return self._registry.champion

    def save(self, data: Any) -> None:
        raise NotImplementedError

    def _describe(self) -> dict[str, Any]:
        return {}


class _Version(AbstractDataset[Any, Contender]):
    def __init__(self, registry: "Registry") -> None:
        self._registry = registry

    def load(self) -> Contender:
        registry = self._registry
        registry.loads += 1
        registry.check()
        if registry.breaks_down:
            raise TrackingError("The tracking server http://there broke down.")
        if registry.champion is None:
            raise DataError("No version is champion.")
        if registry.champion in registry.damaged:
            raise DataError(f"Version {registry.champion} is refused: it is damaged.")
        return registry.versions.get(registry.champion) or make_contender(registry.champion)

    def save(self, data: Any) -> None:
        raise NotImplementedError

    def _describe(self) -> dict[str, Any]:
        return {}


@dataclass
class Registry:
    """A registry; what tests change of it is what others do to one."""

    folder: Path
    champion: int | None = 7
    is_up: bool = True
    breaks_down: bool = False  # between the question for the number and the download
    damaged: set[int] = field(default_factory=set)
    versions: dict[int, Contender] = field(default_factory=dict)
    loads: int = 0

    def check(self) -> None:
        """Fail as the client does that finds no server."""
        if not self.is_up:
            raise ConnectionError("connection refused")

    @property
    def kept(self) -> LastServedVersionDataset:
        """What is kept on disk, as really written and read."""
        return LastServedVersionDataset(str(self.folder / "last_served_version.skops"), TRUSTED)

    @property
    def entries(self) -> dict[str, AbstractDataset[Any, Any]]:
        """The entries of the catalog."""
        return {
            "champion_number": _Number(self),
            "served_version": _Version(self),
            "last_served_version": self.kept,
        }

    def follow(self, poll_seconds: float = 60) -> Champion:
        """Follow its champion."""
        return Champion(
            *self.entries.values(),
            lambda version: ServedModel.read(version, make_target(15, 60), EVALUATION),
            poll_seconds,
        )
