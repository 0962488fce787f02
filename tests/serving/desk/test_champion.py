"""Who is to answer: the champion, or the last version that could, come what may."""

import logging
import time
from pathlib import Path
from typing import Any

import pytest

from flight_delays.errors import DataError, TrackingError
from serving.registries import Registry, make_contender

UP = {"tracking": "reachable", "refused_champion": None}
DOWN = {"tracking": "unreachable", "refused_champion": None}


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path)


def keep(registry: Registry, number: int) -> None:
    """Let a version have answered."""
    registry.kept.save(make_contender(number))


def list_warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_change_of_champion_is_found_and_so_is_the_way_back(registry: Registry) -> None:
    champion = registry.follow()
    for number in (7, 8, 7):
        registry.champion = number
        champion.look()
        assert champion.current.number == number
        assert champion.describe() == UP


def test_a_champion_that_stays_is_loaded_once(registry: Registry) -> None:
    champion = registry.follow()
    for _ in range(3):
        champion.look()
    assert registry.loads == 1


REFUSED: dict[str, Any] = {
    "without what its features mean": {"feature_definition": None},
    "late means something else": {
        "feature_definition": make_contender(8).metadata["feature_definition"]
        | {"target": {"late_thresholds_minutes": [30], "min_flights": 1}}
    },
    "old feature code": {
        "feature_definition": make_contender(8).metadata["feature_definition"]
        | {"code_sha256": "another"}
    },
    "what it carries is damaged": {"ordinary_flights": {"nothing": 1}},
}


@pytest.mark.parametrize("changes", REFUSED.values(), ids=REFUSED)
def test_one_that_cannot_be_served_is_refused_once_and_the_last_one_goes_on(
    registry: Registry, caplog: pytest.LogCaptureFixture, changes: dict[str, Any]
) -> None:
    champion = registry.follow()
    registry.champion, registry.versions[8] = 8, make_contender(8, **changes)
    for _ in range(3):
        champion.look()
    assert champion.current.number == 7
    assert champion.describe() == {"tracking": "reachable", "refused_champion": 8}
    assert registry.loads == 2
    (told,) = list_warnings(caplog)
    assert "ersion 8" in told
    assert told.endswith("Version 7 goes on answering.")


def test_after_a_refusal_the_next_champion_or_the_last_one_is_taken(registry: Registry) -> None:
    champion = registry.follow()
    registry.damaged = {8}
    for number, refused in ((8, 8), (7, None), (8, 8), (9, None)):
        registry.champion = number
        champion.look()
        assert champion.describe()["refused_champion"] == refused
    assert champion.current.number == 9


