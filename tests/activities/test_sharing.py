"""An activity is passed on: its cover, its page, its poster, and by which channel people came."""

import asyncio
import io
import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from app.activities import routes
from app.activities.rules.sharing import page, poster
from app.core.access import Role
from app.core.ids import new_id
from app.core.qr import qr
from app.graph import rates
from app.graph.ids import uuid_of
from app.outside.press import Press
from tests.activities.hall import CHANGE, CREATE, content, move, opened
from tests.city import City, codes
from tests.conftest import press
from tests.directory.desk import enter_institution
from tests.outreach.hall import created, funnel
from tests.vault.samples import picture
from tests.vault.scene import DENIED, attempt
from tests.vault.sending import house, path, sent

pytestmark = pytest.mark.anyio

SHARED = """query ($id: ID!, $code: String) { activity(id: $id) { cover { url smallUrl width height }
  shareUrl(channelCode: $code) pdf: posterUrl(channelCode: $code) svg: posterUrl(format: SVG)
  png: posterUrl(format: PNG) } }"""
HOSTILE = "</title><script>alert(1)</script>\"'&<img src=x onerror=y>"


def here(url: str) -> str:
    """Its path and what follows."""
    return url.removeprefix("http://city")


async def test_a_cover_a_page_and_a_poster(city: City) -> None:
    editor, second = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    hall = await enter_institution(city, editor, name="示例司法所", kind="JUDICIAL_OFFICE", number="示例-S-1")
    channel = await created(city, editor)
    async with house(city) as client:
        covers = [await sent(city, client, editor, picture()) for _ in range(2)]
        theirs = await sent(city, client, second, picture())
        said: dict[str, Any] = {"kind": "GATHERING", "idempotencyKey": str(new_id())}
        said["content"] = content(await city.now(), title=HOSTILE[:60], institutionId=hall["id"], coverId=covers[0])
        made = await city.one(editor, CREATE, input=said)
        assert (await city.one(editor, CREATE, input=said))["id"] == made["id"]
        id, row = made["id"], uuid_of(made["id"], "Activity")
        change = {"activityId": id, "version": 1, "content": said["content"] | {"coverId": theirs}}
        refused = await city.one(editor, CHANGE, input=change)
        assert (codes(refused), refused["reasons"][0]["field"]) == (["NOT_FOUND"], "content.coverId")
        # It stays unless another is sent, or none is wanted.
        first = (await city.one(editor, SHARED, id=id))["cover"]
        changes: list[tuple[int, dict[str, Any], Any]] = [
            (1, {"coverId": None, "places": 5}, first),
            (2, {"coverId": None, "keepCover": False}, None),
            (3, {"coverId": covers[1], "keepCover": False}, ...),
        ]
        for version, how, expected in changes:
            change |= {"version": version, "content": said["content"] | how}
            assert (await city.one(editor, CHANGE, input=change))["version"] == version + 1
            cover = (await city.one(editor, SHARED, id=id))["cover"]
            assert cover == expected if expected is not ... else cover not in (None, first)
        await city.settle()
        shared = await city.one(editor, SHARED, id=id, code=channel["code"])
        assert (shared["cover"]["width"], shared["cover"]["height"]) == (480, 640)
        # Before it has passed review there is no page of it, whoever asks.
        addresses = [path(shared[one]) for one in ("shareUrl", "pdf", "svg", "png")]
        assert [(await client.get(one)).status_code for one in addresses] == [404] * 4
        await move(city, editor, id, "SUBMIT", 4)
        drop = "UPDATE app.activity SET cover = NULL, changed_by = :me, changed_at = app.clock() WHERE id = :id"
        assert await attempt(city.db, editor.id, drop, me=editor.id, id=row) == DENIED
        assert (await move(city, second, id, "PASS", 4))["state"] == "SCHEDULED"

        found = await client.get(here(shared["shareUrl"]))
        assert found.status_code == 200
        assert "script" not in found.headers["content-security-policy"]
        assert not re.search(r"<(script|img src=x)", found.text)
        for words in (
            "&lt;script&gt;",
            "示例司法所",
            "社区党群服务中心二楼",
            "还剩 3 个",
            path(shared["cover"]["url"]),
        ):
            assert words in found.text
        assert f'property="og:image" content="{shared["cover"]["url"]}"' in found.text
        known = {"if-none-match": found.headers["etag"]}
        assert (await client.get(here(shared["shareUrl"]), headers=known)).status_code == 304
        assert (await client.head(here(shared["shareUrl"]))).status_code == 200
        # Counted for the channel whose link it was, each opening; looks at the headers alone are not.
        assert (await funnel(city, editor, channel["id"]))["scans"] == 2
        kinds = []
        for one in ("pdf", "svg", "png"):
            drawn = await client.get(here(shared[one]))
            again = await client.get(here(shared[one]), headers={"if-none-match": drawn.headers["etag"]})
            assert (drawn.status_code, again.status_code, again.content) == (200, 304, b"")
            kinds.append((drawn.headers["content-type"], drawn.content))
        assert [kind for kind, _ in kinds] == ["application/pdf", "image/svg+xml", "image/png"]
        (sheet,) = PdfReader(io.BytesIO(kinds[0][1])).pages
        assert "社区党群服务中心二楼" in "".join(sheet.extract_text().split())
        assert len(sheet.images) == 1
        assert Image.open(io.BytesIO(kinds[2][1])).size == (1240, 1754)
        # Another channel's poster has another code; one that nobody made has none.
        plain = path(shared["pdf"])
        tags = [
            (await client.get(plain, params={"c": code})).headers["etag"]
            for code in (channel["code"], "23456789ABCD", "x")
        ]
        assert tags[0] != tags[1] == tags[2]
        assert (await client.get(f"/e/{row}/poster.gif")).status_code == 404
        # What was called off says so, and is not hung up any more.
        assert (await move(city, editor, id, "CANCEL", 4, "场地<b>临时</b>不能使用"))["state"] == "CANCELLED"
        gone = await client.get(here(shared["shareUrl"]))
        assert "场地&lt;b&gt;临时&lt;/b&gt;不能使用" in gone.text
        assert "名额" not in gone.text
        assert (await client.get(here(shared["pdf"]))).status_code == 404
        assert (await client.get(f"/e/{new_id()}")).status_code == 404


