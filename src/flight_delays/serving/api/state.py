"""How the service is."""

from fastapi import APIRouter, Response

from .desk import TheDesk
from .models import Health, Readiness
from .refusals import NOT_READY

STALE_SECONDS = 180.0

router = APIRouter(tags=["state"])


@router.get("/health")
async def health() -> Health:
    """Tell that the process answers."""
    return Health()


@router.get("/ready", responses=NOT_READY)
async def ready(desk: TheDesk, response: Response) -> Readiness:
    """Tell how up to date the answers are; 503 if they are not."""
    told = desk.describe()
    is_ready = told["last_tick_age_seconds"] < STALE_SECONDS and told["failure"] is None
    response.status_code = 200 if is_ready else 503
    return Readiness(ready=is_ready, **told)
