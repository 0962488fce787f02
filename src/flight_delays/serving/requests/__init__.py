"""What others tell and ask, judged row by row."""
