"""Everybody who can stand to a question in some way, and a life of questions with something in every field."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text

from app.accounts.actions import codes, inviting, sessions
from app.accounts.actions.hashing import hashed
from app.accounts.models import IdentityKind
from app.activities.rules.attending import SECRET, ticket_of
from app.core.access import OFFICES, Role, Viewer
from app.core.db import NOBODY, now
from app.core.ids import new_id
from app.core.sealing import KeyProvider, seal_bytes
from app.directory.rules.hours import OpenDay
from app.graph.ids import global_id, uuid_of
from app.mediation.actions import inviting as invitations
from app.notices.events import ChannelTurned
from app.outside.inspecting.kinds import Kind
from app.outside.sms import Purpose
from app.quality.actions import drawing
from tests.accounts.hall import FILE_OF, PASSWORD, approve_access, file_id, request_access, set_roles
from tests.accounts.town import Town
from tests.activities import hall as activities
from tests.advisers import hall
from tests.applications.bureau import filled as notary_form
from tests.applications.bureau import form as promised_form
from tests.applications.bureau import open_bureau
from tests.applications.forms import filled
from tests.applications.office import Office, post_of
from tests.applications.reviews import review_asked
from tests.appointments.reception import CALENDAR, Reception
from tests.city import ASK, CONTENT, TOWN, City, question
from tests.city import codes as codes_of
from tests.consultation.opinions import choose, rate
from tests.consultation.speaking import SUBMIT
from tests.contests import bench, gallery
from tests.directory.counter import FIRM, applied, check, decide, fetched, licence
from tests.directory.desk import (
    WORK,
    change_institution,
    change_legal_worker,
    enter_institution,
    open_institution,
    place_institution,
    set_calendar,
    set_post,
)
from tests.education.donating import donated
from tests.education.scene import articles
from tests.mediation.hall import Hall
from tests.mediation.hall import form as mediation_form
from tests.moderation import desk as complaints
from tests.outreach import hall as channels
from tests.oversight.office import appeal, call_me, complete, happens, tasks
from tests.quality import panel
from tests.quizzes.scene import in_the_bank, put_to_all
from tests.threads.counter import Counter
from tests.threads.talk import ask_back, inform, inquire, lawyer_id, reply, thread_id
from tests.vault import samples
from tests.vault.later import CAME_OF_IT, do
from tests.vault.sending import begun, form, path, sent
from tests.window.counter import Window
from tests.words import own_words

BODY = "昨晚丈夫又动手打了我，还把我和孩子赶出家门，我想离婚，孩子归谁？"
"""It tells of danger: what helps at once is shown."""
OPINION: dict[str, Any] = {
    "outlook": "LIKELY",
    "forum": "COURT",
    "limit": {"amount": 1, "unit": "YEAR", "begins": "自知道或者应当知道权利受到侵害之日起"},
}
NAMES = {"relation": "CHILD", "delegateName": "女儿小王", "elderName": "妈妈"}
LAWYERS = ("answered", "peer", "seated", "lapsed", "released", "offered", "declined", "unoffered")


@dataclass
class Cast:
    """`questions`, `things` and `answers` are ids of the graph, by a word for what is special about each."""

    city: City
    people: dict[str, Viewer | None] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)
    refresh: str = ""
    """The asker's refresh token, that she alone holds."""
    secret: str = ""
    """Of the editor's second factor, which is not on yet."""
    further: list[Viewer] = field(default_factory=list)
    """Lawyers who answer what is not answered by the cast."""
    told: set[str] = field(default_factory=set)
    """Who was told anything by a notice."""

    def __getitem__(self, kind: str) -> Viewer:
        viewer = self.people[kind]
        assert viewer is not None
        return viewer

    @property
    def signed_in(self) -> set[str]:
        return {kind for kind, viewer in self.people.items() if viewer}


async def play(city: City) -> Cast:
    cast = Cast(city, {"anonymous": None})
    await people(cast)
    await delegations(cast)
    await guardians(cast)
    await files(cast)
    await first_question(cast)
    await second_question(cast)
    await blocked_question(cast)
    await filled_question(cast)
    await afterwards(cast)
    await applications(cast)
    await legal_aid(cast)
    await mediations(cast)
    await advisers(cast)
    await appointments(cast)
    await consultations(cast)
    await at_the_window(cast)
    await counters(cast)
    await rated(cast)
    await put_on(cast)
    await notarisations(cast)
    cast.things["quiz question"] = await in_the_bank(city, cast["editor"], cast["supervisor"])
    await outreach(cast)
    cast.things |= await put_to_all(
        city,
        cast["editor"],
        cast["supervisor"],
        cast["asker"],
        cast["delegate"],
        cast.things["quiz question"],
        cast.things["institution"],
    )
    await of_the_young(cast)
    cast.things |= await articles(city, cast["editor"], cast["supervisor"], cast["asker"])
    await donations(cast)
    await dates(cast)
    await reports(cast)
    await contests(cast)
    await quality(cast)
    await look_up(cast)
    return cast


async def people(cast: Cast) -> None:
    city = cast.city
    cast.people |= {
        "stranger": await city.resident(),
        "delegate": await city.resident(),
        "former": await city.resident(),
        "applicant": await city.resident(),
        "admitted": await city.resident(),
    }
    cast.people["asker"], cast.refresh = await signs_in(city, "+8613800000001")
    known: dict[str, Any] = {"rated": 8, "liked": 7, "rating_lower": 0.5, "seats_ended": 9, "seats_kept": 8}
    told = {"introduction": "十年婚姻家事经验。", "requestable": True, "reply_seconds": 240}
    for kind in LAWYERS:
        away = {"availability": "AWAY"} if kind == "unoffered" else {}
        cast.people[kind] = await city.lawyer("family", **known | told | away)
        said = {"names": ["宏达建筑工程有限公司"]}
        await do(city, cast[kind], "setClientNames", "SetClientNamesInput", **said)
    cast.further = await city.lawyers(3, specialty="family", requestable=True)
    for kind in ("supervisor", "taker"):
        cast.people[kind] = await city.person(Role.SUPERVISOR)
    for role in sorted(OFFICES - {Role.SUPERVISOR}):
        cast.people[role.lower()] = await city.person(role)
    keys, editor = city.doors[KeyProvider], cast["editor"]
    hash = await hashed(PASSWORD)
    async with city.db.acting(editor) as session:
        await inviting.name_of(session, keys, editor.id, "editor.li", now(session))
        cast.secret = await inviting.enrol(session, keys, editor.id, hash, now(session))
    await set_roles(city, cast["admin"], cast["editor"], "EDITOR", "MODERATOR", reason="负责普法专栏")


async def signs_in(city: City, phone: str) -> tuple[Viewer, str]:
    keys = city.doors[KeyProvider]
    async with city.db.acting(NOBODY) as session:
        await codes.make_code(session, keys, phone, "203.0.113.7", now(session))
        done = await sessions.sign_in(session, keys, IdentityKind.SMS, phone, "电话", now(session))
    assert isinstance(done, sessions.Issued)
    await city.consent(done.viewer)
    return done.viewer, done.refresh


async def delegations(cast: Cast) -> None:
    """The daughter's first consent was ended and given again; another's is over."""
    for who, what in (("delegate", "delegation that the daughter had"), ("former", "delegation that is over")):
        cast.things["delegation"] = cast.things[what] = await consent(cast, who)
        id = await asked(cast, f"question by the {what}", who)
        await do(cast.city, cast["asker"], "withdrawQuestion", "WithdrawQuestionInput", questionId=id)
        await do(cast.city, cast["asker"], "endDelegation", "EndDelegationInput", delegationId=cast.things[what])
    cast.things["delegation"] = await consent(cast, "delegate")


