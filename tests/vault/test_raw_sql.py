"""Raw SQL, past all of the house's code: what each role of the database sees and may change."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.db import NOBODY, Database, Session, connect
from app.core.ids import new_id
from tests.city import City
from tests.vault.scene import DENIED, Scene, attempt
from tests.vault.trespasses import NOT_A_RESIDENTS_TO_DO, WITHOUT_EFFECT

pytestmark = pytest.mark.anyio

PUBLIC = {"firm", "lawyer", "institution", "legal_worker", "dispatch_policy", "retention_policy", "closing"}
PUBLIC |= {"outreach_code", "adviser_term", "calendar_year", "division_point"}
PUBLIC |= {"article", "article_version", "public_picture"}
PUBLIC |= {"appointment_policy", "appointment_service", "appointment_calendar"}
PUBLIC |= {"application_kind", "application_move"}
PUBLIC |= {"activity", "quiz_round", "quiz_prize"}
PUBLIC |= {"activity", "exhibit", "jury", "satisfaction_cell"}
ABOUT = {
    "question": "id = :q",
    "brief": "id = :b",
    "key": "subject IN (:q, :b)",
    "reader": "subject IN (:q, :b)",
    "access": "subject IN (:q, :b)",
    "dispatch": "question = :q",
    "offer": "question = :q",
    "seat": "question = :q",
    "answer": "question = :q",
    "answer_draft": "question = :q",
    "feed": "subject IN (:q, :b)",
    "message": "subject = :q",
    "read_mark": "subject = :q",
    "follow_up": "question = :q",
    "inquiry": "question = :q",
    "amendment": "question = :q",
    "sketch": "question = :q",
    "helpful": "question = :q",
    "best": "question = :q",
    "rating": "question = :q",
    "follow_through": "question = :q",
    "follow_through_declined": "question = :q",
    "recategorised": "question = :q",
    "petition": "question = :q",
    "task": "question = :q",
    "file": "subject = :q",
    "transcript": "file IN (SELECT id FROM app.file WHERE subject = :q)",
}
PERSONAL = {
    "person": "id",
    "role_held": "person",
    "identity": "person",
    "sign_in": "person",
    "idempotency": "actor",
    "notice": "person",
    "delivery": "person",
    "message_consent": "person",
    "channel": "NULL::uuid",
    "notice_preference": "person",
    "reader": "person",
    "feed": "person",
    "refresh_token": "NULL::uuid",
    "sms_code": "NULL::uuid",
    "person_move": "person",
    "post": "person",
    "application": "(SELECT person FROM app.reader r WHERE r.subject = application.id)",
    "application_step": "(SELECT person FROM app.reader r WHERE r.subject = application_step.application)",
    "assignment": "(CASE WHEN lawyer = :me THEN lawyer"
    " ELSE (SELECT person FROM app.reader r WHERE r.subject = assignment.application) END)",
    "paper": "(SELECT person FROM app.reader r WHERE r.subject = paper.subject)",
    "application_draft": "person",
    "mediation": "(SELECT person FROM app.reader r WHERE r.subject = mediation.id AND r.person = :me)",
    "mediation_record": "(SELECT person FROM app.reader r WHERE r.subject = mediation_record.subject"
    " AND r.person = :me)",
    "minor_access": "NULL::uuid",
    "register_change": "NULL::uuid",
    "enrolment": "person",
    "entry": "person",
    "vote": "person",
    "vote_freeze": "NULL::uuid",
    "entry_step": "NULL::uuid",
    "juror": "person",
    "jury_score": "person",
    "jury_conflict": "NULL::uuid",
    "jury_result": "NULL::uuid",
    "quiz_question": "NULL::uuid",
    "quiz_attempt": "person",
    "quiz_award": "(CASE WHEN handed_by = :me THEN handed_by ELSE person END)",
    "quiz_entrant": "person",
    "activity_step": "NULL::uuid",
    "credential": "person",
    "invitation": "NULL::uuid",
    "sign_in_try": "NULL::uuid",
    "legal_hold": "NULL::uuid",
    "erasure": "(SELECT person FROM app.reader r WHERE r.subject = erasure.id)",
    "draft": "person",
    "kept_date": "person",
    "consent": "person",
    "export": "person",
    "export_part": "person",
    "age_said": "person",
    "village_said": "person",
    "article_reader": "person",
    "donation_source": "asker",
    "report": "(SELECT person FROM app.reader r WHERE r.subject = report.id)",
    "report_source": "reporter",
    "measure": "person",
    "case_donation": "(SELECT person FROM app.reader r WHERE r.subject = case_donation.id)",
    "article_push": "person",
    "campaign": "NULL::uuid",
    "topic_choice": "person",
    "visit_code": "maker",
    "adviser_service": "adviser",
    "adviser_question": "adviser",
    "appraisal_contest": "adviser",
    "guardianship": "(CASE WHEN guardian = :me THEN guardian ELSE minor END)",
    "client": "lawyer",
    "quality_reviewer": "NULL::uuid",
    "quality_check": "reviewer",
    "quality_mark": "(SELECT person FROM app.reader r WHERE r.subject = quality_mark.id)",
    "lawyer_application": "person",
    "file": "(CASE WHEN subject IS NULL THEN owner ELSE :me END)",
    "appointment": "person",
    "institution_consultation": "person",
    "window_visit": "(SELECT person FROM app.reader r WHERE r.subject = window_visit.id)",
    "service_rating": "rater",
    "counter_statement": "(SELECT person FROM app.reader r WHERE r.subject = counter_statement.id AND person = :me)",
    "window_act": "(SELECT person FROM app.reader r WHERE r.subject = visit)",
    "appointment_move": "(SELECT a.person FROM app.appointment a WHERE a.id = appointment)",
    "delegation": "(CASE WHEN delegate = :me THEN delegate ELSE elder END)",
}
PERSONAL |= dict.fromkeys(("outreach_channel", "outreach_day", "outreach_target"), "NULL::uuid")
PERSONAL |= {"loop_cell": "NULL::uuid"}
PERSONAL |= dict.fromkeys(("hot_issue", "demand_cell", "outcome_cell", "dispute_alert", "dispute_note"), "NULL::uuid")
PERSONAL |= {"figure_export": "person", "audit_anchor": "NULL::uuid"}
PERSONAL |= {
    f"mediation_{what}": f"(SELECT person FROM app.reader WHERE subject = mediation_{what}.mediation AND person = :me)"
    for what in ("invitation", "agreement", "term", "assent", "confirmation")
}
HOUSES_OWN = {
    "audit_leaf",
    "audit_removal",
    "outreach_touch",
    "quiz_answer",
    "outbox",
    "promise_fact",
    "demand",
    "dispute_week",
    "quality_policy",
    "quality_day",
    "deprecated_use",
    "sms_budget",
    "wechat_nonce",
    "wechat_push",
    "follower",
}
"""Whose row it is. Nobody's is what only its digest shows."""
ALL = -1
NONE = dict.fromkeys(ABOUT, 0)
KNOWN = {
    "stranger": NONE,
    "other": NONE,
    "unoffered": NONE,
    "offered": NONE | {"brief": 1, "key": 1, "reader": 1, "dispatch": 1, "offer": 1},
    "declined": NONE | {"reader": 1, "dispatch": 1, "offer": 1},
    "seated": NONE
    | {"question": 1, "brief": 1, "key": 2, "reader": 2, "dispatch": 1, "offer": 1, "seat": 1}
    | {"answer_draft": 1, "feed": ALL, "message": 1, "follow_up": 1, "sketch": 1, "recategorised": 1}
    | {"file": 1, "transcript": 1},
    "answered": NONE
    | {
        "question": 1,
        "brief": 1,
        "key": 2,
        "reader": 2,
        "dispatch": 1,
        "offer": 1,
        "seat": 2,
        "answer": 1,
        "feed": ALL,
    }
    | {"message": ALL, "read_mark": ALL, "follow_up": 1, "inquiry": 1, "amendment": 1, "sketch": 1}
    | {"best": 1, "rating": 1, "recategorised": 1, "file": 1, "transcript": 1},
    "asker": NONE
    | {
        "question": 1,
        "brief": 1,
        "key": 2,
        "reader": 2,
        "access": ALL,
        "dispatch": 1,
        "seat": 2,
        "answer": 1,
        "feed": ALL,
    }
    | {"message": ALL, "read_mark": ALL, "follow_up": 1, "inquiry": 1, "amendment": 1, "sketch": 1, "helpful": 1}
    | {"best": 1, "rating": 1, "recategorised": 1, "petition": 1, "file": 1, "transcript": 1}
    | {"follow_through": 2, "follow_through_declined": 1},
}
"""How many rows about the question each of them sees; her own offer and seat are hers, the writer is blind."""


