"""Repeats a run of the past: record -> comparison of what it was made from -> rerun -> of results.

`reproduce.py` is the whole way on one screen.
"""
