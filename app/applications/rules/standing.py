"""As what somebody may act on an application that she sees, and what the guards ask of it."""

from calendar import isleap
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from app.accounts.models import Duty
from app.applications.models import By, Move
from app.applications.rules.guards import Facts
from app.places.rules.workdays import today
from app.vault.models import OWNERS, Basis

HANDLERS: Final = tuple(duty for duty in Duty if duty is not Duty.WINDOW_STAFF)
"""Whoever of an institution's staff may handle an application."""
DECISIONS = (Move.DENY, Move.TERMINATE, Move.ISSUE)
GIVEN: Final = (Move.COLLECT, Move.MAIL)
_AS: Final = {Duty.NOTARY: (By.NOTARY,)}


def roles_of(row: Any, me: UUID, ground: Basis | None, post: Any | None) -> frozenset[By]:
    """`ground`: on which she reads it; `post`: where she works, if anywhere. Who applies does nothing else with it."""
    if ground in OWNERS:
        return frozenset({By.APPLICANT})
    found = {By.LAWYER} if row.lawyer == me else set[By]()
    if post is not None and post.institution == row.institution:
        if post.duty == Duty.SUPERVISOR:
            found |= {By.STAFF, By.OFFICER, By.SUPERVISOR}
        elif post.duty in HANDLERS:
            found |= {By.STAFF, By.OFFICER, *_AS.get(post.duty, ())} if row.officer == me else {By.STAFF}
    return frozenset(found)


def facts_of(row: Any, steps: Iterable[Any], me: UUID, now: datetime) -> Facts:
    """`steps`: those that were made; the last decision that one may object to may be her own."""
    steps = list(steps)
    decided = [step.actor for step in steps if step.move in DECISIONS]
    given = [step.at for step in steps if step.move in GIVEN]
    return Facts(
        lists=row.lists,
        urgent=row.urgent,
        advance=row.advance,
        change_asked=row.change_asked,
        reported=row.reported,
        objected=row.objected,
        subsidised=row.subsidy is not None,
        decided_by_herself=me in decided,
        held_by_decider=row.officer in decided,
        taken=row.officer is not None,
        booked=any(step.move == Move.BOOK for step in steps),
        review_closed=bool(given) and today(now) > years_after(today(given[-1])),
    )


def years_after(day: date, years: int = 1) -> date:
    """The last day of so many years that began with what happened then (民法典第二百零二条)."""
    year = day.year + years
    leap = (day.month, day.day) == (2, 29) and not isleap(year)
    return date(year, day.month, 28 if leap else day.day)
