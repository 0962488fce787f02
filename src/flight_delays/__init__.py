"""Flight Delays: which flights will arrive at least 15, or at least 60, minutes late."""

import os

__version__ = "0.1.0"

# OpenMP reads it when scikit-learn is first imported. Its threads wait for each other by spinning
# otherwise, which on a machine that does other things as well makes training several times slower.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# Models are one file each: MLflow's bar would go from 0 to 100 % at once.
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
