"""Plays the past again, month by month, under several policies of retraining."""

from .pipeline import create_pipeline

__all__ = ["create_pipeline"]