async def consent(cast: Cast, delegate: str) -> str:
    """The elder reads the digits from her telephone aloud."""
    city, keys, phone = cast.city, cast.city.doors[KeyProvider], "+8613800000001"
    await city.turn(timedelta(minutes=10))
    async with city.db.acting(NOBODY) as session:
        made = await codes.make_code(
            session, keys, phone, "203.0.113.8", now(session), Purpose.DELEGATION, cast[delegate].id
        )
    said = NAMES | {"phone": phone, "code": made.digits, "idempotencyKey": str(new_id())}
    await do(city, cast[delegate], "confirmDelegation", "ConfirmDelegationInput", **said)
    (row,) = await city.sql(
        "SELECT id FROM app.delegation WHERE delegate = :d AND ended_at IS NULL", d=cast[delegate].id
    )
    return global_id("Delegation", row.id)


async def guardians(cast: Cast) -> None:
    """Two of the city's grown-ups say yes for one who is young; one of them thinks better of it."""
    city, keys, young = cast.city, cast.city.doors[KeyProvider], cast["former"]
    for what in ("guardianship that is over", "guardianship"):
        await city.turn(timedelta(hours=1))
        async with city.db.acting(NOBODY) as session:
            made = await codes.make_code(
                session, keys, "+8613800000001", "203.0.113.9", now(session), Purpose.GUARDIAN, young.id
            )
        said = {"phone": "13800000001", "code": made.digits, "childName": "小雨", "idempotencyKey": str(new_id())}
        await do(city, young, "confirmGuardian", "ConfirmGuardianInput", **said)
        ((id,),) = await city.sql("SELECT id FROM app.guardianship WHERE ended_at IS NULL")
        cast.things[what] = global_id("Guardianship", id)
        if what != "guardianship":
            await do(city, cast["asker"], "endGuardianship", "EndGuardianshipInput", guardianshipId=cast.things[what])
    await do(city, young, "declareAge", "DeclareAgeInput", band="FROM_14_TO_17")
    cast.things["viewer who is young"] = global_id("Viewer", young.id)


async def asked(cast: Cast, what: str, by: str = "delegate", **more: Any) -> str:
    said = question(BODY, "family.divorce") | {"onBehalfOf": cast.things["delegation"]} | more
    made = await cast.city.one(cast[by], ASK, input=said)
    assert made["__typename"] == "Question", made
    cast.things[what] = made["id"]
    await cast.city.settle()
    id: str = made["id"]
    return id


def offer_of(lawyer: Viewer, question: str) -> str:
    return global_id("Offer", f"{uuid_of(question, 'Question')}.{lawyer.id}")


async def takes_a_seat(cast: Cast, lawyer: Viewer, question: str) -> str:
    seat = await cast.city.claim(lawyer, offer_of(lawyer, question))
    assert seat["__typename"] == "Seat", seat
    await cast.city.settle()
    id: str = seat["id"]
    return id


async def extends(cast: Cast, seat: str) -> None:
    """For the longest that the database allows: what a seat shows is looked at however slow the machine is."""
    asked = "mutation ($id: ID!) { extendLease(input: {seatId: $id}) { __typename } }"
    assert (await cast.city.one(cast["seated"], asked, id=seat))["__typename"] == "Seat"
    longest = "UPDATE app.seat SET lease_until = claimed_at + interval '1 hour' WHERE lawyer = :id AND ended_at IS NULL"
    await cast.city.sql(longest, id=cast["seated"].id)


async def answers(cast: Cast, lawyer: Viewer, question: str) -> str:
    made = await cast.city.answer(lawyer, await takes_a_seat(cast, lawyer, question), **OPINION)
    assert made["__typename"] == "Answer", made
    await cast.city.settle()
    id: str = made["id"]
    return id


def spoken(cast: Cast, what: str) -> dict[str, Any]:
    return {"voice": cast.things[what], "transcript": {"text": "请您听一下录音。", "engine": "WechatSI"}}


async def speaks(cast: Cast, lawyer: Viewer, question: str) -> str:
    """She answers in writing, and aloud."""
    seat = await takes_a_seat(cast, lawyer, question)
    said = {"seatId": seat, "content": CONTENT | OPINION | {"text": own_words(seat)}, "idempotencyKey": str(new_id())}
    made = await cast.city.one(lawyer, SUBMIT, input=said | spoken(cast, "voice of an answer"))
    assert made["__typename"] == "Answer", made
    await cast.city.settle()
    id: str = made["id"]
    return id


async def declines(cast: Cast, kind: str, question: str) -> None:
    offer = offer_of(cast[kind], question)
    await do(cast.city, cast[kind], "declineOffer", "DeclineOfferInput", offerId=offer, reason="BUSY")


async def drafts(cast: Cast, kind: str, seat: str) -> None:
    await do(cast.city, cast[kind], "saveAnswerDraft", "SaveAnswerDraftInput", seatId=seat, content=CONTENT | OPINION)


async def files(cast: Cast) -> None:
    """What the daughter, the asker and a lawyer sent: what was taken, and a picture that was none."""
    city, delegate = cast.city, cast["delegate"]
    voice = samples.sound(), "audio/mpeg", Kind.VOICE
    async with city.http() as client:
        cast.things["picture"] = await sent(city, client, delegate)
        cast.things["recording"] = await sent(city, client, delegate, *voice)
        cast.things["picture of a draft"] = await sent(city, client, delegate)
        cast.things["voice of a draft"] = await sent(city, client, delegate, *voice)
        cast.things["voice of the question"] = await sent(city, client, delegate, *voice)
        cast.things["voice of a message"] = await sent(city, client, cast["asker"], *voice)
        cast.things["voice of an answer"] = await sent(city, client, cast["answered"], *voice)
        cast.things["picture of a message"] = await sent(city, client, cast["asker"])
        cast.things["recording of an answer"] = await sent(city, client, cast["answered"], *voice)
        none = await begun(city, delegate, samples.document())
        assert (await form(client, none)).status_code == 422
        cast.things["refused file"] = none.id


async def opens(cast: Cast, kind: str, file: str) -> None:
    async with cast.city.http() as client:
        shown = await cast.city.one(cast[kind], "query ($id: ID!) { file(id: $id) { url } }", id=file)
        assert (await client.get(path(shown["url"]))).status_code == 200


