"""Notices as text messages: fixed words, or with a count and nothing else, and asking afterwards what became of one."""

import json
import re
from collections.abc import Mapping
from datetime import date
from uuid import UUID

import structlog

from app.outside.post import Fate, Message, NotSent, Verdict
from app.outside.sms.errors import SmsBadNumber, SmsError, SmsLimited, SmsMisconfigured, SmsUnavailable
from app.outside.sms.line import AlibabaLine, as_dialled

_COUNT = re.compile(r"[0-9]{1,4}")
_FATES = {"1": Fate.UNDER_WAY, "2": Fate.FAILED, "3": Fate.ARRIVED}
PAGE = 50

log = structlog.get_logger(__name__)


class SmsNotices:
    """A Carrier, and an Enquirer. `templates`: our keys and the provider's codes of templates without a variable, or
    with `count` alone."""

    def __init__(self, line: AlibabaLine, sign_name: str, templates: Mapping[str, str]) -> None:
        self._line, self._sign_name, self._templates = line, sign_name, templates

    async def send(self, address: str, message: Message, key: UUID) -> str:
        template = self._templates.get(message.template)
        if not template:
            log.error("sms_template_missing", template=message.template)
            raise NotSent(Verdict.CONFIG)
        variables = {name: value for name, value in message.words.items() if name == "count"}
        if len(variables) != len(message.words) or not all(map(_COUNT.fullmatch, variables.values())):
            log.error("sms_words_wrong", template=message.template)
            raise NotSent(Verdict.CONFIG)
        said = json.dumps(variables) if variables else ""
        try:
            return await self._line.send(address, self._sign_name, template, said, out_id=str(key))
        except SmsError as error:
            raise NotSent(_verdict(error), error.code) from None

    async def ask(self, address: str, key: UUID, day: date) -> Fate:
        """By QuerySendDetails, whose only handle is a number and a day (of China's clock): ours is found by its OutId.

        https://help.aliyun.com/document_detail/419277.html
        """
        for page in range(1, 4):  # a number gets some ten a day
            asked = {"SendDate": day.strftime("%Y%m%d"), "PageSize": str(PAGE), "CurrentPage": str(page)}
            try:
                asked["PhoneNumber"] = as_dialled(address)
                answer = await self._line.call("QuerySendDetails", asked)
                details = answer["SmsSendDetailDTOs"]["SmsSendDetailDTO"]
                for detail in details:
                    if detail.get("OutId") == str(key):
                        return _FATES[str(detail["SendStatus"])]
            except SmsError as error:
                verdict = _verdict(error)
                # A question that got no answer may be asked again.
                raise NotSent(Verdict.TRY_AGAIN if verdict is Verdict.UNKNOWN else verdict, error.code) from None
            except (KeyError, TypeError, AttributeError):
                log.warning("sms_details_unreadable")
                raise NotSent(Verdict.TRY_AGAIN) from None
            if len(details) < PAGE:
                break
        return Fate.NOT_KNOWN


def _verdict(error: SmsError) -> Verdict:
    match error:
        case SmsBadNumber():
            return Verdict.BAD_ADDRESS
        case SmsLimited():
            return Verdict.LIMITED
        case SmsUnavailable():
            throttled = (error.code or "").startswith("Throttling")
            return Verdict.BACK_OFF if throttled else Verdict.TRY_AGAIN
        case SmsMisconfigured():
            return Verdict.CONFIG
    return Verdict.UNKNOWN
