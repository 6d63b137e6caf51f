"""What whoever follows a shared link reads: an article as a page that needs nothing else, in Chinese."""

from collections.abc import Iterator
from html import escape
from typing import Any
from uuid import UUID

from app.core.html import document, paragraphs
from app.education.rules.rendering import html_of
from app.outreach.rules.links import share
from app.places.rules.workdays import CITY_TIME


def path_of(house: str, article: UUID, channel: str | None) -> str:
    """An address for anybody; who opens it is counted for the channel. What is no channel's code is left out."""
    return share(f"{house}/a/{article}", channel)


def stop_path(house: str, push: UUID) -> str:
    """A page with a button that stops all pushes to whose it is."""
    return f"{house}/stop/{push}"


def stop_page(stopped: bool) -> str:
    """Before and after. A look alone stops nothing: programs look at links before people do."""
    said = "<p>已停止推送。您以后不会再收到普法推送，需要时可在小程序中重新开启。</p>"
    form = '<form method="post"><button>停止全部普法推送</button></form>'
    title, body = ("已停止推送", said) if stopped else ("停止普法推送", form)
    return document(title, f"<h1>{title}</h1>{body}", listed=False)


def page(row: Any, cover: str | None, corrections: list[Any], house: str) -> str:
    """HTML of a published version; nothing but its cleaned text is taken for markup. `corrections`: the versions that
    put something right, the newest first."""
    body = "".join(_parts(row, cover, corrections))
    address = path_of(house, row.article, None)
    return document(row.title, body, about=row.summary, picture=cover or "", address=address)


def _parts(row: Any, cover: str | None, corrections: list[Any]) -> Iterator[str]:
    yield f"<h1>{escape(row.title)}</h1>"
    day = row.listed_at.astimezone(CITY_TIME).strftime("%Y-%m-%d")
    yield f'<p class="told">{day}　作者：{escape(row.byline)}　审核：{escape(row.reviewer_called)}</p>'
    if cover:
        yield f'<img src="{escape(cover, quote=True)}" alt="">'
    yield html_of(row.body)
    for one in row.cases:
        yield f"<h2>案例：{escape(one['title'])}</h2>"
        yield paragraphs(one["text"])
        yield f'<p class="told">来源：{escape(one["source"])}</p>'
    if row.statutes:
        told = "".join(f"<li>《{escape(one['law'])}》{escape(one['article'])}</li>" for one in row.statutes)
        yield f"<h2>法律依据</h2><ul>{told}</ul>"
    if corrections:
        told = "".join(
            f"<li>{one.published_at.astimezone(CITY_TIME):%Y-%m-%d} {escape(one.correction)}</li>"
            for one in corrections
        )
        yield f"<h2>更正记录</h2><ul>{told}</ul>"
