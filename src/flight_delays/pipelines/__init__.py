"""One package a pipeline: its nodes and their wiring."""
