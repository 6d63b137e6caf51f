"""What is to be made of a push: which are kept, what they say, and which card whoever writes to the account gets."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from app.outside.wechat.pushes import Push, cdata

FOLLOWING = frozenset({"subscribe", "scan"})
LEAVING = "unsubscribe"
CONSENTS = frozenset({"subscribe_msg_popup_event", "subscribe_msg_change_event"})
REPORTS = "subscribe_msg_sent_event"
OPINION = "wxa_media_check"
KEPT = FOLLOWING | CONSENTS | {LEAVING, REPORTS, OPINION}
"""All other events, and what people write, change nothing here."""
WRAPPED = ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent")
BY_A_CODE = "qrscene_"
MOST = 20

_SCENE = re.compile(r"[\x21-\x7e\u4e00-\u9fff]{1,64}")
_WORD = re.compile(r"[\x21-\x7e]{1,64}")


@dataclass(frozen=True)
class Consent:
    """To one template (our key of it)."""

    template: str
    accepted: bool


@dataclass(frozen=True)
class Report:
    """What became of a message that we sent: "0" is delivered, all else a reason why not."""

    message: str
    code: str


@dataclass(frozen=True)
class Card:
    """What the account answers with, and offers in its menu: `button` has at most 16 bytes there."""

    key: str
    button: str
    words: frozenset[str]
    title: str
    text: str
    page: str


_DATA: dict[str, Any] = json.loads((files("app.accounts") / "data" / "cards.json").read_text(encoding="utf-8"))
HELP: str = _DATA["help"]
CARDS = tuple(Card(**{**card, "words": frozenset(card["words"])}) for card in _DATA["cards"])


def is_kept(push: Push) -> bool:
    return push.is_event and push.kind in KEPT


def scene(push: Push) -> str | None:
    """What stood in the QR code by which somebody came to follow, or came back."""
    if push.kind not in FOLLOWING:
        return None
    said = push.text("EventKey").removeprefix(BY_A_CODE)
    return said if _SCENE.fullmatch(said) else None


def consents(push: Push, keys: Mapping[str, str]) -> list[Consent]:
    """`keys`: ours, by WeChat's ids; of a template that is not ours nothing is said."""
    if push.kind not in CONSENTS:
        return []
    items = [(keys.get(str(item.get("TemplateId"))), item.get("SubscribeStatusString")) for item in _items(push)]
    return [Consent(key, said == "accept") for key, said in items if key and said in ("accept", "reject")]


def reports(push: Push) -> list[Report]:
    if push.kind != REPORTS:
        return []
    items = [(str(item.get("MsgID")), str(item.get("ErrorCode"))) for item in _items(push)]
    return [Report(*item) for item in items if all(map(_WORD.fullmatch, item))]


def opinion(push: Push) -> dict[str, str]:
    """On a public picture or sound: `{"trace", "suggest", "label"}`, all text."""
    if push.kind != OPINION:
        return {}
    result = push.fields.get("result")
    said = result if isinstance(result, Mapping) else {}
    found = {"trace": push.fields.get("trace_id"), "suggest": said.get("suggest"), "label": said.get("label")}
    return {name: str(value) for name, value in found.items() if _WORD.fullmatch(str(value))}


def card(push: Push) -> Card | str | None:
    """What to answer: a card, the words of help, or nothing, to an event that nobody waits an answer to."""
    if push.is_event:
        if push.kind == "subscribe":
            return HELP
        asked = push.text("EventKey") if push.kind == "click" else None
        return next((each for each in CARDS if each.key == asked), None)
    word = unicodedata.normalize("NFKC", push.text("Content")).strip().strip("“”\"'。！!？?").lower()
    return next((each for each in CARDS if word in each.words), HELP)


def as_reply(said: Card | str, mini_program: str, home: str, links: Mapping[str, str]) -> str:
    """The reply's own fields. A card with an address of its own is tapped as a whole; the others are words, with a way
    into the mini-program. `home`: where that leads on a WeChat too old for it."""
    if isinstance(said, str):
        return _text(said)
    if link := links.get(said.key):
        item = f"<Title>{cdata(said.title)}</Title><Description>{cdata(said.text)}</Description><PicUrl></PicUrl>"
        item += f"<Url>{cdata(link)}</Url>"
        return (
            f"<MsgType>{cdata('news')}</MsgType><ArticleCount>1</ArticleCount><Articles><item>{item}</item></Articles>"
        )
    way = ""
    if said.page and mini_program:
        # The text is ours alone: nothing that somebody wrote stands in it.
        to = f'data-miniprogram-appid="{mini_program}" data-miniprogram-path="{said.page}"'
        way = f'\n<a href="{home}" {to}>打开小程序</a>'
    return _text(f"{said.title}\n{said.text}{way}")


def menu(mini_program: str, home: str, links: Mapping[str, str]) -> list[dict[str, str]]:
    """The buttons below the conversation, one a card: it leads to the card's address or page, or asks for the card."""
    return [{"name": card.button, **_tap(card, mini_program, home, links)} for card in CARDS]


def _tap(card: Card, mini_program: str, home: str, links: Mapping[str, str]) -> dict[str, str]:
    if link := links.get(card.key):
        return {"type": "view", "url": link}
    if card.page and mini_program:
        return {"type": "miniprogram", "appid": mini_program, "pagepath": card.page, "url": home}
    return {"type": "click", "key": card.key}


def _text(words: str) -> str:
    return f"<MsgType>{cdata('text')}</MsgType><Content>{cdata(words)}</Content>"


def _items(push: Push) -> Iterator[Mapping[str, Any]]:
    """Of one thing or of a list of them: XML wraps it in the event's own name, JSON does not, and both drop the list
    where there is but one."""
    found: Any = next((push.fields[name] for name in WRAPPED if name in push.fields), push.fields)
    if isinstance(found, Mapping):
        found = found.get("List")
    many = found if isinstance(found, list) else [found]
    yield from [item for item in many if isinstance(item, Mapping)][:MOST]
