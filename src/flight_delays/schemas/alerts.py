"""The file of alerts: what was found, what became of it, and what is still to be sent."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from .monitoring import Month

Kind = Literal["retrain", "broken_input", "drift"]
# Who found it, and says when it is over: a look back on a month, a delivery, or a run on 01_raw.
Source = Literal["monitoring", "delivery", "raw_tables"]
Change = Literal["alert.raised", "alert.acknowledged", "alert.resolved"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Finding(_Strict):
    """Something that somebody should know: its kind, what it is about, and a sentence."""

    kind: Kind
    subject: str
    size: float | None = None
    expected: float | None = None
    message: str


class Findings(_Strict):
    """All that one look at a month has found; what is not among it is over."""

    source: Source
    period: Month
    findings: list[Finding]


class Acknowledgement(_Strict):
    """Somebody has taken note."""

    by: str
    why: str
    at: AwareDatetime


class Alert(Finding):
    """A finding from when it is raised until it is resolved."""

    id: Annotated[int, Field(gt=0)]
    severity: Literal["alert", "warning"]
    state: Literal["open", "acknowledged", "resolved"]
    source: Source
    first_seen: Month
    last_seen: Month
    raised_at: AwareDatetime
    acknowledged: Acknowledgement | None = None
    resolved_in: Month | None = None
    resolved_at: AwareDatetime | None = None


class Message(_Strict):
    """A change of an alert, as the Standard Webhooks have it.

    Whoever gets it twice can tell by `id`.
    """

    id: str
    type: Change
    timestamp: AwareDatetime
    data: Alert


class Waiting(_Strict):
    """A message, and the webhooks that it is still to be sent to."""

    message: Message
    webhooks: Annotated[list[str], Field(min_length=1)]


class AlertsFile(_Strict):
    """The alerts, the oldest one first; and beside them the outbox."""

    alerts: list[Alert] = []
    outbox: list[Waiting] = []
