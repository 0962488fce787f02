"""Says of flights to come how late they will probably be."""

from .pipeline import create_pipeline

__all__ = ["create_pipeline"]
