"""Decides whether the challenger becomes the model in use."""

from .pipeline import create_pipeline

__all__ = ["create_pipeline"]
