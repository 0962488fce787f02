"""Errors a user can mend: the command line prints them as one message, without a traceback."""


class DataError(ValueError):
    """The data or the parameters are wrong; the message names them and says what to do."""


class TrackingError(RuntimeError):
    """The tracking server cannot be used; the message names its address and says what to do."""
