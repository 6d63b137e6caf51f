"""Somebody for every door and one thing of every kind: what stories about the whole graph begin with."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from app.core.access import Role, Viewer
from app.core.db import NOBODY
from app.core.ids import new_id
from app.graph.ids import global_id
from tests.accounts.town import Town
from tests.applications.bureau import open_bureau
from tests.applications.reviews import review_asked
from tests.city import City
from tests.directory.desk import enter_institution
from tests.mediation.hall import Hall
from tests.vault.scene import Scene, play

ASKERS = """query ($question: ID!, $thread: ID!) {
  viewer { id sessionId } erasures(first: 1) { nodes { id } }
  drafts(first: 1) { nodes { id } } notices(first: 1) { nodes { id } }
  delegations(given: true, first: 1) { nodes { id } } exportUpdates { ... on ExportUpdates { export { id } } }
  question(id: $question) { id answers { id rating { id } lawyer { id firm { id } } }
    followUps { id } inquiries { id } category { id } }
  thread(id: $thread) { id messages(first: 1) { nodes { id } } } }"""


@dataclass(frozen=True)
class Stage:
    scene: Scene
    supervisor: Viewer
    admin: Viewer
    officer: Viewer
    """She has a post at the scene's institution."""
    clerk: Viewer
    """She has one at its window."""
    notary: Viewer
    """She has one at a notary office."""
    editor: Viewer
    moderator: Viewer
    things: dict[str, tuple[Viewer, str]]
    """By kind: who may see it, and its id."""

    @property
    def city(self) -> City:
        return self.scene.city

    def id(self, kind: str) -> str:
        return self.things[kind][1]


