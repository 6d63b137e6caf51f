"""How a refusal and a fault look from outside: typed, in the asker's language, and never with what was sent."""

from typing import Any
from uuid import uuid4

import strawberry
import structlog
from graphql import GraphQLError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from strawberry.types.field import StrawberryField

from app.core import errors
from app.core.errors import Language, code
from app.core.faults import state_of, walled
from app.core.logs import frames
from app.graph import visible
from app.graph.context import Info
from app.graph.documents import BAD_DOCUMENT
from app.graph.permissions import NotAllowed

log = structlog.get_logger("graph")

PAYLOAD = "What was asked for, or why it was refused."
"""What every union of a payload says of itself."""

INTERNAL = code(
    "INTERNAL",
    zh="系统出错，请稍后再试。错误编号：{id}",
    en="Something went wrong, please try again. Error id: {id}",
    remedy="Try again; give the id to the operators, who find it in their log.",
)


BUSY = code(
    "BUSY",
    zh="系统繁忙，请稍后再试。",
    en="Too much is going on at once, please try again.",
    remedy="Try again in a moment, with the same idempotency key: what was done is not done twice.",
)
_WAITED_IN_VAIN = frozenset({"55P03", "57014", "25P03", "40001", "40P01", "53300", "57P01", "57P02", "57P03"})
"""lock_not_available, query_canceled, idle_in_transaction_session_timeout, serialization_failure, deadlock_detected,
too_many_connections, admin_shutdown, crash_shutdown, cannot_connect_now (PostgreSQL, Appendix A)."""


@strawberry.type(description="Why a request was refused.", directives=[visible.WITHIN])
class Reason:
    code: str = strawberry.field(description="A stable code to act on; `refusalCodes` lists them all.")
    message: str = strawberry.field(
        description="What to tell the asker, in the language of Accept-Language (zh-CN or en)."
    )
    field: str | None = strawberry.field(description="The input field it concerns, null when none in particular.")


@strawberry.type(
    description="The request was understood and the answer is no; nothing was changed.", directives=[visible.ANYONE]
)
class Refused:
    reasons: list[Reason] = strawberry.field(description="At least one.")

    @classmethod
    def of(cls, refused: errors.Refused, language: Language) -> "Refused":
        return cls(
            reasons=[
                Reason(code=r.code.name, message=r.code.message(language, r.values), field=r.field)
                for r in refused.reasons
            ]
        )


@strawberry.type(description="A code that a refusal or an error can carry.", directives=[visible.ANYONE])
class RefusalCode:
    code: str = strawberry.field(description="The stable name.")
    zh: str = strawberry.field(description="The message in Chinese, with {placeholders}.")
    en: str = strawberry.field(description="The message in English, with {placeholders}.")
    remedy: str = strawberry.field(description="What a client does about it.")
    status: int | None = strawberry.field(
        description="The HTTP status of a request that ends with it; null where it comes inside an answer."
    )
    close: int | None = strawberry.field(
        description="The close code of a live socket that ends with it; null where the socket stays open."
    )

    @classmethod
    def of(cls, code: errors.Code) -> "RefusalCode":
        return cls(code=code.name, zh=code.zh, en=code.en, remedy=code.remedy, status=code.status, close=code.close)


class ShowRefusal(strawberry.ExceptionHandler[errors.Refused, Refused]):
    """A refusal becomes a member of the payload's union."""

    def handle(self, exception: errors.Refused, *, field: StrawberryField, info: Info) -> Refused:
        info.context.refused.extend(reason.code.name for reason in exception.reasons)
        return Refused.of(exception, info.context.language)


def shown(error: GraphQLError, language: Language) -> GraphQLError:
    """The error as clients may see it."""
    cause = error.original_error
    match cause if isinstance(cause, errors.Refused | NotAllowed) else error:
        case errors.Refused() as refused:
            reasons = Refused.of(refused, language).reasons
            extensions = {
                "code": reasons[0].code,
                "reasons": [{"code": r.code, "message": r.message, "field": r.field} for r in reasons],
            }
            return _at(error, reasons[0].message, extensions)
        case NotAllowed() as denied:
            return _at(error, denied.code.message(language, {}), {"code": denied.code.name})
    if cause is None or isinstance(cause, GraphQLError):
        return _at(error, error.message, {"code": BAD_DOCUMENT.name} | (error.extensions or {}))
    if may_work_later(cause):
        log.warning("busy", path=_steps(error), kind=kind_of(cause), frames=frames(cause.__traceback__))
        return _at(error, BUSY.message(language, {}), {"code": BUSY.name})
    return _masked(error, cause, language)


def may_work_later(cause: BaseException) -> bool:
    """A lock or a connection that was not given, or was taken away: the database hangs up on whoever says nothing for
    five seconds within a transaction, as a process may that has far too much to do. Or a wall that came down meanwhile:
    whoever asks again is told which."""
    if isinstance(cause, NoConnectionFree | TimeoutError):  # the latter is the driver's, of a whole command
        return True
    if not isinstance(cause, DBAPIError):
        return False
    return cause.connection_invalidated or state_of(cause) in _WAITED_IN_VAIN or walled(cause)


def kind_of(cause: BaseException) -> str:
    """As the log may name it: its class, and the code of PostgreSQL where there is one."""
    return " ".join(filter(None, (type(cause).__name__, state_of(cause))))


def _steps(error: GraphQLError) -> list[str]:
    return [str(step) for step in error.path or ()]


def _masked(error: GraphQLError, cause: BaseException, language: Language) -> GraphQLError:
    id = uuid4().hex[:12]
    log.error(
        "unexpected",
        id=id,
        kind=kind_of(cause),
        path=_steps(error),
        frames=frames(cause.__traceback__),
    )
    return _at(error, INTERNAL.message(language, {"id": id}), {"code": INTERNAL.name, "id": id})


def _at(error: GraphQLError, message: str, extensions: dict[str, Any]) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )
