"""What a run was made from, and running it again."""
