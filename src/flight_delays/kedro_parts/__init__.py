"""What this project adds to Kedro: datasets, hooks, commands, resolvers, lazy pipelines."""
