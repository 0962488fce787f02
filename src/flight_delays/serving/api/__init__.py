"""The live board over HTTP: what it takes and gives, and who may."""
