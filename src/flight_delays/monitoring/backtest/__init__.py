"""The past played again: which policy of retraining would have served best."""
