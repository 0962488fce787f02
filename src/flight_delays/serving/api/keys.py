"""Who may ask and who may tell: API keys, of which only a digest is kept."""

import hashlib
import hmac
import json
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypedDict

from flight_delays.errors import DataError

Role = Literal["read", "write"]
KEY_BYTES = 32


class KeyRecord(TypedDict):
    """What is kept of a key."""

    role: Role
    sha256: str
    created: str


class ApiKeys:
    """The keys of an API by name, in a JSON file that only its owner can read.

    The file is read anew each time, so that a key that is revoked opens nothing from then on.
    """

    def __init__(self, path: Path) -> None:
        """Name the file; it is made with the first key."""
        self._path = path

    def create(self, name: str, role: Role) -> str:
        """Make a key.

        Args:
            name: What to call it.
            role: "read" to ask; "write" to ask and to tell.

        Returns:
            The key, which nobody can be told again.

        Raises:
            DataError: The name is taken.
        """
        records = self.list_keys()
        if name in records:
            raise DataError(
                f"There is a key {name} already: revoke it first, or take another name."
            )
        key = secrets.token_urlsafe(KEY_BYTES)
        created = f"{datetime.now(UTC):%Y-%m-%dT%H:%MZ}"
        self._write(records | {name: KeyRecord(role=role, sha256=_digest(key), created=created)})
        return key

    def list_keys(self) -> dict[str, KeyRecord]:
        """List what is kept of each key, by name.

        Raises:
            DataError: The file cannot be read.
        """
        if not self._path.exists():
            return {}
        try:
            records: dict[str, KeyRecord] = json.loads(self._path.read_text())
        except ValueError:
            raise DataError(
                f"The file of API keys {self._path} is damaged: remove it, make new keys."
            ) from None
        return records

    def revoke(self, name: str) -> None:
        """Take a key away.

        Args:
            name: The key.

        Raises:
            DataError: There is none of that name.
        """
        records = self.list_keys()
        if name not in records:
            there = ", ".join(records) or "none"
            raise DataError(f"There is no key {name} to revoke; the keys are: {there}.")
        self._write({other: record for other, record in records.items() if other != name})

    def find_role(self, key: str) -> Role | None:
        """Find what a key allows.

        Args:
            key: As it was sent.

        Returns:
            Its role, None if it is none of the keys.
        """
        sent, role = _digest(key), None
        for record in self.list_keys().values():
            # All are compared, in the same time, so that the time tells nothing.
            if hmac.compare_digest(sent, record["sha256"]):
                role = record["role"]
        return role

    def _write(self, records: dict[str, KeyRecord]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(".part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(records, file, indent=2)
        part.replace(self._path)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
