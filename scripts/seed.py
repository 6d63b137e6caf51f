"""Makes the demo city, once, and tokens for everybody in it, at every start. In demo mode only.

`DATA/demo.json` (its owner's alone): `{"url", "wsUrl", "phones", "resident": [...], "lawyer": [...],
"supervisor": [...], "admin": [...], "editor": [...], "officer": [...], "window_staff": [...], "notary": [...],
"mediator": [...], "posts": {"officer": [...]}}`: the tokens of each role good for a day, the page of everybody's
telephones, and who of the staff is what at which institution, in the order of the tokens.
DEMO_LAWYERS, DEMO_RESIDENTS and DEMO_SPEED are the options' defaults, for those who start the whole house.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Uuid, bindparam, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from app.accounts.actions.appointing import appoint, post
from app.accounts.actions.identity import add_identity, digest_of, present
from app.accounts.actions.offices import Place
from app.accounts.models import Duty, Identity, IdentityKind
from app.accounts.rules.said import telephone
from app.accounts.rules.tokens import sign
from app.appointments.actions import desk
from app.appointments.reads import calendars_at
from app.consultation.models import DispatchPolicy
from app.consultation.rules.policy import faster
from app.core.access import Role, Viewer
from app.core.db import NOBODY, Database, Session, connect, now
from app.core.ids import new_id
from app.core.sealing import KeyProvider
from app.directory.actions.register import register_lawyers, write_down
from app.directory.models import Firm, Lawyer, Standing
from app.education.actions import writing
from app.education.models import ArticleState
from app.education.reads import versions
from app.outside.keys import FileKeys
from app.settings import Settings
from scripts.folder import keep
from scripts.playing import people
from scripts.playing.articles import ARTICLES, REVIEWER
from scripts.playing.articles import WHY as WHY_PUBLISHED
from scripts.playing.institutions import institutions
from scripts.playing.people import FirmSketch, LawyerSketch
from scripts.playing.staff import OFFERED, STAFF, WHY, room, theirs, who_opens

TOKENS_LIVE = timedelta(days=1)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
SPEED = "speed"
"""In the terms of a policy of ours: how much faster it is than the one it was made from."""


# Each row in the name of its person: a thousand sign-ins one by one would keep every start waiting for seconds.
_SIGN_IN = """
INSERT INTO app.sign_in (id, person, device, created_at, seen_at)
SELECT :id, CAST(set_config('app.person', :person, true) AS uuid), 'scripts/seed', app.clock(), app.clock()"""
SIGN_IN = text(_SIGN_IN).bindparams(bindparam("id", type_=Uuid))


MINI_PROGRAM = (Role.RESIDENT, Role.LAWYER)
"""Who of the demo city comes by it."""


@dataclass(frozen=True)
class Size:
    lawyers: int = 1000
    residents: int = 150
    """Each may have three open questions."""


async def people_of(owner: Database, keys: KeyProvider, size: Size) -> dict[Role, list[UUID]]:
    """Everybody in the city, made unless they are there already."""
    sketches = people.lawyers(size.lawyers)
    wanted = {
        Role.RESIDENT: people.resident_phones(size.residents),
        Role.LAWYER: [sketch.phone for sketch in sketches],
        Role.SUPERVISOR: [people.SUPERVISOR_PHONE],
        Role.ADMIN: [people.ADMIN_PHONE],
        Role.EDITOR: [people.EDITOR_PHONE],
    }
    for one in STAFF:
        wanted.setdefault(one.role, []).append(one.phone)
    async with owner.acting(NOBODY) as session:
        known = await _known(session, keys, chain.from_iterable(wanted.values()))
        for role, phones in wanted.items():
            for phone in phones:
                if phone not in known:
                    known[phone] = await appoint(session, keys, phone, [role])
                    if role in MINI_PROGRAM:
                        await _open_mini_program(session, keys, known[phone], phone)
    # A transaction of its own: appointing spoke in the name of whom it appointed, and nobody enters lawyers in hers.
    async with owner.acting(NOBODY) as session:
        await _enter(session, sketches, known)
        if sketches:  # and with them the institutions
            for one in STAFF:
                await post(session, keys, known[one.phone], Place(one.at.id, one.duty, one.called))
    return {role: [known[phone] for phone in phones] for role, phones in wanted.items()}


async def _open_mini_program(session: Session, keys: KeyProvider, person: UUID, phone: str) -> None:
    """From now on WeChat's messages reach her, once she allows them."""
    openid = people.openid_of(phone)
    await present(session, digest_of(keys, IdentityKind.WECHAT, openid))
    await add_identity(session, keys, person, IdentityKind.WECHAT, openid, now(session))


