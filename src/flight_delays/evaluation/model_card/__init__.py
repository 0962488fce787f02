"""The model card: what a user of the model should know, written from the run's own data."""

from .card import write_model_card

__all__ = ["write_model_card"]
