"""The data contracts: one Pandera model for every table of every layer, named in the catalog."""
