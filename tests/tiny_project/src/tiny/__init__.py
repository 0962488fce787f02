"""A project of three nodes, run by the hooks and commands of flight_delays."""
