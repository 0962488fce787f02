"""What the YAML files of conf can ask for: `${package_file:...}` and `${installed:...}`."""

from importlib import metadata

from flight_delays.errors import DataError


def package_file(package: str, name: str) -> str:
    """Find a data file that an installed package brings, without importing the package.

    Args:
        package: The package as pip calls it.
        name: The name of the file, without its folders.

    Returns:
        The path of the file.

    Raises:
        DataError: The package is not installed, or has no such file.
    """
    try:
        files = metadata.files(package) or []
    except metadata.PackageNotFoundError:
        raise DataError(f"The package {package}, which brings {name}, is not installed.") from None
    for file in files:
        if file.name == name:
            return str(file.locate())
    raise DataError(f"The package {package} {metadata.version(package)} has no file {name}.")


def installed(*packages: str) -> list[str]:
    """Pin packages to the versions that are installed.

    Args:
        packages: The packages as pip calls them.

    Returns:
        Requirements as pip reads them.
    """
    return [f"{package}=={metadata.version(package)}" for package in packages]
