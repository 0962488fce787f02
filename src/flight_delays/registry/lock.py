"""One change of the champion at a time, whoever makes it and wherever."""

import contextlib
import time
from collections.abc import Iterator
from contextlib import contextmanager

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from flight_delays.errors import DataError

POLL_SECONDS = 0.2
# Changes take about a second. A lock this old is what a killed process has left.
ABANDONED_SECONDS = 60.0
WAIT_SECONDS = ABANDONED_SECONDS + 15.0  # so that it stops nobody


@contextmanager
def lock_champion(client: MlflowClient, name: str, holder: str) -> Iterator[None]:
    """Keep all others from changing the champion.

    MLflow has no lock, but names of registered models are unique: of several who create one, one
    succeeds. So the lock is a registered model that exists for as long as the change takes. Two
    gaps are left, each of some milliseconds: among MLflow's stores the plain directory does not
    guarantee unique names, and of several who remove an abandoned lock at once, one may remove
    another's new one. Who holds the lock therefore looks once more at the champion.

    Args:
        client: The registry.
        name: The registered model to lock.
        holder: The run that locks it; told to those who wait in vain.

    Yields:
        Once, with the lock held.

    Raises:
        DataError: Somebody else holds the lock for too long.
    """
    lock, note = f"{name}.lock", f"The champion is being changed by the run {holder}."
    deadline = time.monotonic() + WAIT_SECONDS
    while not _create(client, lock, note):
        if time.monotonic() > deadline:
            raise DataError(
                f"The registered model {lock} keeps others from changing the champion of {name}: "
                f"{_read(client, lock)[0]} Try again. If it stays, that run was killed, and you "
                f"may not remove what it left: have {lock} deleted in MLflow."
            )
        _remove_abandoned(client, lock)
        time.sleep(POLL_SECONDS)
    try:
        yield
    finally:
        if _read(client, lock)[0] == note:
            client.delete_registered_model(lock)


def _create(client: MlflowClient, lock: str, note: str) -> bool:
    try:
        client.create_registered_model(lock, description=note)
    except MlflowException as error:
        if error.error_code == "RESOURCE_ALREADY_EXISTS":
            return False
        raise
    return True


def _read(client: MlflowClient, lock: str) -> tuple[str, float]:
    """Read who holds the lock, and for how many seconds; nothing if it is gone."""
    try:
        model = client.get_registered_model(lock)
    except MlflowException as error:
        if error.error_code == "RESOURCE_DOES_NOT_EXIST":
            return "", 0.0
        raise
    return model.description or "", time.time() - model.creation_timestamp / 1000


def _remove_abandoned(client: MlflowClient, lock: str) -> None:
    _, age = _read(client, lock)
    if age > ABANDONED_SECONDS:
        # On a server only its maker and administrators may: the others wait in vain, and are told.
        with contextlib.suppress(MlflowException):
            client.delete_registered_model(lock)
