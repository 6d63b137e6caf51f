"""The mini-program's and the official account's calls at the fake WeChat, with their rules and their refusals."""

import base64
import re
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.core.qr import qr
from app.outside import fakes
from app.outside.fakes.faults import Faults
from app.outside.fakes.phones import Arrival, Phones
from app.outside.fakes.tokens import FakeTokens
from app.outside.fakes.wechat import refusal, reply

_OPENID = re.compile(r"o[0-9A-Za-z_-]{27}")
_SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@._~-]{1,32}")
_PAGE = re.compile(r"pages/[0-9a-z/-]+(\?.*)?")
_TAKES: dict[str, Callable[[str], bool]] = {
    "thing": lambda value: len(value) <= 20 and "\n" not in value,
    "time": lambda value: ":" in value or "年" in value or "-" in value,
    "number": lambda value: len(value) <= 32 and value.replace(".", "", 1).isdecimal(),
    "phrase": lambda value: len(value) <= 5,
    "character_string": lambda value: len(value) <= 32 and value.isascii(),
}
RISKY = "违法测试"
"""The words that the fake's censor knows."""

Call = Callable[[dict[str, Any]], Response]


@dataclass
class _Phone:
    number: str
    used: bool = False


class FakeAccounts:
    """Both accounts share the host, as at WeChat; a token says whose call it is.

    One consent is one message (`agrees`), unless the template is among the `long_term` ones.
    """

    def __init__(
        self, phones: Phones, clock: Callable[[], float], moment: Callable[[], datetime] | None = None
    ) -> None:
        secrets_of = {fakes.WECHAT_APP_ID: fakes.WECHAT_SECRET, fakes.OFFICIAL_APP_ID: fakes.OFFICIAL_SECRET}
        self.tokens = FakeTokens(secrets_of, clock)
        self.mini, self.official = Faults(refusal), Faults(refusal)
        self.credits: Counter[tuple[str, str]] = Counter()
        self.long_term: set[str] = set()
        self.followers: dict[str, str | None] = {}
        """The official account's, and their unionids."""
        self.menu: list[dict[str, Any]] = []
        self.codes: list[str] = []
        """Scenes of permanent codes of the official account, of which there are `most_codes`."""
        self.most_codes = 100_000
        self.drawn: list[str] = []
        """Scenes of the mini-program's codes."""
        self.checked: list[str] = []
        """Texts and addresses that were shown to the censor."""
        self._phones = phones
        self._moment = moment or (lambda: datetime.now(UTC))
        self._numbers: dict[str, _Phone] = {}

    def agrees(self, openid: str, template: str, times: int = 1) -> None:
        """She allows one more message of this template (WeChat's id of it), or several."""
        self.credits[openid, template] += times

    def shows_number(self, number: str) -> str:
        """The code that a `getPhoneNumber` button gives for her number, once."""
        code = secrets.token_hex(32)
        self._numbers[code] = _Phone(number)
        return code

    def routes(self) -> list[Route]:
        mini = [
            ("/cgi-bin/message/subscribe/send", self._send),
            ("/wxa/business/getuserphonenumber", self._number),
            ("/wxa/getwxacodeunlimit", self._draw),
            ("/wxa/msg_sec_check", self._check_text),
            ("/wxa/media_check_async", self._check_media),
        ]
        official = [("/cgi-bin/message/subscribe/bizsend", self._bizsend), ("/cgi-bin/menu/create", self._menu)]
        official.append(("/cgi-bin/qrcode/create", self._code))
        routes = [
            Route(path, self._call(fakes.WECHAT_APP_ID, self.mini, call), methods=["POST"]) for path, call in mini
        ]
        routes += [
            Route(path, self._call(fakes.OFFICIAL_APP_ID, self.official, call), methods=["POST"])
            for path, call in official
        ]
        info = self._call(fakes.OFFICIAL_APP_ID, self.official, self._follower)
        return [
            Route("/cgi-bin/stable_token", self.tokens.answer, methods=["POST"]),
            Route("/cgi-bin/user/info", info, methods=["GET"]),
            *routes,
        ]

    def _call(self, app_id: str, faults: Faults, call: Call) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            if wrong := self.tokens.against(request.query_params.get("access_token", ""), app_id):
                return refusal(wrong)
            return call(await request.json() if request.method == "POST" else dict(request.query_params))

        async def answer(request: Request) -> Response:
            return await faults.suffer(request, handle)

        return answer

    def _send(self, asked: dict[str, Any]) -> Response:
        page = asked.get("page", "")
        if page and not _PAGE.fullmatch(page):
            return refusal(41030)
        return self._deliver("MINI_PROGRAM", fakes.WECHAT_TEMPLATES, asked, page)

    def _bizsend(self, asked: dict[str, Any]) -> Response:
        if asked.get("touser") not in self.followers:
            return refusal(43004 if _OPENID.fullmatch(asked.get("touser", "")) else 40003)
        page = (asked.get("miniprogram") or {}).get("pagepath", "")
        return self._deliver("OFFICIAL_ACCOUNT", fakes.OFFICIAL_TEMPLATES, asked, page)

    def _deliver(self, channel: str, templates: dict[str, str], asked: dict[str, Any], page: str) -> Response:
        to, template, data = asked.get("touser", ""), asked.get("template_id", ""), asked.get("data") or {}
        if not _OPENID.fullmatch(to):
            return refusal(40003)
        key = next((key for key, id in templates.items() if id == template), None)
        if key is None:
            return refusal(40037)
        if set(data) != fakes.FIELDS or not all(_fits(name, each.get("value")) for name, each in data.items()):
            return refusal(47003)
        if template not in self.long_term:
            if not self.credits[to, template]:
                return refusal(43101)
            self.credits[to, template] -= 1
        lines = tuple(each["value"] for each in data.values())
        self._phones.ring(Arrival(channel, to, fakes.TITLES[key], lines, self._moment(), page=page))
        return reply({"errcode": 0, "errmsg": "ok", "msgid": secrets.randbelow(10**18)})

    def _number(self, asked: dict[str, Any]) -> Response:
        known = self._numbers.get(asked.get("code", ""))
        if known is None or known.used:
            return refusal(40029 if known is None else 40163)
        known.used = True
        info = {"phoneNumber": known.number, "purePhoneNumber": known.number, "countryCode": "86"}
        return reply({"errcode": 0, "errmsg": "ok", "phone_info": info})

    def _check_text(self, asked: dict[str, Any]) -> Response:
        if asked.get("version") != 2 or len(asked.get("content", "")) > 2_500:
            return refusal(47001)
        if not _OPENID.fullmatch(asked.get("openid", "")):
            return refusal(40003)
        self.checked.append(asked["content"])
        risky = RISKY in asked["content"]
        result = {"suggest": "risky" if risky else "pass", "label": 20006 if risky else 100}
        return reply({"errcode": 0, "errmsg": "ok", "result": result, "detail": [], "trace_id": secrets.token_hex(12)})

    def _check_media(self, asked: dict[str, Any]) -> Response:
        if asked.get("version") != 2 or asked.get("media_type") not in (1, 2) or not asked.get("media_url"):
            return refusal(47001)
        self.checked.append(asked["media_url"])
        return reply({"errcode": 0, "errmsg": "ok", "trace_id": secrets.token_hex(12)})

    def _follower(self, asked: dict[str, Any]) -> Response:
        openid = asked.get("openid", "")
        if not _OPENID.fullmatch(openid):
            return refusal(40003)
        if openid not in self.followers:
            return reply({"subscribe": 0, "openid": openid})
        unionid = self.followers[openid]
        return reply({"subscribe": 1, "openid": openid} | ({"unionid": unionid} if unionid else {}))

    def _draw(self, asked: dict[str, Any]) -> Response:
        scene, page, width = asked.get("scene"), asked.get("page", ""), asked.get("width", 430)
        if not isinstance(scene, str) or not 1 <= len(scene) <= 32:
            return refusal(40169)
        if not _SCENE.fullmatch(scene):
            return refusal(40129)
        if page and asked.get("check_path", True) and not _PAGE.fullmatch(page):
            return refusal(41030)
        if asked.get("env_version", "release") not in ("release", "trial", "develop") or not 280 <= width <= 1280:
            return refusal(40097)
        self.drawn.append(scene)
        return Response(qr(f"https://mini.example/{scene}", "png"), media_type="image/png")

    def _code(self, asked: dict[str, Any]) -> Response:
        scene = ((asked.get("action_info") or {}).get("scene") or {}).get("scene_str")
        if asked.get("action_name") != "QR_LIMIT_STR_SCENE":
            return refusal(40052)
        if not isinstance(scene, str) or not 1 <= len(scene) <= 64:
            return refusal(40053)
        if scene not in self.codes:
            if len(self.codes) >= self.most_codes:
                return refusal(45029)
            self.codes.append(scene)
        ticket = base64.b64encode(scene.encode()).decode()
        return reply({"ticket": ticket, "url": f"http://weixin.qq.com/q/{ticket.rstrip('=')}"})

    def _menu(self, asked: dict[str, Any]) -> Response:
        buttons = asked.get("button")
        if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
            return refusal(40016)
        if any(len(button.get("sub_button", [])) > 5 for button in buttons):
            return refusal(40023)
        if any(len(button.get("name", "").encode()) > 16 for button in buttons):
            return refusal(40018)
        self.menu = buttons
        return reply({"errcode": 0, "errmsg": "ok"})


def _fits(name: str, value: Any) -> bool:
    kind = name.rstrip("0123456789")
    return isinstance(value, str) and value != "" and kind in _TAKES and _TAKES[kind](value)
