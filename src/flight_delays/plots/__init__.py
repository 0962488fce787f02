"""The figures, built from Matplotlib's objects.

Without pyplot's global state, so that nodes that draw stay pure and may run in threads.
"""
