"""How the routes of files answer: JSON, with the same codes as the graph."""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

import orjson
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from app.core.errors import Refused
from app.core.logs import frames
from app.graph.ids import global_id
from app.graph.metrics import count_error
from app.graph.refusals import BUSY, INTERNAL, kind_of, may_work_later
from app.graph.refusals import Refused as Shown
from app.graph.server import language_of

OFFSET = "upload-offset"
LENGTH = "upload-length"
AGAIN = {"retry-after": "1"}
"""With 503: nothing was lost, and a moment later there may be room."""

log = structlog.get_logger("files")

Endpoint = Callable[[Any, Request], Awaitable[Response]]


def said(body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    kept = {"cache-control": "no-store", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
    return Response(orjson.dumps(body), status, {**kept, **(headers or {})}, media_type="application/json")


def how_far(file: UUID, state: str, received: int, size: int) -> Response:
    """How an upload stands: `{"id", "state", "received", "bytes"}`, and the two numbers as headers."""
    body = {"id": global_id("File", file), "state": state, "received": received, "bytes": size}
    return said(body, headers={OFFSET: str(received), LENGTH: str(size)})


def refusal(refused: Refused, request: Request, headers: Mapping[str, str] | None = None) -> Response:
    """`{"reasons": [{"code", "message", "field"}]}`, with the first code's status."""
    language = language_of(_languages(request))
    shown = Shown.of(refused, language).reasons
    for reason in shown:
        count_error(reason.code)
    reasons = [{"code": each.code, "message": each.message, "field": each.field} for each in shown]
    return said({"reasons": reasons}, refused.reasons[0].code.status or 400, headers)


def answering(endpoint: Endpoint) -> Endpoint:
    """Refusals are answers; what nobody expected is logged without what was sent, and shown by its id alone."""

    @wraps(endpoint)
    async def answered(routes: Any, request: Request) -> Response:
        try:
            return await endpoint(routes, request)
        except Refused as refused:
            return refusal(refused, request)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        except Exception as error:
            if may_work_later(error):
                log.warning("busy", path=[], kind=kind_of(error), frames=frames(error.__traceback__))
                count_error(BUSY.name)
                return _turned_away(BUSY.message(language_of(_languages(request)), {}), BUSY.name, 503, AGAIN)
            id = uuid4().hex[:12]
            log.error("unexpected", id=id, kind=kind_of(error), frames=frames(error.__traceback__))
            count_error(INTERNAL.name)
            message = INTERNAL.message(language_of(_languages(request)), {"id": id})
            return _turned_away(message, INTERNAL.name, 500)

    return answered


def _turned_away(message: str, code: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    return said({"reasons": [{"code": code, "message": message, "field": None}]}, status, headers)


def _languages(request: Request) -> str:
    return request.headers.get("accept-language", "")
