"""The fakes on one port, with a page that shows the phones and routes by which tests give orders.

`/sns/jscode2session`, `POST /` and `/v1/audio/transcriptions` are the providers' own; the page `/`, `/arrived`,
`/login` and `/faults` belong to the fakes.
"""

from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from app.outside.fakes.faults import Fault, Faults
from app.outside.fakes.sms import FakeSms
from app.outside.fakes.speech import FakeSpeech
from app.outside.fakes.wechat import FakeWeChat

PAGE = Path(__file__).with_name("phones.html").read_text(encoding="utf-8")


def create_app(
    wechat: FakeWeChat | None = None, sms: FakeSms | None = None, speech: FakeSpeech | None = None
) -> Starlette:
    """The fakes as an ASGI application; give your own to hold on to them."""
    wechat, sms, speech = wechat or FakeWeChat(), sms or FakeSms(), speech or FakeSpeech()
    doors: dict[str, Faults] = {"wechat": wechat.faults, "sms": sms.faults, "speech": speech.faults}

    async def phones(request: Request) -> Response:
        return HTMLResponse(PAGE)

    async def arrived(request: Request) -> Response:
        messages = sms.arrived(request.query_params.get("phone"))
        return JSONResponse([message.as_json() for message in messages])

    async def login(request: Request) -> Response:
        """A tap on the mini program: `{"openid": ..., "unionid": ...}` -> `{"code": ...}`."""
        who = await request.json()
        return JSONResponse({"code": wechat.login(who["openid"], who.get("unionid"))})

    async def queue_faults(request: Request) -> Response:
        """`{"door": "wechat" | "sms" | "speech", "faults": [...]}`, each a Fault's fields."""
        order = await request.json()
        doors[order["door"]].next_are(*(Fault(**fault) for fault in order["faults"]))
        return Response(status_code=204)

    async def clear_faults(request: Request) -> Response:
        for faults in doors.values():
            faults.clear()
        return Response(status_code=204)

    return Starlette(
        routes=[
            Route("/sns/jscode2session", wechat.answer, methods=["GET"]),
            Route("/", sms.answer, methods=["POST"]),
            Route("/v1/audio/transcriptions", speech.answer, methods=["POST"]),
            Route("/", phones, methods=["GET"]),
            Route("/arrived", arrived, methods=["GET"]),
            Route("/login", login, methods=["POST"]),
            Route("/faults", queue_faults, methods=["POST"]),
            Route("/faults", clear_faults, methods=["DELETE"]),
        ]
    )