async def first_question(cast: Cast) -> None:
    """Open and broken: two answered it, one writes, one ran out of time, one gave her seat back, one declined."""
    city, asker = cast.city, cast["asker"]
    said: dict[str, Any] = {"lawyerIds": [lawyer_id(cast["answered"])], "opposingParty": "王强"}
    said["attachments"] = [cast.things["picture"], cast.things["recording"]]
    said |= spoken(cast, "voice of the question")
    id = await asked(cast, "question", **said)
    await takes_a_seat(cast, cast["lapsed"], id)
    seat = await takes_a_seat(cast, cast["released"], id)
    await do(city, cast["released"], "releaseSeat", "ReleaseSeatInput", seatId=seat)
    await declines(cast, "declined", id)
    cast.things["answer"] = await speaks(cast, cast["answered"], id)
    cast.things["peers answer"] = await answers(cast, cast["peer"], id)
    await city.pass_time(601)
    (breach,) = await tasks(city, cast["taker"], kind="BREACH")
    cast.things["task that is done"] = breach["id"]
    await city.sql("UPDATE app.channel SET misconfigured = '{TASK}' WHERE name = 'SMS'")
    await happens(city, ChannelTurned(channel="SMS", template="TASK"))
    cast.things["task of a channel"] = (await tasks(city, cast["taker"], kind="MISCONFIGURED"))[0]["id"]
    await do(city, cast["taker"], "takeTask", "TakeTaskInput", taskId=breach["id"])
    today = await city.today()
    town, week = "419001001", "date_trunc('week', CAST(:today AS date))"
    issue = "INSERT INTO app.hot_issue VALUES (:id, 'labour.wages', :town, :today, 5, 3.5, now())"
    await city.sql(issue, id=new_id(), town=town, today=today)
    cell = f"INSERT INTO app.demand_cell VALUES ({week}, :town, 'labour.wages', false, 9, 7)"
    await city.sql(cell, town=town, today=today)
    # Made a little later than now, so that it can be fetched still when everybody looks.
    taken = """INSERT INTO app.figure_export SELECT :id, :analyst, 'DEMAND', '2026-01-01', '2026-01-31', 'BRIEFING', at,
        date(at AT TIME ZONE interval '8 hours'), 1 FROM (SELECT app.clock() + interval '90 days') t (at)"""
    export = new_id()
    await city.sql(taken, id=export, analyst=cast["analyst"].id)
    cast.things["figures"] = global_id("FigureExport", export)
    anchor = new_id()
    await city.sql("INSERT INTO app.audit_anchor VALUES (:id, '2026-01-01', '{}', '', '', now())", id=anchor)
    cast.things["anchor"] = global_id("AuditAnchor", anchor)
    came = "INSERT INTO app.outcome_cell VALUES (:month, 'labour', 'MEDIATION', 9, 8, 7, 4, 1, 1, 1, 1)"
    await city.sql(came, month=today.replace(day=1))
    liked = """INSERT INTO app.satisfaction_cell SELECT about, :month, CAST(:today AS date) - 1, 30, 12, 10,
        '{0,0,1,1,10}', 9, 11 FROM unnest(ARRAY['ANSWERS', 'LEGAL_AID']) about"""
    await city.sql(liked, month=last_month(today), today=today.replace(day=1))
    late = """INSERT INTO app.promise_fact (question, asked_at, within, due_at, first_paused, third_paused, log_count,
        log_head, computed_at, late_reason) SELECT gen_random_uuid(), CAST(:month AS date) + interval '9 days', '600 s',
        CAST(:month AS date) + interval '10 days', '0', '0', 1, '', now(), 'TOO_FEW_CAME' FROM generate_series(1, 5)"""
    await city.sql(late, month=last_month(today))
    looped = """INSERT INTO app.loop_cell SELECT 'NOTARISATION', :month, CAST(:today AS date) - 1, move, way, 9, 9
        FROM (VALUES ('', 'FEW'), ('SUBMIT', 'ONLINE')) v (move, way)"""
    await city.sql(looped, month=last_month(today), today=today.replace(day=1))
    await complete(city, cast["taker"], breach["id"], "DONE")
    cast.things["seat that is written on"] = seat = await takes_a_seat(cast, cast["seated"], id)
    await extends(cast, seat)
    await drafts(cast, "seated", seat)
    await talk(cast, id)
    await opens(cast, "answered", cast.things["picture"])
    said = {
        "stars": 4,
        "understood": True,
        "knowsNextStep": True,
        "solved": True,
        "comment": "讲得很清楚。",
    }
    for answer in ("answer", "peers answer"):
        await rate(city, asker, cast.things[answer], **said)
    cast.things["rating"] = (await rate(city, asker, cast.things["answer"], **said | {"stars": 5}))["id"]
    await city.sql(CAME_OF_IT, q=uuid_of(id, "Question"))
    await choose(city, asker, id, cast.things["answer"])
    said = {"answerId": cast.things["answer"], "content": CONTENT | OPINION | {"summary": "先报警，再起诉。"}}
    said["attachments"] = [cast.things["recording of an answer"]]
    await do(city, cast["answered"], "amendAnswer", "AmendAnswerInput", **said, idempotencyKey=str(new_id()))
    called = await call_me(city, asker, id, note="请在中午打来。")
    cast.things["callback"] = called["id"]
    await city.settle()
    (task,) = await tasks(city, cast["taker"], kind="CALLBACK")
    cast.things["task of the callback"] = task["id"]
    await do(city, cast["taker"], "takeTask", "TakeTaskInput", taskId=task["id"])


async def talk(cast: Cast, id: str) -> None:
    """What was asked back of one and of all, replied to and waiting; what lawyers asked, with a reply and without."""
    city, asker = cast.city, cast["asker"]
    to_one = await ask_back(city, asker, id, toLawyerId=lawyer_id(cast["answered"]))
    files = [cast.things["picture of a message"]]
    to_all = await ask_back(
        city, asker, id, body="孩子的抚养费怎么算？", attachments=files, **spoken(cast, "voice of a message")
    )
    await city.settle()
    replied = await reply(city, cast["answered"], to_one["id"])
    await reply(city, cast["peer"], to_all["id"])
    wanted = await inquire(city, cast["answered"], id, kinds=["EVIDENCE"])
    of_the_seated = await inquire(city, cast["seated"], id, text="孩子现在几岁？", kinds=["OTHER"])
    await city.settle()
    await city.turn_seconds(20)
    await inform(city, asker, wanted["id"])
    await inform(city, asker, of_the_seated["id"], body="孩子三岁。")
    await ask_back(city, asker, id, body="房子怎么分？")
    await city.settle()
    await inquire(city, cast["peer"], id, text="房子是婚前买的吗？", kinds=["DATE"])
    await city.settle()
    for kind in ("asker", "delegate", "answered", "peer", "seated"):
        newest = "query ($id: ID!) { thread(id: $id) { messages(first: 1) { nodes { id } } } }"
        ((last,),) = [(await city.one(cast[kind], newest, id=thread_id(id)))["messages"]["nodes"]]
        await do(city, cast[kind], "markThreadRead", "MarkThreadReadInput", threadId=thread_id(id), upTo=last["id"])
    cast.things |= {
        "follow up to one": to_one["id"],
        "follow up to all": to_all["id"],
        "message to one": to_one["message"]["id"],
        "message to all": to_all["message"]["id"],
        "reply": replied["id"],
        "inquiry": wanted["id"],
        "inquiry of the seated": of_the_seated["id"],
        "message of the seated": of_the_seated["message"]["id"],
    }


async def second_question(cast: Cast) -> None:
    """Resolved, its promise kept; a callback about it is done."""
    city = cast.city
    id = await asked(cast, "resolved question")
    called = await call_me(city, cast["asker"], id)
    cast.things["callback that is done"] = called["id"]
    await city.settle()
    (task,) = [task for task in await tasks(city, cast["taker"], kind="CALLBACK") if not task["taken"]]
    await do(city, cast["taker"], "takeTask", "TakeTaskInput", taskId=task["id"])
    await complete(city, cast["taker"], task["id"], "DONE")
    await declines(cast, "offered", id)
    for lawyer in (cast["answered"], cast["peer"], cast.further[0]):
        await answers(cast, lawyer, id)
    await do(city, cast["asker"], "resolveQuestion", "ResolveQuestionInput", questionId=id)
    await city.settle()


async def blocked_question(cast: Cast) -> None:
    """Her daughter asked it too; she appeals, and lets the supervisor read it."""
    city = cast.city
    id = await asked(cast, "blocked question", body="线上赌场注册即送88元，提现秒到，加微信 yl88888 开户")
    cast.things["appeal"] = (await appeal(city, cast["asker"], id, disclose=True))["id"]
    await city.settle()
    (task,) = await tasks(city, cast["taker"], kind="APPEAL")
    cast.things["task of the appeal"] = task["id"]
    await do(city, cast["taker"], "takeTask", "TakeTaskInput", taskId=task["id"])


async def filled_question(cast: Cast) -> None:
    """Answered by three, while one more still writes."""
    id = await asked(cast, "filled question")
    await takes_a_seat(cast, cast["seated"], id)
    for lawyer in cast.further:
        await answers(cast, lawyer, id)


