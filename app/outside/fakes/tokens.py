"""`stable_token` and its rules: what the two accounts of the fake WeChat let somebody in by."""

import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from app.outside.fakes.faults import Faults
from app.outside.fakes.wechat import refusal, reply

LIFE, OVERLAP = 7_200.0, 300.0
FORCED_APART, FORCED_A_DAY, DAY = 30.0, 20, 86_400.0


@dataclass
class _App:
    secret: str
    tokens: dict[str, float] = field(default_factory=dict)
    """Until when each is good; the last one is in force."""
    forced: deque[float] = field(default_factory=lambda: deque(maxlen=FORCED_A_DAY))


class FakeTokens:
    def __init__(self, apps: dict[str, str], clock: Callable[[], float]) -> None:
        """`apps`: secrets by app ids."""
        self.faults = Faults(refusal)
        self.given = 0
        """How many tokens were made."""
        self._apps = {app_id: _App(secret) for app_id, secret in apps.items()}
        self._clock = clock

    def expire(self, app_id: str) -> None:
        """All of an app's tokens are over this moment, as if seven thousand seconds had passed unnoticed."""
        app = self._apps[app_id]
        app.tokens = dict.fromkeys(app.tokens, self._clock())

    def against(self, token: str, app_id: str) -> int:
        """Why this token does not open that app's calls; 0 if it does."""
        until = self._apps[app_id].tokens.get(token)
        if not token:
            return 41001
        return 40001 if until is None else 42001 if self._clock() >= until else 0

    async def answer(self, request: Request) -> Response:
        return await self.faults.suffer(request, self._give)

    async def _give(self, request: Request) -> Response:
        asked = await request.json()
        app = self._apps.get(asked.get("appid"))
        if asked.get("grant_type") != "client_credential":
            return refusal(40002)
        if app is None:
            return refusal(40013)
        if asked.get("secret") != app.secret:
            return refusal(40125)
        now = self._clock()
        token, until = next(reversed(app.tokens.items()), ("", 0.0))
        if asked.get("force_refresh"):
            if (app.forced and now - app.forced[-1] < FORCED_APART) or (
                len(app.forced) == FORCED_A_DAY and now - app.forced[0] < DAY
            ):
                return refusal(45009)
            app.forced.append(now)
            app.tokens = {}  # what was given before opens nothing any more
            until = 0.0
        if until - now <= OVERLAP:
            token, until = secrets.token_urlsafe(96), now + LIFE
            app.tokens[token] = until
            self.given += 1
        return reply({"access_token": token, "expires_in": int(until - now)})
