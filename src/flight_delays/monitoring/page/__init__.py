"""One page that tells in one screen whether the model is still good."""

from .page import write_page

__all__ = ["write_page"]
