"""The live board: what a version says of open flights, at one moment after the other."""
