"""A temporary copy of the project to run, which leaves its data, runs and models alone."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from omegaconf import OmegaConf

from flight_delays.errors import DataError
from flight_delays.lineage.catalog_entries import get_layer, get_path, list_tables
from flight_delays.lineage.provenance import digest_table

from .git import check_out

# Where there is no commit to take them from.
PROJECT_FILES = ("conf", "src", "pyproject.toml", "requirements.txt", ".telemetry")
NOT_IN_GIT = "conf/local"


@contextmanager
def copy_code(project: Path, commit: str | None) -> Iterator[Path]:
    """Copy the code and conf into a temporary folder, which is removed in the end.

    Args:
        project: The root of the project.
        commit: The commit to take, with conf/local as it is now; None for all as it is now.

    Yields:
        The root of the copy.

    Raises:
        DataError: git cannot check the commit out.
    """
    with TemporaryDirectory(prefix="reproduce-", ignore_cleanup_errors=True) as folder:
        place = Path(folder).resolve()
        if commit:
            with check_out(project, commit, place) as copy:
                copy_path(project / NOT_IN_GIT, copy / NOT_IN_GIT)
                yield copy
        else:
            for name in PROJECT_FILES:
                copy_path(project / name, place / name)
            yield place


def copy_path(source: Path, target: Path) -> None:
    """Copy a file or folder, if it exists; a folder without the caches in it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        caches = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, target, ignore=caches, dirs_exist_ok=True)
    elif source.exists():
        shutil.copy2(source, target)


def copy_tables(
    project: Path,
    catalog: dict[str, Any],
    copy: Path,
    catalog_of_copy: dict[str, Any],
    digests: Mapping[str, str],
) -> None:
    """Copy the raw tables to where the copy reads them.

    Those that are not there are collected, as in any run.

    Args:
        project: The root of the project.
        catalog: Its catalog as configured.
        copy: The root of the copy.
        catalog_of_copy: That of the copy.
        digests: Of the run, by the name of the table: deliveries that came after it are left out.
    """
    for name, entry in list_tables(catalog_of_copy, "raw").items():
        if path := get_path(catalog.get(name, {})):
            target = copy / str(get_path(entry))
            copy_path(project / path, target)
            if name == "raw_deliveries":
                drop_later(target, entry, digests.get(name))


def drop_later(folder: Path, entry: dict[str, Any], digest: str | None) -> None:
    """Drop the deliveries that a run did not have: they are only ever added, in order.

    Args:
        folder: The folder of a copy of the deliveries.
        entry: Its entry of the catalog.
        digest: That of the deliveries that the run had, or None for none.
    """
    deliveries = sorted(folder.iterdir()) if folder.exists() else []
    there = entry | {"path": str(folder)}
    while deliveries and digest_table("raw_deliveries", there) != digest:
        shutil.rmtree(deliveries.pop())


def name_package(copy: Path, name: str, version: str) -> None:
    """Have a copy of the project count as an installed package, as the project does after `make`.

    Its code needs no installation, but its version is part of what a run and a model tell.

    Args:
        copy: The root of the copy.
        name: The package.
        version: Its version.
    """
    about = copy / "src" / f"{name}-{version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")


def check_paths_inside(catalog: dict[str, Any]) -> None:
    """Check that a copy of the project writes into the copy.

    Args:
        catalog: The copy's catalog as configured.

    Raises:
        DataError: Something lies elsewhere, and might be written over.
    """
    for name, entry in sorted(catalog.items()):
        path = get_path(entry) or ""
        is_outside = "://" in path or Path(path).is_absolute()
        if is_outside and get_layer(entry) != "delivered":
            raise DataError(
                f"A repetition might write over {name} ({path}): only what lies inside the project "
                "is copied. With --present-code an environment can give it a path there."
            )


def configure(copy: Path, parameters: dict[str, Any]) -> None:
    """Give a copy of the project these parameters and no others, and an MLflow store of its own.

    Args:
        copy: The root of the copy.
        parameters: All parameters. A delivery is not taken in again: it is among the tables.
    """
    parameters = deepcopy(parameters)
    if parameters.get("data_collection", {}).get("delivery"):
        parameters["data_collection"]["delivery"] = None
    conf = copy / "conf"
    base = conf / "base"
    tracking = yaml.safe_load((base / "mlflow.yml").read_text())["tracking"]
    store = {"mlflow_tracking_uri": f"sqlite:///{copy}/mlflow.db"}
    for path in [*conf.rglob("parameters*"), *conf.rglob("mlflow*")]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    (base / "parameters.yml").write_text(OmegaConf.to_yaml(parameters))
    (base / "mlflow.yml").write_text(yaml.safe_dump({"server": store, "tracking": tracking}))
