"""What this project adds to Kedro: datasets, hooks and resolvers."""
