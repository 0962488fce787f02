"""Alerts: each once, until somebody takes note or it is over; and to whom they are sent."""
