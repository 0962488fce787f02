"""Pipelines that are imported when they are used, not when they are listed."""

from importlib import import_module
from typing import Any

from kedro.pipeline import Pipeline


class LazyPipeline(Pipeline):
    """The sum of some pipelines, imported at the first look at its nodes.

    Kedro registers all pipelines whatever is asked of it, and the nodes import scikit-learn, SciPy
    and Matplotlib, which take two seconds.
    """

    def __init__(self, *modules: str) -> None:
        """Remember what to import.

        Args:
            modules: Modules with a `create_pipeline`.
        """
        self._modules = modules

    def __getattr__(self, name: str) -> Any:
        """Become an ordinary pipeline, which has the attribute that this one lacks."""
        super().__init__([import_module(module).create_pipeline() for module in self._modules])
        self.__class__ = Pipeline  # type: ignore[assignment]  # like importlib.util.LazyLoader
        return getattr(self, name)
