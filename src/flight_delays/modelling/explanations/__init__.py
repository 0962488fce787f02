"""Why a model says what it says of a flight: groups of features, and the facts in words."""
