"""A subscribe message on its way: which template, which words, and what a refusal means for who keeps the ledger."""

from collections.abc import Mapping
from typing import Any

import structlog

from app.outside.post import Message, NotSent, Verdict
from app.outside.wechat.accounts import Account
from app.outside.wechat.errors import (
    BUSY,
    WeChatError,
    WeChatMisconfigured,
    WeChatTooOften,
    WeChatUnavailable,
    WeChatUnreached,
)
from app.outside.wechat.fields import misfits

BAD_FIELD = 47003

VERDICTS = {
    43101: Verdict.NO_CONSENT,  # never given, or taken back
    40003: Verdict.BAD_ADDRESS,  # no such openid with this app
    43004: Verdict.BAD_ADDRESS,  # does not follow the account
    43019: Verdict.BAD_ADDRESS,  # is on the account's black list
    43108: Verdict.TRY_AGAIN,  # two at once to one person
    BUSY: Verdict.TRY_AGAIN,
}
"""Every code that stands here neither is one that an operator must look into."""

log = structlog.get_logger(__name__)


async def send(account: Account, path: str, templates: Mapping[str, str], message: Message, body: Any) -> str:
    """The id that WeChat gives the message, empty where it gives none. Raises NotSent.

    `body`: whom it goes to, and what a tap opens.
    """
    template = templates.get(message.template)
    if not template:
        log.error("wechat_template_missing", path=path, template=message.template)
        raise NotSent(Verdict.CONFIG)
    if wrong := misfits(message.words):
        log.error("wechat_field_wrong", path=path, template=message.template, fields=wrong)
        raise NotSent(Verdict.CONFIG, BAD_FIELD)
    data = {name: {"value": value} for name, value in message.words.items()}
    try:
        answer = await account.call(path, {**body, "template_id": template, "data": data})
    except WeChatError as error:
        raise _not_sent(error, path, message.template) from None
    return str(answer.get("msgid") or "")


def _not_sent(error: WeChatError, path: str, template: str) -> NotSent:
    verdict = _verdict(error)
    if verdict is Verdict.CONFIG:
        log.error("wechat_refuses_us", path=path, template=template, errcode=error.errcode)
    return NotSent(verdict, error.errcode)


def _verdict(error: WeChatError) -> Verdict:
    match error:
        case WeChatUnreached():
            return Verdict.TRY_AGAIN
        case WeChatUnavailable(errcode=None):
            return Verdict.UNKNOWN
        case WeChatTooOften():
            return Verdict.BACK_OFF
        case WeChatMisconfigured() | WeChatError(errcode=None):
            return Verdict.CONFIG
    return VERDICTS.get(error.errcode or 0, Verdict.CONFIG)
