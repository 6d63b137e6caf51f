"""Facts this room tells the rest of the house."""

from datetime import datetime
from uuid import UUID

from app.core.outbox import Event


class PersonSuspended(Event):
    person: UUID


class AccountClosing(Event):
    """A person wants nothing kept of her: every room gives up what it has. Told again until nothing is left."""

    person: UUID


class ExportRequested(Event):
    """A person wants a copy of all that is kept about her: every room lists what it has."""

    export: UUID
    person: UUID


class ExportReady(Event):
    """The last list is there. May be told twice."""

    export: UUID
    person: UUID


class ExportDue(Event):
    """The hour is over in which it was promised."""

    export: UUID
    person: UUID


class ExportAged(Event):
    """It was kept for long enough."""

    export: UUID
    person: UUID


class MinorAccessAsked(Event):
    """Somebody of that office is to see what is a minor's: another has to approve it."""

    access: UUID
    requester: UUID
    office: str
    institution: UUID | None = None
    """Of what waits at an institution: its staff may approve it."""


class MinorAccessOver(Event):
    """What was approved for a day is over."""

    access: UUID


class ConsentWithdrawn(Event):
    """She takes back a yes: what rests on it stops."""

    person: UUID
    purpose: str


class GuardianshipEnded(Event):
    """`by` is who ended it. Where no other stands, what the child has asked, signed up for or handed in stops."""

    guardianship: UUID
    minor: UUID
    guardian: UUID
    by: UUID


class DelegationGranted(Event):
    delegation: UUID
    elder: UUID
    delegate: UUID


class DelegationEnded(Event):
    """`by` is who ended it; the other one is told."""

    delegation: UUID
    elder: UUID
    delegate: UUID
    by: UUID


class PersonUnited(Event):
    """WeChat told her unionid: from now on she is known in all its apps of ours."""

    person: UUID


class CameByCode(Event):
    """She signed in, and said by which code she had come. Whether that is one, others know."""

    person: UUID
    code: str
    at: datetime


class FollowerPushed(Event):
    """Somebody follows the official account, came to it by a code, or leaves it."""

    push: UUID


class ConsentPushed(Event):
    """She answered whether she wants messages of a template: one yes is one message, unless the template is a long-term
    one. `channel`: MINI_PROGRAM or OFFICIAL_ACCOUNT; `template`: our key."""

    person: UUID
    channel: str
    template: str
    accepted: bool


class MessageReported(Event):
    """What became of a message, by the provider's id of it: "0" is delivered, all else WeChat's reason why not."""

    channel: str
    message: str
    code: str
