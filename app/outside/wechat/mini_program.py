"""What we ask WeChat in the mini-program's name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from app.outside.post import Message
from app.outside.wechat import messages
from app.outside.wechat.accounts import Account
from app.outside.wechat.errors import WeChatUnavailable

SEND = "/cgi-bin/message/subscribe/send"
PHONE = "/wxa/business/getuserphonenumber"
CODE = "/wxa/getwxacodeunlimit"
CHECK_TEXT = "/wxa/msg_sec_check"
CHECK_MEDIA = "/wxa/media_check_async"
LONGEST_TEXT = 2_500


class Scene(IntEnum):
    """Where public content stands."""

    PROFILE = 1
    COMMENT = 2
    FORUM = 3
    LOG = 4


class Suggestion(StrEnum):
    PASS = "pass"
    REVIEW = "review"
    RISKY = "risky"


class Media(IntEnum):
    SOUND = 1
    PICTURE = 2


@dataclass(frozen=True)
class Opinion:
    """What WeChat holds of a text: `label` 100 is nothing, 20001 politics, 20002 obscenity and so on."""

    suggestion: Suggestion
    label: int
    trace_id: str = field(repr=False)


class MiniProgram(Account):
    """A Carrier, and the calls that only a mini-program has. `templates`: our keys and WeChat's ids of them;
    `state`: which version of the mini-program a tap opens (developer, trial, formal)."""

    def __init__(
        self, url: str, app_id: str, secret: str, templates: Mapping[str, str], state: str = "formal", **how: Any
    ) -> None:
        super().__init__(url, app_id, secret, **how)
        self._templates, self._state = templates, state

    async def send(self, address: str, message: Message, key: UUID) -> str:
        """A subscribe message: one for each time that she agreed. WeChat takes no key of ours, so nothing repeats.

        https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html
        """
        body = {"touser": address, "page": message.page, "miniprogram_state": self._state, "lang": "zh_CN"}
        return await messages.send(self, SEND, self._templates, message, body)

    async def phone_of(self, code: str) -> str:
        """The number (E.164) behind the code of a `getPhoneNumber` button, good once and for five minutes.

        Raises a WeChatError: WeChatCodeRefused for a code that is no good, 1400001 where the quota is used up.
        """
        answer = await self.call(PHONE, {"code": code})
        info = answer.get("phone_info")
        if not isinstance(info, dict) or not info.get("purePhoneNumber"):
            raise WeChatUnavailable
        return f"+{info.get('countryCode') or 86}{info['purePhoneNumber']}"

    async def code(self, scene: str) -> bytes:
        """The picture (JPEG or PNG) of a mini-program code that opens its first page with this scene, for ever: at most
        32 letters, digits and some signs. Raises a WeChatError: 40129 and 40169 for a scene that is none, 45009 where
        more than 5,000 are asked for in a minute.

        https://developers.weixin.qq.com/miniprogram/dev/server/API/qrcode-link/qr-code/api_getunlimitedqrcode.html
        """
        version = {"developer": "develop"}.get(self._state, "release" if self._state == "formal" else self._state)
        return await self.picture(CODE, {"scene": scene, "env_version": version, "check_path": False})

    async def check_text(self, openid: str, text: str, scene: Scene) -> Opinion:
        """What WeChat says of a text that everybody will read (msg_sec_check, version 2): at most 2,500 characters, of
        somebody who opened the mini-program within two hours.

        Never a consultation, which is nobody's business but its readers' (PIPL 23, 29).
        """
        body = {"version": 2, "openid": openid, "scene": scene.value, "content": text[:LONGEST_TEXT]}
        answer = await self.call(CHECK_TEXT, body)
        try:
            result = answer["result"]
            return Opinion(Suggestion(result["suggest"]), int(result["label"]), str(answer["trace_id"]))
        except (KeyError, ValueError, TypeError):
            raise WeChatUnavailable from None

    async def check_media(self, openid: str, address: str, media: Media, scene: Scene) -> str:
        """Have a public picture or sound looked at (media_check_async, version 2); the trace id under which the opinion
        is pushed to `/wechat/callback` within half an hour. WeChat fetches it: the address must be open to all.
        """
        body = {"version": 2, "openid": openid, "scene": scene.value, "media_url": address, "media_type": media.value}
        answer = await self.call(CHECK_MEDIA, body)
        if not (trace := answer.get("trace_id")):
            raise WeChatUnavailable
        return str(trace)
