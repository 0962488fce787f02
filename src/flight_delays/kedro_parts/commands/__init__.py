"""Commands that this project adds to Kedro's."""