async def afterwards(cast: Cast) -> None:
    """A question where a seat is kept for the lawyer who was offered the first, a draft, notices that were read."""
    city = cast.city
    id = await asked(cast, "question with a name", lawyerIds=[lawyer_id(cast["offered"])])
    cast.things["seat"] = await takes_a_seat(cast, cast["answered"], id)
    await drafts(cast, "answered", cast.things["seat"])
    said = {
        "body": BODY,
        "categoryId": global_id("Category", "family.divorce"),
        "divisionCode": TOWN,
        "brief": "家庭纠纷，想离婚。",
        "opposingParty": "王强",
        "lawyerIds": [lawyer_id(cast["offered"])],
        "onBehalfOf": cast.things["delegation"],
        "attachments": [cast.things["picture of a draft"]],
        "voice": cast.things["voice of a draft"],
        "revision": 1,
        "idempotencyKey": str(new_id()),
    }
    await do(city, cast["delegate"], "saveDraft", "SaveDraftInput", **said)
    page = await city.one(cast["asker"], "{ notices(first: 2) { nodes { id } } }")
    cast.things["notice"], cast.things["notice that was read"] = (notice["id"] for notice in page["nodes"])
    said = {"ids": [cast.things["notice that was read"]]}
    await do(city, cast["asker"], "markNoticesRead", "MarkNoticesReadInput", **said)
    gone = await city.asked(cast["asker"], "押金不退怎么办")
    erase = "mutation ($input: EraseQuestionInput!) { eraseQuestion(input: $input) { ... on Erasure { id } } }"
    said = {"questionId": gone, "idempotencyKey": str(new_id())}
    cast.things["erasure"] = (await city.one(cast["asker"], erase, input=said))["id"]
    wanted = 'mutation { exportMyData(input: {idempotencyKey: "of-the-cast"}) { ... on Export { id } } }'
    cast.things["export"] = (await city.one(cast["asker"], wanted))["id"]
    leaving = "mutation { closeAccount(input: {understood: true}) { ... on AccountClosing { id } } }"
    cast.things["closing"] = (await city.one(await city.resident(), leaving))["id"]
    await city.sql("UPDATE app.closing SET done_at = app.clock()")  # without waiting: leases would run out
    snooze = "mutation { snooze(input: {minutes: 30}) { __typename } }"
    assert (await city.one(cast["unoffered"], snooze))["__typename"] == "Lawyer"


async def applications(cast: Cast) -> None:
    """One that the administrator looks into, and one that she approved; what the register then says of both."""
    city, admin = cast.city, cast["admin"]
    cast.things["institution"] = (
        await enter_institution(city, cast["editor"], kind="LEGAL_AID_CENTRE", name=FIRM, specialties=["family"])
    )["id"]
    door = {
        "accessible": True,
        "languages": ["普通话"],
        "services": [{"service": "MEDIATION", "documents": ["身份证"]}],
    }
    await change_institution(city, cast["editor"], cast.things["institution"], 1, address="示例路1号", **door)
    assert (await place_institution(city, cast["editor"], cast.things["institution"], 2))["version"] == 3
    await set_post(city, admin, cast["officer"], cast.things["institution"])
    await set_post(city, admin, cast["window_staff"], cast.things["institution"], duty="WINDOW_STAFF")
    posted = await city.sql("SELECT id FROM app.person_move WHERE duty = 'OFFICER'")
    cast.things["move to an institution"] = global_id("PersonMove", posted[0].id)
    cast.things["post"] = global_id("Post", cast["officer"].id)
    today = await city.today()
    said: dict[str, Any] = {"days": [{"day": day, "open": WORK} for day in OpenDay]}
    said["dates"] = [{"day": today.isoformat(), "open": []}, {"day": "2031-01-02", "open": WORK}]  # open tomorrow
    assert (await open_institution(city, cast["editor"], cast.things["institution"], 3, **said))["version"] == 4
    await set_calendar(city, cast["editor"], today.year, 0, complete=True)
    for version in (0, 1):
        off = [{"day": f"2031-01-0{version + 1}", "kind": "HOLIDAY"}]
        assert (await set_calendar(city, cast["editor"], 2031, version, days=off))["version"] == version + 1
    async with city.http() as client:
        for number, who in enumerate(("applicant", "admitted")):
            picture = await sent(city, client, cast[who])
            id = await applied(city, cast[who], licence=licence(number), pictures=[picture])
            cast.things[f"application of the {who}"] = id
            cast.things[f"licence of the {who}"] = picture
            shown = (await check(city, admin, id))["pictures"][0]
            assert await fetched(client, shown["url"]) == 200
    await decide(city, admin, cast.things["application of the admitted"])
    worker = await city.sql("SELECT id FROM app.legal_worker WHERE number = :n", n=licence(1))
    cast.things["legal worker"] = global_id("LegalWorker", worker[0].id)
    await change_legal_worker(city, cast["officer"], cast.things["legal worker"], 1, phones=["0391-0000002"])
    await city.settle()


PAPERS = "query ($id: ID!) { application(id: $id) { papers { id code } } }"


async def legal_aid(cast: Cast) -> None:
    """Of the asker, by her daughter: one that a lawyer works on after another declined, one that is closed, one that
    nobody has taken, one that is to go elsewhere; and one that the daughter is writing."""
    city, admin, officer = cast.city, cast["admin"], cast["officer"]
    for kind, duty in (("second", "OFFICER"), ("head", "SUPERVISOR")):
        cast.people[kind] = await city.person(Role.OFFICER)
        await set_post(city, admin, cast[kind], cast.things["institution"], duty=duty)
    elsewhere = {"kind": "LEGAL_AID_CENTRE", "number": "示例-F-2", "name": "示例第二法律援助中心"}
    cast.things["other centre"] = (await enter_institution(city, cast["editor"], **elsewhere))["id"]
    office = Office(
        city,
        admin,
        cast.things["institution"],
        officer,
        cast["second"],
        cast["head"],
        cast.things["other centre"],
        officer,
        cast["answered"],
    )
    async with city.http() as client:
        material, enclosed, written = [
            await sent(city, client, cast[who]) for who in ("delegate", "officer", "delegate")
        ]
    form = filled() | {"materials": [{"kind": "STATUS_PROOF", "fileId": material}]}
    form["means"] |= {"circumstances": ["BRAVE_ACT"]}
    form["case"] |= {"defence": ["MINOR"]}
    said: dict[str, Any] = {"onBehalfOf": cast.things["delegation"]}
    id = await office.taken(cast["delegate"], legalAid=form, **said)
    why = {"decision": "GRANT", "reason": "符合法律援助条件。", "attachments": [enclosed]}
    await office.does(officer, "decideApplication", id, **why)
    await office.does(officer, "assignLawyer", id, lawyerId=lawyer_id(cast["peer"]))
    await office.answers(cast["peer"], (await office.offered(cast["peer"]))[0]["id"], accept=False, declinedFor="BUSY")
    await office.does(officer, "assignLawyer", id, lawyerId=lawyer_id(cast["answered"]))
    await office.answers(cast["answered"], (await office.offered(cast["answered"]))[0]["id"])
    cast.things["aid in hand"] = id
    made = await city.one(cast["delegate"], PAPERS, id=id)
    for paper, name in zip(made["papers"], ("paper of the aid", "paper that was replaced"), strict=False):
        cast.things[name] = paper["id"]
        cast.things["code of the paper" if name.endswith("aid") else "code of the replaced"] = paper["code"]
    replaced = "UPDATE app.paper SET standing = 'REPLACED', standing_at = made_at WHERE id = :id"
    await city.sql(replaced, id=uuid_of(cast.things["paper that was replaced"], "Paper"))
    await opens(cast, "officer", material)
    form = form | {"materials": []}
    id, cast.things["assignment"] = await office.in_hand(cast["delegate"], legalAid=form, **said)
    await office.reports(cast["answered"], cast.things["assignment"])
    await office.does(officer, "closeApplication", id, reason="案卷齐全。")
    await office.does(officer, "recordSubsidy", id, amountFen=120_000)
    cast.things["aid that is closed"] = id
    cast.things["aid that is new"] = await office.applied(cast["delegate"], legalAid=form, **said)
    cast.things["aid to go elsewhere"] = await office.taken(cast["delegate"], legalAid=form, **said)
    cast.things["aid to step back from"] = await office.taken(await city.resident())
    cast.things["aid that needs something"] = await office.taken(cast["delegate"], legalAid=form, **said)
    await office.does(officer, "askSupplement", cast.things["aid that needs something"], reason="请补充收入证明。")
    form = form | {"materials": [{"kind": "STATUS_PROOF", "fileId": written}]}
    draft = {"legalAid": form, "revision": 1, "idempotencyKey": str(new_id())}
    await do(city, cast["delegate"], "saveApplicationDraft", "SaveApplicationDraftInput", **draft)
    unsent = "SELECT id FROM app.application_draft"
    cast.things["application draft"] = global_id("ApplicationDraft", (await city.sql(unsent))[0].id)


