"""What happens around a run: its checks, its tracking and what it tells on the console."""
