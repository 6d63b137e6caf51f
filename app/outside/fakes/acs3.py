"""The gateway's half of Alibaba Cloud's V3 signature: the same document read from the receiving end.

It works from the bytes that arrived and shares no line with the client's half, so that a slip in one shows.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

NEEDED = {"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"}

_AUTHORIZATION = re.compile(
    r"ACS3-HMAC-SHA256 Credential=(?P<key_id>[^,]+)"
    r",SignedHeaders=(?P<names>[^,]+)"
    r",Signature=(?P<value>[0-9a-f]{64})"
)


@dataclass(frozen=True)
class Signature:
    key_id: str
    names: tuple[str, ...]
    value: str


def read(authorization: str) -> Signature | None:
    """The signature that a request carries, if it carries one of this kind."""
    found = _AUTHORIZATION.fullmatch(authorization)
    if found is None:
        return None
    return Signature(found["key_id"], tuple(found["names"].split(";")), found["value"])


def fits(
    signature: Signature,
    key_secret: str,
    *,
    method: str,
    path: str,
    query: bytes,
    headers: Mapping[str, str],
    body: bytes,
) -> bool:
    """Whether whoever holds the secret signed exactly this request, every header included that must be."""
    must = {name for name in headers if name.startswith("x-acs-") or name == "content-type"}
    payload = hashlib.sha256(body).hexdigest()
    if not set(signature.names) >= NEEDED | must or headers.get("x-acs-content-sha256") != payload:
        return False
    pairs = sorted(parse_qsl(query.decode(), keep_blank_values=True))
    text = f"{method}\n{path}\n"
    text += "&".join(quote(name, safe="-_.~") + "=" + quote(value, safe="-_.~") for name, value in pairs)
    text += "\n"
    for name in sorted(signature.names):
        text += f"{name}:{headers.get(name, '').strip()}\n"
    text += "\n" + ";".join(signature.names) + "\n" + payload
    digest = hashlib.sha256(text.encode()).hexdigest()
    expected = hmac.digest(key_secret.encode(), b"ACS3-HMAC-SHA256\n" + digest.encode(), "sha256").hex()
    return hmac.compare_digest(expected, signature.value)