async def alerted(city: City, committee: str, mediator: Viewer) -> str:
    """Many asked, and the committee went there; how that is found, its own stories tell."""
    id, today = new_id(), await city.today()
    alert = """WITH w AS (INSERT INTO app.dispute_week SELECT date_trunc('week', CAST(:today AS date)) RETURNING week)
        INSERT INTO app.dispute_alert SELECT :id, week, '419001001', 'LABOUR', 5, :committee, now() FROM w"""
    await city.sql(alert, id=id, committee=uuid_of(committee, "Institution", "id"), today=today)
    note = "INSERT INTO app.dispute_note SELECT id, 'VISITED', committee, :mediator, now() FROM app.dispute_alert"
    await city.sql(note, mediator=mediator.id)
    return global_id("DisputeAlert", id)


async def mediations(cast: Cast) -> None:
    """One is being done, one waits, one was declined; a respondent joined the first by her invitation."""
    city, admin = cast.city, cast["admin"]
    cast.people |= {"respondent": await city.resident(), "chair": await city.person(Role.OFFICER)}
    made = {"kind": "MEDIATION_COMMITTEE", "number": "示例-T-1", "name": "示例镇人民调解委员会"}
    committee = (await enter_institution(city, cast["editor"], **made))["id"]
    await set_post(city, admin, cast["mediator"], committee, duty="MEDIATOR", called="王调解员")
    await set_post(city, admin, cast["chair"], committee, duty="SUPERVISOR", called="赵主任")
    mediator, applicant, respondent = cast["mediator"], cast["applicant"], cast["respondent"]
    cast.things["alert"] = await alerted(city, committee, mediator)
    telephones: Any = None  # codes are made here, and read off no telephone
    hall = Hall(Town(city, telephones), admin, committee, mediator, mediator, cast["chair"], committee, mediator)
    async with city.http() as client:
        material, enclosed, signed, letter = [
            await sent(city, client, cast[who]) for who in ("applicant", "mediator", "mediator", "mediator")
        ]
    said = mediation_form() | {"materials": [{"kind": "EVIDENCE", "fileId": material}]}
    id, mediation = await hall.registered(applicant, mediation=said)
    cast.things |= {"mediation in hand": id, "mediation": mediation}
    await opens(cast, "mediator", material)
    token = (await hall.does(mediator, "inviteRespondent", id))["token"]
    keys = city.doors[KeyProvider]
    async with city.db.acting(NOBODY) as session:
        row = await invitations.look(session, keys, token, now(session))
        code = await codes.make_code(
            session, keys, "+8613838910002", "203.0.113.9", now(session), Purpose.MEDIATION, row.id
        )
    async with city.db.acting(NOBODY) as session:
        door = await invitations.open_door(session, keys, token, code.digits, now(session))
    assert isinstance(door, str)
    await hall.answers(token, door)
    await hall.joins(respondent, token, door)
    cast.things |= {"link": token, "door": door}
    await hall.does(mediator, "beginMediation", id)
    session_of_it = {"where": "SHARED", "kind": "SESSION", "text": "双方到场。", "attended": ["APPLICANT"]}
    await hall.does(mediator, "addMediationRecord", mediation, **session_of_it, attachments=[enclosed])
    await city.sql("UPDATE app.mediation_record SET appointments = ARRAY[gen_random_uuid()]")
    drawn = (await hall.draws(mediation, attachments=[signed]))["agreement"]
    to = {"about": "AGREEMENT", "yes": True, "agreementId": drawn["id"]}
    for who in (applicant, respondent):
        await hall.does(who, "sayToMediation", mediation, **to)
    for who in (applicant, respondent):
        await hall.does(who, "sayToMediation", mediation, **(to | {"about": "COURT"}))
    of_it = "query ($id: ID!) { mediation(id: $id) { agreement { paper { id file { id } } } } }"
    paper = (await city.one(respondent, of_it, id=mediation))["agreement"]["paper"]
    cast.things |= {"paper of the agreement": paper["id"], "file of the agreement": paper["file"]["id"]}
    told = {"where": "RESPONDENT", "kind": "STATEMENT", "text": "我愿意修好山墙。"}
    await hall.does(respondent, "addMediationRecord", mediation, **told)
    for who in (applicant, respondent):
        await hall.does(who, "sayToMediation", mediation, about="CARRY_OVER", yes=True)
    await hall.does(mediator, "recordCourtDecision", mediation, confirmed=True)
    await hall.keeps(applicant, drawn["terms"][0]["id"])
    cast.things["mediation that is offered"] = (await hall.offers(mediator))["id"]
    cast.things["mediation to invite to"], cast.things["mediation that waits"] = await hall.registered(applicant)
    cast.things["mediation that was declined"] = declined = await hall.applied(applicant)
    await hall.does(mediator, "takeApplication", declined)
    why = {"reason": "应当先行仲裁。", "route": "LABOUR_ARBITRATION", "attachments": [letter]}
    await hall.does(mediator, "declineMediation", declined, **why)


async def notarisations(cast: Cast) -> None:
    """Of the asker's daughter: one that a notary accepted, and one that was refused after it had stood still; and a
    certificate that she asks to be looked into, and the head has decided on."""
    city, notary, daughter = cast.city, cast["notary"], cast["delegate"]
    bureau = await open_bureau(city, notary)
    async with city.http() as client:
        evidence, enclosed = [await sent(city, client, one) for one in (daughter, notary)]
        copy, told = [await sent(city, client, one) for one in (daughter, notary)]
    whole = notary_form()
    whole["evidence"][0] |= {"fileId": evidence}
    id = await bureau.admissible(daughter, notarisation=whole)
    cast.things["notarisation"] = id
    await opens(cast, "notary", evidence)
    await bureau.does(notary, "admitNotarisation", id)
    id = await bureau.accepted(daughter, notarisation=promised_form())
    cast.things["notarisation that was refused"] = id
    why = {"reason": "需要核实有关情况。", "attachments": [enclosed]}
    await bureau.does(notary, "pauseNotarisation", id, ground="VERIFICATION", **why)
    await bureau.does(bureau.head, "refuseNotarisation", id, ground="DISPUTED", reason="当事人之间有争议。")
    shown = [{"kind": "RECORD", "title": "户口簿", "fileId": copy}]
    id = await review_asked(bureau, daughter, agent=whole["agent"], evidence=shown)
    cast.things["certificate review"] = id
    await bureau.does(bureau.head, "handOverApplication", id, officerId=post_of(notary))
    await opens(cast, "notary", copy)
    why = {"reason": "需要核实有关情况。"}
    await bureau.does(notary, "pauseNotarisation", id, ground="VERIFICATION", **why, attachments=[told])
    await bureau.does(notary, "resumeNotarisation", id)
    cast.things["certificate review that was decided"] = id = await review_asked(bureau, daughter)
    await bureau.does(bureau.head, "handOverApplication", id, officerId=post_of(notary))
    await bureau.does(bureau.head, "decideCertificateReview", id, outcome="UPHOLD", **why)


