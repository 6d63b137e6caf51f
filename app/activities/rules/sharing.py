"""What whoever follows an activity's link reads, and what its poster says; in Chinese."""

from collections.abc import Iterator
from datetime import datetime
from html import escape
from typing import Any, Final
from uuid import UUID

from app.activities.models import ActivityKind, ActivityState
from app.core.html import document, pairs, paragraphs
from app.outreach.rules.links import share
from app.places.rules.workdays import CITY_TIME

KINDS: Final = {
    ActivityKind.GATHERING: "线下活动",
    ActivityKind.QUIZ: "法律知识竞赛",
    ActivityKind.CONTEST: "作品征集",
}
_STATES: Final = {
    ActivityState.SCHEDULED: "即将开放",
    ActivityState.OPEN: "进行中",
    ActivityState.CLOSED: "已截止",
    ActivityState.SCORING: "评审中",
    ActivityState.ANNOUNCED: "结果已公布",
    ActivityState.ARCHIVED: "已结束",
    ActivityState.CANCELLED: "已取消",
}
SIGN_UP: Final = {True: "报名", False: "参与"}
"""Whether it is a gathering."""
_DAYS: Final = "一二三四五六日"
ABOUT: Final = 90
"""Letters of its words that stand where a link is passed on, and on the poster."""


def path_of(house: str, activity: UUID, channel: str | None = None) -> str:
    """An address for anybody; who opens it is counted for the channel. What is no channel's code is left out."""
    return share(f"{house}/e/{activity}", channel)


def poster_path(house: str, activity: UUID, kind: str, channel: str | None = None) -> str:
    """`kind`: svg, png or pdf. Its QR code leads to the page, and is counted for the channel."""
    return share(f"{house}/e/{activity}/poster.{kind}", channel)


def page(row: Any, institution: str, cover: UUID | None, house: str) -> str:
    """HTML of what has passed review; nothing in it is taken for markup."""
    shown = f'<p><img src="/pictures/{cover}" alt=""></p>' if cover else ""
    called_off = ""
    if row.state == ActivityState.CANCELLED:
        called_off = f'<p class="bad"><strong>活动已取消：</strong>{escape(row.reason)}</p>'
    body = f"<h1>{escape(row.title)}</h1>{called_off}{shown}{pairs(list(_told(row, institution)))}"
    body += f'{paragraphs(row.words)}<p class="told">{_how(row)}</p>'
    picture = f"{house}/pictures/{cover}" if cover else ""
    return document(row.title, body, about=about(row.words), picture=picture, address=path_of(house, row.id))


def about(words: str) -> str:
    """How it begins."""
    line = " ".join(words.split())
    return line if len(line) <= ABOUT else f"{line[: ABOUT - 1]}…"


def poster(row: Any, institution: str, cover: str | None, qr: str) -> dict[str, Any]:
    """What `poster.typ` is told. `cover` and `qr` are SVG."""
    day = row.published_at.astimezone(CITY_TIME)
    return {
        "kind": KINDS[ActivityKind(row.kind)],
        "title": row.title,
        "about": about(row.words),
        "rows": [[name, said] for name, said in _when(row) if said],
        "office": institution,
        "how": f"微信扫一扫{SIGN_UP[row.kind == ActivityKind.GATHERING]}",
        "line": "公共法律服务　热线 12348",
        "cover": cover,
        "qr": qr,
        "day": {"year": day.year, "month": day.month, "day": day.day},
    }


def _when(row: Any) -> Iterator[tuple[str, str]]:
    gathering = row.kind == ActivityKind.GATHERING
    yield "时间", span(row.begins_at, row.ends_at) if gathering else ""
    yield "地点", row.place
    yield f"{SIGN_UP[gathering]}时间", span(row.opens_at, row.closes_at)


def _told(row: Any, institution: str) -> Iterator[tuple[str, str]]:
    state = ActivityState(row.state)
    yield "类别", KINDS[ActivityKind(row.kind)]
    yield "状态", _STATES[state]
    for name, said in _when(row):
        yield name, escape(said)
    yield "主办", escape(institution)
    if row.places is not None and state in (ActivityState.SCHEDULED, ActivityState.OPEN):
        left = row.places - row.taken
        yield "名额", f"{row.places} 个，还剩 {left} 个" if left else f"{row.places} 个，已报满，{row.waiting} 人候补"


def _how(row: Any) -> str:
    if row.state not in (ActivityState.SCHEDULED, ActivityState.OPEN):
        return "如需咨询，请拨打 12348。"
    return f"请打开微信小程序“公共法律服务”{SIGN_UP[row.kind == ActivityKind.GATHERING]}。也可拨打 12348 咨询。"


def span(begins: datetime, ends: datetime) -> str:
    """In the city's time; the day once where both are on one."""
    first, last = begins.astimezone(CITY_TIME), ends.astimezone(CITY_TIME)
    until = f"{last:%H:%M}" if first.date() == last.date() else _moment(last)
    return f"{_moment(first)} 至 {until}"


def _moment(at: datetime) -> str:
    return f"{at.year}年{at.month}月{at.day}日（周{_DAYS[at.weekday()]}）{at:%H:%M}"
