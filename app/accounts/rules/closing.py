"""When an account may be closed."""

from collections.abc import Iterator

from app.core.errors import Reason, because, code

LEGAL_HOLD = code(
    "LEGAL_HOLD",
    zh="因法定保全要求，该内容目前只能保存，不能删除；不会因此向任何人开放。",
    en="A legal hold keeps this: until it is lifted it is only stored, not erased, and opened to nobody for it.",
    remedy="Ask again later; the hold is lifted when the procedure it serves is over.",
)
IN_OFFICE = code(
    "IN_OFFICE",
    zh="您仍担任律师或工作人员，请先由司法行政机关办理离任，再注销账号。",
    en="You are a lawyer of the service or on its staff; that must end first, then the account can be closed.",
    remedy="Ask the bureau to end the office; then call closeAccount again.",
)
NOT_UNDERSTOOD = code(
    "NOT_UNDERSTOOD",
    zh="请先确认：注销后，您的全部咨询和个人信息都将被永久删除。",
    en="Please confirm first: closing destroys all your questions and all that is known of you, for good.",
    remedy="Show what closing means, and send `understood: true` once the person has said so.",
)


def against_closing(*, understood: bool, in_office: bool, held: bool) -> Iterator[Reason]:
    """Every reason there is. What lawyers and staff did for others is not theirs alone to end."""
    if not understood:
        yield because(NOT_UNDERSTOOD, "understood")
    if in_office:
        yield because(IN_OFFICE)
    if held:
        yield because(LEGAL_HOLD)
