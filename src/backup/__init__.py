"""A copy of what no pipeline can make again, taken while the project is in use, and put back."""
