"""Scores the model and its references on the test months."""

from .pipeline import create_pipeline

__all__ = ["create_pipeline"]
