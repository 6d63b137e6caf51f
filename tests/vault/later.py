"""The later life of the scene's question, so that every table of the house has something to say about it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.core.access import Role, Viewer
from app.core.db import NOBODY
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from tests.advisers.hall import appointed, code_of, lives_in, log, place_village
from tests.applications.office import form, open_office
from tests.city import CONTENT, REFUSED, City, codes
from tests.directory.counter import applied
from tests.directory.desk import entered, set_calendar, set_post
from tests.education.scene import an_article
from tests.quizzes.scene import taken as quiz_taken
from tests.quizzes.scene import written as quiz_written

CAME_OF_IT = """WITH said AS (INSERT INTO app.follow_through (question, round, turn, asked_at, way, outcome, hindrance,
    answered_at, changed_at) VALUES (:q, 0, 1, now(), NULL, 'NOT_BEGUN', 'COST', now(), now()),
    (:q, 0, 2, now(), 'MEDIATION', 'GAVE_UP', NULL, now(), now()) RETURNING 1)
    INSERT INTO app.follow_through_declined VALUES (:q, now())"""
ANSWERS = "query ($id: ID!) { question(id: $id) { answers { id } } }"
THREAD = "query ($id: ID!) { thread(id: $id) { messages(last: 1) { nodes { id } } } }"


async def do(city: City, viewer: Viewer, field: str, kind: str, /, **said: Any) -> Any:
    """A mutation that takes one input object of that type."""
    document = f"mutation ($input: {kind}!) {{ {field}(input: $input) {{ __typename {REFUSED} }} }}"
    made = await city.one(viewer, document, input=said)
    assert made["__typename"] != "Refused", (field, made)
    return made


async def recording(city: City, who: Viewer) -> str:
    """One that was taken, as far as the database can tell: nobody looked at it, and nothing of it lies anywhere."""
    claim = """mutation { createUpload(input: {kind: VOICE, bytes: 9, contentType: "audio/mpeg",
        idempotencyKey: "of-a-recording"}) { ... on UploadTicket { file { id } } } }"""
    id: str = (await city.one(who, claim))["file"]["id"]
    ready = "UPDATE app.file SET state = 'READY', duration = 6000, received = size WHERE id = :id"
    await city.sql(ready, id=uuid_of(id, "File"))
    return id


async def booked(city: City, who: Viewer, institution: UUID, by: Viewer) -> None:
    """At a window of that institution; what is said with it is told elsewhere."""
    said = {"at": institution, "by": by.id}
    await city.sql(
        "INSERT INTO app.appointment_service VALUES (gen_random_uuid(), :at, 'LEGAL_AID', 30, '{WINDOW}', false, true,"
        " 1, app.clock(), :by, 'x')",
        **said,
    )
    await city.sql(
        "INSERT INTO app.appointment_calendar VALUES (gen_random_uuid(), :at, 'ROOM', NULL, '1号窗口', 2,"
        " '{LEGAL_AID}', '[]', true, 1, app.clock(), :by, 'x')",
        **said,
    )
    await city.sql(
        "INSERT INTO app.appointment (id, institution, service, person, origin, mode, state, room, place, starts_at,"
        " ends_at, made_at, hold_until, state_at, policy, body) SELECT gen_random_uuid(),"
        " institution, 'LEGAL_AID', :me,"
        " 'BOOKED', 'WINDOW', 'CONFIRMED', id, 2, app.clock() + interval '1 day', app.clock() +"
        " interval '1 day 30 minutes',"
        " app.clock(), app.clock(), app.clock(), 1, '' FROM app.appointment_calendar",
        me=who.id,
    )


async def received(city: City, who: Viewer, application: str, clerk: Viewer) -> None:
    """With a code from her telephone, at a window that takes what she brought."""
    made = """mutation ($id: ID!) { createPickupCode(input: {subjectId: $id, idempotencyKey: "of-the-code"}) {
        ... on PickupCode { digits } } }"""
    digits = (await city.one(who, made, id=application))["digits"]
    opened = """mutation ($code: String!) { openAtWindow(input: {code: $code, idempotencyKey: "of-the-visit"}) {
        ... on WindowVisit { id person { name } } } }"""
    visit = (await city.one(clerk, opened, code=digits))["id"]
    said = {"legalAid": form(), "statement": "请窗口代写：老板三个月没有发工资。", "idempotencyKey": "of-the-words"}
    await do(city, clerk, "recordAtWindow", "RecordAtWindowInput", **said)
    papers = {"papers": [{"kind": "EVIDENCE", "copies": 2}], "idempotencyKey": "of-the-papers"}
    await do(city, clerk, "receivePapers", "ReceivePapersInput", visitId=visit, **papers)


async def consulted(city: City, who: Viewer, institution: UUID) -> None:
    """She asks that institution something; her words are told elsewhere."""
    await city.sql(
        "INSERT INTO app.institution_consultation (id, institution, person, state, opened_at, state_at)"
        " VALUES (gen_random_uuid(), :at, :me, 'WAITING', app.clock(), app.clock())",
        at=institution,
        me=who.id,
    )


async def came(city: City, who: Viewer, by: Viewer) -> None:
    """She came by a channel, of which something is expected."""
    said: dict[str, Any] = {"kind": "EVENT", "name": "示例集市", "idempotencyKey": "of-the-channel"}
    await do(city, by, "createChannel", "CreateChannelInput", **said)
    ((channel,),) = await city.sql("SELECT id FROM app.outreach_channel")
    said = {"channelId": global_id("Channel", channel), "step": "SIGN_IN", "goal": 100}
    days = {"since": "2026-01-01", "until": "2026-12-31"}
    await do(city, by, "setChannelTarget", "SetChannelTargetInput", **said, **days)
    await city.sql(
        "INSERT INTO app.outreach_code SELECT code, 'SHEET', 'REFUSED', NULL, NULL, 1, now() FROM app.outreach_channel"
    )
    touched = (
        "INSERT INTO app.outreach_touch SELECT gen_random_uuid(), id, :me, NULL, now(), now() + interval '30 days',"
        " '{SIGN_IN}' FROM app.outreach_channel"
    )
    await city.sql(touched, me=who.id)


MEDIATED = """WITH m AS (INSERT INTO app.mediation SELECT gen_random_uuid(), id, gen_random_uuid(), gen_random_uuid(),
    institution, NULL, 'NEIGHBOURS', 'MEDIATING', 'infinity', now() FROM app.application LIMIT 1
    RETURNING id, respondent_side),
  r AS (INSERT INTO app.reader (subject, person, basis, since)
    SELECT s, :me, 'asker', now() FROM m, unnest(ARRAY[id, respondent_side]) AS s),
  i AS (INSERT INTO app.mediation_invitation (id, mediation, side, link, said, invited_by, made_at, expires_at)
    SELECT gen_random_uuid(), id, 'RESPONDENT', '\\x01', '', :me, now(), now() + interval '1 day' FROM m),
  w AS (INSERT INTO app.mediation_record (id, mediation, subject, kind, teller, author, at, body)
    SELECT gen_random_uuid(), id, respondent_side, 'STATEMENT', 'RESPONDENT', :me, now(), '' FROM m),
  g AS (INSERT INTO app.mediation_agreement (id, mediation, form, about_status, at, body)
    SELECT gen_random_uuid(), id, 'WRITTEN', false, now(), '' FROM m RETURNING id, mediation),
  t AS (INSERT INTO app.mediation_term (id, mediation, agreement, n, side, due_on, body)
    SELECT gen_random_uuid(), mediation, id, 1, 'RESPONDENT', current_date, '' FROM g),
  s AS (INSERT INTO app.mediation_assent SELECT id, 'AGREEMENT', 'RESPONDENT', mediation, true, 'ONLINE', :me, now()
    FROM g)
  INSERT INTO app.mediation_confirmation SELECT mediation, id, 'ELIGIBLE', now(), now() FROM g"""
"""What another invited her to, as far as the tables can tell; how it comes about, the room's own stories play."""


