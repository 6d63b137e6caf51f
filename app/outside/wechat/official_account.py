"""What we ask WeChat in the official account's name (服务号)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.outside.post import Message
from app.outside.wechat import messages
from app.outside.wechat.accounts import Account
from app.outside.wechat.errors import WeChatUnavailable

SEND = "/cgi-bin/message/subscribe/bizsend"
USER = "/cgi-bin/user/info"
MENU = "/cgi-bin/menu/create"
CODE = "/cgi-bin/qrcode/create"


@dataclass(frozen=True)
class Follower:
    """Who follows the account. `unionid` is the same for all apps of one Open Platform account, if there is one."""

    follows: bool
    unionid: str | None = field(repr=False)


class OfficialAccount(Account):
    """A Carrier, and the calls that only an official account has. `mini_program`: the app id that a tap opens."""

    def __init__(
        self, url: str, app_id: str, secret: str, templates: Mapping[str, str], mini_program: str = "", **how: Any
    ) -> None:
        super().__init__(url, app_id, secret, **how)
        self._templates, self._mini_program = templates, mini_program

    async def send(self, address: str, message: Message, key: UUID) -> str:
        """A subscribe notice (订阅通知).

        https://developers.weixin.qq.com/doc/service/api/notify/notify/api_sendnewsubscribemsg
        """
        body: dict[str, Any] = {"touser": address}
        if self._mini_program and message.page:
            body["miniprogram"] = {"appid": self._mini_program, "pagepath": message.page}
        return await messages.send(self, SEND, self._templates, message, body)

    async def follower(self, openid: str) -> Follower:
        """Who this openid is (user/info). Raises a WeChatError."""
        answer = await self.call(USER, query={"openid": openid, "lang": "zh_CN"})
        unionid = answer.get("unionid")
        known = isinstance(unionid, str) and unionid
        return Follower(answer.get("subscribe") == 1, unionid if known else None)

    async def code(self, scene: str) -> str:
        """What stands in a QR code that leads to the account with this scene (1 to 64 characters), for ever; WeChat
        makes 100,000 of them and no more (45029). The same scene asked for again is the same code.

        https://developers.weixin.qq.com/doc/offiaccount/Account_Management/Generating_a_Parametric_QR_Code.html
        """
        answer = await self.call(
            CODE, {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": scene}}}
        )
        if not isinstance(said := answer.get("url"), str) or not said.isascii() or not 0 < len(said) <= 500:
            raise WeChatUnavailable
        return said

    async def put_menu(self, buttons: Sequence[Mapping[str, Any]]) -> None:
        """Replace the menu below the conversation: three buttons, five below each. Seen within a day at the latest."""
        await self.call(MENU, {"button": list(buttons)})
