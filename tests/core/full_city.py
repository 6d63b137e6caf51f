"""A city that has been at work for years, written in bulk: no trigger runs, so the readers are written too."""

from dataclasses import dataclass

from sqlalchemy import text

from app.core.access import Role, Viewer
from app.core.db import NOBODY
from app.core.ids import new_id
from tests.city import City

QUESTIONS = 20_000
ASKED_BY_ONE = QUESTIONS // 20
ANSWERED_BY_ONE = QUESTIONS // 10

ROWS = """
INSERT INTO app.question SELECT id('q', n), CASE WHEN n % 20 = 0 THEN :asker ELSE id('p', n % 500) END,
    'labour.wages', '419001001', 'OPEN', at(n), 1, '\\x01' FROM n;
INSERT INTO app.key SELECT id('q', n), 'kek', '\\x01' FROM n;
INSERT INTO app.brief SELECT id('b', n), id('q', n), '\\x01' FROM n;
INSERT INTO app.dispatch SELECT id('q', n), id('b', n), 'labour.wages', '419001001', 1, at(n), 3,
    CASE WHEN n % 3 = 0 THEN 'OPEN' ELSE 'FILLED' END FROM n;
INSERT INTO app.reader SELECT id(kind, n), CASE WHEN n % 20 = 0 THEN :asker ELSE id('p', n % 500) END, 'asker', at(n)
    FROM n, unnest(ARRAY['q', 'b']) AS kind;
INSERT INTO app.reader SELECT id('b', n), :lawyer, 'offered', at(n) FROM n;
INSERT INTO app.reader SELECT id('b', n), id('l', n % 50), 'offered', at(n) FROM n;
INSERT INTO app.reader SELECT id('q', n), :lawyer, 'answered', at(n) FROM n WHERE n % 10 = 0;
INSERT INTO app.reader SELECT id('q', n), id('l', n % 50), 'answered', at(n) FROM n;
INSERT INTO app.offer SELECT id('q', n), who, who, 'LOCAL', 0, at(n), 'infinity', NULL, '{}'
    FROM n, unnest(ARRAY[:lawyer, id('l', n % 50)]) AS who;
INSERT INTO app.seat SELECT id('s', n), id('q', n), :lawyer, :lawyer, true, 1, at(n), at(n), false, at(n), true
    FROM n WHERE n % 10 = 0;
INSERT INTO app.seat SELECT id('t', n), id('q', n), id('l', n % 50), id('l', n % 50), true, 2, at(n), at(n),
    false, at(n), true FROM n;
INSERT INTO app.answer SELECT id('a' || who, n), id('q', n), id('l', n % 50 + who), at(n) + who * interval '1 s', true,
    '\\x01' FROM n, generate_series(0, 2) AS who;
INSERT INTO app.amendment SELECT id('v' || later, n), id('a0', n), id('q', n), id('l', n % 50),
    at(n) + later * interval '1 m', '\\x01' FROM n, generate_series(1, 2) AS later WHERE n % 4 = 0;
INSERT INTO app.sketch SELECT id('a' || who, n), id('q', n), id('l', n % 50 + who), at(n), '\\x01'
    FROM n, generate_series(0, 2) AS who;
INSERT INTO app.sketch SELECT id('z', n), id('q', n), :lawyer, at(n), '\\x01' FROM n WHERE n % 10 = 0;
INSERT INTO app.erasure (id, question, why, asked_at, at, backups_until, destroyed)
    SELECT id('e', n), id('q', 0 - n), 'ASKED', at(n), at(n), now(), '{}' FROM n WHERE n % 4 = 0;
INSERT INTO app.feed (subject, kind, ids, at) SELECT id('q', n), 'WAVE_SENT', '{}', at(n) FROM n, generate_series(1, 3);
INSERT INTO app.feed (person, kind, ids, at) SELECT :lawyer, 'OFFERED', '{}', at(n) FROM n;
INSERT INTO app.feed (person, kind, ids, at) SELECT id('l', n % 50), 'OFFERED', '{}', at(n) FROM n;
"""
HELP = """
CREATE FUNCTION pg_temp.id(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE RETURN md5(kind || n::text)::uuid;
CREATE FUNCTION pg_temp.at(n bigint) RETURNS timestamptz LANGUAGE sql STABLE RETURN now() - n * interval '10 s';
CREATE TEMPORARY TABLE n AS SELECT generate_series(1, {count}) AS n;
"""


@dataclass(frozen=True)
class FullCity:
    city: City
    asker: Viewer
    """Asked one question in twenty, all still hers to read."""
    lawyer: Viewer
    """Was offered every question and answered one in ten."""


async def fill(city: City, questions: int = QUESTIONS) -> FullCity:
    asker = Viewer(new_id(), new_id(), frozenset({Role.RESIDENT}))
    lawyer = Viewer(new_id(), new_id(), frozenset({Role.RESIDENT, Role.LAWYER}))
    async with city.super.acting(NOBODY) as session:
        await session.rows(text("SET LOCAL session_replication_role = replica"))
        for statement in HELP.format(count=questions).split(";\n"):
            if statement.strip():
                await session.rows(text(statement))
        for statement in ROWS.replace(" id(", " pg_temp.id(").replace("at(n)", "pg_temp.at(n)").split(";\n"):
            if statement.strip():
                said = {"asker": asker.id, "lawyer": lawyer.id}
                await session.rows(text(statement), {n: v for n, v in said.items() if f":{n}" in statement})
    await city.sql(
        "INSERT INTO app.person SELECT unnest(CAST(:people AS uuid[])), 'ACTIVE', now()", people=[asker.id, lawyer.id]
    )
    await city.signed_in(asker, lawyer)
    await city.sql("ANALYZE")
    return FullCity(city, asker, lawyer)