SHOWN = """WITH e AS (INSERT INTO app.entry (id, activity, person, pseudonym, band, state, checker, body, submitted_at,
    state_at) SELECT gen_random_uuid(), id, :me, '晨光小鹿0001', 'ADULT', 'DISPLAYED', :editor, '', now(), now()
    FROM app.activity RETURNING id, activity),
  r AS (INSERT INTO app.reader (subject, person, basis, since) SELECT id, :me, 'asker', now() FROM e),
  x AS (INSERT INTO app.exhibit (entry, activity, pseudonym, band, title, picture, state, award, votes, since)
    SELECT e.id, activity, '晨光小鹿0001', 'ADULT', '天平下的家', p.id, 'DISPLAYED', '', 1, now()
    FROM e, (SELECT id FROM app.public_picture LIMIT 1) p),
  f AS (INSERT INTO app.vote_freeze (id, activity, entry, votes, at, until)
    SELECT gen_random_uuid(), activity, id, 31, now(), now() FROM e)
  INSERT INTO app.vote (activity, person, day, entry, source, at)
    SELECT activity, :me, current_date, id, '\\x01', now() FROM e"""
"""An entry that everybody sees, a vote for it, and a burst; how they come about, the room's own stories play."""
JUDGED = """WITH e AS (SELECT id, activity FROM app.entry),
  y AS (INSERT INTO app.jury (activity, names, weights, scales, needed, vote_share, shortlist, prizes, version, set_by,
    set_at) SELECT activity, '{画面}', '{100}', '{10}', 1, 0, 1, '{0,0,0,0}', 1, CAST(:editor AS uuid), now() FROM e),
  j AS (INSERT INTO app.juror (id, activity, person, called, schools, state, named_by, named_at, state_at)
    SELECT gen_random_uuid(), activity, CAST(:me AS uuid), '王老师', '{}', 'ACCEPTED', CAST(:editor AS uuid), now(),
    now() FROM e RETURNING id),
  s AS (INSERT INTO app.jury_score SELECT j.id, e.id, activity, CAST(:me AS uuid), '{7}', now(), false, false
    FROM j, e),
  t AS (INSERT INTO app.entry_step SELECT id, 0, 'SUBMITTED', NULL, NULL, now() FROM e),
  c AS (INSERT INTO app.jury_conflict SELECT gen_random_uuid(), j.id, e.id, activity, 'FOUND', now() FROM j, e)
  INSERT INTO app.jury_result SELECT id, activity, 2, 1, 7000, 0, 7000, NULL FROM e"""
