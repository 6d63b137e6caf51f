"""What WeChat pushes to us: who may have sent it, and what it says.

https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages.html and, for the
mini-program, https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html: XML, or JSON
where the mini-program is set up so.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from app.outside.wechat.sealed import Cipher, Unreadable, signature, signed

LARGEST = 65_536
"""Bytes of a body: the largest event there is has some two thousand."""
WINDOW = 300
"""Seconds by which WeChat's clock and ours may differ, the way of a repeated push included."""
DEEPEST = 6

_OPENID = re.compile(r"[0-9A-Za-z_-]{6,64}")
_NUMBER = re.compile(r"[0-9]{1,20}")
_ECHO = re.compile(r"[\x21-\x7e]{1,256}")


class PushRefused(Exception):
    """Not from WeChat, not now, or not to be understood. `reason` is a word for the log; nothing of it is shown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Push:
    """`kind` is the type of a message (text, image, ...) or the name of an event, in small letters."""

    sender: str = field(repr=False)
    """The openid, of the account that it was pushed for."""
    receiver: str
    """Our account's own name, which a reply is signed with."""
    kind: str
    is_event: bool
    created_at: int
    """Seconds since 1970, by WeChat."""
    fields: Mapping[str, Any] = field(repr=False)

    def text(self, name: str) -> str:
        """A field that is a word or, in JSON, may be a number."""
        value = self.fields.get(name)
        return str(value).strip() if isinstance(value, str | int) else ""

    @property
    def once(self) -> str:
        """The same for every copy of one push: WeChat repeats what it got no answer to."""
        if id := self.text("MsgId") or self.text("msgid"):
            return f"{self.sender}|{id}"
        said = {name: value for name, value in self.fields.items() if name not in ("ToUserName", "Encrypt")}
        return json.dumps(said, sort_keys=True)


class Mailbox:
    """One account's end of the line. Without an `aes_key` pushes come in the clear, and only so; with one, sealed."""

    def __init__(self, token: str, app_id: str, aes_key: str = "") -> None:
        self._token = token
        self._cipher = Cipher(aes_key, app_id) if aes_key else None

    def echo(self, query: Mapping[str, str]) -> str:
        """What WeChat wants to hear when it is told our address. Raises PushRefused."""
        said = query.get("echostr", "")
        if not _ECHO.fullmatch(said):
            raise PushRefused("malformed")
        self._signed(query, "signature")
        return said

    def open(self, query: Mapping[str, str], body: bytes, now: float) -> Push:
        """Raises PushRefused: oversized, malformed, forged or stale."""
        if len(body) > LARGEST:
            raise PushRefused("oversized")
        if not _NUMBER.fullmatch(query.get("timestamp", "")) or not query.get("nonce", ""):
            raise PushRefused("malformed")
        if self._cipher is None:
            self._signed(query, "signature")
        outer = _read(body)
        if self._cipher is not None:
            sealed = outer.get("Encrypt")
            if not isinstance(sealed, str):
                raise PushRefused("malformed")
            self._signed(query, "msg_signature", sealed)
            try:
                outer = _read(self._cipher.open(sealed))
            except Unreadable:
                raise PushRefused("forged") from None
        if abs(now - int(query["timestamp"])) > WINDOW:
            raise PushRefused("stale")
        return _push(outer)

    def reply(self, to: Push, content: str, now: int, nonce: str) -> str:
        """A passive reply as WeChat takes it. `content` is the XML of its own fields."""
        xml = (
            f"<xml><ToUserName>{cdata(to.sender)}</ToUserName><FromUserName>{cdata(to.receiver)}</FromUserName>"
            f"<CreateTime>{now}</CreateTime>{content}</xml>"
        )
        if self._cipher is None:
            return xml
        sealed = self._cipher.seal(xml)
        proof = signature(self._token, str(now), nonce, sealed)
        return (
            f"<xml><Encrypt>{cdata(sealed)}</Encrypt><MsgSignature>{cdata(proof)}</MsgSignature>"
            f"<TimeStamp>{now}</TimeStamp><Nonce>{cdata(nonce)}</Nonce></xml>"
        )

    def _signed(self, query: Mapping[str, str], name: str, *more: str) -> None:
        parts = (query.get("timestamp", ""), query.get("nonce", ""), *more)
        if not self._token or not signed(query.get(name, ""), self._token, *parts):
            raise PushRefused("forged")


def cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def _push(said: Mapping[str, Any]) -> Push:
    sender, receiver, kind = said.get("FromUserName"), said.get("ToUserName"), said.get("MsgType")
    created, event = str(said.get("CreateTime", "")), said.get("Event")
    if not (isinstance(sender, str) and isinstance(receiver, str) and isinstance(kind, str)):
        raise PushRefused("malformed")
    if not (_OPENID.fullmatch(sender) and _OPENID.fullmatch(receiver) and _NUMBER.fullmatch(created)):
        raise PushRefused("malformed")
    is_event = kind.lower() == "event"
    name = event if is_event else kind
    if not isinstance(name, str) or not 1 <= len(name) <= 64:
        raise PushRefused("malformed")
    return Push(sender, receiver, name.lower(), is_event, int(created[:10]), said)


def _read(body: bytes) -> dict[str, Any]:
    try:
        text = body.decode()
        if text.lstrip().startswith("{"):
            said = json.loads(text)
        else:
            root = fromstring(text, forbid_dtd=True)
            said = _fields(root) if root.tag == "xml" else None
    # Whoever sent it chose every byte: a document type, a bomb, or brackets without end.
    except (ValueError, ParseError, DefusedXmlException, RecursionError):
        raise PushRefused("malformed") from None
    if not isinstance(said, dict):
        raise PushRefused("malformed")
    return said


def _fields(element: Element, depth: int = 0) -> dict[str, Any]:
    """Children by their names; a name that comes more than once has a list."""
    found: dict[str, Any] = {}
    for child in element:
        value = _fields(child, depth + 1) if len(child) and depth < DEEPEST else (child.text or "")
        if child.tag not in found:
            found[child.tag] = value
        elif isinstance(found[child.tag], list):
            found[child.tag].append(value)
        else:
            found[child.tag] = [found[child.tag], value]
    return found
