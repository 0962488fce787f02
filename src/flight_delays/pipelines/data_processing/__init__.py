"""Types and repairs the raw tables, and joins them to one row of facts per flight."""

from .pipeline import create_pipeline

__all__ = ["create_pipeline"]