async def advisers(cast: Cast) -> None:
    """One of the lawyers advises the village that the asker says is hers; her term is about to end."""
    cast.things["term"] = await hall.appointed(cast.city, cast["officer"], cast["answered"])
    soon = await hall.today(cast.city) + timedelta(days=20)
    assert (await hall.end(cast.city, cast["officer"], cast.things["term"], lastDay=str(soon)))["version"] == 2
    spot = {"longitude": 112.57, "latitude": 35.16, "system": "WGS84"}
    for version, source in enumerate(("示例坐标", "示例坐标（核对）")):
        placed = await hall.place_village(cast.city, cast["officer"], spot, version, source=source)
        assert placed["version"] == version + 1
    cast.things["service"] = (await hall.log(cast.city, cast["answered"], coordinates=spot))["id"]
    year = (await hall.today(cast.city)).year
    five = "SELECT :term, gen_random_uuid(), :me, app.clock(), app.clock() FROM generate_series(1, 5)"
    term = uuid_of(cast.things["term"], "AdviserTerm")
    await cast.city.sql(f"INSERT INTO app.adviser_question {five}", term=term, me=cast["answered"].id)
    made = await hall.contest(cast.city, cast["answered"], cast.things["term"], year, line="QUESTIONS")
    cast.things["contest"] = (await hall.decide(cast.city, cast["officer"], made["id"]))["id"]
    cast.things["year"] = str(year)
    cast.things["village of the term"] = global_id("VillageCoverage", hall.VILLAGE)
    await hall.lives_in(cast.city, cast["asker"])


async def put_on(cast: Cast) -> None:
    """A lecture of the cast's institution that somebody sent back before it passed, and one that was called off."""
    city, editor, supervisor = cast.city, cast["editor"], cast["supervisor"]
    async with city.http() as client:
        covers = {"activity": {"coverId": await sent(city, client, editor)}}
    for what in ("activity", "activity that was cancelled"):
        said = {"institutionId": cast.things["institution"]} | covers.get(what, {})
        made = await activities.draft(city, editor, **said)
        cast.things[what] = made["id"]
        for who, step in ((editor, "SUBMIT"), (supervisor, "RETURN"), (editor, "SUBMIT"), (supervisor, "PASS")):
            assert not codes_of(await activities.move(city, who, made["id"], step, reason="请补充讲师的单位"))
    await activities.move(city, editor, cast.things["activity that was cancelled"], "CANCEL", reason="讲师临时不能到场")
    for what, whose in (("enrolment", "asker"), ("enrolment that waits", "delegate")):
        ((id,),) = await city.sql(
            "INSERT INTO app.enrolment SELECT gen_random_uuid(), :of, :me, 1 + count(*), :state, now(), now(),"
            " CASE :state WHEN 'ENROLLED' THEN now() END FROM app.enrolment RETURNING id",
            of=uuid_of(cast.things["activity"], "Activity"),
            me=cast[whose].id,
            state="ENROLLED" if what == "enrolment" else "WAITING",
        )
        cast.things[what] = global_id("Enrolment", id)
    # It goes on for a year, so that its entrance is open whenever the cast looks at it.
    async with city.super.acting(NOBODY) as session:
        await session.rows(text("SET LOCAL session_replication_role = replica"))
        lasting = "UPDATE app.activity SET state = 'OPEN', begins_at = now(), ends_at = now() + interval '1 year'"
        await session.rows(text(f"{lasting} WHERE id = :id"), {"id": uuid_of(cast.things["activity"], "Activity")})
    enrolment = uuid_of(cast.things["enrolment"], "Enrolment")
    cast.things["ticket"] = ticket_of(city.doors[KeyProvider].secret(SECRET), enrolment)
    await city.settle()


async def outreach(cast: Cast) -> None:
    """A village's channel below its town's, with a target; and a partner's, whose code counts no more."""
    city, editor = cast.city, cast["editor"]
    town = await channels.created(city, editor, kind="TOWN", name="示例街道", divisionCode=TOWN)
    said = {"parentId": town["id"], "name": "示例社区", "divisionCode": "419001001001"}
    village = await channels.created(city, editor, kind="VILLAGE", **said)
    day = str(await hall.today(city))
    wanted = {"channelId": village["id"], "step": "FOLLOW", "goal": 50, "since": day, "until": day}
    await do(city, editor, "setChannelTarget", "SetChannelTargetInput", **wanted)
    end = (await city.now() + timedelta(days=90)).isoformat()
    linked = {"link": "https://partner.example/page", "until": end}
    partner = await channels.created(city, editor, kind="PARTNER", name="示例工会", **linked)
    await do(city, editor, "closeChannel", "CloseChannelInput", channelId=partner["id"], version=1)
    await city.settle()
    refused = "UPDATE app.outreach_code SET state = 'REFUSED', said = NULL, errcode = 45029 WHERE kind = :kind"
    await city.sql(refused, kind="OFFICIAL_ACCOUNT")
    opened = "INSERT INTO app.outreach_day SELECT :id, :day, unnest(ARRAY['SCAN', 'SENT']), 12"
    await city.sql(opened, id=uuid_of(partner["id"], "Channel"), day=await hall.today(city))
    cast.things |= {"village channel": village["id"], "channel that is closed": partner["id"], "day": day}
    cast.things["code of the partner"] = partner["code"]


async def appointments(cast: Cast) -> None:
    """One that was moved and then cancelled by the staff, one to be, a slot that she holds, a number that she took."""
    city, asker, at = cast.city, cast["asker"], cast.things["institution"]
    desk = Reception(city, at, cast["officer"], cast["window_staff"], "")
    assert (await desk.serve(minutes=15))["version"] == 1
    cast.things["appointment service"] = (await desk.serve(version=1))["id"]
    window = (await desk.open(capacity=2))["id"]
    hers = (await desk.open(kind="STAFF", name="李窗口", personId=global_id("Post", cast["window_staff"].id)))["id"]
    away = {"from": (await city.now()).isoformat(), "until": (await city.now() + timedelta(hours=1)).isoformat()}
    said: dict[str, Any] = {"calendarId": hers, "version": 1, "away": [away], "reason": "外出培训半天"}
    assert (await desk.do(desk.officer, "changeAppointmentCalendar", CALENDAR, **said))["version"] == 2
    cast.things |= {"window": window, "calendar of the staff": hers}
    slots = [one["startsAt"] for one in await desk.slots(after=2)]
    first = await desk.booked(asker, slots[0])
    said = {"appointmentId": first["id"], "startsAt": slots[1], "idempotencyKey": str(new_id())}
    moved = (await desk.do(asker, "rescheduleAppointment", **said))["id"]
    said = {"appointmentId": moved, "reason": "当天停电，窗口不开放"}
    await desk.do(desk.clerk, "cancelAppointment", **said)
    cast.things["appointment that was cancelled"] = moved
    cast.things["appointment"] = (await desk.booked(asker, slots[2]))["id"]
    assert (await desk.seen(desk.clerk, cast.things["appointment"]))["contact"]["name"]
    cast.things["slot that is held"] = (await desk.hold(asker, slots[3]))["id"]
    number = new_id()
    await city.sql(
        "INSERT INTO app.appointment (id, institution, service, person, origin, mode, state, room, place, starts_at,"
        " ends_at, made_at, hold_until, called_at, state_at, policy, number, day, body)"
        " SELECT :id, institution, 'LEGAL_AID', :me, 'WALK_IN', 'WINDOW', 'CHECKED_IN', id, 1,"
        " app.clock(), app.clock() +"
        " interval '30 minutes', app.clock(), app.clock(), app.clock(), app.clock(), 1, 1, current_date, ''"
        " FROM app.appointment_calendar WHERE kind = 'ROOM'",
        id=number,
        me=asker.id,
    )
    cast.things["number of who walked in"] = global_id("Appointment", number)
    cast.things |= {"now": f'"{(await city.now()).isoformat()}"', "soon": f'"{slots[-1]}"'}
    await city.settle()


