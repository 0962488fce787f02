"""conf as Kedro reads it, but for conf/local."""

from functools import cache
from typing import Any

from kedro.config import OmegaConfigLoader

from docs.pages import ROOT
from flight_delays.settings import CONFIG_LOADER_ARGS


@cache
def load_conf(kind: str, env: str = "base") -> dict[str, Any]:
    """Load the catalog or the parameters."""
    loader: Any = OmegaConfigLoader
    conf: dict[str, Any] = loader(str(ROOT / "conf"), env=env, **CONFIG_LOADER_ARGS)[kind]
    return conf
