"""No table is forgotten: what it holds about a person is in her copy, or it is said here why not."""

import pytest

from app.core.access import Viewer
from app.exported import PARTS
from tests.city import City
from tests.exporting.copies import Copy, copied
from tests.vault.scene import Scene, play
from tests.vault.sending import house

pytestmark = pytest.mark.anyio

ASKED = "SELECT subject FROM app.reader WHERE person = :me AND basis = 'asker'"
EXPORTED = {
    # What must stand in the copy of the one whose it is, by what is unmistakable in it; (of whom in the scene, SQL).
    "person": ("asker", "SELECT id FROM app.person WHERE id = :me"),
    "role_held": ("answered", "SELECT role FROM app.role_held WHERE person = :me"),
    "identity": ("asker", "SELECT '+8613800000001'"),
    "sign_in": ("asker", "SELECT id FROM app.sign_in WHERE person = :me"),
    "consent": ("asker", "SELECT DISTINCT purpose FROM app.consent WHERE person = :me"),
    "age_said": ("asker", "SELECT band FROM app.age_said WHERE person = :me"),
    "village_said": ("asker", "SELECT division FROM app.village_said WHERE person = :me"),
    "article_reader": ("asker", "SELECT article FROM app.article_reader WHERE person = :me"),
    "article_push": ("asker", "SELECT '\"TOPIC_CHOSEN\"' FROM app.article_push WHERE person = :me"),
    "case_donation": ("asker", "SELECT donation FROM app.donation_source WHERE asker = :me"),
    "topic_choice": ("asker", "SELECT '\"labour\"' FROM app.topic_choice WHERE person = :me"),
    "delegation": ("asker", "SELECT id FROM app.delegation WHERE :me IN (elder, delegate)"),
    "guardianship": ("stranger", "SELECT id FROM app.guardianship WHERE :me IN (minor, guardian)"),
    "person_move": ("editor", "SELECT id FROM app.person_move WHERE person = :me"),
    "file": ("asker", "SELECT id FROM app.file WHERE owner = :me AND state = 'READY'"),
    "transcript": ("asker", "SELECT '我还能要求赔偿吗'"),
    "notice": ("asker", "SELECT id FROM app.notice WHERE person = :me AND kind <> 'EXPORT_READY'"),
    "delivery": ("asker", "SELECT id FROM app.delivery WHERE person = :me AND kind = 'DIGEST'"),
    "message_consent": ("asker", "SELECT id FROM app.message_consent WHERE person = :me"),
    "notice_preference": ("asker", "SELECT '\"quietFrom\"'"),
    "lawyer": ("answered", "SELECT licence FROM app.lawyer WHERE id = :me"),
    "lawyer_application": ("stranger", "SELECT id FROM app.lawyer_application WHERE person = :me"),
    "message": ("asker", f"SELECT id FROM app.message WHERE subject IN ({ASKED})"),
    "read_mark": ("asker", "SELECT up_to FROM app.read_mark WHERE person = :me"),
    "question": ("asker", f"SELECT id FROM app.question WHERE id IN ({ASKED})"),
    "brief": ("asker", 'SELECT \'"brief": "\''),
    "access": ("asker", "SELECT 'answered'"),
    "answer": ("answered", "SELECT id FROM app.answer WHERE lawyer = :me"),
    "amendment": ("answered", "SELECT '更正：可以要求支付工资并主张加付赔偿金。'"),
    "answer_draft": ("seated", "SELECT question FROM app.answer_draft WHERE lawyer = :me"),
    "rating": ("answered", "SELECT '\"stars\": ' || stars FROM app.rating WHERE lawyer = :me"),
    "follow_through": ("asker", 'SELECT \'"outcome": "GAVE_UP"\''),
    "follow_through_declined": ("asker", "SELECT '\"noFollowThrough\": true'"),
    "best": ("answered", "SELECT '\"best\": true'"),
    "helpful": ("asker", f"SELECT answer FROM app.helpful WHERE question IN ({ASKED})"),
    "follow_up": ("asker", f"SELECT id FROM app.follow_up WHERE question IN ({ASKED})"),
    "inquiry": ("asker", f"SELECT id FROM app.inquiry WHERE question IN ({ASKED})"),
    "report": ("asker", "SELECT '没有说明法律依据'"),
    "measure": ("asker", "SELECT id FROM app.measure WHERE person = :me"),
    "petition": ("asker", f"SELECT id FROM app.petition WHERE id IN ({ASKED})"),
    "erasure": ("asker", f"SELECT question FROM app.erasure WHERE id IN ({ASKED})"),
    "kept_date": ("asker", "SELECT id FROM app.kept_date WHERE person = :me"),
    "draft": ("asker", "SELECT id FROM app.draft WHERE person = :me AND wiped_at IS NULL"),
    "entry": ("asker", "SELECT id FROM app.entry WHERE person = :me"),
    "vote": ("asker", "SELECT entry FROM app.vote WHERE person = :me"),
    "juror": ("asker", "SELECT id FROM app.juror WHERE person = :me"),
    "jury_score": ("asker", "SELECT '\"scores\": ' || count(*) FROM app.jury_score"),
    "enrolment": ("asker", "SELECT id FROM app.enrolment WHERE person = :me"),
    "appointment": ("asker", "SELECT id FROM app.appointment WHERE person = :me"),
    "appointment_move": ("asker", "SELECT '\"steps\": [' FROM app.appointment WHERE person = :me"),
    "application": ("asker", "SELECT id FROM app.application WHERE applicant = :me"),
    "application_step": (
        "asker",
        "SELECT s.id FROM app.application_step s JOIN app.application a ON a.id = application WHERE applicant = :me",
    ),
    "application_draft": ("asker", "SELECT id FROM app.application_draft WHERE person = :me AND wiped_at IS NULL"),
    "assignment": ("answered", "SELECT id FROM app.assignment WHERE lawyer = :me"),
    "institution_consultation": ("asker", "SELECT id FROM app.institution_consultation WHERE person = :me"),
    "window_visit": ("asker", f"SELECT id FROM app.window_visit WHERE id IN ({ASKED})"),
    "service_rating": ("asker", "SELECT '\"solved\": true' FROM app.service_rating WHERE rater = :me"),
    "window_act": ("asker", f"SELECT receipt FROM app.window_act WHERE visit IN ({ASKED})"),
    "quiz_attempt": ("asker", "SELECT id FROM app.quiz_attempt WHERE person = :me"),
    "quiz_entrant": ("asker", "SELECT alias FROM app.quiz_entrant WHERE person = :me"),
    "quiz_award": ("asker", "SELECT id FROM app.quiz_award WHERE person = :me"),
    "quiz_answer": ("asker", "SELECT '\"chosen\": ['"),
    "quality_mark": ("answered", "SELECT id FROM app.quality_mark WHERE lawyer = :me"),
    "seat": ("answered", "SELECT id FROM app.seat WHERE lawyer = :me"),
    "offer": ("offered", "SELECT question FROM app.offer WHERE lawyer = :me"),
    "client": ("offered", "SELECT '\"names\": ' || count(*) FROM app.client WHERE lawyer = :me"),
    "recategorised": (
        "answered",
        'SELECT \'"corrected": "\' || is_now FROM app.recategorised WHERE lawyer = :me',
    ),
    "outreach_touch": ("asker", "SELECT id FROM app.outreach_touch WHERE person = :me"),
    "feed": (
        "asker",
        "SELECT DISTINCT f.kind FROM app.feed f JOIN app.question q ON q.id = f.subject WHERE q.asker = :me",
    ),
}
WITHHELD = {
    "reader": "It says who may read what; what is her own is in the copy itself, and who read it too.",
    "key": "Keys open what is in the copy already.",
    "refresh_token": "Digests of secrets; their device is in the copy.",
    "credential": "A password's hash, a second factor, its codes: secrets. Her name for it is an identity.",
    "sms_code": "Digests of codes and numbers, a month at most; no person stands in it.",
    "sign_in_try": "A count by a digest; no person stands in it.",
    "sms_budget": "One row of the city's.",
    "invitation": "Digests; what came of it is a decision about her. Who invited did so in office.",
    "wechat_nonce": "Digests of signatures, a quarter of an hour at most.",
    "wechat_push": "Digests, and codes by which somebody came, three months at most; no person stands in it.",
    "follower": "Her openid and unionid are identities of hers; before she signs in it is nobody's.",
    "outreach_channel": "What the staff call the ways by which people come.",
    "outreach_code": "Pictures of the codes of channels, which everybody may see.",
    "outreach_day": "Numbers of a day; no person stands in it.",
    "outreach_target": "What the staff expect of a channel.",
    "paper": "Its PDF is among the files; the rest is its code, which stands on it, and when it was made.",
    "post": "For whom somebody of the staff works; the decision that says so is in her copy.",
    "minor_access": "What the staff did in office, for those who look at them.",
    "task": "What supervisors see to in office; the petition it is about is in the copy.",
    "legal_hold": "A hold is told by its refusals; its papers belong to a procedure.",
    "closing": "Who closes her account asks for no copy any more.",
    "export": "The copy itself.",
    "export_part": "Its lists, which are what is in it.",
    "idempotency": "Technical: which request made what, a week at most.",
    "outbox": "Technical: ids of what is to be done, a month at most.",
    "dispatch": "How a question is sent on; what she chose about it is in the question, the log tells the rest.",
    "sketch": "Keyed digests of an answer, from which nothing can be read.",
    "promise_fact": "Computed from the log, which is in the copy.",
    "deprecated_use": "Numbers of a day; no person stands in it.",
    "channel": "How providers treat the city; no person stands in it.",
    "firm": "Firms.",
    "article": "What everybody reads; what she did with it is in the copy.",
    "article_version": "The same: what she wrote of it she wrote in office.",
    "donation_source": "Whose a case is that was given away: the case is in the copy.",
    "campaign": "What editors planned in office; what came of it for her is in her copy.",
    "public_picture": "A picture that everybody sees; the file is in its sender's copy.",
    "institution": "The public register, which everybody reads.",
    "legal_worker": "The public register, which everybody reads.",
    "division_point": "Where villages are: public.",
    "visit_code": "Keyed digests of digits that were good for half an hour.",
    "appraisal_contest": "What an adviser wrote in office about her figures; she reads it in `adviserAppraisal`.",
    "adviser_question": "To which questions of her village she was called: her offers and answers are in the copy.",
    "adviser_service": "What an adviser did in office, without anybody's name; she reads it in `adviserServices`.",
    "activity": "What the city puts on, which everybody sees.",
    "exhibit": "What everybody sees of an entry, which is in the copy of whose it is.",
    "jury": "How a contest is judged, which everybody sees.",
    "jury_conflict": "What a juror said, and the house found, in the course of judging; the editors' record of it.",
    "jury_result": "What a jury made of an entry: what it was awarded is in the copy of whose it is.",
    "entry_step": "What the staff did with an entry in office.",
    "report_source": "Of which question a report is, and about whom: what she reported and disclosed is in her copy.",
    "demand": "How many asked about what, in numbers alone.",
    "satisfaction_cell": "What many make of answers and cases, in numbers of ten people or more.",
    "loop_cell": "How many steps came which way, in numbers of five people or more.",
    "outcome_cell": "What came of it, in numbers of five people or more.",
    "demand_cell": "How often what was asked, in numbers of five people or more.",
    "hot_issue": "What many ask more than usual, in numbers alone.",
    "dispute_week": "Which weeks were looked at.",
    "dispute_alert": "What many of a town ask about, in numbers of five people or more.",
    "dispute_note": "What a committee's mediators noted in office.",
    "figure_export": "Which figures the staff took along in office; the auditors' record of it.",
    "audit_anchor": "Hashes of what the audit held of a day; no person stands in it.",
    "audit_leaf": "The same, one by one.",
    "audit_removal": "The same, of what went by law.",
    "vote_freeze": "What the staff made of votes that came too fast.",
    "activity_step": "What the staff did with it in office.",
    "adviser_term": "Who advises which village: public, and entered by the staff in office.",
    "calendar_year": "Which days are holidays, which everybody reads.",
    "quiz_round": "How quizzes go, which everybody sees.",
    "quiz_prize": "What there is to win, which everybody sees.",
    "quiz_question": "What editors write in office, for everybody.",
    "register_change": "What the staff wrote into the public register in office.",
    "application_kind": "What may be applied for, and where, the same for everybody.",
    "counter_statement": "What the staff wrote down, for a day; the application that it became is in her copy.",
    "mediation": "Who mediates what, and where it stands: what she applied for is in her copy.",
    "mediation_invitation": "Digests, and what is sealed for who was invited; `mediations` has what she joined.",
    "mediation_record": "The file of two: each reads her part of it in `mediation`, and takes it along from there.",
    "mediation_agreement": "What two have agreed on: both read it in `mediation`.",
    "mediation_term": "A part of the agreement of two.",
    "mediation_assent": "What each side said to the other, which both read in `mediation`.",
    "mediation_confirmation": "Where the court's confirmation of the agreement of two stands.",
    "application_move": "Which steps there are at all, the same for everybody.",
    "dispatch_policy": "Policies.",
    "quality_policy": "Policies.",
    "quality_reviewer": "Whom a supervisor named to check answers, in office.",
    "quality_check": "What a reviewer did in office; who asked finds in her copy who read it, and a lawyer her marks.",
    "quality_day": "How many were drawn, in numbers alone.",
    "appointment_policy": "Policies.",
    "appointment_service": "What institutions offer, which everybody sees.",
    "appointment_calendar": "What institutions offer, which everybody sees.",
    "retention_policy": "Policies.",
    "alembic_version": "The tables' own version.",
}


