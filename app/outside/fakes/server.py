"""The fakes on one port, with a page that shows the phones and routes by which tests give orders.

The providers' own are `/sns/jscode2session`, `/cgi-bin/...`, `/wxa/...`, `POST /` and `/v1/audio/transcriptions`; the
page `/` and all other paths belong to the fakes.
"""

import time

from starlette.applications import Starlette
from starlette.routing import Route

from app.outside.fakes.accounts import FakeAccounts
from app.outside.fakes.orders import Orders
from app.outside.fakes.phones import Phones
from app.outside.fakes.sms import FakeSms
from app.outside.fakes.speech import FakeSpeech
from app.outside.fakes.wechat import FakeWeChat


def create_app(
    wechat: FakeWeChat | None = None,
    sms: FakeSms | None = None,
    speech: FakeSpeech | None = None,
    phones: Phones | None = None,
    accounts: FakeAccounts | None = None,
) -> Starlette:
    """The fakes as an ASGI application; give your own to hold on to them, with the `phones` that theirs ring."""
    phones = phones or Phones()
    wechat, sms, speech = wechat or FakeWeChat(), sms or FakeSms(phones), speech or FakeSpeech()
    accounts = accounts or FakeAccounts(phones, time.monotonic)
    faults = {"wechat": wechat.faults, "sms": sms.faults, "speech": speech.faults}
    faults |= {"token": accounts.tokens.faults, "mini": accounts.mini, "official": accounts.official}
    return Starlette(
        routes=[
            Route("/sns/jscode2session", wechat.answer, methods=["GET"]),
            *accounts.routes(),
            Route("/", sms.answer, methods=["POST"]),
            Route("/v1/audio/transcriptions", speech.answer, methods=["POST"]),
            *Orders(wechat, accounts, sms, phones, faults).routes(),
        ]
    )
