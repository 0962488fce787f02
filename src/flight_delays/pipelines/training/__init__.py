"""Fits the model and the references it is compared with."""

from .pipeline import create_pipeline

__all__ = ["create_pipeline"]