"""A jury of what is no contest, past the triggers that would not have it; the room's own stories play how it comes."""
COUNTED = """WITH d AS (INSERT INTO app.demand VALUES (current_date, '419001001', 'labour.wages', 5)),
  c AS (INSERT INTO app.demand_cell VALUES (date_trunc('week', now()), '', 'labour', true, 9, 9)),
  o AS (INSERT INTO app.outcome_cell VALUES (date_trunc('month', now()), '', '', 9, 8, 7, 4, 1, 1, 1, 1)),
  s AS (INSERT INTO app.satisfaction_cell VALUES ('ANSWERS', '2020-01-01', '2020-01-31', 30, 12, 10, '{0,0,0,2,10}')),
  l AS (INSERT INTO app.loop_cell VALUES ('LEGAL_AID', '2020-01-01', '2020-01-31', '', 'FEW', 9, 9)),
  w AS (INSERT INTO app.dispute_week VALUES (date_trunc('week', now())) RETURNING week),
  a AS (INSERT INTO app.dispute_alert SELECT gen_random_uuid(), w.week, '419001001', 'LABOUR', 5, i.id, now()
    FROM w, (SELECT id FROM app.institution LIMIT 1) i RETURNING id, committee),
  anchor AS (INSERT INTO app.audit_anchor VALUES (gen_random_uuid(), '2026-11-01', '{}', '', '', now())),
  leaf AS (INSERT INTO app.audit_leaf VALUES ('2026-11-01', 'access', sha256('\\x'))),
  removal AS (INSERT INTO app.audit_removal VALUES (sha256('\\x'), now(), 'app_api')),
  x AS (INSERT INTO app.figure_export VALUES (gen_random_uuid(), gen_random_uuid(), 'DEMAND', '2026-11-02',
    '2026-11-08', 'BRIEFING', '2026-11-10T12:00:00+08:00', '2026-11-10', 1)),
  n AS (INSERT INTO app.dispute_note SELECT id, 'VISITED', committee, gen_random_uuid(), now() FROM a)
  INSERT INTO app.hot_issue VALUES (gen_random_uuid(), 'labour.wages', NULL, current_date, 5, NULL, now())"""
