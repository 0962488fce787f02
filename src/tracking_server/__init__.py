"""The tracking server of a team, on this machine: MLflow with a login, PostgreSQL behind it."""
