"""The desk that a request is about."""

from typing import Annotated

from fastapi import Depends, Request

from flight_delays.serving.desk.desk import Desk


async def _get_desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


TheDesk = Annotated[Desk, Depends(_get_desk)]
