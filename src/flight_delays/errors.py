"""What ends a command in one message, without a traceback: errors a user can mend, and no error."""


class DataError(ValueError):
    """The data or the parameters are wrong; the message names them and says what to do."""


class TrackingError(RuntimeError):
    """The tracking server cannot be used; the message names its address and says what to do."""


class NothingToDo(Exception):  # noqa: N818 - it is no error
    """What was asked for is there already; the message says where. The command succeeds."""