async def consultations(cast: Cast) -> None:
    """One that the officer took and closed, and one that waits."""
    there = Counter(cast.city, cast.things["institution"], cast["admin"], cast["window_staff"], cast["officer"])
    voice: Any = (samples.sound(), "audio/mpeg", Kind.VOICE)
    async with cast.city.http() as client:
        hers, spoken_by_her, theirs = [
            await sent(cast.city, client, cast[who], *what)
            for who, what in (("asker", ()), ("asker", voice), ("officer", ()))
        ]
    said: dict[str, Any] = {"applicationId": cast.things["aid in hand"], "attachments": [hers, spoken_by_her]}
    held = await there.consult(cast["asker"], **said)
    cast.things |= {"picture of the consultation": hers, "recording of the consultation": spoken_by_her}
    cast.things["consultation that was held"] = held["id"]
    cast.things["thread of the consultation"] = held["thread"]["id"]
    assert (await there.take(cast["officer"], held["id"]))["state"] == "TAKEN"
    await opens(cast, "officer", hers)
    attached = {"attachments": [theirs]}
    replied = await there.say(cast["officer"], "replyInConsultation", held["id"], "请带身份证来。", **attached)
    cast.things["message of the consultation"] = replied["thread"]["messages"]["nodes"][0]["id"]
    await there.do(cast["officer"], "closeConsultation", consultationId=held["id"])
    cast.things["consultation that waits"] = (await there.consult(cast["asker"], BODY))["id"]
    await cast.city.settle()


async def at_the_window(cast: Cast) -> None:
    """About an application of which something is missing, an appointment, and a number that she took."""
    desk, clerk = Window(cast.city), cast["window_staff"]
    for name, subject in (
        ("aid", "aid that needs something"),
        ("appointment", "appointment"),
        ("number", "number of who walked in"),
    ):
        digits = (await desk.code(cast["asker"], cast.things[subject]))["digits"]
        visit = await desk.opens(clerk, digits)
        assert visit["person"], visit
        await desk.receives(clerk, visit["id"])
        cast.things[f"visit about the {name}"] = visit["id"]
    first = "SELECT id FROM app.paper WHERE kind = 'PAPERS_RECEIPT' ORDER BY ordered_at LIMIT 1"
    cast.things["receipt of the papers"] = global_id("Paper", (await cast.city.sql(first))[0].id)


async def counters(cast: Cast) -> None:
    """One that became an application at the window, before two; and one that a detained person sent."""
    clerk, ids = cast["window_staff"], {"institutionId": cast.things["institution"]}
    for name, more in (("said", {}), ("sent", {"source": "PROCURATORATE"})):
        said = {"legalAid": filled() | {"materials": []}, "statement": "请窗口代写：老板三个月没有发工资。"} | more
        made = """mutation ($input: RecordAtWindowInput!) { recordAtWindow(input: $input) {
            ... on CounterStatement { id } } }"""
        said |= {"idempotencyKey": f"of-what-was-{name}"}
        cast.things[f"statement that was {name}"] = (await cast.city.one(clerk, made, input=said))["id"]
    said = {"statementId": cast.things["statement that was said"]}
    await do(cast.city, cast["head"], "confirmAtWindow", "ConfirmAtWindowInput", **said, how="SIGNATURE")
    await do(cast.city, clerk, "applyAtWindow", "ApplyAtWindowInput", **said, **ids, idempotencyKey="of-the-counter")


async def rated(cast: Cast) -> None:
    said = {"applicationId": cast.things["aid that is closed"], "stars": 5, "solved": True}
    await do(cast.city, cast["delegate"], "rateService", "RateServiceInput", **said, idempotencyKey="of-the-rating")
    key = uuid_of(cast.things["aid that is closed"], "LegalAidApplication")
    cast.things["rating of the aid"] = global_id("ServiceRating", key)


async def of_the_young(cast: Cast) -> None:
    """The administrator opens a minor's file, with the security officer's yes."""
    city, admin, young = cast.city, cast["admin"], file_id(cast["former"])
    id = (await request_access(city, admin, young))["id"]
    assert (await approve_access(city, cast["security_officer"], id))["__typename"] == "MinorAccess"
    assert (await city.one(admin, FILE_OF, id=young))["id"] == young
    cast.things["access to the young"] = id


async def donations(cast: Cast) -> None:
    """She gives a case away, and the editor takes it on."""
    id = cast.things["donation"] = await donated(cast.city, cast["asker"], cast.things["resolved question"])
    await do(cast.city, cast["editor"], "takeDonatedCase", "TakeDonatedCaseInput", donationId=id)


async def dates(cast: Cast) -> None:
    """She keeps a period of the law of which three days are left, one that a lawyer named, and a hearing."""
    today = await cast.city.today()
    for what, said in {
        "period of the law": {"limit": {"code": "appeal-ruling", "since": str(today - timedelta(days=7))}},
        "period of a lawyer": {"answer": {"answerId": cast.things["answer"], "since": str(today)}},
        "hearing": {"own": {"kind": "HEARING", "day": str(today)}},
    }.items():
        await do(cast.city, cast["asker"], "keepDate", "KeepDateInput", **said, idempotencyKey=str(new_id()))
        (newest,) = await cast.city.sql("SELECT id FROM app.kept_date ORDER BY id DESC LIMIT 1")
        cast.things[what] = global_id("KeptDate", newest.id)


async def reports(cast: Cast) -> None:
    """The asker's: one was followed by a measure, one dismissed, one is taken, and one waits."""
    city, asker, moderator, things = cast.city, cast["asker"], cast["moderator"], cast.things
    made = [await complaints.report(city, asker, things["answer"], things["reply"], words="没有说明法律依据")]
    assert (await complaints.take(city, moderator, made[0]["id"]))["disclosed"]
    await complaints.decide(city, moderator, made[0]["id"], "WARNING", ground="已当面提醒过")
    made += [await complaints.report(city, asker, things[about]) for about in ("reply", "peers answer")]
    await complaints.take(city, moderator, made[1]["id"])
    await complaints.decide(city, moderator, made[1]["id"])
    made += [await complaints.report(city, asker, things["answer"], words="又是这样")]
    await complaints.take(city, moderator, made[3]["id"])
    kinds = ("with a measure", "that was dismissed", "that waits", "that is taken")
    things |= {f"report {kind}": one["id"] for kind, one in zip(kinds, made, strict=True)}
    (measure,) = await complaints.seen(city, cast["answered"], complaints.MEASURES)
    things["measure"] = measure["id"]
    await complaints.on_measure(city, cast["answered"], "appealMeasure", measure["id"], text="没有当面提醒过")
    await complaints.on_measure(city, cast["taker"], "takeMeasureAppeal", measure["id"])
    id = (await complaints.report(city, asker, things["reply"]))["id"]
    await complaints.take(city, moderator, id)
    await complaints.decide(city, moderator, id, "WARNING", ground="已经提醒过")
    judged = (await complaints.seen(city, cast["answered"], complaints.MEASURES))[0]["id"]
    await complaints.on_measure(city, cast["answered"], "appealMeasure", judged, text="没有违反规定")
    await complaints.on_measure(city, cast["taker"], "takeMeasureAppeal", judged)
    await complaints.on_measure(city, cast["taker"], "decideMeasureAppeal", judged, lift=True, reasons="依据不足的")
    things["measure that was lifted"] = judged
    id = (await complaints.report(city, asker, things["reply"]))["id"]
    await complaints.take(city, moderator, id)
    await complaints.decide(city, moderator, id, "WARNING", ground="再次提醒过")
    waits = (await complaints.seen(city, cast["answered"], complaints.MEASURES))[0]["id"]
    await complaints.on_measure(city, cast["answered"], "appealMeasure", waits, text="没有这样说过")
    things["measure that is appealed against"] = waits
    # As of a minor's: it was approved, and opened.
    said = {"id": (id := new_id()), "report": uuid_of(made[3]["id"], "Report"), "by": moderator.id}
    reason = seal_bytes(city.doors[KeyProvider].secret("minor-access"), "核实".encode(), f"minor_access|reason|{id}")
    await city.sql(
        "INSERT INTO app.minor_access SELECT :id, 'REPORT', :report, :by, 'MODERATOR', false, :reason, now(), id,"
        " now(), now() + interval '1 day', now() FROM app.person WHERE id <> :by LIMIT 1",
        **said,
        reason=reason,
    )
    things["access to a report"] = global_id("MinorAccess", id)


