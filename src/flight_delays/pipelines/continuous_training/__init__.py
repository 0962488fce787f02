"""Makes a model anew as of a day, from feature_engineering to promotion."""

from .pipeline import create_pipeline

__all__ = ["create_pipeline"]
