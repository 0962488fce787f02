"""Flight Delays: which flights will arrive 15 minutes late or more, told two hours before."""

import os

__version__ = "0.1.0"

# OpenMP reads it when scikit-learn is first imported. Its threads wait for each other by spinning
# otherwise, which on a machine that does other things as well makes training several times slower.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
