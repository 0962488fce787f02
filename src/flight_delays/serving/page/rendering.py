"""The page's HTML: templates, filled in."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from .choices import write_time


def render(template: str, **values: Any) -> str:
    """Fill in a template; whatever stands in the values is shown as text, never read as HTML.

    Args:
        template: Its name, without `.html.j2`.
        values: What it is filled with.

    Returns:
        HTML.
    """
    return _open_environment().get_template(f"{template}.html.j2").render(**values)


def write_percent(probability: float) -> str:
    """Write a probability, of which nobody is certain."""
    if probability < 0.01:
        return "<1%"
    return ">99%" if probability > 0.99 else f"{probability:.0%}"


def write_minutes(minutes: int) -> str:
    """Write a span as in `15 min`, `1 h` or `1 h 30`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02}" if rest else f"{hours} h"


def write_change(points: int) -> str:
    """Write percentage points with their sign, a minus as long as a plus."""
    return f"+{points}" if points > 0 else f"\N{MINUS SIGN}{-points}" if points else "0"


@cache
def _open_environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("flight_delays.serving.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": write_percent,
        "minutes": write_minutes,
        "change": write_change,
        "time": write_time,
        "count": "{:,}".format,
    }
    return environment
