"""The board at work: a clock, events on disk, the version that is to answer."""
