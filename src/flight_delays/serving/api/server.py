"""The process that serves."""

import sys

import uvicorn
from starlette.types import ASGIApp

# A thread that computes, as a tick does, holds the interpreter for so long before another may have
# it, and an answer needs it several times. With Python's own 5 ms, look-ups took three times as
# long while the board ticked.
SWITCH_SECONDS = 0.0005


def run_server(app: ASGIApp, host: str, port: int) -> None:
    """Serve until the process is told to end.

    Args:
        app: The API.
        host: Where to listen.
        port: The port to listen on.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)
