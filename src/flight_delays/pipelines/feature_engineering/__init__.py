"""Makes the point-in-time features of every flight and splits the flights by time."""

from .pipeline import create_pipeline

__all__ = ["create_pipeline"]
