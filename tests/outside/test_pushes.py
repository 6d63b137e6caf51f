"""What WeChat pushes: its own published examples, and all that is not from WeChat."""

import base64
import json
import time

import pytest
from defusedxml.ElementTree import fromstring

from app.outside import fakes
from app.outside.fakes.pushes import Letter, Pusher
from app.outside.fakes.wechat import openid_of
from app.outside.wechat.pushes import LARGEST, WINDOW, Mailbox, Push, PushRefused
from app.outside.wechat.sealed import Cipher, Unreadable, signature

ZHANG = openid_of("zhang")

# Published with the vendor's WXBizMsgCrypt samples: of the official account, and of the corporate one with its echo.
OFFICIAL = ("spamtest", "wx2c2769f8efd9abc2", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")
OFFICIAL_QUERY = {
    "signature": "16120ec1b8dbb870f510d87ce6bc2463eae6ca1a",
    "msg_signature": "5d197aaffba7e9b25a30732f161a50dee96bd5fa",
    "timestamp": "1409735669",
    "nonce": "1320562132",
}
OFFICIAL_SEALED = (
    "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9FrXpbUAh"
    "0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRj"
    "pA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6"
    "OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE="
)
CORPORATE = ("QDG6eK", "wx5823bf96d3bd56c7", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C")
CORPORATE_ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
CORPORATE_SEALED = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUk"
    "SUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekU"
    "NXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rU"
    "PA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+"
    "qN+E7Q=="
)

SAFE = Pusher(fakes.OFFICIAL_TOKEN, fakes.OFFICIAL_APP_ID, fakes.OFFICIAL_AES_KEY)
PLAIN = Pusher(fakes.OFFICIAL_TOKEN, fakes.OFFICIAL_APP_ID)


def _box(pusher: Pusher) -> Mailbox:
    return Mailbox(pusher.token, pusher.app_id, pusher.aes_key)


def _opened(letter: Letter, pusher: Pusher = SAFE, now: float | None = None) -> Push:
    return _box(pusher).open(letter.query, letter.body, now or time.time())


def _reason(letter: Letter, pusher: Pusher = SAFE, now: float | None = None) -> str:
    with pytest.raises(PushRefused) as refused:
        _opened(letter, pusher, now)
    return refused.value.reason


def test_the_vendors_signed_and_sealed_examples_open() -> None:
    letter = Letter(OFFICIAL_QUERY, f"<xml><Encrypt><![CDATA[{OFFICIAL_SEALED}]]></Encrypt></xml>".encode())
    token, app_id, key = OFFICIAL
    push = Mailbox(token, app_id, key).open(letter.query, letter.body, 1409735669)
    assert (push.sender, push.receiver) == ("oyORnuP8q7ou2gfYjqLzSIWZf0rs", "gh_10f6c3c3ac5a")
    assert (push.kind, push.is_event, push.created_at) == ("text", False, 1409735668)
    assert (push.text("Content"), push.text("MsgId")) == ("abcdteT", "6054768590064713728")
    assert signature(token, "1409735669", "1320562132") == OFFICIAL_QUERY["signature"]
    assert "oyORnuP8q7ou2gfYjqLzSIWZf0rs" not in repr(push)

    token, app_id, key = CORPORATE
    cipher = Cipher(key, app_id)
    assert signature(token, "1409659589", "263014780", CORPORATE_ECHO) == "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"
    assert cipher.open(CORPORATE_ECHO) == b"1616140317555161061"
    assert signature(token, "1409659813", "1372623149", CORPORATE_SEALED) == "477715d11cdb4164915debcba66cb864d751f3e6"
    assert fromstring(cipher.open(CORPORATE_SEALED).decode()).findtext("Content") == "hello"
    # And sealing gives the vendor's own bytes again, under the salt that it took.
    salt = _salt(cipher, CORPORATE_SEALED)
    assert cipher.seal(cipher.open(CORPORATE_SEALED).decode(), salt) == CORPORATE_SEALED


def _salt(cipher: Cipher, sealed: str) -> bytes:
    decryptor = cipher._aes().decryptor()
    return decryptor.update(base64.b64decode(sealed))[:16]


def test_a_push_is_read_in_either_mode_and_either_format() -> None:
    for pusher in (SAFE, PLAIN):
        push = _opened(pusher.text(ZHANG, "咨询"), pusher)
        assert (push.sender, push.kind, push.text("Content")) == (ZHANG, "text", "咨询")
        items = [{"TemplateId": "a", "SubscribeStatusString": "accept"}, {"TemplateId": "b"}]
        push = _opened(pusher.event(ZHANG, "SUBSCRIBE", EventKey="qrscene_1", Deep={"List": items}), pusher)
        assert (push.kind, push.is_event, push.text("EventKey")) == ("subscribe", True, "qrscene_1")
        assert push.fields["Deep"] == {"List": items}
        said = {"ToUserName": "gh_1demo", "FromUserName": ZHANG, "CreateTime": 1610969440, "MsgType": "event"}
        letter = pusher.letter(json.dumps(said | {"Event": "wxa_media_check", "List": {"a": 1}}).encode())
        push = _opened(letter, pusher)
        assert (push.kind, push.created_at, push.fields["List"]) == ("wxa_media_check", 1610969440, {"a": 1})


def test_every_copy_of_a_push_is_known_and_no_two_pushes_are_one() -> None:
    first, second = SAFE.text(ZHANG, "咨询"), SAFE.text(ZHANG, "咨询")
    assert _opened(first).once == _opened(first).once != _opened(second).once
    at = time.time()
    subscribed = [_opened(SAFE.event(ZHANG, "subscribe", at=at)).once for _ in range(2)]
    assert subscribed[0] == subscribed[1] != _opened(SAFE.event(ZHANG, "unsubscribe", at=at)).once
    other = Pusher(SAFE.token, SAFE.app_id, SAFE.aes_key, name="gh_another_name")
    assert _opened(other.event(ZHANG, "subscribe", at=at)).once == subscribed[0]


def test_the_echo_is_for_who_knows_the_token() -> None:
    query = SAFE.echo()
    assert _box(SAFE).echo(query) == query["echostr"]
    wrong = [query | {"signature": "0" * 40}, query | {"nonce": "1"}, {**query, "signature": "签"}, {"echostr": "1"}]
    wrong += [Pusher("another", "wx").echo(), query | {"echostr": "<script>"[:8] + " x"}, query | {"echostr": ""}]
    for asked in wrong:
        with pytest.raises(PushRefused):
            _box(SAFE).echo(asked)
    with pytest.raises(PushRefused):
        Mailbox("", "wx").echo(Pusher("", "wx").echo())


def test_what_is_forged_stale_or_too_large_is_refused() -> None:
    letter = SAFE.text(ZHANG, "咨询")
    for name in ("msg_signature", "timestamp", "nonce"):
        digits = "7" if letter.query[name][-1] != "7" else "8"
        assert _reason(Letter(letter.query | {name: letter.query[name][:-1] + digits}, letter.body)) == "forged"
    assert _reason(Letter(letter.query, SAFE.text(ZHANG, "地图").body)) == "forged"
    assert _reason(Pusher(SAFE.token, "wxanother", SAFE.aes_key).text(ZHANG, "咨询")) == "forged"
    assert _reason(Pusher("another", SAFE.app_id, SAFE.aes_key).text(ZHANG, "咨询")) == "forged"
    assert _reason(Pusher("another", SAFE.app_id).text(ZHANG, "咨询"), PLAIN) == "forged"
    assert _reason(PLAIN.text(ZHANG, "咨询")) == "malformed"  # in the clear, where all is sealed
    for off in (-WINDOW - 2, WINDOW + 2):
        for pusher in (SAFE, PLAIN):
            assert _reason(pusher.text(ZHANG, "咨询"), pusher, time.time() + off) == "stale"
    _opened(SAFE.text(ZHANG, "咨询"), now=time.time() + WINDOW - 5)
    assert _reason(PLAIN.letter(b"<xml>" + b" " * LARGEST + b"</xml>"), PLAIN) == "oversized"


BOMB = '<!DOCTYPE xml [<!ENTITY a "aaaa">]><xml><FromUserName>&a;</FromUserName></xml>'
FILE = '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><FromUserName>&a;</FromUserName></xml>'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"\xff\xfe<xml/>",
        b"<xml></xml>",
        b"<xml><FromUserName>o</xml>",
        b"<html><FromUserName>ooooooooo</FromUserName></html>",
        b"[" * 30_000,
        b'{"a":' * 8_000,
        b"<a>" * 10_000,
        b"[]",
        b'{"FromUserName": ["o"], "ToUserName": 1, "MsgType": {}, "CreateTime": "1"}',
        b'{"FromUserName": "oooooo1", "ToUserName": "gh_demo1", "MsgType": "event", "Event": [], "CreateTime": 1}',
        b'{"FromUserName": "oooooo1", "ToUserName": "gh_demo1", "MsgType": "text", "CreateTime": "soon"}',
        b'{"FromUserName": "oo oo1", "ToUserName": "gh_demo1", "MsgType": "text", "CreateTime": 1}',
        b"<?xml version='1.0' encoding='utf-7'?><xml/>",
        BOMB.encode(),
        FILE.encode(),
    ],
)
def test_what_cannot_be_understood_is_refused_whoever_signed_it(body: bytes) -> None:
    for pusher in (SAFE, PLAIN):
        assert _reason(pusher.letter(body), pusher) == "malformed"


