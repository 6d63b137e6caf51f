"""How every answer of WeChat's is read."""

from typing import Any

import httpx
import structlog

from app.outside.wechat.errors import WeChatUnavailable

log = structlog.get_logger(__name__)


PICTURES = ("image/jpeg", "image/png")


def read_picture(response: httpx.Response) -> dict[str, Any]:
    """The same of a call that is answered with a picture (`picture`), or says in JSON why there is none."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.status_code == httpx.codes.OK and kind in PICTURES and response.content:
        return {"errcode": 0, "picture": response.content}
    return read(response)


def read(response: httpx.Response) -> dict[str, Any]:
    """The answer without its session key and with `errcode` as a number, which WeChat leaves out on success.

    Raises WeChatUnavailable for what WeChat cannot have said.
    """
    try:
        answer = response.json()
        if response.status_code == httpx.codes.OK and isinstance(answer, dict):
            answer.pop("session_key", None)
            return {**answer, "errcode": int(answer.get("errcode") or 0)}
    except (ValueError, TypeError):
        pass
    log.warning("wechat_unavailable", status=response.status_code)
    raise WeChatUnavailable
