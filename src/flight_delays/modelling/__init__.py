"""The estimators, and the search for their hyperparameters."""
