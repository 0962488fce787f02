"""Where airports are, and what their clocks show."""