def test_a_reply_goes_back_the_way_the_push_came() -> None:
    letter = SAFE.text(ZHANG, "咨询")
    sealed = fromstring(
        _box(SAFE).reply(_opened(letter), "<MsgType>text</MsgType>", 1_700_000_000, letter.query["nonce"])
    )
    encrypted, stamp, nonce = (sealed.findtext(name) or "" for name in ("Encrypt", "TimeStamp", "Nonce"))
    assert sealed.findtext("MsgSignature") == signature(SAFE.token, stamp, nonce, encrypted)
    letter = PLAIN.text(ZHANG, "咨询")
    open_reply = _box(PLAIN).reply(_opened(letter, PLAIN), "<MsgType>text</MsgType>", 1_700_000_000, "1")
    for xml in (SAFE.opened(encrypted), open_reply):
        said = fromstring(xml)
        assert (said.findtext("ToUserName"), said.findtext("FromUserName")) == (ZHANG, SAFE.name)
        assert (said.findtext("CreateTime"), said.findtext("MsgType")) == ("1700000000", "text")


def test_a_key_that_cannot_be_one_is_found_at_once() -> None:
    for key in ("short", "x" * 43 + "=", "é" * 43):
        with pytest.raises(ValueError, match=r"."):
            Cipher(key, "wx")
    with pytest.raises(Unreadable):
        Cipher(fakes.OFFICIAL_AES_KEY, "wx").open("")
