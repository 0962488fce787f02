"""Who is told of alerts: webhooks, until they have each message."""

import base64
import binascii
import hashlib
import hmac
import logging
import os
import time
from dataclasses import dataclass

import urllib3

from flight_delays.errors import DataError
from flight_delays.schemas.alerts import Message

from .store import AlertStore

TRY_AGAIN = [429, *range(500, 600)]
SECRET_PREFIX = "whsec_"  # noqa: S105 - no secret, but what one begins with

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Webhook:
    """An address that takes messages, and how they are signed; conf has neither."""

    name: str
    url_from: str
    secret_from: str | None = None

    def read_url(self) -> str:
        """Read the address from the environment.

        Raises:
            DataError: It is not there.
        """
        if url := os.environ.get(self.url_from):
            return url
        raise DataError(
            f"The webhook {self.name} has its address in the environment variable {self.url_from}, "
            "which is not set: set it."
        )

    def read_secret(self) -> bytes | None:
        """Read the secret from the environment.

        Returns:
            The secret; None where messages are not to be signed.

        Raises:
            DataError: It is not there, or is not base64.
        """
        if self.secret_from is None:
            return None
        try:
            secret = os.environ[self.secret_from].removeprefix(SECRET_PREFIX)
            return base64.b64decode(secret, validate=True)
        except (KeyError, binascii.Error):
            raise DataError(
                f"The webhook {self.name} has its secret in the environment variable "
                f"{self.secret_from}, which holds none: `openssl rand -base64 32` makes one."
            ) from None


@dataclass(frozen=True)
class Patience:
    """How often a message is sent again that is not taken, and how long each try may last.

    Before the first retry there is no wait, before the second twice `backoff_seconds`; each doubles
    the last.
    """

    retries: int
    backoff_seconds: float
    timeout_seconds: float


def send_waiting(store: AlertStore, webhooks: list[Webhook], patience: Patience) -> list[str]:
    """Send what waits in the outbox, the oldest message first.

    A message leaves the outbox when its receiver has said 2xx, so what is sent while this process
    is killed is sent again. Where one is not taken, the later ones wait as well.

    Args:
        store: The alerts.
        webhooks: Where to.
        patience: For how long to try.

    Returns:
        A sentence for each webhook that has not got everything, and why.
    """
    outbox = store.read().outbox
    failures = []
    for webhook in webhooks:
        messages = [each.message for each in outbox if webhook.name in each.webhooks]
        try:
            for message in messages:
                _post(message, webhook, patience)
                store.note_sent(message.id, webhook.name)
        except (DataError, urllib3.exceptions.HTTPError) as error:
            failures.append(f"Messages wait for the webhook {webhook.name}: {_explain(error)}")
    return failures


def sign(secret: bytes, message: str, timestamp: int, body: bytes) -> str:
    """Sign a message with HMAC-SHA256, as https://www.standardwebhooks.com says.

    Args:
        secret: What sender and receiver share.
        message: The id.
        timestamp: When it is sent, in seconds since 1970.
        body: What is sent.

    Returns:
        The header webhook-signature.
    """
    signed = f"{message}.{timestamp}.".encode() + body
    digest = hmac.new(secret, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def _post(message: Message, webhook: Webhook, patience: Patience) -> None:
    url, secret = webhook.read_url(), webhook.read_secret()
    body = message.model_dump_json().encode()
    now = int(time.time())
    headers = {
        "content-type": "application/json",
        "webhook-id": message.id,
        "webhook-timestamp": str(now),
    }
    if secret:
        headers["webhook-signature"] = sign(secret, message.id, now, body)
    retries = urllib3.Retry(
        patience.retries,
        allowed_methods=None,
        status_forcelist=TRY_AGAIN,
        backoff_factor=patience.backoff_seconds,
        respect_retry_after_header=False,  # it may ask for hours
    )
    with urllib3.PoolManager(retries=retries, timeout=patience.timeout_seconds) as pool:
        response = pool.request("POST", url, body=body, headers=headers, redirect=False)
    if not 200 <= response.status < 300:
        raise DataError(f"it answers {response.status}.")


def _explain(error: Exception) -> str:
    # The address may be a secret, and urllib3's own texts hold it.
    match error:
        case DataError():
            return str(error)
        case urllib3.exceptions.MaxRetryError(reason=urllib3.exceptions.ResponseError() as reason):
            return f"{reason}."
        case urllib3.exceptions.MaxRetryError(reason=reason):
            return f"it cannot be reached ({type(reason).__name__})."
        case _:
            return f"its address is none ({type(error).__name__})."
