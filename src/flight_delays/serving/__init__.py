"""Answers about flights to come: what a version says, and what was said."""
