"""What was said of flights, kept."""
