"""Whom a link is good for, how long, and what she is told before she has an account."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from app.applications.rules.forms.mediation import MediationSource
from app.core.errors import Reason, because, code
from app.mediation.rules.policy import TRIES

__all__ = [
    "ANSWERED_OTHERWISE",
    "DOOR_SHUT",
    "INVITATION_OVER",
    "INVITATION_UNKNOWN",
    "NOT_BOTH_SIDES",
    "NOT_CONSENTED",
    "NO_MEDIATORS_POST",
    "NO_RESPONDENT_PHONE",
    "Invitee",
    "against_link",
]

INVITATION_UNKNOWN = code(
    "INVITATION_UNKNOWN",
    zh="邀请链接无效，请核对或联系调解委员会。",
    en="This link is none of ours; please compare it, or ask the mediation committee.",
    remedy="Use the link as it was passed on, to the letter.",
)
INVITATION_OVER = code(
    "INVITATION_OVER",
    zh="邀请链接已失效，请联系调解委员会重新发送。",
    en="This link is no longer good; please ask the mediation committee for another.",
    remedy="Links end after ten days, with a newer one, and after too many wrong codes.",
)
DOOR_SHUT = code(
    "DOOR_SHUT",
    zh="请重新获取短信验证码后再操作。",
    en="Please ask for a new code first.",
    remedy="What a code opens stays open for half an hour: call requestInvitationCode and openInvitation again.",
)
ANSWERED_OTHERWISE = code(
    "ANSWERED_OTHERWISE",
    zh="您已经答复过，如需更改请联系调解员。",
    en="This was answered already; tell the mediator if you have changed your mind.",
    remedy="Show the answer that was given.",
)
NOT_CONSENTED = code(
    "NOT_CONSENTED",
    zh="请先同意参加调解。",
    en="Please consent to the mediation first.",
    remedy="Call answerInvitation with consents: true.",
)
NOT_BOTH_SIDES = code(
    "NOT_BOTH_SIDES",
    zh="申请人、代办人、承办人员及一方当事人不能作为另一方当事人参加。",
    en="Who applied, acts for her, handles the case or is on one side of it cannot join as the other.",
    remedy="Sign in as the person who was invited.",
)
NO_MEDIATORS_POST = code(
    "NO_MEDIATORS_POST",
    zh="仅调解委员会的调解员可以主动调解。",
    en="Only a mediator of a committee offers a mediation.",
    remedy="Ask an administrator for a post at a committee.",
)
NO_RESPONDENT_PHONE = code(
    "NO_RESPONDENT_PHONE",
    zh="申请中没有该当事人的手机号，请填写。",
    en="The application names no mobile number for this person; please give one.",
    remedy="Send `phone`.",
)


class Invitee(BaseModel):
    """What is sealed with an invitation: to whom the code goes, and what she is told."""

    phone: str = Field(repr=False)
    """E.164."""
    name: str = Field(repr=False)
    inviter: str = Field(repr=False)
    matter: str
    institution: UUID
    source: MediationSource = MediationSource.APPLICATION


def against_link(row: Any, now: datetime) -> Iterator[Reason]:
    """Why a link that is ours opens nothing any more."""
    if row.ended_at is not None or row.expires_at <= now or row.tries >= TRIES:
        yield because(INVITATION_OVER, "token")
