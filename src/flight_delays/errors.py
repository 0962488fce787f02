"""The error a user can mend: the command line prints it as one message, without a traceback."""


class DataError(ValueError):
    """The data or the parameters are wrong; the message names them and says what to do."""