async def test_a_poster_that_many_want_at_once_is_printed_once(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "PATIENCE", 10.0)  # counted in Redis, however busy this machine is
    city.settings = city.settings.model_copy(update={"requests_an_address": 12})
    id, _ = await opened(city)
    printed: list[str] = []
    drawn = Press.draw

    async def counted(self: Press, template: str, *said: Any) -> Any:
        printed.append(template)
        return await drawn(self, template, *said)

    monkeypatch.setattr(Press, "draw", counted)
    address = f"/e/{uuid_of(id, 'Activity')}/poster"
    async with house(city) as client:
        made = await asyncio.gather(*(client.get(f"{address}.svg") for _ in range(10)))
        assert {(one.status_code, one.content) for one in made} == {(200, made[0].content)}
        assert len(printed) == 1
        # What lies there costs nothing; what would have to be printed does, from the same address.
        again = [(await client.get(f"{address}.svg")).status_code for _ in range(10)]
        monkeypatch.setattr(routes, "KEPT", 0)
        others = [await client.get(f"{address}.png") for _ in range(20)]  # over two minutes, if it must be
    assert again == [200] * 10
    allowed = sum(one.status_code == 200 for one in others)
    assert 2 <= allowed < 15
    assert (others[-1].status_code, len(printed)) == (429, 1 + allowed)
    assert int(others[-1].headers["retry-after"]) <= 60


def an_activity(**other: Any) -> SimpleNamespace:
    at = datetime(2026, 12, 5, 1, tzinfo=UTC)
    said: dict[str, Any] = {
        "id": new_id(),
        "kind": "GATHERING",
        "title": "民法典进社区讲座",
        "state": "OPEN",
        "reason": "",
    }
    said |= {"words": "律师现场讲解婚姻、继承常见问题。", "place": "社区党群服务中心二楼", "places": 30, "taken": 30}
    said |= {"waiting": 4, "opens_at": at, "closes_at": at + timedelta(days=2), "published_at": at}
    said |= {"begins_at": at + timedelta(days=3), "ends_at": at + timedelta(days=3, hours=2)}
    return SimpleNamespace(**said | other)


def test_whatever_it_is_called_a_poster_is_one_page() -> None:
    code = qr("https://example.gov.cn/e/" + "f" * 36, "svg").decode()
    at = datetime(2026, 12, 5, tzinfo=UTC)
    longest = {"title": "题" * 60, "words": "文" * 5_000, "place": "处" * 100}
    for other in ({}, longest, {"kind": "QUIZ", "place": "", "title": "#set page(width: 1pt) $x$ *b* \\ @ref"}):
        for cover in (None, code):
            row = an_activity(**other)
            made = press().printed("poster.typ", poster(row, "示" * 40, cover, code), at)
            assert made.pages == 1
            text = "".join(PdfReader(io.BytesIO(made.pdf)).pages[0].extract_text().split())
            assert "".join(row.title.split()) in text


def test_a_page_says_how_it_stands() -> None:
    told = page(an_activity(), "", None, "https://x")
    assert "30 个，已报满，4 人候补" in told
    assert "2026年12月8日（周二）09:00 至 11:00" in told
    assert "2026年12月5日（周六）09:00 至 2026年12月7日（周一）09:00" in told
    assert "og:image" not in told
    assert "名额" not in page(an_activity(state="ARCHIVED"), "", None, "https://x")
    assert "报名。也可拨打 12348 咨询。</p>" in told
    for state in ("CLOSED", "CANCELLED", "ARCHIVED"):  # there is nothing else that one could do
        over = page(an_activity(state=state, reason="因天气原因取消"), "", None, "https://x")
        assert '<p class="told">如需咨询，请拨打 12348。</p>' in over
