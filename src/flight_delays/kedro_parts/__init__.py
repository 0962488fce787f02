"""What this project adds to Kedro: datasets, hooks, resolvers, lazy pipelines."""
