"""What the project exists for: features that use only what was known at prediction time."""
