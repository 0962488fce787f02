"""Flight Delays: which flights will arrive 15 minutes late or more, told two hours before."""

__version__ = "0.1.0"
