"""What Kedro's datasets lack."""
