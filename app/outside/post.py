"""How a notice leaves the house: a channel, an address, a message of fixed words, and what became of it.

Each provider refuses in dozens of codes; whoever keeps the ledger of deliveries acts on seven verdicts below.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class Channel(StrEnum):
    MINI_PROGRAM = "MINI_PROGRAM"
    """A subscribe message of the mini-program; the address is an openid of the mini-program."""
    OFFICIAL_ACCOUNT = "OFFICIAL_ACCOUNT"
    """A subscribe notice of the official account; the address is an openid of the official account."""
    SMS = "SMS"
    """A text message without variables, or with a count; the address is a telephone number (E.164)."""


class Verdict(StrEnum):
    """What a failure means for the one who wants something delivered."""

    NO_CONSENT = "NO_CONSENT"
    """Nobody's permission is left (43101): the credit is gone, the next channel's turn."""
    CONFIG = "CONFIG"
    """Template, page, field, sign or capability is wrong: an operator mends it; the next channel's turn."""
    BAD_ADDRESS = "BAD_ADDRESS"
    """Nothing can reach this address (40003, no such number): the binding ends, the next channel's turn."""
    BACK_OFF = "BACK_OFF"
    """Too much at once (45009, 45011, throttled): nothing was sent, later works."""
    LIMITED = "LIMITED"
    """This address has had as many as the carrier lets through for now: nothing was sent, much later works, and nobody
    else is concerned."""
    TRY_AGAIN = "TRY_AGAIN"
    """Busy (-1), two at once to one person (43108), not connected, or a token that would not do: nothing was sent, soon
    works."""
    UNKNOWN = "UNKNOWN"
    """The request left and no answer came: it may have arrived, so nothing sends it again blindly."""


class Fate(StrEnum):
    """What the provider says became of a message."""

    ARRIVED = "ARRIVED"
    FAILED = "FAILED"
    UNDER_WAY = "UNDER_WAY"
    """The provider took it and waits for the receipt."""
    NOT_KNOWN = "NOT_KNOWN"
    """The provider has no such message: it never took it, or does not list it yet."""


class NotSent(Exception):
    """A message that did not go out, or may not have. `code` is the provider's own; address and words never told."""

    def __init__(self, verdict: Verdict, code: int | str | None = None) -> None:
        super().__init__(f"{verdict}, provider's code {code}")
        self.verdict = verdict
        self.code = None if code is None else str(code)


@dataclass(frozen=True)
class Message:
    """A template's key (REPLY, OFFER, ...), the words for its fields as WeChat names them (`thing1`, `time2`), and the
    page of the mini-program that a tap opens. No content of any case."""

    template: str
    words: Mapping[str, str] = field(default_factory=dict, repr=False)
    page: str = field(default="", repr=False)


@dataclass(frozen=True)
class TemplateIds:
    """WeChat's ids of the mini-program's templates by our keys: clients ask for consent by them."""

    mini_program: Mapping[str, str]


class Carrier(Protocol):
    """One channel."""

    async def send(self, address: str, message: Message, key: UUID) -> str:
        """The provider's id of the message (empty where it gives none). `key` is ours, kept by it where it can."""
        ...


class Enquirer(Protocol):
    """A channel whose provider can be asked afterwards."""

    async def ask(self, address: str, key: UUID, day: date) -> Fate: ...


async def _nothing() -> None:
    pass


class Post:
    """All channels that there are; one that is not set up refuses as CONFIG."""

    def __init__(
        self,
        carriers: Mapping[Channel, Carrier],
        enquirers: Mapping[Channel, Enquirer] | None = None,
        close: Callable[[], Awaitable[None]] = _nothing,
    ) -> None:
        self._carriers = carriers
        self._enquirers = enquirers or {}
        self.aclose = close

    def carries(self, channel: Channel) -> bool:
        return channel in self._carriers

    async def send(self, channel: Channel, address: str, message: Message, key: UUID) -> str:
        """The provider's id of the message. Raises NotSent; takes ten seconds at most."""
        if channel not in self._carriers:
            raise NotSent(Verdict.CONFIG)
        return await self._carriers[channel].send(address, message, key)

    async def ask(self, channel: Channel, address: str, key: UUID, day: date) -> Fate:
        """What became of the message sent under `key` on `day` (Asia/Shanghai): SMS alone can say.

        Raises NotSent (TRY_AGAIN, BACK_OFF, CONFIG) where it does not.
        """
        if channel not in self._enquirers:
            return Fate.NOT_KNOWN
        return await self._enquirers[channel].ask(address, key, day)
