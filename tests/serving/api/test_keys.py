"""A key opens what its role allows until it is revoked, and is nowhere to be read."""

import stat
from pathlib import Path

import pytest

from flight_delays.errors import DataError
from flight_delays.serving.api.keys import ApiKeys


@pytest.fixture
def keys(tmp_path: Path) -> ApiKeys:
    return ApiKeys(tmp_path / "conf" / "api_keys.json")


def test_a_key_has_its_role_until_it_is_revoked(keys: ApiKeys) -> None:
    asks, tells = keys.create("page", "read"), keys.create("desk", "write")
    assert keys.find_role(asks) == "read"
    assert keys.find_role(tells) == "write"
    assert list(keys.list_keys()) == ["page", "desk"]
    keys.revoke("desk")
    assert keys.find_role(tells) is None
    assert keys.find_role(asks) == "read"


@pytest.mark.parametrize("wrong", ["", "page", "x" * 43])
def test_another_key_has_none(keys: ApiKeys, wrong: str) -> None:
    assert keys.find_role(wrong) is None
    key = keys.create("page", "read")
    assert keys.find_role(wrong) is None
    assert keys.find_role(key[:-1]) is None


def test_the_key_itself_is_not_kept_and_only_its_owner_reads_the_file(
    keys: ApiKeys, tmp_path: Path
) -> None:
    key = keys.create("page", "read")
    assert len(key) >= 43  # 32 bytes, in letters
    assert keys.create("desk", "read") != key
    file = tmp_path / "conf" / "api_keys.json"
    assert key not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_name_that_is_taken_or_is_none_is_told(keys: ApiKeys) -> None:
    keys.create("page", "read")
    with pytest.raises(DataError, match="There is a key page already"):
        keys.create("page", "write")
    with pytest.raises(DataError, match="There is no key desk to revoke; the keys are: page"):
        keys.revoke("desk")


def test_a_damaged_file_is_told(keys: ApiKeys, tmp_path: Path) -> None:
    keys.create("page", "read")
    (tmp_path / "conf" / "api_keys.json").write_text("{")
    with pytest.raises(DataError, match=r"api_keys.json is damaged"):
        keys.find_role("page")
