"""Puts an earlier champion back."""

from .pipeline import create_pipeline

__all__ = ["create_pipeline"]
