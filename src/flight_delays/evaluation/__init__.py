"""How good a model is: scores, how sure they are, where they hold, and what must be shown."""