def test_an_outage_is_told_once_and_the_change_is_found_when_it_is_over(
    registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    champion = registry.follow()
    registry.is_up, registry.champion = False, 8
    for _ in range(3):
        champion.look()
        assert (champion.current.number, champion.describe()) == (7, DOWN)
    registry.is_up = True
    champion.look()
    assert (champion.current.number, champion.describe()) == (8, UP)
    assert list_warnings(caplog) == [
        "The model registry cannot be asked (connection refused). Version 7 goes on answering.",
        "The model registry can be asked again.",
    ]


def test_a_registry_that_breaks_down_during_the_download_is_no_fault_of_the_version(
    registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    champion = registry.follow()
    registry.champion, registry.breaks_down = 8, True
    champion.look()
    assert (champion.current.number, champion.describe()) == (7, DOWN)
    assert list_warnings(caplog) == [
        "The tracking server http://there broke down. Version 7 goes on answering."
    ]
    registry.breaks_down = False
    champion.look()
    assert (champion.current.number, champion.describe()) == (8, UP)


def test_without_a_champion_the_last_one_goes_on(
    registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    champion = registry.follow()
    registry.champion = None
    for _ in range(3):
        champion.look()
    assert (champion.current.number, champion.describe()) == (7, UP)
    assert list_warnings(caplog) == ["There is no champion: version 7 goes on."]


def test_one_that_could_not_answer_gives_way_to_the_last_that_could(registry: Registry) -> None:
    champion = registry.follow()
    champion.accept(champion.current)
    registry.champion = 8
    champion.look()
    champion.refuse(champion.current)
    champion.look()
    assert champion.current.number == 7
    assert champion.describe() == {"tracking": "reachable", "refused_champion": 8}


def test_a_verdict_on_another_than_the_current_one_changes_nothing(registry: Registry) -> None:
    champion = registry.follow()
    before = champion.current
    registry.champion = 8
    champion.look()
    champion.accept(before)
    champion.refuse(before)
    assert champion.current.number == 8
    champion.refuse(champion.current)
    assert champion.current is before


def test_the_one_that_answered_is_kept_and_only_that(registry: Registry) -> None:
    champion = registry.follow()
    champion.keep()
    registry.champion = 8
    champion.look()
    champion.keep()
    assert registry.kept.load().version.number == 7
    champion.accept(champion.current)
    champion.keep()
    assert registry.kept.load().version.number == 8


def test_it_is_written_once(registry: Registry) -> None:
    champion = registry.follow()
    champion.keep()
    (file,) = registry.folder.iterdir()
    file.unlink()
    champion.keep()
    assert not file.exists()


def test_where_it_cannot_be_written_that_is_told_once(
    registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    champion = registry.follow()
    (registry.folder / "last_served_version.part").mkdir()
    for _ in range(3):
        champion.keep()
    (told,) = list_warnings(caplog)
    assert told.startswith("Version 7 could not be kept: ")


def test_a_start_without_the_registry_is_by_the_one_that_was_kept(
    registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    keep(registry, 7)
    registry.is_up = False
    champion = registry.follow()
    assert (champion.current.number, champion.describe()) == (7, DOWN)
    assert list_warnings(caplog) == [
        "The model registry cannot be asked (connection refused). "
        "Version 7, which answered last, answers."
    ]
    registry.is_up = True
    champion.look()
    assert (champion.describe(), registry.loads) == (UP, 1)
    registry.champion = 8
    champion.look()
    assert champion.current.number == 8


def test_a_start_without_a_champion_that_can_serve_is_by_the_one_that_was_kept(
    registry: Registry,
) -> None:
    keep(registry, 7)
    registry.champion, registry.damaged = 8, {8}
    champion = registry.follow()
    champion.look()
    assert champion.current.number == 7
    assert champion.describe() == {"tracking": "reachable", "refused_champion": 8}
    registry.champion = None
    assert registry.follow().current.number == 7


def test_a_start_without_any_version_is_refused_with_the_reason(registry: Registry) -> None:
    registry.is_up = False
    with pytest.raises(TrackingError, match=r"cannot be asked \(connection refused\)"):
        registry.follow()
    registry.is_up, registry.champion = True, None
    with pytest.raises(DataError, match=r"^No version is champion\.$"):
        registry.follow()
    registry.champion, registry.damaged = 8, {8}
    with pytest.raises(DataError, match=r"^Version 8 is refused: it is damaged\.$"):
        registry.follow()


def test_where_what_was_kept_is_damaged_too_both_reasons_are_told(registry: Registry) -> None:
    (registry.folder / "last_served_version.skops").write_bytes(b"no model")
    registry.is_up = False
    with pytest.raises(
        TrackingError, match=r"cannot be asked .*\. What .* keeps .* is refused: .*no file of skops"
    ):
        registry.follow()


def test_a_thread_of_its_own_looks_and_keeps(registry: Registry) -> None:
    champion = registry.follow(poll_seconds=0.01)
    champion.start()
    try:
        registry.champion = 8
        until = time.monotonic() + 60
        while champion.current.number == 7 or not registry.kept.exists():
            assert time.monotonic() < until
            time.sleep(0.01)
    finally:
        champion.stop()
    champion._thread.join(60)
    assert not champion._thread.is_alive()


def test_the_thread_outlives_what_nobody_thought_of(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    champion = registry.follow(poll_seconds=0.01)
    with monkeypatch.context() as patch:
        patch.setattr(champion, "look", lambda: looked.append(1) or 1 / 0)
        looked: list[int] = []
        champion.start()
        until = time.monotonic() + 60
        while len(looked) < 3:
            assert time.monotonic() < until
            time.sleep(0.01)
    champion.stop()
    champion._thread.join(60)
