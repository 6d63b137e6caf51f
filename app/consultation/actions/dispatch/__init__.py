"""What the worker does: waves, invitations, freed seats, the breach, lawyers who come online. Content-free rows only.

Every action locks the question's dispatch row first and counts in a statement of its own afterwards: a count in the
same statement would be as old as the wait for the lock. Doing any of them twice changes nothing.
"""

from app.consultation.actions.dispatch.board import expire_lease, show_board, show_closed
from app.consultation.actions.dispatch.calling import offer_stands
from app.consultation.actions.dispatch.inviting import invite_senior, open_kept
from app.consultation.actions.dispatch.keeping import keep_trying, resume_clock, resume_search
from app.consultation.actions.dispatch.leaving import release_all
from app.consultation.actions.dispatch.waves import (
    call_again,
    call_more,
    catch_up,
    escalate,
    hasten,
    missing,
    offer_again,
)

__all__ = [
    "call_again",
    "call_more",
    "catch_up",
    "escalate",
    "expire_lease",
    "hasten",
    "invite_senior",
    "keep_trying",
    "missing",
    "offer_again",
    "offer_stands",
    "open_kept",
    "release_all",
    "resume_clock",
    "resume_search",
    "show_board",
    "show_closed",
]
