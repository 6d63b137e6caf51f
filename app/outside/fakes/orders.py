"""What a test or a demonstration tells the fakes to do, and asks them, over HTTP."""

from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from app.outside.fakes.accounts import FakeAccounts
from app.outside.fakes.faults import Fault, Faults
from app.outside.fakes.phones import Phones
from app.outside.fakes.sms import FakeSms
from app.outside.fakes.wechat import FakeWeChat

PAGE = Path(__file__).with_name("phones.html").read_text(encoding="utf-8")


@dataclass
class Orders:
    wechat: FakeWeChat
    accounts: FakeAccounts
    sms: FakeSms
    phones: Phones
    faults: dict[str, Faults]
    """The doors at which something can go wrong."""

    def routes(self) -> list[Route]:
        return [
            Route("/", self.page, methods=["GET"]),
            Route("/inbox", self.inbox, methods=["GET"]),
            Route("/arrived", self.arrived, methods=["GET"]),
            Route("/login", self.login, methods=["POST"]),
            Route("/consent", self.consent, methods=["POST"]),
            Route("/follow", self.follow, methods=["POST"]),
            Route("/expire", self.expire, methods=["POST"]),
            Route("/faults", self.queue_faults, methods=["POST"]),
            Route("/faults", self.clear_faults, methods=["DELETE"]),
        ]

    async def page(self, request: Request) -> Response:
        """All phones, for a browser; it looks again each second."""
        return HTMLResponse(PAGE)

    async def inbox(self, request: Request) -> Response:
        """Everything that came, by whatever channel, oldest first; `?to=` for one number or openid."""
        return JSONResponse([one.as_json() for one in self.phones.arrived(request.query_params.get("to"))])

    async def arrived(self, request: Request) -> Response:
        """Text messages; `?phone=` for one number's."""
        return JSONResponse([message.as_json() for message in self.sms.arrived(request.query_params.get("phone"))])

    async def login(self, request: Request) -> Response:
        """A tap on the mini program: `{"openid": ..., "unionid": ...}` -> `{"code": ...}`."""
        who = await request.json()
        return JSONResponse({"code": self.wechat.login(who["openid"], who.get("unionid"))})

    async def consent(self, request: Request) -> Response:
        """A tap on "allow": `{"openid": ..., "template": WeChat's id of it, "times": 1}`."""
        who = await request.json()
        self.accounts.agrees(who["openid"], who["template"], who.get("times", 1))
        return Response(status_code=204)

    async def follow(self, request: Request) -> Response:
        """`{"openid": ..., "unionid": ...}` follows the official account from now on."""
        who = await request.json()
        self.accounts.followers[who["openid"]] = who.get("unionid")
        return Response(status_code=204)

    async def expire(self, request: Request) -> Response:
        """`{"appid": ...}`: its tokens are over."""
        self.accounts.tokens.expire((await request.json())["appid"])
        return Response(status_code=204)

    async def queue_faults(self, request: Request) -> Response:
        """`{"door": "wechat" | "token" | "mini" | "official" | "sms" | "speech", "faults": [...]}`, each a Fault's
        fields."""
        order = await request.json()
        self.faults[order["door"]].next_are(*(Fault(**fault) for fault in order["faults"]))
        return Response(status_code=204)

    async def clear_faults(self, request: Request) -> Response:
        for faults in self.faults.values():
            faults.clear()
        return Response(status_code=204)
