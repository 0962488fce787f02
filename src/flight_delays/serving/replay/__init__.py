"""A past day, told again."""