async def count(db: Database, person: UUID | str, table: str, condition: str, **parameters: UUID) -> int:
    async with db.acting(person) as session:
        said = {name: value for name, value in parameters.items() if f":{name}" in condition}
        found = await session.rows(text(f"SELECT count(*) FROM app.{table} WHERE {condition}"), said)
        number: int = found.scalar_one()
    return number


async def tables(city: City) -> set[str]:
    return {name for (name,) in await city.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'app'")}


async def test_the_lists_here_name_every_table(scene: Scene) -> None:
    known = PUBLIC | ABOUT.keys() | PERSONAL.keys() | HOUSES_OWN | {"alembic_version"}
    assert await tables(scene.city) == known
    for table in known:
        assert await scene.city.sql(f"SELECT 1 FROM app.{table} LIMIT 1"), f"the scene says nothing about {table}"


@pytest.mark.parametrize("who", KNOWN)
async def test_each_sees_of_the_question_what_is_hers_to_know(scene: Scene, who: str) -> None:
    me = getattr(scene, who).id
    for table, condition in ABOUT.items():
        subject = {"q": scene.question, "b": scene.brief}
        there = await count(scene.city.super, NOBODY, table, condition, **subject)
        expected = there if KNOWN[who][table] == ALL else KNOWN[who][table]
        assert await count(scene.city.db, me, table, condition, **subject) == expected, table


@pytest.mark.parametrize("who", KNOWN)
async def test_each_sees_her_own_rows_and_no_foreign_ones(scene: Scene, who: str) -> None:
    me = getattr(scene, who).id
    for table, whose in PERSONAL.items():
        foreign = f"{whose} IS DISTINCT FROM :me" + (" AND subject IS NULL" if table == "feed" else "")
        assert await count(scene.city.db, me, table, foreign, me=me) == 0, table
    for table in HOUSES_OWN:
        assert await attempt(scene.city.db, me, f"SELECT 1 FROM app.{table}") == DENIED


async def test_nobody_sees_what_is_public_and_nothing_else(scene: Scene) -> None:
    for table in (ABOUT.keys() | PERSONAL.keys()) - PUBLIC:
        assert await attempt(scene.city.db, NOBODY, f"SELECT 1 FROM app.{table}") == "rows=0", table
    for table in PUBLIC:
        assert await count(scene.city.db, NOBODY, table, "true") > 0, table


async def test_a_resident_changes_nothing_of_others_and_none_of_the_houses_own_rows(scene: Scene) -> None:
    said = {"me": scene.other.id, "mine": scene.others_question, "them": scene.asker.id, "nowhere": new_id()}
    said |= {"q": scene.question, "b": scene.brief}
    for statement in NOT_A_RESIDENTS_TO_DO:
        assert await attempt(scene.city.db, scene.other.id, statement, **said) == DENIED, statement
    for statement in WITHOUT_EFFECT:
        assert await attempt(scene.city.db, scene.other.id, statement, **said) == "rows=0", statement


SEAT = """INSERT INTO app.seat (id, question, lawyer, firm, local, place, claimed_at, lease_until)
    VALUES (gen_random_uuid(), :q, {lawyer}, {firm}, {local}, 4, {at}, app.clock() + interval '5 min')"""
FIRM = "(SELECT firm FROM app.lawyer WHERE id = :me)"


async def test_an_offered_lawyer_takes_no_seat_but_her_own_and_answers_nothing(scene: Scene) -> None:
    said = {"me": scene.offered.id, "q": scene.question, "them": scene.seated.id, "b": scene.brief}
    for seat in (
        {"lawyer": ":them", "firm": FIRM, "local": "true", "at": "app.clock()"},
        {"lawyer": ":me", "firm": ":them", "local": "true", "at": "app.clock()"},
        {"lawyer": ":me", "firm": FIRM, "local": "false", "at": "app.clock()"},
        {"lawyer": ":me", "firm": FIRM, "local": "true", "at": "app.clock() + interval '1 hour'"},
    ):
        assert await attempt(scene.city.db, scene.offered.id, SEAT.format(**seat), **said) == DENIED, seat
    for statement in (
        "INSERT INTO app.answer VALUES (gen_random_uuid(), :q, :me, now(), true, '')",
        "INSERT INTO app.answer_draft VALUES (:q, :me, '', now())",
        "INSERT INTO app.key VALUES (:q, 'mine', '')",
        "INSERT INTO app.feed (subject, kind, ids, at) VALUES (:q, 'x', '{}', now())",
        "UPDATE app.offer SET until = 'infinity' WHERE lawyer = :me",
        "UPDATE app.offer SET pool = 'LOCAL' WHERE lawyer = :me",
    ):
        assert await attempt(scene.city.db, scene.offered.id, statement, **said) == DENIED, statement
    seat = {"lawyer": ":me", "firm": FIRM, "local": "true", "at": "app.clock()"}
    said["me"] = scene.declined.id
    assert await attempt(scene.city.db, scene.declined.id, SEAT.format(**seat), **said) == DENIED


async def test_a_seated_lawyer_answers_for_nobody_else_and_outstays_no_hour(scene: Scene) -> None:
    me, said = scene.seated.id, {"me": scene.seated.id, "q": scene.question, "them": scene.offered.id}
    for statement, outcome in (
        ("INSERT INTO app.answer VALUES (gen_random_uuid(), :q, :them, now(), true, '')", DENIED),
        ("UPDATE app.seat SET delivered_at = now() WHERE lawyer = :me", DENIED),
        ("UPDATE app.seat SET place = 1 WHERE lawyer = :me", DENIED),
        ("UPDATE app.seat SET question = gen_random_uuid() WHERE lawyer = :me", DENIED),
        ("UPDATE app.seat SET lease_until = 'infinity' WHERE lawyer = :me", "23514"),
        ("UPDATE app.question SET status = 'WITHDRAWN' WHERE id = :q", "rows=0"),
        ("UPDATE app.seat SET ended_at = now() WHERE lawyer <> :me", "rows=0"),
        ("SELECT 1 FROM app.answer WHERE question = :q", "rows=0"),
        ("UPDATE app.transcript SET source = 'CORRECTED'", "rows=0"),
        (WORDS_OF_HERS, DENIED),
    ):
        assert await attempt(scene.city.db, me, statement, **said) == outcome, statement


WORDS_OF_HERS = """INSERT INTO app.transcript (file, words, source, written_at)
    SELECT id, '', 'CLIENT', now() FROM app.file WHERE subject = :q"""
CONTENT_FREE = {"reader", "dispatch", "offer", "seat", "outbox", "feed", "role_held", "client", "best", "follow_up"}
CONTENT_FREE |= {"adviser_service", "adviser_question", "promise_fact", "task", "erasure"}
CONTENT_FREE |= {"mediation_confirmation", "hot_issue", "audit_anchor"}
CONTENT_FREE |= {"quality_policy", "quality_reviewer", "quality_check", "quality_day"}
CONTENT_FREE |= {"notice", "delivery", "message_consent", "notice_preference", "channel"}
IN_PARTS = {
    "application",
    "application_step",
    "application_draft",
    "enrolment",
    "entry",
    "juror",
    "assignment",
    "post",
    "export",
    "question",
    "draft",
    "kept_date",
    "message",
    "rating",
    "follow_through",
    "follow_through_declined",
    "sketch",
    "inquiry",
    "legal_hold",
    "age_said",
    "guardianship",
    "file",
    "lawyer_application",
    "appointment",
    "appraisal_contest",
    "institution_consultation",
    "report",
    "window_visit",
    "window_act",
    "counter_statement",
    "mediation",
    "mediation_invitation",
    "mediation_agreement",
    "mediation_term",
    "mediation_assent",
    "article_version",
    "campaign",
    "quality_mark",
}
"""Tables of which the worker sees some columns and never a text."""
DIGESTS = {("app.sketch", "outlook"), ("app.sketch", "forum"), ("app.sketch", "deadline")}
DIGESTS |= {("app.client", "digest"), ("app.dispatch", "party"), ("app.promise_fact", "log_head")}


async def test_the_worker_has_no_text_no_key_and_nobodys_name(scene: Scene) -> None:
    readable = await scene.city.sql("""SELECT relname FROM pg_class WHERE relnamespace = 'app'::regnamespace
        AND relkind = 'r' AND has_any_column_privilege('app_worker', oid, 'SELECT')""")
    assert {name for (name,) in readable} == CONTENT_FREE | IN_PARTS | PUBLIC - {
        "closing",
        "article",
        "public_picture",
        "jury",
        "satisfaction_cell",
    }
    sealed = await scene.city.sql("""SELECT attrelid::regclass::text, attname FROM pg_attribute
        WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'app'::regnamespace) AND attnum > 0
          AND atttypid = 'bytea'::regtype AND has_column_privilege('app_worker', attrelid, attnum, 'SELECT')""")
    assert {tuple(column) for column in sealed} == DIGESTS
    for table in IN_PARTS:
        assert await attempt(scene.city.worker, NOBODY, f"SELECT * FROM app.{table}") == DENIED, table
    theirs = await attempt(scene.city.worker, NOBODY, "SELECT 1 FROM app.feed WHERE person IS NOT NULL")
    assert theirs == "rows=0"
    for table in (ABOUT.keys() | PERSONAL.keys()) - CONTENT_FREE - IN_PARTS:
        assert await attempt(scene.city.worker, NOBODY, f"SELECT 1 FROM app.{table}") == DENIED, table
    pretending = "SELECT set_config('app.person', CAST(:me AS text), true), body FROM app.question"
    assert await attempt(scene.city.worker, NOBODY, pretending, me=str(scene.asker.id)) == DENIED
    for statement in (
        "UPDATE app.reader SET until = 'infinity'",
        "UPDATE app.question SET body = ''",
        "UPDATE app.question SET asker = gen_random_uuid()",
        "UPDATE app.draft SET content = 'words'",
        "UPDATE app.message SET addressee = gen_random_uuid()",
        "UPDATE app.rating SET stars = 5",
        "UPDATE app.answer SET counts = true",
        "UPDATE app.file SET state = 'READY'",
        "UPDATE app.file SET owner = gen_random_uuid()",
        "UPDATE app.lawyer_application SET keep_until = 'epoch'",
        "UPDATE app.notice SET acknowledged_at = now()",
        "UPDATE app.appointment SET person = NULL",
        "SELECT body FROM app.appointment",
        "SELECT called FROM app.institution_consultation",
        "SELECT content FROM app.report",
        "SELECT 1 FROM app.measure",
        "UPDATE app.institution_consultation SET state = 'CLOSED'",
        "SELECT 1 FROM door.staffed('{}')",
        "SELECT slip FROM app.window_visit",
        "SELECT staff FROM app.window_act",
        "SELECT body FROM app.counter_statement",
        "SELECT stars FROM app.service_rating",
        "SELECT 1 FROM door.pickup_told('x')",
        "SELECT 1 FROM door.taken(gen_random_uuid(), now(), now())",
        "UPDATE app.notice_preference SET refused = '{}'",
        "UPDATE app.identity SET bad_at = NULL",
        "SELECT 1 FROM door.board(gen_random_uuid())",
        "SET LOCAL ROLE app_api",
    ):
        assert await attempt(scene.city.worker, NOBODY, statement) == DENIED, statement


async def test_switching_the_walls_off_is_an_error_and_shows_nothing(scene: Scene) -> None:
    async with Session(scene.city.db.engine, scene.other.id) as session:
        await session.rows(text("SET LOCAL row_security = off"))
        with pytest.raises(DBAPIError, match="would be affected by row-level security"):
            await session.rows(text("SELECT 1 FROM app.question"))


async def test_the_owner_is_walled_in_too(scene: Scene) -> None:
    """A data migration must say NO FORCE aloud; without it, it changes nothing and does not notice."""
    assert await attempt(scene.city.owner, NOBODY, "UPDATE app.question SET status = status") == "rows=0"
    assert await attempt(scene.city.owner, NOBODY, "SELECT 1 FROM app.answer") == "rows=0"


async def test_a_session_in_nobodys_name_must_say_so(scene: Scene) -> None:
    session = Session(scene.city.db.engine, scene.asker.id)
    del session.info["person"]
    with pytest.raises(KeyError):
        await session.begin()


async def test_an_identity_ends_with_its_transaction(scene: Scene) -> None:
    """On one connection, which the next transaction inherits."""
    mine = text("SELECT id FROM app.question")
    engine = connect(scene.city.urls.api, pool=1)
    try:
        for end in ("commit", "rollback"):
            async with Session(engine, scene.asker.id) as session:
                assert len((await session.rows(mine)).all()) == 1
                await getattr(session, end)()
                await session.begin()
                assert len((await session.rows(mine)).all()) == 1  # the next transaction says it again
            async with engine.connect() as bare:
                left = await bare.execute(text("SELECT current_setting('app.person', true), app.person()"))
                assert left.one() == ("", None)
                assert (await bare.execute(mine)).all() == []
        at_once = engine.execution_options(isolation_level="AUTOCOMMIT")
        async with Session(at_once, scene.asker.id) as session:
            assert len((await session.rows(mine)).all()) == 1  # a transaction all the same
        async with at_once.connect() as bare:
            assert (await bare.execute(mine)).all() == []
    finally:
        await engine.dispose()


async def test_who_speaks_sql_as_the_api_may_pretend_and_reads_sealed_text_alone(scene: Scene) -> None:
    """What this wall does not stop. The text still needs the key that lives outside the database."""
    async with scene.city.db.acting(scene.other.id) as session:
        await session.rows(text("SELECT set_config('app.person', :them, true)"), {"them": str(scene.asker.id)})
        found = (await session.rows(text("SELECT id, body FROM app.question"))).all()
        wrapped = (await session.rows(text("SELECT wrapped FROM app.key"))).scalars().all()
    assert [row.id for row in found] == [scene.question]
    assert "老板".encode() not in bytes(found[0].body)
    assert len(wrapped) == 10
