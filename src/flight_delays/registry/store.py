"""Reading and changing the registered model in MLflow."""

from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from flight_delays.errors import DataError

from .lock import lock_champion
from .versions import CHAMPION, RegisteredModel, RegisteredModelChange, Version


def read_registered_model(client: MlflowClient, name: str) -> RegisteredModel:
    """Read all versions of a registered model.

    Args:
        client: The registry.
        name: The registered model.

    Returns:
        The versions and the aliases; none where nothing is registered under the name.
    """
    try:
        aliases = client.get_registered_model(name).aliases
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        return RegisteredModel(name, versions={}, aliases={})
    found = client.search_model_versions(f"name = '{name}'")
    return RegisteredModel(
        name=name,
        versions={int(version.version): _describe(version) for version in found},
        aliases={alias: int(number) for alias, number in aliases.items()},
    )


def find_champion(client: MlflowClient, name: str) -> int | None:
    """Find out which version is champion, in one request.

    Args:
        client: The registry.
        name: The registered model.

    Returns:
        The version's number, None if there is no champion.
    """
    try:
        return int(client.get_model_version_by_alias(name, CHAMPION).version)
    except MlflowException as error:
        if error.error_code not in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
            raise
        return None


def read_version(client: MlflowClient, name: str, number: int) -> Version:
    """Read one version.

    Args:
        client: The registry.
        name: The registered model.
        number: The version's number; there is such a version.

    Returns:
        The version.
    """
    return _describe(client.get_model_version(name, str(number)))


def change_registered_model(
    client: MlflowClient, name: str, change: RegisteredModelChange, run_id: str
) -> None:
    """Write descriptions and tags, and only then move aliases.

    The tags of a version are written in their order: where the last one is, the others are too. An
    alias goes from one version to another in a single step, so whatever stops this half-way leaves
    no moment without a champion where there was one.

    Args:
        client: The registry.
        name: The registered model.
        change: What to write.
        run_id: The MLflow run that does it.

    Raises:
        DataError: The champion is not the one that the change was made for.
    """
    if any(version.alias == CHAMPION for version in change.versions):
        with lock_champion(client, name, run_id):
            _check_champion(client, name, change.champion_was)
            _write(client, name, change)
    else:
        _write(client, name, change)


def _write(client: MlflowClient, name: str, change: RegisteredModelChange) -> None:
    for version in change.versions:
        number = str(version.number)
        if version.description is not None:
            client.update_model_version(name, number, version.description)
        for key, value in version.tags.items():
            client.set_model_version_tag(name, number, key, value)
    for version in change.versions:
        if version.alias:
            client.set_registered_model_alias(name, version.alias, str(version.number))
        if version.lost_alias:
            holder = client.get_registered_model(name).aliases.get(version.lost_alias)
            if holder and int(holder) == version.number:
                client.delete_registered_model_alias(name, version.lost_alias)


def _check_champion(client: MlflowClient, name: str, expected: int | None) -> None:
    number = client.get_registered_model(name).aliases.get(CHAMPION)
    champion = int(number) if number else None
    if champion != expected:
        raise DataError(
            f"The champion of {name} is {f'version {champion}' if champion else 'gone'}, and this "
            f"run took it to be {f'version {expected}' if expected else 'none'}: it has changed in "
            "between. Nothing was written: run it again."
        )


def _describe(version: ModelVersion) -> Version:
    return Version(
        number=int(version.version),
        run_id=version.run_id or "",
        tags=dict(version.tags),
        description=version.description or "",
    )
