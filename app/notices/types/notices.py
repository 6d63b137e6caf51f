"""Notices as the graph shows them."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

from app.core.errors import Language
from app.graph import visible
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.live import RESYNC
from app.graph.refusals import Refused
from app.notices.models import NoticeKind
from app.notices.reads import NoticeRow
from app.notices.rules.wording import about, wording

explain(
    NoticeKind,
    "What a notice tells.",
    NEW_ANSWER="To the asker: a lawyer delivered an answer.",
    PROMISE_BROKEN="To the asker: the promised answers did not come in time; the search goes on.",
    QUESTION_WITHDRAWN="To a lawyer at work on it: the asker took the question back.",
    QUESTION_ERASED="To a lawyer who answered it: the question was erased, her answer with it.",
    SEAT_LOST="To a lawyer: the time to answer passed, and the seat went back.",
    FOLLOW_UP="To a lawyer: the asker asked back.",
    FOLLOW_UP_ANSWERED="To the asker: a lawyer replied to a follow-up.",
    FOLLOW_UP_LATE="To the asker: a follow-up waited too long; more lawyers are asked.",
    INFORMATION_WANTED="To the asker: a lawyer needs to know more; the clock waits.",
    INFORMATION_GIVEN="To a lawyer: the asker replied to what she asked.",
    ANSWER_AMENDED="To the asker: a lawyer changed an answer; both versions stay.",
    STILL_SATISFIED="To the asker: are you satisfied? Without a word it will be resolved in three days.",
    QUESTION_RESOLVED="To a lawyer at work on it, or to the asker who fell silent: it is resolved.",
    QUESTION_REOPENED="To a lawyer who answered: the asker took it up again.",
    PLEASE_RATE="To the asker: the one reminder to rate.",
    BEST_ANSWER="To a lawyer: the asker liked her answer best.",
    OFFERED="To a lawyer: a question is offered to her. Told in `noticeUpdates` alone: `offers` is the list of these.",
    INVITED="To a lawyer: a seat is kept for her for a while.",
    APPEAL_UPHELD="To the asker: the block was mistaken; the question can be sent again.",
    APPEAL_DISMISSED="To the asker: the block stands.",
    TASK_NEW="To a supervisor: a task was made.",
    TASK_OVERDUE="To a supervisor: a task is overdue.",
    DELEGATION_GRANTED="To an elder: somebody may ask on her behalf; she can end it at any time.",
    DELEGATION_ENDED="To a delegate: she may no longer ask on the elder's behalf.",
    ASKED_FOR_YOU="To an elder: a question was asked on her behalf.",
    MINOR_ACCESS_ASKED="To who may approve it: somebody of the staff asks to see what is a minor's.",
    APPLICATION_NEW="To an administrator: a lawyer applied to be admitted.",
    APPLICATION_APPROVED="To who applied: she is a lawyer of the directory from her next sign-in or refresh on.",
    APPLICATION_REFUSED="To who applied: she is not admitted; the application says why.",
)


@strawberry.type(
    description="Something a person was told in the app. It never quotes a case.", directives=[visible.SELF]
)
class Notice(Node):
    kind: NoticeKind = strawberry.field(description="What it tells.")
    title: str = strawberry.field(description="A headline, in the language of Accept-Language (zh-CN or en).")
    text: str = strawberry.field(description="A sentence or two, in the same language.")
    about_id: strawberry.ID = strawberry.field(
        description="The id of what it is about: a question, a delegation, a task, an application, a request "
        "to see what is a minor's."
    )
    at: datetime = strawberry.field(description="When it was told.")
    read_at: datetime | None = strawberry.field(description="When it was marked as read, null until then.")

    @classmethod
    def of(cls, row: NoticeRow, language: Language) -> Self:
        title, text = wording(row.kind, language)
        return cls(
            id=global_id("Notice", row.id),
            kind=row.kind,
            title=title,
            text=text,
            about_id=global_id(about(row.kind), row.about),
            at=row.at,
            read_at=row.read_at,
        )


@strawberry.type(
    description="What is new among a person's notices, and where to go on from.", directives=[visible.SELF]
)
class NoticeUpdates:
    notices: list[Notice] = strawberry.field(
        description="At first the unread ones, at most the newest 100; then those told since. Oldest first; one that "
        "arrives just then may be in two frames."
    )
    unread: int = strawberry.field(description="How many are unread, counted up to 99.")
    resync: bool = strawberry.field(description=RESYNC)
    cursor: str = strawberry.field(description="Hand it to `after` to go on from here.")
    server_time: datetime = strawberry.field(description="The server's clock when this was read.")


@strawberry.type(description="What marking changed.", directives=[visible.SELF])
class NoticesRead:
    notices: list[Notice] = strawberry.field(
        description="Those unread until now, newest first, at most 100. What was read before, or is not the viewer's, "
        "is not among them."
    )
    unread: int = strawberry.field(description="How many are still unread, counted up to 99.")


@strawberry.type(description="What acknowledging changed.", directives=[visible.SELF])
class NoticesAcknowledged:
    acknowledged: int = strawberry.field(description="How many had not been acknowledged before.")


AcknowledgeNoticesResult = Annotated[
    NoticesAcknowledged | Refused,
    strawberry.union("AcknowledgeNoticesResult", description="How many it were, or why not."),
]
NoticeUpdatesResult = Annotated[
    NoticeUpdates | Refused, strawberry.union("NoticeUpdatesResult", description="News, or why not.")
]
MarkNoticesReadResult = Annotated[
    NoticesRead | Refused, strawberry.union("MarkNoticesReadResult", description="What was marked, or why not.")
]
