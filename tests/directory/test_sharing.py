"""An institution's page and its QR code: anybody opens them, and who is not to be visited has none."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from PIL import Image

from app.core.access import Role
from app.core.html import LARGE
from app.core.qr import qr
from app.graph.ids import uuid_of
from tests.city import City
from tests.directory.desk import change_institution, enter_institution, open_institution
from tests.vault.sending import path

pytestmark = pytest.mark.anyio

SHARED = """query ($id: ID!) { node(id: $id) { ... on Institution {
  shareUrl svg: qrUrl(format: SVG) png: qrUrl openLocation { infoUrl } } } }"""


async def test_a_link_and_its_code_lead_to_a_page_until_nobody_vouches_for_it(city: City) -> None:
    editor = await city.person(Role.EDITOR)
    services = [{"service": "MEDIATION", "documents": ["<身份证>"]}]
    made = await enter_institution(city, editor, address="<b>示例路</b>1号", services=services, accessible=True)
    await open_institution(city, editor, made["id"], 1, dates=[{"day": "2030-01-01", "open": []}])
    shared = await city.one(None, SHARED, id=made["id"])
    assert shared["shareUrl"].endswith(f"/i/{uuid_of(made['id'], 'Institution')}")
    assert (shared["png"], shared["svg"]) == (f"{shared['shareUrl']}/qr.png", f"{shared['shareUrl']}/qr.svg")
    assert shared["openLocation"] is None  # nobody has said where it is
    async with city.http() as client:
        page = await client.get(path(shared["shareUrl"]))
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        for told in (
            "济源示例公证处",
            "0391-0000001",
            "周一 09:00–12:00、14:00–17:30",
            "2030-01-01 不开放",
            "人民调解",
        ):
            assert told in page.text
        assert "&lt;b&gt;示例路&lt;/b&gt;" in page.text
        assert "&lt;身份证&gt;" in page.text
        assert "<b>" not in page.text
        assert f'property="og:url" content="{shared["shareUrl"]}"' in page.text
        assert LARGE in page.text
        svg, png = [await client.get(path(shared[kind])) for kind in ("svg", "png")]
        assert (svg.headers["content-type"], png.headers["content-type"]) == ("image/svg+xml", "image/png")
        assert svg.content == qr(shared["shareUrl"], "svg")
        assert Image.open(io.BytesIO(png.content)).size[0] > 200
        for answer in (page, svg, png):
            assert answer.headers["cache-control"] == "public, max-age=3600"
            again = {"if-none-match": f'"other", W/{answer.headers["etag"]}'}
            same = await client.get(answer.url.path, headers=again)
            assert (same.status_code, same.content) == (304, b"")
            head = await client.head(answer.url.path)
            assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", answer.headers["etag"])
            with city.statements() as sent:
                await client.get(answer.url.path)
            assert len(sent) == 1
        changed = await change_institution(city, editor, made["id"], 2, address="示例路2号")
        fresh = await client.get(page.url.path, headers={"if-none-match": page.headers["etag"]})
        assert (fresh.status_code, "示例路2号" in fresh.text) == (200, True)
        addresses = [page.url.path, svg.url.path, png.url.path]
        for wrong in (
            f"/i/{uuid4()}",
            f"/i/{uuid4()}/qr.svg",
            "/i/1",
            f"{page.url.path}/qr.gif",
            f"{page.url.path}/qr",
        ):
            assert (await client.get(wrong)).status_code == 404
        assert (await client.post(page.url.path)).status_code == 405
        await change_institution(city, editor, made["id"], changed["version"], standing="SUSPENDED")
        assert [(await client.get(one)).status_code for one in addresses] == [404] * 3
        await change_institution(city, editor, made["id"], 4, standing="ACTIVE")
        assert (await client.get(addresses[0])).status_code == 200
        await city.turn(timedelta(days=367))
        assert [(await client.get(one)).status_code for one in addresses] == [404] * 3
    gone = await city.one(None, SHARED, id=made["id"])
    assert gone == {"shareUrl": None, "svg": None, "png": None, "openLocation": None}