"""What many ask; how it is found, the room's own stories play."""
MEASURED = """WITH m AS (INSERT INTO app.measure SELECT gen_random_uuid(), id, :me, false, 'REMINDER', reason, NULL,
    false, '\\x01', gen_random_uuid(), now(), now() + interval '7 days', NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL FROM app.report RETURNING id)
  INSERT INTO app.reader (subject, person, basis, since) SELECT id, :me, 'asker', now() FROM m"""
"""What was decided about her; how it comes about, the room's own stories play."""
CHECKED = """WITH v AS (
    INSERT INTO app.quality_reviewer VALUES (gen_random_uuid(), :reviewer, :reviewer, now(), now())),
  d AS (INSERT INTO app.quality_day VALUES (current_date, 9, 2)),
  c AS (INSERT INTO app.quality_check VALUES
    (gen_random_uuid(), :q, 1, now(), :reviewer, '{}', now(), now(), 'DONE', now()) RETURNING id),
  m AS (INSERT INTO app.quality_mark
    SELECT gen_random_uuid(), c.id, a.question, a.id, a.lawyer, 'YES', true, true, true, NULL, false, NULL, now()
    FROM c, app.answer a WHERE a.question = :q RETURNING id, lawyer)
  INSERT INTO app.reader (subject, person, basis, since) SELECT id, lawyer, 'answered', now() FROM m"""
"""Its answer was marked; how it comes about, the room's own stories play."""
PUT_ON = """INSERT INTO app.activity (id, kind, title, words, division, place, opens_at, closes_at, begins_at, ends_at,
    places, taken, waiting, came, state, state_at, published_at, writers, reason, version, made_at, changed_at,
    changed_by)
  SELECT gen_random_uuid(), 'GATHERING', '民法典讲座', '请带身份证', '419001', '文化广场', now(),
    now() + interval '2 days', now() + interval '3 days', now() + interval '4 days', 20, 0, 0, 0, 'OPEN', now(), now(),
    ARRAY[CAST(:editor AS uuid)], '', 1, now(), now(), CAST(:editor AS uuid)"""
"""A gathering that is open; how it comes about, the room's own stories play."""