async def _copies(scene: Scene) -> dict[str, tuple[Copy, str]]:
    city = scene.city
    ((editor, sign_in),) = await city.sql("SELECT person, gen_random_uuid() FROM app.role_held WHERE role = 'EDITOR'")
    people = {name: getattr(scene, name) for name in ("asker", "answered", "seated", "offered", "stranger")}
    people["editor"] = Viewer(editor, sign_in, frozenset())
    await city.signed_in(people["editor"])
    async with house(city) as client:
        return {name: (await copied(city, client, who), who.id) for name, who in people.items()}


async def test_every_table_is_in_the_copy_or_says_why_not(city: City) -> None:
    scene = await play(city)
    tables = {name for (name,) in await city.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'app'")}
    assert EXPORTED.keys() | WITHHELD.keys() == tables
    assert EXPORTED.keys() & WITHHELD.keys() == set()
    found = await _copies(scene)
    missing = []
    for table, (who, wanted) in EXPORTED.items():
        copy, id = found[who]
        marks = await city.sql(wanted, **({"me": id} if ":me" in wanted else {}))
        assert marks, f"the scene has nothing of {table} for {who}"
        missing += [(table, str(mark)) for (mark,) in marks if str(mark) not in copy.said()]
    assert missing == []
    # And nobody else's: the question of the one is in no copy but her own.
    for name, (copy, _) in found.items():
        assert ("老板拖欠我三个月工资怎么办" in copy.said()) == (name == "asker"), name


async def test_whoever_withholds_says_so_in_a_sentence() -> None:
    assert all(reason.endswith(".") for reason in WITHHELD.values())
    kinds = [record.kind for part in PARTS for record in part.records]
    assert len(set(kinds)) == len(kinds) > 15