async def contests(cast: Cast) -> None:
    """The asker's first entry was refused and her second is shown; the daughter's is being looked at."""
    city, taker, editor = cast.city, cast["taker"], cast["editor"]
    contest = await gallery.contest(city, editor, cast["supervisor"])
    assert (await bench.set_jury(city, editor, contest))["jury"]["version"] == 1
    async with city.http() as client:
        refused = (await gallery.enter(city, client, cast["asker"], contest))["id"]
        await gallery.take(city, taker, refused)
        assert (await gallery.check(city, taker, refused, False, "OFF_TOPIC"))["state"] == "REJECTED"
        entry = await gallery.shown(city, client, cast["asker"], contest, taker)
        another = await gallery.contest(city, editor, cast["supervisor"])  # judging ends only where all are checked
        waits = (await gallery.enter(city, client, cast["delegate"], another))["id"]
    assert (await gallery.take(city, taker, waits))["state"] == "CHECKING"
    freeze = new_id()
    await city.sql(
        "INSERT INTO app.vote_freeze (id, activity, entry, votes, at, until)"
        " VALUES (:id, :activity, :entry, 31, now(), now() + interval '1 hour')",
        id=freeze,
        activity=uuid_of(contest, "Activity"),
        entry=uuid_of(entry["id"], "ContestEntry"),
    )
    burst = global_id("VoteFreeze", freeze)
    await do(city, editor, "decideVoteFreeze", "DecideVoteFreezeInput", freezeId=burst, count=False)
    cast.things |= {"activity that is a contest": contest, "entry": entry["id"], "exhibit": entry["exhibit"]["id"]}
    juror = await bench.juror(city, editor, contest, cast["answered"])
    other = await bench.juror(city, editor, contest, cast["peer"])
    for what in ("CLOSE", "SCORE"):
        await activities.move(city, editor, contest, what)
    exhibit = entry["exhibit"]["id"]
    assert (await bench.score(city, cast["answered"], exhibit, 9, 4))["points"] == [9, 4]
    assert (await bench.declare(city, cast["peer"], exhibit))["id"] == exhibit
    assert (await bench.end(city, editor, contest))["jury"]["endedAt"]
    entry_id = uuid_of(entry["id"], "ContestEntry")
    cast.things |= {"judged": global_id("JudgedExhibit", entry_id), "ranked": global_id("RankedEntry", entry_id)}
    ((conflict,),) = await city.sql("SELECT id FROM app.jury_conflict")
    cast.things["jury conflict"] = global_id("JuryConflict", conflict)
    cast.things |= {"juror": juror, "juror who may not": other}
    cast.things |= {"entry that was refused": refused, "entry that is looked at": waits, "burst": burst}
    await city.settle()


async def quality(cast: Cast) -> None:
    """Of two consultations that the asker lets be checked the one is marked, and the other is open; both are spoken.
    The lawyer who was offered nothing is the reviewer."""
    city, asker, reviewer = cast.city, cast["asker"], cast["unoffered"]
    await panel.say(city, asker, True)
    named = await panel.act(city, cast["supervisor"], "nameQualityReviewer", lawyerId=lawyer_id(reviewer))
    assert named["__typename"] == "QualityReviewers"
    voice: Any = (samples.sound(), "audio/mpeg", Kind.VOICE)
    for what in ("check that is done", "check"):
        async with city.http() as client:
            for who, thing in (("asker", "voice of the question"), ("answered", "voice of an answer")):
                cast.things[thing] = await sent(city, client, cast[who], *voice)
        said = question(f"孩子满月酒的礼金怎么分（{what}）", "family.divorce") | spoken(cast, "voice of the question")
        id = (await city.one(asker, ASK, input=said))["id"]
        await city.settle()
        await speaks(cast, cast["answered"], id)
        await do(city, asker, "resolveQuestion", "ResolveQuestionInput", questionId=id)
        check = new_id()
        await city.sql(
            "INSERT INTO app.quality_check VALUES (:id, :q, :version, app.clock(), :reviewer, '{}', app.clock(),"
            " app.clock() + interval '9 days', 'OPEN', NULL)",
            id=check,
            q=uuid_of(id, "Question"),
            version=drawing.AGREED,
            reviewer=reviewer.id,
        )
        cast.things[what] = global_id("QualityCheck", check)
        if what == "check that is done":
            (open_,) = await panel.checks(city, reviewer)
            marked = await panel.complete(city, reviewer, open_, A={"note": "结论清楚。", "deadlines": True})
            assert marked["state"] == "DONE", marked
    (mark,) = (await city.one(cast["answered"], panel.MARKS))["nodes"]
    cast.things["mark"] = mark["id"]
    said = {"markId": mark["id"], "text": "谢谢指正。", "idempotencyKey": str(new_id())}
    assert (await panel.act(city, cast["answered"], "replyToQualityMark", **said))["reply"]
    first = (await city.today()).replace(day=1)
    cast.things["last month"] = f'"{first - timedelta(days=1)}"'
    await city.sql("INSERT INTO app.quality_day VALUES (:day, 40, 8)", day=first - timedelta(days=1))
    then = await city.now() - timedelta(days=(await city.today() - first).days + 1)
    await city.sql(panel.MARKED, at=then, many=6, conclusion="YES")
    await city.settle()


def last_month(today: date) -> date:
    """The first day of the month before this one."""
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


async def look_up(cast: Cast) -> None:
    """The ids that nobody was told on the way."""

    async def the(sql: str, **said: Any) -> Any:
        ((found,),) = await cast.city.sql(sql, **said)
        return found

    delivery = new_id()
    await cast.city.sql(
        "INSERT INTO app.delivery SELECT :id, :asker, NULL, 'NEW_ANSWER', 'REPLY', 'SMS', 1, 'DEAD', 'CONFIG', 'x', 1,"
        " 0, 'infinity', now(), now(), now(), now(), now(), NULL, NULL, NULL, now()",
        id=delivery,
        asker=cast["asker"].id,
    )
    await cast.city.sql(
        "UPDATE app.channel SET closed_until = now() + interval '1 day', error = 'x', error_at = now(),"
        " alarm_at = now()"
    )
    first, answered = uuid_of(cast.things["question"], "Question"), cast["answered"].id
    seat = await the("SELECT id FROM app.seat WHERE question = :q AND lawyer = :l", q=first, l=answered)
    firm = await the("SELECT firm FROM app.lawyer WHERE id = :l", l=answered)
    today = await cast.city.today()
    inquiry = uuid_of(cast.things["inquiry of the seated"], "Inquiry")
    cast.things |= {
        "delivery": global_id("Delivery", delivery),
        "information": global_id("Message", await the("SELECT id FROM app.message WHERE regards = :i", i=inquiry)),
        "thread": thread_id(cast.things["question"]),
        "draft": global_id("Draft", await the("SELECT id FROM app.draft")),
        "delivered seat": global_id("Seat", seat),
        "offer": offer_of(cast["offered"], cast.things["question"]),
        "declined offer": offer_of(cast["offered"], cast.things["resolved question"]),
        "named offer": offer_of(cast["offered"], cast.things["question with a name"]),
        "file": file_id(cast["editor"]),
        "move": global_id("PersonMove", await the("SELECT id FROM app.person_move WHERE kind = 'ROLES'")),
        "viewer": global_id("Viewer", cast["asker"].id),
        "lawyer": lawyer_id(cast["offered"]),
        "snoozed lawyer": lawyer_id(cast["unoffered"]),
        "firm": global_id("Firm", firm),
        "category": global_id("Category", "family.divorce"),
        "upper category": global_id("Category", "family"),
        "today": f'"{today}"',
        "this month": f'"{today.replace(day=1)}"',
        "last month": f'"{last_month(today)}"',
    }
    told = {row.person for row in await cast.city.sql("SELECT DISTINCT person FROM app.notice WHERE kind <> 'OFFERED'")}
    cast.told = {kind for kind in cast.signed_in if cast[kind].id in told}
