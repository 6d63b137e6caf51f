"""WeChat's signature and cipher of pushed messages (消息加解密).

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan.html

SHA-1 of what is known to both, sorted and joined; AES-256-CBC with the key's own first bytes as vector, PKCS#7 to 32
bytes, over 16 random bytes, a length, the message and the app id. Weak by today's measure, and theirs to choose.
"""

import base64
import binascii
import hashlib
import hmac
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher as AesCipher
from cryptography.hazmat.primitives.ciphers import algorithms, modes

BLOCK = 32
SALT = 16


class Unreadable(ValueError):
    """Not sealed with this key, or not for this app."""


def signature(token: str, *parts: str) -> str:
    return hashlib.sha1("".join(sorted([token, *parts])).encode()).hexdigest()


def signed(said: str, token: str, *parts: str) -> bool:
    return hmac.compare_digest(said.encode(), signature(token, *parts).encode())


class Cipher:
    """`key` is the EncodingAESKey: 43 characters, which are base64 without its last sign."""

    def __init__(self, key: str, app_id: str) -> None:
        self._key = base64.b64decode(f"{key}=", validate=True)
        if len(self._key) != BLOCK:
            raise ValueError("an EncodingAESKey has 43 characters")
        self._app_id = app_id.encode()

    def seal(self, message: str, salt: bytes | None = None) -> str:
        plain = message.encode()
        whole = (salt or os.urandom(SALT)) + struct.pack(">I", len(plain)) + plain + self._app_id
        padding = BLOCK - len(whole) % BLOCK
        encryptor = self._aes().encryptor()
        sealed = encryptor.update(whole + bytes([padding]) * padding) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def open(self, sealed: str) -> bytes:
        """Raises Unreadable. Only after its signature was found right: then a changed byte is no oracle."""
        try:
            whole = base64.b64decode(sealed, validate=True)
            decryptor = self._aes().decryptor()
            whole = decryptor.update(whole) + decryptor.finalize()
        except (binascii.Error, ValueError) as error:
            raise Unreadable from error
        padding = whole[-1] if whole else 0
        if not 1 <= padding <= BLOCK or len(whole) < SALT + 4 + padding:
            raise Unreadable
        whole = whole[SALT:-padding]
        (length,) = struct.unpack(">I", whole[:4])
        message, app_id = whole[4 : 4 + length], whole[4 + length :]
        if len(message) != length or not hmac.compare_digest(app_id, self._app_id):
            raise Unreadable
        return message

    def _aes(self) -> AesCipher[modes.CBC]:
        return AesCipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))