async def live_on(
    city: City, question: UUID, asker: Viewer, answered: Viewer, offered: Viewer, delegate: Viewer
) -> None:
    id = global_id("Question", question)
    key = "of-the-later-life-"
    await do(city, asker, "saveDraft", "SaveDraftInput", body="还没写完", revision=1, idempotencyKey=key + "0")
    said: dict[str, Any] = {"questionId": id, "body": "那我还能要求赔偿吗？", "idempotencyKey": key + "1"}
    said |= {"voice": await recording(city, asker), "transcript": {"text": "我还能要求赔偿吗"}}
    await do(city, asker, "askFollowUp", "AskFollowUpInput", **said)
    said = {"questionId": id, "text": "请问合同是哪一天签的？", "idempotencyKey": key + "2"}
    await do(city, answered, "requestInformation", "RequestInformationInput", **said)
    thread = global_id("Thread", question)
    (last,) = (await city.one(asker, THREAD, id=thread))["messages"]["nodes"]
    mark = f"""mutation ($t: ID!, $m: ID!) {{
      markThreadRead(input: {{threadId: $t, upTo: $m}}) {{ __typename {REFUSED} }} }}"""
    assert (await city.one(asker, mark, t=thread, m=last["id"]))["__typename"] != "Refused"
    (answer,) = (await city.one(asker, ANSWERS, id=id))["answers"]
    await do(city, asker, "rateAnswer", "RateAnswerInput", answerId=answer["id"], stars=5, idempotencyKey=key + "3")
    said = {"aboutId": answer["id"], "reason": "CARELESS_ADVICE", "words": "没有说明法律依据"}
    await do(city, asker, "reportMessage", "ReportMessageInput", **said, idempotencyKey=key + "report")
    said = {"questionId": id, "answerId": answer["id"], "idempotencyKey": key + "4"}
    await do(city, asker, "chooseBestAnswer", "ChooseBestAnswerInput", **said)
    content = CONTENT | {"conclusion": "更正：可以要求支付工资并主张加付赔偿金。"}
    said = {"answerId": answer["id"], "content": content, "idempotencyKey": key + "5"}
    await do(city, answered, "amendAnswer", "AmendAnswerInput", **said)
    said = {"questionId": id, "categoryId": global_id("Category", "labour.injury"), "idempotencyKey": key + "6"}
    await do(city, answered, "recategoriseQuestion", "RecategoriseQuestionInput", **said)
    for who, size in ((asker, 7), (delegate, 8)):
        said = {"kind": "PICTURE", "bytes": size, "contentType": "image/png", "idempotencyKey": f"{key}8-{size}"}
        await do(city, who, "createUpload", "CreateUploadInput", **said)
    noon = await city.now() + timedelta(hours=3)
    window = {"windowFrom": noon.isoformat(), "windowTo": (noon + timedelta(hours=2)).isoformat()}
    said = {"questionId": id, "phone": "13800000001", "idempotencyKey": key + "7"}
    await do(city, asker, "requestCallback", "RequestCallbackInput", **said, **window)
    names = f'mutation {{ setClientNames(input: {{names: ["宏达建筑工程有限公司"]}}) {{ __typename {REFUSED} }} }}'
    assert (await city.one(offered, names))["__typename"] != "Refused"
    await city.sql(
        "INSERT INTO app.delegation (id, elder, delegate, relation, consent, names, granted_at)"
        " VALUES (:id, :elder, :delegate, 'CHILD', 'SMS_CODE', '', now())",
        id=new_id(),
        elder=asker.id,
        delegate=delegate.id,
    )
    await city.sql(
        "INSERT INTO app.guardianship (id, minor, guardian, version, names, granted_at)"
        " VALUES (:id, :minor, :guardian, 1, '', now())",
        id=new_id(),
        minor=delegate.id,
        guardian=asker.id,
    )
    admin, editor = await city.person(Role.ADMIN), await city.person()
    said = {"personId": global_id("PersonFile", editor.id), "roles": ["EDITOR"], "reason": "负责普法专栏"}
    await do(city, admin, "setRoles", "SetRolesInput", **said)
    await applied(city, delegate)
    edits = Viewer(editor.id, new_id(), frozenset({Role.RESIDENT, Role.EDITOR}))
    await city.signed_in(edits)
    await an_article(city, edits, await city.person(Role.SUPERVISOR), asker)
    shown = "SELECT gen_random_uuid(), id, owner, 'image/png', 1, 1, 1, NULL, '', now() FROM app.file LIMIT 1"
    await city.sql(f"INSERT INTO app.public_picture {shown}")
    await entered(city, admin)
    await quiz_written(city, editor)
    office = await open_office(city, answered)
    application, _ = await office.in_hand(asker)
    clerk = await city.person(Role.WINDOW_STAFF)
    await set_post(city, admin, clerk, office.centre, duty="WINDOW_STAFF")
    await received(city, asker, application, clerk)
    written = {"legalAid": form(), "revision": 1, "idempotencyKey": key + "10"}
    await do(city, asker, "saveApplicationDraft", "SaveApplicationDraftInput", **written)
    heard = {"kind": "HEARING", "day": str(await city.today())}
    await do(city, asker, "keepDate", "KeepDateInput", own=heard, idempotencyKey=key + "12")
    await appointed(city, admin, answered)
    await lives_in(city, asker)
    await set_calendar(city, admin, 2027, 0)
    await came(city, asker, admin)
    called = "INSERT INTO app.adviser_question SELECT id, :q, :adviser, now(), now() FROM app.adviser_term"
    await city.sql(called, q=question, adviser=answered.id)
    contested = """INSERT INTO app.appraisal_contest (id, term, adviser, year, line, state, reason, made_at, credited)
        SELECT :id, id, :adviser, 2026, 'TALKS', 'OPEN', '', now(), 0 FROM app.adviser_term"""
    async with city.super.acting(answered.id) as session:
        await session.rows(text(contested), {"id": new_id(), "adviser": answered.id})
    await city.sql(PUT_ON, editor=editor.id)
    await city.sql(COUNTED)
    await city.sql(CHECKED, q=question, reviewer=offered.id)
    ((activity,),) = await city.sql("SELECT id FROM app.activity")
    coming = {"activityId": global_id("Activity", activity), "idempotencyKey": key + "11"}
    await do(city, asker, "enroll", "EnrollInput", **coming)
    await quiz_taken(city, asker)
    await place_village(city, admin, {"longitude": 112.57, "latitude": 35.16, "system": "WGS84"})
    assert not codes(await log(city, answered, code=(await code_of(city, asker))["digits"]))
    await booked(city, asker, uuid_of(office.centre, "Institution"), admin)
    await consulted(city, asker, uuid_of(office.centre, "Institution"))
    await city.sql(
        "INSERT INTO app.minor_access (id, kind, subject, requester, office, crisis, reason, asked_at, until)"
        " VALUES (:id, 'FILE', :young, :by, 'ADMIN', true, '', now(), now() + interval '1 day')",
        id=new_id(),
        young=delegate.id,
        by=admin.id,
    )
    other = await city.asked(asker, "另一个问题：押金不退怎么办")
    await do(city, asker, "eraseQuestion", "EraseQuestionInput", questionId=other, idempotencyKey=key + "8")
    await city.sql(
        "INSERT INTO app.legal_hold (id, subject, why, document, placed_by, placed_at)"
        " VALUES (:id, :id, '保全', '2026-1', '法制科', now())",
        id=new_id(),
    )
    await city.sql(
        "INSERT INTO app.credential VALUES (:id, '\\x01', '', '', NULL, 0, '{}', now())",
        id=editor.id,
    )
    await city.sql(
        "INSERT INTO app.invitation VALUES (:id, '\\x01', '', '', '{}', '', :by, now(), now())",
        id=new_id(),
        by=admin.id,
    )
    await city.sql("INSERT INTO app.sign_in_try VALUES ('\\x01', 1, now())")
    await city.sql("INSERT INTO app.wechat_nonce VALUES ('\\x01', '\\x01', now())")
    await city.sql(
        "INSERT INTO app.wechat_push VALUES"
        " (:id, 'OFFICIAL_ACCOUNT', 'subscribe', '\\x01', '\\x01', '\\x01', 'window-12', '{}', now(), now())",
        id=new_id(),
    )
    await city.sql("INSERT INTO app.follower VALUES ('\\x01', '\\x01', '\\x01', now())")
    await do(city, asker, "exportMyData", "ExportMyDataInput", idempotencyKey=key + "9")
    leaving = f"mutation {{ closeAccount(input: {{understood: true}}) {{ __typename {REFUSED} }} }}"
    assert (await city.one(await city.resident(), leaving))["__typename"] == "AccountClosing"
    await city.sql(
        "INSERT INTO app.delivery (id, person, kind, template, channel, lane, state, attempts, failures, next_push,"
        " due_at, until, made_at) SELECT gen_random_uuid(), p, 'DIGEST', 'REPLY', 'SMS', 1, 'DEAD', 1, 0, 'infinity',"
        " now(), now(), now() FROM unnest(CAST(:people AS uuid[])) AS p",
        people=[asker.id, delegate.id],
    )
    await city.sql(
        "INSERT INTO app.message_consent (id, person, channel, template, lasting, told_by, at)"
        " SELECT gen_random_uuid(), p, 'MINI_PROGRAM', 'REPLY', false, 'CLIENT', now()"
        " FROM unnest(CAST(:people AS uuid[])) AS p",
        people=[asker.id, delegate.id],
    )
    await city.sql("INSERT INTO app.notice_preference VALUES (:id, NULL, NULL, '{}', now())", id=asker.id)
    # A word on an answer that counts already: no trigger would allow it.
    async with city.super.acting(NOBODY) as session:
        await session.rows(text("SET LOCAL session_replication_role = replica"))
        helped = "INSERT INTO app.helpful SELECT id, question, now() FROM app.answer WHERE question = :q"
        await session.rows(text(helped), {"q": question})
        await session.rows(text(CAME_OF_IT), {"q": question})
        rated = "INSERT INTO app.service_rating SELECT id, applicant, 4, true, now(), now() FROM app.application"
        await session.rows(text(rated))
        await session.rows(text(MEDIATED), {"me": asker.id})
        await session.rows(text(MEASURED), {"me": asker.id})
        await session.rows(text(SHOWN), {"me": asker.id, "editor": editor.id})
        await session.rows(text(JUDGED), {"me": asker.id, "editor": editor.id})
    await city.settle()