async def open_desks(owner: Database, api: Database, keys: KeyProvider) -> None:
    """What the institutions can be visited for, said by their own officers; once."""
    async with owner.acting(NOBODY) as session:
        known = await _known(session, keys, [one.phone for one in STAFF])
    for at, offers in OFFERED.items():
        opener = who_opens(at)
        (viewer,) = await _signed_in(api, opener.role, [known[opener.phone]])
        async with api.acting(viewer) as session:
            if await calendars_at(session, [at.id]):
                continue
            for offer in offers:
                await desk.offer(session, viewer, offer, 0, WHY, now(session))
            people_there = [one for one in STAFF if one.at == at and one.duty is not Duty.WINDOW_STAFF]
            calendars = [(room(at), None), *((theirs(at, one), known[one.phone]) for one in people_there)]
            for said, whose in calendars:
                await desk.open_calendar(session, viewer, keys, said, whose, WHY, str(new_id()), now(session))


async def publish_articles(api: Database, keys: KeyProvider, editor: UUID, supervisor: UUID) -> None:
    """What the editor wrote and the supervisor looked at; once, whatever became of it since."""
    (writer,), (reviewer,) = [
        await _signed_in(api, role, [who]) for role, who in ((Role.EDITOR, editor), (Role.SUPERVISOR, supervisor))
    ]
    for said in ARTICLES:
        async with api.acting(writer) as session:
            key = str(uuid5(people.NAMESPACE, said.model_dump_json()))
            id = await writing.create(session, writer, keys, said, key, now(session))
            first, *others = await versions(session, writer, [id])
            if others or first.state not in (ArticleState.DRAFT, ArticleState.IN_REVIEW):
                continue
            if first.state == ArticleState.DRAFT:
                await writing.submit(session, writer, id)
        async with api.acting(reviewer) as session:
            await writing.review(session, reviewer, id, True, WHY_PUBLISHED, REVIEWER, None, None, now(session))


async def tokens_for(api: Database, keys: KeyProvider, role: Role, persons: Sequence[UUID]) -> list[str]:
    """An access token for each of them, in this order, good for a day and on a device of its own."""
    viewers = await _signed_in(api, role, persons)
    async with api.acting(NOBODY) as session:
        moment = now(session)
    return [sign(keys.signing(), viewer, moment, moment + TOKENS_LIVE) for viewer in viewers]


async def _signed_in(api: Database, role: Role, persons: Sequence[UUID]) -> list[Viewer]:
    """Each on a device of its own."""
    viewers = [Viewer(person, new_id(), frozenset({Role.RESIDENT, role})) for person in persons]
    async with api.acting(NOBODY) as session:
        await session.rows(SIGN_IN, [{"id": viewer.sign_in, "person": str(viewer.id)} for viewer in viewers])
    return viewers


async def set_pace(owner: Database, speed: float) -> None:
    """Let the newest policy be the city's own, `speed` times as fast: questions asked from now on follow it."""
    table: Any = DispatchPolicy.__table__  # type: ignore[attr-defined]
    async with owner.acting(NOBODY) as session:
        versions = (await session.rows(select(table).order_by(table.c.version.desc()))).all()
        own = next(row.terms for row in versions if SPEED not in row.terms)
        terms = own if speed == 1 else faster(own, speed) | {SPEED: speed}
        if versions[0].terms != terms:
            row = {"version": versions[0].version + 1, "terms": terms, "since": now(session)}
            await session.rows(insert(DispatchPolicy).inline().values(row))


async def seed(
    owner: Database, api: Database, keys: KeyProvider, data: Path, url: str, phones: str, size: Size
) -> None:
    """The whole city, and DATA/demo.json; `phones` is the page that shows what came to them.

    Twice makes new tokens and nothing else.
    """
    persons = await people_of(owner, keys, size)
    demo: dict[str, Any] = {"url": f"{url}/graphql", "wsUrl": f"ws{url.removeprefix('http')}/graphql", "phones": phones}
    for role, ids in persons.items():
        demo[role.lower()] = await tokens_for(api, keys, role, ids)
    if size.lawyers:
        await open_desks(owner, api, keys)
        await publish_articles(api, keys, *persons[Role.EDITOR], *persons[Role.SUPERVISOR])
        posts = {role: [str(one) for one in STAFF if one.role is role] for role in persons}
        demo["posts"] = {role.lower(): told for role, told in posts.items() if told}
    keep(data / "demo.json", json.dumps(demo, indent=1))


