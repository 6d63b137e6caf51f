"""What whoever follows an institution's link or code reads: a page that needs nothing else, in Chinese."""

from collections.abc import Iterator
from html import escape
from typing import Any, Final
from uuid import UUID

from app.core.html import document, pairs
from app.directory.models import RegisterKind, Service
from app.directory.rules.hours import Hours, OpenDay, Stretch
from app.directory.rules.kinds import TITLES
from app.directory.rules.services import NAMES

DAYS: Final = dict(
    zip(OpenDay, ("周一", "周二", "周三", "周四", "周五", "周六", "周日", "节假日", "调休上班日"), strict=True)
)


def path_of(id: UUID) -> str:
    """Under the house's own address."""
    return f"/i/{id}"


def page(row: Any, house: str) -> str:
    """HTML of a record; nothing in it is taken for markup."""
    body = f"<h1>{escape(row.name)}</h1>{pairs(list(_told(row)))}"
    return document(row.name, body, about=row.address or "", address=f"{house}{path_of(row.id)}")


def _told(row: Any) -> Iterator[tuple[str, str]]:
    yield "类别", TITLES[RegisterKind(row.kind)].zh
    yield "地址", escape(row.address)
    yield "电话", "<br>".join(f'<a href="tel:{escape(phone)}">{escape(phone)}</a>' for phone in row.phones)
    yield "开放时间", "<br>".join(_hours(Hours.model_validate(row.hours))) if row.hours else ""
    yield "无障碍出入口", "" if row.accessible is None else "有" if row.accessible else "无"
    yield "语言", escape("、".join(row.languages))
    yield "办理事项", "<br>".join(_services(row.services))


def _hours(hours: Hours) -> Iterator[str]:
    for day, name in DAYS.items():
        yield f"{name} {_stretches(hours.days[day])}"
    for date, open in hours.dates.items():
        yield f"{date.isoformat()} {_stretches(open)}"


def _stretches(open: list[Stretch]) -> str:
    return "、".join(f"{begin}–{end}" for begin, end in open) or "不开放"


def _services(said: dict[str, list[str]]) -> Iterator[str]:
    for service in Service:
        if service in said:
            bring = "、".join(said[service])
            yield escape(f"{NAMES[service].zh}（请携带：{bring}）" if bring else NAMES[service].zh)
