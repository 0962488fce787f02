"""One change of the champion at a time, whoever makes it and wherever."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from flight_delays.errors import DataError

WAIT_SECONDS = 15.0
POLL_SECONDS = 0.2
# Changes take less than a second. A lock this old is what a killed process has left.
ABANDONED_SECONDS = 300.0


@contextmanager
def lock_registry(client: MlflowClient, name: str, holder: str) -> Iterator[None]:
    """Keep all others from changing the champion.

    MLflow has no lock, but names of registered models are unique: of several who create one, one
    succeeds. So the lock is a registered model that exists for as long as the change takes. (Of
    MLflow's stores only the plain directory does not guarantee it: there two creations within a
    millisecond may both succeed.)

    Args:
        client: The registry.
        name: The registered model to lock.
        holder: Who locks it; told to those who wait in vain.

    Yields:
        Once, with the lock held.

    Raises:
        DataError: Somebody else holds the lock for too long.
    """
    lock = f"{name}.lock"
    deadline = time.monotonic() + WAIT_SECONDS
    while not _create(client, lock, holder):
        if time.monotonic() > deadline:
            raise DataError(
                f"Another run is changing the champion of {name}. Try again, or delete the "
                f"registered model {lock} if that run is no more."
            )
        _remove_abandoned(client, lock)
        time.sleep(POLL_SECONDS)
    try:
        yield
    finally:
        client.delete_registered_model(lock)


def _create(client: MlflowClient, lock: str, holder: str) -> bool:
    try:
        client.create_registered_model(
            lock, description=f"The champion is being changed by the run {holder}."
        )
    except MlflowException as error:
        if error.error_code == "RESOURCE_ALREADY_EXISTS":
            return False
        raise
    return True


def _remove_abandoned(client: MlflowClient, lock: str) -> None:
    try:
        created = client.get_registered_model(lock).creation_timestamp / 1000
        if time.time() - created > ABANDONED_SECONDS:
            client.delete_registered_model(lock)
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