async def _known(session: Session, keys: KeyProvider, phones: Iterable[str]) -> dict[str, UUID]:
    """Whose numbers these are, of those that are somebody's."""
    table: Any = Identity.__table__  # type: ignore[attr-defined]
    digests = {digest_of(keys, IdentityKind.SMS, telephone(phone)): phone for phone in phones}
    wanted = select(table.c.digest, table.c.person).where(table.c.kind == IdentityKind.SMS)
    rows = await session.rows(wanted.where(table.c.digest.in_(digests)))
    return {digests[row.digest]: row.person for row in rows}


async def _enter(session: Session, sketches: Sequence[LawyerSketch], known: dict[str, UUID]) -> None:
    """Into the directory, whoever is not in it yet."""
    firms = [vars(firm) for firm in people.firms_of(sketches)]
    rows = [
        vars(sketch)
        | {"id": known[sketch.phone], "firm": sketch.firm.id, "title": "律师", "standing": Standing.ACTIVE}
        | {"offered_at": LONG_AGO, "seats_ended": 0, "seats_kept": 0, "rated": 0, "liked": 0, "requestable": True}
        for sketch in sketches
    ]
    for row in rows:
        del row["phone"]
    if rows:
        await session.rows(upsert(Firm).inline().on_conflict_do_nothing(), firms)
        await session.rows(upsert(Lawyer).inline().on_conflict_do_nothing(), rows)
        await _enter_institutions(session, people.firms_of(sketches))
        await register_lawyers(session, now(session), None, "示例律师")


async def _enter_institutions(session: Session, firms: Sequence[FirmSketch]) -> None:
    """Before who works in them, so that these are led to their records."""
    sketches = institutions(firms, now(session))
    places = {sketch.id: sketch.place for sketch in sketches}
    await write_down(session, [(one.id, one.office) for one in sketches], None, "示例机构", now(session), places)


def main(arguments: list[str]) -> int:
    settings = Settings()
    chosen = _options(arguments, settings)
    if not settings.demo:
        print("Demo people are made in demo mode alone (DEMO=1): they sign in without a telephone.", file=sys.stderr)
        return 1
    asyncio.run(_run(chosen, settings))
    return 0


async def _run(chosen: argparse.Namespace, settings: Settings) -> None:
    owner = Database(connect(chosen.owner_url, pool=1))
    api = Database(connect(settings.api_database_url.get_secret_value(), pool=1, pooler=settings.behind_pooler))
    try:
        await set_pace(owner, chosen.speed)
        size = Size(chosen.lawyers, chosen.residents)
        keys, url = FileKeys(chosen.keys_dir), chosen.url.rstrip("/")
        await seed(owner, api, keys, chosen.data, url, f"{settings.wechat_url}/", size)
    finally:
        await owner.engine.dispose()
        await api.engine.dispose()


def _options(arguments: list[str], settings: Settings) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts.seed", description="Makes the demo city and tokens for it.")
    given = os.environ.get
    owner = given("OWNER_DATABASE_URL")
    parser.add_argument("--owner-url", default=owner, required=not owner, help="signs in as the owner of the tables")
    parser.add_argument("--keys-dir", type=Path, default=settings.keys_dir)
    parser.add_argument("--data", type=Path, required=True, help="where demo.json goes")
    parser.add_argument("--url", default=settings.public_url, help="what clients call the house")
    parser.add_argument("--lawyers", type=int, default=int(given("DEMO_LAWYERS", Size.lawyers)))
    parser.add_argument("--residents", type=int, default=int(given("DEMO_RESIDENTS", Size.residents)))
    parser.add_argument("--speed", type=float, default=float(given("DEMO_SPEED", 1)), help="of the promise's clock")
    chosen = parser.parse_args(arguments)
    if chosen.speed <= 0:
        parser.error("--speed is a positive number")
    return chosen


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
