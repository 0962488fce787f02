"""The page of a month that was looked back on."""

from datetime import date
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from flight_delays.schemas.alerts import Alert

from .chart import lay_out

MONTHS_SHOWN = 12
DRIFTED_SHOWN = 5


def write_page(
    summaries: list[dict[str, Any]],
    flights: pd.DataFrame,
    alerts: list[Alert],
    tracking: dict[str, str | None],
    has_drift_page: bool,
    last_delivery: str | None,
) -> str:
    """Write what tells in one screen whether the model is still good.

    Args:
        summaries: Those so far (`MonitoringSummary`), that of the month last.
        flights: Facts of all flights, with `arrival_delay_minutes` as far as known.
        alerts: All alerts.
        tracking: What MLflow knows: `champion_since`, `run_id`, `run_url`, `run_at`.
        has_drift_page: Whether there is a report of the drift beside the summary.
        last_delivery: The id of the newest delivery, None where there was none.

    Returns:
        The page, in HTML, to lie above the folders of the months.
    """
    summary = summaries[-1]
    months = [
        {**_find_month(each), "version": each["version"]} for each in summaries[-MONTHS_SHOWN:]
    ]
    current = [alert for alert in alerts if alert.state != "resolved"]
    return _open_template().render(
        summary=summary,
        month=months[-1],
        chart=lay_out(months),
        scores={
            score["metric"]: score
            for score in summary["scores"]
            if score["lead_minutes"] == summary["lead_minutes"]
            and score["threshold_minutes"] == summary["scores"][0]["threshold_minutes"]
        },
        newest=_find_newest(flights),
        alerts=[alert for alert in current if alert.kind != "drift"],
        drifted=[alert for alert in current if alert.kind == "drift"],
        shown=DRIFTED_SHOWN,
        tracking=tracking,
        has_drift_page=has_drift_page,
        last_delivery=last_delivery,
    )


def _find_month(summary: dict[str, Any]) -> dict[str, Any]:
    month: dict[str, Any]
    (month,) = (month for month in summary["months"] if month["month"] == summary["period"])
    return month


def _find_newest(flights: pd.DataFrame) -> dict[str, date]:
    landed = flights.dropna(subset="arrival_delay_minutes")
    return {
        "flight": flights["flight_date"].max().date(),
        "outcome": landed["flight_date"].max().date(),
    }


def _open_template() -> Template:
    environment = Environment(
        loader=PackageLoader("flight_delays.monitoring.page", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "score": lambda score: "n/a" if score is None else f"{score:.3f}",
        "signed": "{:+.3f}".format,
        "percent": lambda share: f"{100 * share:.1f} %",
        "count": "{:,.0f}".format,
        "words": lambda name: name.replace("_", " "),
        "day": lambda day: f"{day.day} {day:%B %Y}",
        "from_iso": date.fromisoformat,
        "month_name": lambda month: f"{date.fromisoformat(f'{month}-01'):%B %Y}",
    }
    return environment.get_template("index.html.j2")
