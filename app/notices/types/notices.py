"""Notices as the graph shows them."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

from app.core.errors import Language
from app.graph import visible
from app.graph.ids import Node, global_id
from app.graph.live import RESYNC
from app.graph.refusals import Refused
from app.notices.models import NoticeKind
from app.notices.reads import NoticeRow
from app.notices.rules.wording import about, wording


@strawberry.type(
    description="Something a person was told in the app. It never quotes a case.", directives=[visible.SELF]
)
class Notice(Node):
    kind: NoticeKind = strawberry.field(description="What it tells.")
    title: str = strawberry.field(description="A headline, in the language of Accept-Language (zh-CN or en).")
    text: str = strawberry.field(description="A sentence or two, in the same language.")
    about_id: strawberry.ID = strawberry.field(
        description="The id of what it is about: a question, a delegation, a task, an application, an assignment, "
        "a copy, a request to see what is a minor's, an adviser's term, a contest of her appraisal, an alert."
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