async def build(city: City) -> Stage:
    scene, supervisor, admin = await play(city), await city.person(Role.SUPERVISOR), await city.person(Role.ADMIN)
    await city.settle()
    ids = {"question": global_id("Question", scene.question), "thread": global_id("Thread", scene.question)}
    seen = await city.run(scene.asker, ASKERS, **ids)
    question, (answer,) = seen["question"], seen["question"]["answers"]
    ((file,),) = await city.sql("SELECT id FROM app.file WHERE owner = :me LIMIT 1", me=scene.asker.id)
    ((petition,),) = await city.sql("SELECT id FROM app.petition")
    ((guardianship,),) = await city.sql("SELECT id FROM app.guardianship")
    of_the_asker = {
        "Viewer": seen["viewer"],
        "Session": {"id": seen["viewer"]["sessionId"]},
        "Guardianship": {"id": global_id("Guardianship", guardianship)},
        "Draft": first(seen["drafts"]),
        "Export": seen["exportUpdates"]["export"],
        "Erasure": first(seen["erasures"]),
        "Notice": first(seen["notices"]),
        "Delegation": first(seen["delegations"]),
        "Question": question,
        "Category": question["category"],
        "Answer": answer,
        "Rating": answer["rating"],
        "Lawyer": answer["lawyer"],
        "Firm": answer["lawyer"]["firm"],
        "FollowUp": question["followUps"][0],
        "Inquiry": question["inquiries"][0],
        "Thread": seen["thread"],
        "Message": first(seen["thread"]["messages"]),
        "File": {"id": global_id("File", file)},
        "Petition": {"id": global_id("Petition", petition)},
    }
    things = {kind: (scene.asker, thing["id"]) for kind, thing in of_the_asker.items()}
    seat = first(await city.one(scene.seated, "{ seats(first: 1) { nodes { id } } }"))
    offer = first(await city.one(scene.offered, "{ offers(last: 1) { nodes { id } } }"))
    task = first(await city.one(supervisor, "{ tasks(first: 1) { nodes { id } } }"))
    things |= {"Seat": (scene.seated, seat["id"]), "Offer": (scene.offered, offer["id"])}
    move = first(await city.one(admin, "{ personMoves(first: 1) { nodes { id person { id } } } }"))
    things |= {"PersonMove": (admin, move["id"]), "PersonFile": (admin, move["person"]["id"])}
    access = first(await city.one(supervisor, "{ minorAccesses(first: 1) { nodes { id } } }"))
    things |= {"MinorAccess": (supervisor, access["id"])}
    delivery = first(await city.one(scene.asker, "{ myDeliveries(last: 1) { nodes { id } } }"))
    things |= {"Delivery": (supervisor, delivery["id"])}
    mine = await city.one(scene.stranger, "{ viewerLawyerApplication { id } }")
    things |= {"LawyerApplication": (scene.stranger, mine["id"])}
    ((application, handles),) = await city.sql("SELECT id, officer FROM app.application")
    ((assignment,),) = await city.sql("SELECT id FROM app.assignment")
    ((written,),) = await city.sql("SELECT id FROM app.application_draft")
    things |= {"Post": (admin, global_id("Post", handles))}
    officer = Viewer(handles, new_id(), frozenset({Role.RESIDENT, Role.OFFICER}))
    await city.signed_in(officer)
    ((window_staff, visit),) = await city.sql("SELECT staff, id FROM app.window_visit")
    clerk = Viewer(window_staff, new_id(), frozenset({Role.RESIDENT, Role.WINDOW_STAFF}))
    await city.signed_in(clerk)
    things |= {"WindowVisit": (scene.asker, global_id("WindowVisit", visit))}
    ((statement,),) = await city.sql("SELECT id FROM app.counter_statement")
    things |= {"CounterStatement": (clerk, global_id("CounterStatement", statement))}
    heads = {"Appointment": "appointment", "AppointmentService": "appointment_service"}
    for kind, table in (heads | {"InstitutionConsultation": "institution_consultation"}).items():
        ((record,),) = await city.sql(f"SELECT id FROM app.{table}")
        things[kind] = (scene.asker, global_id(kind, record))
    ((window,),) = await city.sql("SELECT id FROM app.appointment_calendar")
    things["AppointmentCalendar"] = (officer, global_id("AppointmentCalendar", window))
    things |= {"LegalAidApplication": (scene.asker, global_id("LegalAidApplication", application))}
    things |= {"ServiceRating": (scene.asker, global_id("ServiceRating", application))}
    ((paper,),) = await city.sql("SELECT id FROM app.paper WHERE subject = :id LIMIT 1", id=application)
    things |= {"Paper": (scene.asker, global_id("Paper", paper))}
    for kind in ("Mediation", "MediationAgreement", "MediationTerm"):
        table = {"MediationAgreement": "mediation_agreement", "MediationTerm": "mediation_term"}.get(kind, "mediation")
        ((record,),) = await city.sql(f"SELECT id FROM app.{table}")
        things[kind] = (scene.asker, global_id(kind, record))
    things |= {"Assignment": (scene.answered, global_id("Assignment", assignment))}
    things |= {"ApplicationDraft": (scene.asker, global_id("ApplicationDraft", written))}
    ((kept,),) = await city.sql("SELECT id FROM app.kept_date")
    things |= {"KeptDate": (scene.asker, global_id("KeptDate", kept))}
    for kind, table in {"Institution": "institution", "LegalWorker": "legal_worker"}.items():
        ((record,),) = await city.sql(f"SELECT id FROM app.{table} LIMIT 1")
        things[kind] = (admin, global_id(kind, record))
    ((channel,),) = await city.sql("SELECT id FROM app.outreach_channel")
    things["Channel"] = (admin, global_id("Channel", channel))
    ((term,),) = await city.sql("SELECT id FROM app.adviser_term")
    things["VillageCoverage"] = (admin, global_id("VillageCoverage", "419001100201"))
    ((service,),) = await city.sql("SELECT id FROM app.adviser_service")
    things["AdviserService"] = (scene.answered, global_id("AdviserService", service))
    ((contest,),) = await city.sql("SELECT id FROM app.appraisal_contest")
    things["AppraisalContest"] = (admin, global_id("AppraisalContest", contest))
    things["AdviserTerm"] = (admin, global_id("AdviserTerm", term))
    ((article,),) = await city.sql("SELECT id FROM app.article WHERE published_at IS NOT NULL")
    things["Article"] = (scene.asker, global_id("Article", article))
    ((campaign,),) = await city.sql("SELECT id FROM app.campaign")
    things["Campaign"] = (supervisor, global_id("Campaign", campaign))
    things["ArticlePush"] = (scene.asker, global_id("ArticlePush", campaign))
    ((donation,),) = await city.sql("SELECT id FROM app.case_donation")
    things["DonatedCase"] = (scene.asker, global_id("DonatedCase", donation))
    ((report,),) = await city.sql("SELECT id FROM app.report")
    things["Report"] = (scene.asker, global_id("Report", report))
    ((measure,),) = await city.sql("SELECT id FROM app.measure")
    things["Measure"] = (scene.asker, global_id("Measure", measure))
    bureau = await open_bureau(city)
    things["NotarisationApplication"] = (scene.asker, await bureau.applied(scene.asker))
    things["CertificateReviewApplication"] = (scene.asker, await review_asked(bureau, scene.asker))
    committee = await enter_institution(city, admin, kind="MEDIATION_COMMITTEE", number="示例-M-1", name="示例调委会")
    nobody: Any = None  # nobody of the committee does anything yet, and no telephone is read
    hall = Hall(Town(city, nobody), admin, committee["id"], nobody, nobody, nobody, committee["id"], nobody)
    things["MediationApplication"] = (scene.asker, await hall.applied(scene.asker))
    ((alert,),) = await city.sql("SELECT id FROM app.dispute_alert")
    ((export,),) = await city.sql("UPDATE app.figure_export SET person = :me RETURNING id", me=supervisor.id)
    things["FigureExport"] = (supervisor, global_id("FigureExport", export))
    ((anchor,),) = await city.sql("SELECT id FROM app.audit_anchor")
    things["AuditAnchor"] = (await city.person(Role.AUDITOR), global_id("AuditAnchor", anchor))
    things["DisputeAlert"] = (supervisor, global_id("DisputeAlert", alert))
    ((asked,),) = await city.sql("SELECT id FROM app.quiz_question")
    things["QuizQuestion"] = (supervisor, global_id("QuizQuestion", asked))
    things["Task"] = (supervisor, task["id"])
    ((activity, enrolment),) = await city.sql("SELECT activity, id FROM app.enrolment")
    ((entry,),) = await city.sql("SELECT id FROM app.entry")
    things["ContestEntry"] = (scene.asker, global_id("ContestEntry", entry))
    things["Exhibit"] = (scene.asker, global_id("Exhibit", entry))
    ((freeze,),) = await city.sql("SELECT id FROM app.vote_freeze")
    things["VoteFreeze"] = (supervisor, global_id("VoteFreeze", freeze))
    ((juror,),) = await city.sql("SELECT id FROM app.juror")
    things["Juror"] = (scene.asker, global_id("Juror", juror))
    await judges(city, scene.answered)
    things["JudgedExhibit"] = (scene.answered, global_id("JudgedExhibit", entry))
    things["RankedEntry"] = (supervisor, global_id("RankedEntry", entry))
    ((conflict,),) = await city.sql("SELECT id FROM app.jury_conflict")
    things["JuryConflict"] = (supervisor, global_id("JuryConflict", conflict))
    ((check,),) = await city.sql("SELECT id FROM app.quality_check")
    things["QualityCheck"] = (scene.offered, global_id("QualityCheck", check))
    ((mark,),) = await city.sql("SELECT id FROM app.quality_mark")
    things["QualityMark"] = (scene.answered, global_id("QualityMark", mark))
    things["Enrolment"] = (scene.asker, global_id("Enrolment", enrolment))
    ((taken,),) = await city.sql("SELECT id FROM app.quiz_attempt")
    ((won,),) = await city.sql("SELECT id FROM app.quiz_award")
    things["QuizAward"] = (scene.asker, global_id("QuizAward", won))
    things["QuizAttempt"] = (scene.asker, global_id("QuizAttempt", taken))
    things["Activity"] = (scene.asker, global_id("Activity", activity))
    editor, moderator = await city.person(Role.EDITOR), await city.person(Role.MODERATOR)
    return Stage(scene, supervisor, admin, officer, clerk, bureau.notary, editor, moderator, things)


def first(page: Any) -> Any:
    return page["nodes"][0]


async def judges(city: City, who: Viewer) -> None:
    """She may judge what was handed in to the scene's activity, past the triggers: it is no contest."""
    async with city.super.acting(NOBODY) as session:
        await session.rows(text("SET LOCAL session_replication_role = replica"))
        joins = (
            "INSERT INTO app.juror SELECT gen_random_uuid(), activity, :me, called, schools, state, named_by, named_at,"
        )
        await session.rows(text(f"{joins} state_at FROM app.juror"), {"me": who.id})
        await session.rows(text("UPDATE app.activity SET state = 'SCORING'"))
