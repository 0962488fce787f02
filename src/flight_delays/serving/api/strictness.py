"""What every answer is like: its headers are strict, and one that failed tells no details."""

import logging

from fastapi.responses import JSONResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__name__)

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
NOTHING = "default-src 'none'; frame-ancestors 'none'"
"""What an answer that is no page may load."""
OWN = (
    f"{NOTHING}; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)
"""What a page may load: what comes from here, and nothing that stands in the page itself."""


class Strictness:
    """The outermost layer of the service."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the rest."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def send_strictly(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                headers = MutableHeaders(scope=message)
                is_page = headers.get("content-type", "").startswith("text/html")
                # What has not changed is a page that a browser keeps, and puts these headers to.
                is_page |= message["status"] == 304
                headers["Content-Security-Policy"] = OWN if is_page else NOTHING
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_strictly)
        except Exception:
            # Without the query, where a key may stand.
            logger.exception("%s %s failed", scope["method"], scope["path"])
            if has_begun:
                raise
            failure = JSONResponse({"detail": "This failed here; the log tells why."}, 500)
            await failure(scope, receive, send_strictly)
