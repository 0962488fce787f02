"""Looks back on a month: how good the champion was, and whether to retrain."""

from .pipeline import create_pipeline

__all__ = ["create_pipeline"]
