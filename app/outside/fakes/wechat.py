"""A WeChat that knows nobody: code2Session with its rules and its refusals."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from app.outside import fakes
from app.outside.fakes.faults import Faults

LIFE_OF_A_CODE = 300.0
DEMO = "demo-"

_MESSAGES = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40013: "invalid appid",
    40029: "invalid code",
    40016: "invalid button size",
    40018: "invalid button name size",
    40023: "invalid sub button size",
    40037: "invalid template_id",
    40052: "invalid action name",
    40053: "invalid action info",
    40097: "invalid args",
    40125: "invalid appsecret",
    40129: "invalid scene",
    40163: "code been used",
    40169: "invalid length for scene, or the data is not json string",
    40226: "code blocked",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41008: "missing code",
    41030: "invalid page",
    42001: "access_token expired",
    43004: "require subscribe",
    43101: "user refuse to accept the msg",
    45029: "qrcode count out of limit",
    45009: "reach max api daily quota limit",
    47001: "data format error",
    47003: "argument invalid! data.thing1.value is empty",
    45011: "api minute-quota reach limit mustslower retry next minute",
}


@dataclass
class _Code:
    openid: str
    unionid: str | None
    issued: float
    used: bool = False


def openid_of(name: str) -> str:
    """The openid of whoever signs in with the code `demo-<name>`: 28 characters, the same every time."""
    digest = hashlib.sha256(f"{fakes.WECHAT_APP_ID}/{name}".encode()).digest()
    return "o" + base64.urlsafe_b64encode(digest).decode()[:27]


class FakeWeChat:
    """Issues codes as `wx.login` would and exchanges each once; demo codes work as often as one likes."""

    def __init__(self, *, demo_codes: bool = True, clock: Callable[[], float] = time.monotonic) -> None:
        self.faults = Faults(refusal)
        self._demo_codes = demo_codes
        self._clock = clock
        self._codes: dict[str, _Code] = {}

    def login(self, openid: str, unionid: str | None = None) -> str:
        """What `wx.login` gives the mini program: a code that works once, for five minutes."""
        code = secrets.token_urlsafe(24)
        self._codes[code] = _Code(openid, unionid, self._clock())
        return code

    async def answer(self, request: Request) -> Response:
        return await self.faults.suffer(request, self._exchange)

    async def _exchange(self, request: Request) -> Response:
        asked = request.query_params
        for name, errcode in (("appid", 41002), ("secret", 41004), ("js_code", 41008)):
            if not asked.get(name):
                return refusal(errcode)
        if asked.get("grant_type") != "authorization_code":
            return refusal(40002)
        if asked["appid"] != fakes.WECHAT_APP_ID:
            return refusal(40013)
        if asked["secret"] != fakes.WECHAT_SECRET:
            return refusal(40125)
        return self._session(asked["js_code"])

    def _session(self, js_code: str) -> Response:
        if self._demo_codes and js_code.startswith(DEMO) and len(js_code) > len(DEMO):
            return _session(openid_of(js_code.removeprefix(DEMO)), None)
        code = self._codes.get(js_code)
        if code is None or self._clock() - code.issued > LIFE_OF_A_CODE:
            return refusal(40029)
        if code.used:
            return refusal(40163)
        code.used = True
        return _session(code.openid, code.unionid)


def refusal(errcode: int | str) -> Response:
    message = _MESSAGES.get(int(errcode), "unknown error")
    return reply({"errcode": int(errcode), "errmsg": f"{message}, rid: {_rid()}"})


def _session(openid: str, unionid: str | None) -> Response:
    answer = {"session_key": base64.b64encode(secrets.token_bytes(16)).decode(), "openid": openid}
    return reply(answer if unionid is None else {**answer, "unionid": unionid})


def reply(answer: Mapping[str, object]) -> Response:
    # WeChat labels its JSON as text, and says errcode only when something is wrong.
    return Response(json.dumps(answer), media_type="text/plain")


def _rid() -> str:
    return f"{int(time.time()):x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
