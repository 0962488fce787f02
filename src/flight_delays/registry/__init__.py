"""The model registry: what a version is, how it is read, and how it changes."""
