"""Whether the model in use is still good, and what to do where it is not."""
