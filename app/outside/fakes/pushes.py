"""The pushing half of WeChat: what it sends to our callback, signed and sealed by its documents from the sending end.

It shares no line with the house's half, so that a slip in one shows.
"""

import base64
import hashlib
import itertools
import os
import time
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

import httpx
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

_IDS = itertools.count(24_000_000_000_000_000)


@dataclass(frozen=True)
class Letter:
    """A push on its way: where to, and what."""

    query: dict[str, str]
    body: bytes

    async def to(self, house: httpx.AsyncClient, path: str = "/wechat/callback") -> httpx.Response:
        return await house.post(path, params=self.query, content=self.body, headers={"content-type": "text/xml"})


@dataclass
class Pusher:
    """Of one account; with an `aes_key` in safe mode."""

    token: str
    app_id: str
    aes_key: str = ""
    name: str = field(default="gh_demo00000001")

    def echo(self) -> dict[str, str]:
        return {**self._signed(), "echostr": str(next(_IDS))}

    def text(self, openid: str, words: str) -> Letter:
        return self.push(openid, MsgType="text", Content=words, MsgId=str(next(_IDS)))

    def event(self, openid: str, event: str, **fields: Any) -> Letter:
        return self.push(openid, MsgType="event", Event=event, **fields)

    def push(self, openid: str, *, at: float | None = None, **fields: Any) -> Letter:
        """XML of these fields: a mapping nests, a list repeats its name."""
        said = {"ToUserName": self.name, "FromUserName": openid, "CreateTime": str(int(at or time.time())), **fields}
        return self.letter(f"<xml>{_xml(said)}</xml>".encode(), at)

    def letter(self, body: bytes, at: float | None = None) -> Letter:
        """Any body at all, signed now (or `at`)."""
        query = self._signed(at)
        if not self.aes_key:
            return Letter(query, body)
        sealed = self._seal(body)
        query |= {"encrypt_type": "aes", "msg_signature": self._sha1(query["timestamp"], query["nonce"], sealed)}
        return Letter(query, f"<xml><ToUserName>{self.name}</ToUserName><Encrypt>{sealed}</Encrypt></xml>".encode())

    def opened(self, sealed: str) -> str:
        """What the house has answered under our key."""
        key = self._key()
        decryptor = Cipher(AES(key), CBC(key[:16])).decryptor()
        padded = decryptor.update(base64.b64decode(sealed)) + decryptor.finalize()
        unpadder = PKCS7(256).unpadder()
        plain = unpadder.update(padded) + unpadder.finalize()
        length = int.from_bytes(plain[16:20], "big")
        assert plain[20 + length :].decode() == self.app_id
        return plain[20 : 20 + length].decode()

    def _signed(self, at: float | None = None) -> dict[str, str]:
        stamp, nonce = str(int(at or time.time())), str(int.from_bytes(os.urandom(4), "big"))
        return {"signature": self._sha1(stamp, nonce), "timestamp": stamp, "nonce": nonce}

    def _sha1(self, *parts: str) -> str:
        digest = hashlib.sha1()
        for part in sorted((self.token, *parts)):
            digest.update(part.encode())
        return digest.hexdigest()

    def _seal(self, body: bytes) -> str:
        key = self._key()
        padder = PKCS7(256).padder()
        plain = os.urandom(16) + len(body).to_bytes(4, "big") + body + self.app_id.encode()
        padded = padder.update(plain) + padder.finalize()
        encryptor = Cipher(AES(key), CBC(key[:16])).encryptor()
        return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()

    def _key(self) -> bytes:
        return base64.b64decode(self.aes_key + "=")


def _xml(fields: dict[str, Any]) -> str:
    written = ""
    for name, value in fields.items():
        for each in value if isinstance(value, list) else [value]:
            inner = _xml(each) if isinstance(each, dict) else escape(str(each))
            written += f"<{name}>{inner}</{name}>"
    return written
