"""Who may call a root field. Every root field names one of these; a house test counts them."""

from typing import Any

from graphql import GraphQLError
from strawberry.permission import BasePermission

from app.core.access import Role
from app.core.errors import Code, code
from app.graph import visible
from app.graph.context import Info
from app.graph.visible import Audience

UNAUTHENTICATED = code(
    "UNAUTHENTICATED",
    zh="请先登录。",
    en="Please sign in first.",
    remedy="Send `Authorization: Bearer <access token>`, or the token in connection_init; refresh an expired one.",
)
FORBIDDEN = code(
    "FORBIDDEN",
    zh="您没有此项权限。",
    en="Your role does not allow this.",
    remedy="Sign in with the role it needs.",
)


class NotAllowed(GraphQLError):
    """Carries the code; the message is written in the asker's language where errors leave the house."""

    def __init__(self, code: Code) -> None:
        super().__init__(code.en)
        self.code = code


def _of(role: Role) -> Audience:
    return Audience[role.name]


class Guard(BasePermission):
    role: Role | None = None
    also: tuple[Role, ...] = ()
    """Others whom it lets in as well."""
    audience = Audience.SIGNED_IN
    """Whom it lets in."""

    def __init_subclass__(cls) -> None:
        if cls.role is not None:
            cls.audience = _of(cls.role)

    def has_permission(self, source: Any, info: Info, **kwargs: Any) -> bool:
        viewer = info.context.viewer
        if viewer is None:
            raise NotAllowed(UNAUTHENTICATED)
        if self.role is not None and viewer.roles.isdisjoint((self.role, *self.also)):
            raise NotAllowed(FORBIDDEN)
        return True


class Anyone(Guard):
    """Said aloud: this field is public."""

    audience = Audience.ANYONE

    def has_permission(self, source: Any, info: Info, **kwargs: Any) -> bool:
        return True


class SignedIn(Guard):
    pass


class IsResident(Guard):
    role = Role.RESIDENT


class IsLawyer(Guard):
    role = Role.LAWYER


class IsModerator(Guard):
    """Who decides on what was reported."""

    role = Role.MODERATOR


class IsSupervisor(Guard):
    role = Role.SUPERVISOR


class IsAdmin(Guard):
    role = Role.ADMIN


class SeesFiles(Guard):
    role = Role.ADMIN
    also = (Role.AUDITOR,)


class KeepsRegister(Guard):
    """Who writes the register of institutions and legal workers."""

    role = Role.EDITOR
    also = (Role.OFFICER, Role.ADMIN)


class IsOfficer(Guard):
    """An officer of some institution; of which, her post says."""

    role = Role.OFFICER


class ServesAtWindow(Guard):
    """Who receives people at a window; of which institution, her post says."""

    role = Role.WINDOW_STAFF


class IsNotary(Guard):
    """A notary; of which office, her post says."""

    role = Role.NOTARY


class Handles(Guard):
    """Who may handle what is applied for at an institution; of which, her post says."""

    role = Role.OFFICER
    also = (Role.MEDIATOR, Role.NOTARY)


class Mediates(Guard):
    """A mediator of some committee, or who supervises it; of which, her post says."""

    role = Role.MEDIATOR
    also = (Role.OFFICER,)


class HearsOfDisputes(Guard):
    """Who is told of disputes that many ask about: her post says of which town."""

    role = Role.SUPERVISOR
    also = (Role.MEDIATOR, Role.OFFICER)


class WorksSomewhere(Guard):
    """Who may have a post at an institution, and who keeps people's files."""

    role = Role.OFFICER
    also = (Role.WINDOW_STAFF, Role.MEDIATOR, Role.NOTARY)


class Counts(Guard):
    """Who is shown how the house does, in numbers alone."""

    role = Role.SUPERVISOR
    also = (Role.ANALYST,)


class SeesExports(Guard):
    """Who takes figures along, and who looks at who did."""

    role = Role.AUDITOR
    also = (Role.SUPERVISOR, Role.ANALYST)


class IsAuditor(Guard):
    role = Role.AUDITOR


class IsEditor(Guard):
    """Who writes what the public reads."""

    role = Role.EDITOR


class Edits(Guard):
    """Who writes what the public reads, and who looks at it first."""

    role = Role.EDITOR
    also = (Role.SUPERVISOR,)


class HandsOut(Guard):
    """Who hands out what was won: editors, and who has a post at the institution that gives it."""

    role = Role.EDITOR
    also = (Role.SUPERVISOR, Role.OFFICER, Role.WINDOW_STAFF, Role.MEDIATOR, Role.NOTARY)


class Promotes(Guard):
    """Who makes the channels by which people come."""

    role = Role.EDITOR
    also = (Role.ADMIN,)


class SeesReach(Guard):
    """Who is shown what channels bring, in numbers alone."""

    role = Role.EDITOR
    also = (Role.ADMIN, Role.SUPERVISOR)


class Operates(Guard):
    """Who sees to it that messages leave the house."""

    role = Role.SUPERVISOR
    also = (Role.ADMIN,)


class TendsMinors(Guard):
    """Who may need an approval to see what is a minor's, who gives it, and who looks at both."""

    role = Role.SUPERVISOR
    also = (
        Role.ADMIN,
        Role.SECURITY_OFFICER,
        Role.AUDITOR,
        Role.OFFICER,
        Role.WINDOW_STAFF,
        Role.MEDIATOR,
        Role.NOTARY,
        Role.MODERATOR,
    )


def declare(*roots: Any) -> None:
    """Show of each root field whom its guard lets in, so that it stands in schema.graphql as well."""
    for root in roots:
        for field in root.__strawberry_definition__.fields:
            guards = [guard for guard in field.permission_classes if issubclass(guard, Guard)]
            admitted = [one for guard in guards for one in (guard.audience, *map(_of, guard.also))]
            field.directives = [*field.directives, visible.to(*admitted)]
