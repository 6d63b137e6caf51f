"""Of every type that has a way of its own things to look at, and how each of the cast stands to them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pyotp

from app.accounts.actions import codes, inviting
from app.accounts.rules.staff import Invited
from app.core.access import Viewer
from app.core.db import NOBODY, now
from app.core.feed import START
from app.core.ids import new_id
from app.core.sealing import KeyProvider
from app.graph.context import Context
from app.graph.visible import Audience
from app.mediation.actions import inviting as invitations
from app.outside.sms import Purpose
from app.schema import schema
from tests.accounts.hall import PASSWORD
from tests.accounts.town import Line
from tests.directory.counter import FIRM
from tests.graph.cast import BODY, LAWYERS, Cast
from tests.people import VERSIONS
from tests.quizzes.scene import IMPORT
from tests.sockets import token

Relations = dict[str, Audience]
Look = Callable[[Cast, str, str], Awaitable[Any]]
"""What one of the cast gets for that selection: the value of the only root field, None where she is turned away."""

UPLOAD = 'createUpload(input: {kind: PICTURE, bytes: 9, contentType: "image/png", idempotencyKey: "of-the-cast"})'
OWNERS: Relations = {"asker": Audience.ASKER, "delegate": Audience.DELEGATE}
FIRST: Relations = OWNERS | {
    "answered": Audience.ANSWERED,
    "peer": Audience.ANSWERED,
    "seated": Audience.SEATED,
}
UNBLINDED: Relations = {kind: how for kind, how in FIRST.items() if kind != "seated"}
FILLED: Relations = OWNERS | {"seated": Audience.SEATED}
NAMED: Relations = OWNERS | {"answered": Audience.SEATED}
AID: Relations = OWNERS | {
    "officer": Audience.HANDLER,
    "head": Audience.HANDLER,
    "second": Audience.COLLEAGUE,
}
MEDIATION: Relations = {"mediator": Audience.HANDLER, "chair": Audience.HANDLER}
SIDES: Relations = {"applicant": Audience.PARTY, "respondent": Audience.PARTY}
TAKEN: Relations = {"taker": Audience.TAKER}
MINDERS = ("supervisor", "taker", "admin", "security_officer", "auditor", "moderator")
REACH = ("editor", "admin", "supervisor", "taker")
CHECKED: Relations = {"admin": Audience.CHECKER}
STAFFED: Relations = dict.fromkeys(("officer", "window_staff", "second", "head"), Audience.COLLEAGUE)
CONSULTED: Relations = {"asker": Audience.ASKER, "officer": Audience.TAKER}
TURNED_AWAY = {"FORBIDDEN", "UNAUTHENTICATED", "NOT_FOUND"}


@dataclass(frozen=True)
class Sample:
    type: str
    look: Look
    relations: tuple[Relations, ...]

    def stands(self, cast: Cast, kind: str) -> set[Audience]:
        """All that one of the cast is to it."""
        found = {Audience.ANYONE} | {how[kind] for how in self.relations if kind in how}
        if viewer := cast.people[kind]:
            found |= {Audience.SIGNED_IN} | roles_of(viewer)
        return found


def roles_of(viewer: Viewer) -> set[Audience]:
    """A role that the graph never names sees nothing by it."""
    return {Audience[role.name] for role in viewer.roles if role.name in Audience.__members__}


async def answer(cast: Cast, viewer: Viewer | None, document: str, line: Line | None = None, **said: Any) -> Any:
    # Each from an address of her own: otherwise they would share what one address may ask for.
    address = f"2001:db8:{new_id().int % 0xFFFF:x}:{new_id().int % 0xFFFF:x}::1"
    context = cast.city.context(viewer)
    context = Context(context.db, context.wake, context.doors, viewer, context.language, address, line)
    result = await schema.execute(document, variable_values=said, context_value=context)
    for error in result.errors or ():
        assert (error.extensions or {}).get("code") in TURNED_AWAY, (document, error)
    ((_, value),) = (result.data or {"": None}).items()
    return value


def node(type: str, thing: str) -> Look:
    async def look(cast: Cast, kind: str, wanted: str) -> Any:
        document = f"query ($id: ID!) {{ node(id: $id) {{ ... on {type} {{ {wanted} }} }} }}"
        return await answer(cast, cast.people[kind], document, id=cast.things[thing])

    return look


def root(field: str, member: str = "", operation: str = "query") -> Look:
    """`<thing>` in the field is its id."""

    async def look(cast: Cast, kind: str, wanted: str) -> Any:
        said = field
        for name, id in cast.things.items():
            said = said.replace(f"<{name}>", id)
        inside = f"... on {member} {{ {wanted} }}" if member else wanted
        return await answer(cast, cast.people[kind], f"{operation} {{ {said} {{ {inside} }} }}")

    return look


def everybody(how: Audience, *kinds: str) -> Relations:
    return dict.fromkeys(kinds, how)


async def found(cast: Cast, kind: str, wanted: str) -> Any:
    """What the search finds of the type whose fields are wanted; who works there is found by its name too."""
    type = "LegalWorker" if "workplace" in wanted else "Institution"
    document = (
        f"query ($name: String!) {{ directory(query: $name, first: 3) {{ nodes {{ ... on {type} {{ {wanted} }} }} }} }}"
    )
    return (await answer(cast, cast.people[kind], document, name=FIRM))["nodes"]


async def a_session(cast: Cast, kind: str, wanted: str) -> Any:
    """The asker goes on with her token; the others try with what they make up."""
    secret = cast.refresh if kind == "asker" else cast.refresh[:-8] + "AAAAAAAA"
    document = f'mutation {{ refreshSession(input: {{refreshToken: "{secret}"}}) {{ ... on Session {{ {wanted} }} }} }}'
    return await answer(cast, None, document)


async def a_code(cast: Cast, kind: str, wanted: str) -> Any:
    phone = f"139{new_id().int % 10**8:08}"
    return await answer(
        cast, None, f'mutation {{ requestSmsCode(input: {{phone: "{phone}"}}) {{ ... on CodeSent {{ {wanted} }} }} }}'
    )


async def on_another_device(cast: Cast, kind: str) -> Viewer | None:
    viewer = cast.people[kind]
    if viewer is None:
        return None
    other = Viewer(viewer.id, new_id(), viewer.roles)
    await cast.city.signed_in(other)
    return other


async def signing_out(cast: Cast, kind: str, wanted: str) -> Any:
    document = f"mutation {{ signOut(input: {{everywhere: false}}) {{ ... on SignedOut {{ {wanted} }} }} }}"
    return await answer(cast, await on_another_device(cast, kind), document)


async def renewing(cast: Cast, kind: str, wanted: str) -> Any:
    viewer = cast.people[kind]
    secret, line = (token(cast.city, viewer, seconds=86_400), Line(viewer)) if viewer else ("none", None)
    document = (
        f'mutation {{ renewSocket(input: {{accessToken: "{secret}"}}) {{ ... on SocketRenewed {{ {wanted} }} }} }}'
    )
    return await answer(cast, viewer, document, line)


async def inviting_somebody(cast: Cast, kind: str, wanted: str) -> Any:
    said = f'phone: "137{new_id().int % 10**8:08}", name: "李敏", roles: [NOTARY], reason: "新聘人员"'
    input = f'{{{said}, idempotencyKey: "{new_id()}"}}'
    document = f"mutation {{ inviteStaff(input: {input}) {{ ... on StaffInvited {{ {wanted} }} }} }}"
    return await answer(cast, cast.people[kind], document)


async def accepting(cast: Cast, kind: str, wanted: str) -> Any:
    """The stranger is invited and looks at her telephone; the others guess."""
    phone, keys, digits = f"136{new_id().int % 10**8:08}", cast.city.doors[KeyProvider], "000000"
    if kind == "stranger":
        said = Invited(phone=f"+86{phone}", name="李敏", roles=["NOTARY"], reason="新聘人员")
        async with cast.city.db.acting(cast["admin"]) as session:
            _, made = await inviting.invite(session, keys, cast["admin"], said, str(new_id()), now(session))
        assert made is not None
        digits = made.digits
    proof = f'phone: "{phone}", code: "{digits}", login: "stranger", password: "{PASSWORD}"'
    document = f"mutation {{ acceptInvitation(input: {{{proof}}}) {{ ... on TotpOffered {{ {wanted} }} }} }}"
    return await answer(cast, None, document)


async def transferring(cast: Cast, kind: str, wanted: str) -> Any:
    """Once it has gone, nobody of the centre finds it any more: the officer who handles it comes first."""
    said = f'applicationId: "{cast.things["aid to go elsewhere"]}", institutionId: "{cast.things["other centre"]}"'
    input = f'{{{said}, reason: "对方有管辖权。", idempotencyKey: "{new_id()}"}}'
    document = f"mutation {{ transferApplication(input: {input}) {{ ... on ApplicationTransferred {{ {wanted} }} }} }}"
    return await answer(cast, cast.people[kind], document)


async def stepping_back(cast: Cast, kind: str, wanted: str) -> Any:
    """She who handles it, and the supervisor: each for herself, and once."""
    said = f'applicationId: "{cast.things["aid to step back from"]}", ground: RELATIVE, idempotencyKey: "{new_id()}"'
    document = f"mutation {{ recuseOfficer(input: {{{said}}}) {{ ... on ApplicationLeft {{ {wanted} }} }} }}"
    return await answer(cast, cast.people[kind], document)


async def knocking(cast: Cast, kind: str, wanted: str) -> Any:
    """Whoever holds the link and the code, which came to one telephone."""
    keys, link = cast.city.doors[KeyProvider], cast.things["link"]
    await cast.city.sql("UPDATE app.sms_code SET sent_at = sent_at - interval '1 day'")
    async with cast.city.db.acting(NOBODY) as session:
        row = await invitations.look(session, keys, link, now(session))
        said: Any = ("+8613838910002", "203.0.113.9", now(session), Purpose.MEDIATION, row.id)
        made = await codes.make_code(session, keys, *said)
    input = f'{{token: "{link}", code: "{made.digits}"}}'
    document = f"mutation {{ openInvitation(input: {input}) {{ ... on MediationDoor {{ {wanted} }} }} }}"
    return await answer(cast, None, document)


async def inviting_her(cast: Cast, kind: str, wanted: str) -> Any:
    said = f'applicationId: "{cast.things["mediation to invite to"]}", idempotencyKey: "{new_id()}"'
    document = f"mutation {{ inviteRespondent(input: {{{said}}}) {{ ... on RespondentInvitation {{ {wanted} }} }} }}"
    return await answer(cast, cast.people[kind], document)


async def confirming(cast: Cast, kind: str, wanted: str) -> Any:
    """The editor knows her name, her password and what her app shows; the others make them up."""
    code = pyotp.TOTP(cast.secret).at(await cast.city.now()) if kind == "editor" else "000000"
    login = "editor.li" if kind == "editor" else f"no.{kind}"
    said = f'login: "{login}", password: "{PASSWORD}", code: "{code}"'
    document = f"mutation {{ confirmTotp(input: {{{said}}}) {{ ... on TotpConfirmed {{ {wanted} }} }} }}"
    return await answer(cast, None, document)


async def changing(cast: Cast, kind: str, wanted: str) -> Any:
    said = f'password: "{PASSWORD}", newPassword: "{PASSWORD}{PASSWORD}"'
    document = f"mutation {{ changePassword(input: {{{said}}}) {{ ... on PasswordChanged {{ {wanted} }} }} }}"
    return await answer(cast, cast.people[kind], document)


def samples(cast: Cast) -> list[Sample]:
    mine, self_ = OWNERS, Audience.SELF
    lawyers = everybody(self_, *LAWYERS)
    signed_in = everybody(self_, *cast.signed_in)
    all_of_them = everybody(Audience.WITHIN, *cast.people)
    seats = everybody(Audience.WITHIN, "answered", "peer", "seated", "lapsed", "released")
    files = everybody(Audience.WITHIN, "admin", "auditor")
    lookers = everybody(Audience.WITHIN, "editor", "supervisor", "taker")
    keepers = everybody(Audience.WITHIN, "admin", "editor", "officer", "second", "head", "chair")
    author, offered = {"answered": Audience.AUTHOR}, {"offered": self_}
    reviewer = {"unoffered": Audience.REVIEWER}

    def nodes(type: str, **things: tuple[Relations, ...] | Relations) -> list[Sample]:
        return [
            Sample(type, node(type, thing.replace("_", " ")), how if isinstance(how, tuple) else (how,))
            for thing, how in things.items()
        ]

    def at(type: str, field: str, *how: Relations, member: str = "", operation: str = "query") -> Sample:
        return Sample(type, root(field, member, operation), how)

    return [
        *nodes(
            "Question",
            question=FIRST,
            resolved_question=UNBLINDED,
            filled_question=FILLED,
            blocked_question=mine,
            question_with_a_name=NAMED,
        ),
        *nodes("Answer", answer=(UNBLINDED, author), peers_answer=(UNBLINDED, {"peer": Audience.AUTHOR})),
        *nodes("Rating", rating=(mine, author)),
        *nodes("FollowUp", follow_up_to_one=UNBLINDED, follow_up_to_all=FIRST),
        *nodes("Inquiry", inquiry=(UNBLINDED, author), inquiry_of_the_seated=(UNBLINDED, {"seated": Audience.AUTHOR})),
        *nodes(
            "Message",
            message_to_one=UNBLINDED,
            message_to_all=FIRST,
            reply=UNBLINDED,
            message_of_the_seated=FIRST,
            information=FIRST,
            message_of_the_consultation=CONSULTED,
        ),
        *nodes("Thread", thread=FIRST, thread_of_the_consultation=CONSULTED),
        *nodes("Petition", callback=(mine, TAKEN), callback_that_is_done=mine, appeal=(mine, TAKEN)),
        *nodes(
            "Task", task_that_is_done=(), task_of_a_channel=(), task_of_the_callback=TAKEN, task_of_the_appeal=TAKEN
        ),
        *nodes(
            "Delegation",
            delegation=everybody(self_, "asker", "delegate"),
            delegation_that_the_daughter_had=everybody(self_, "asker", "delegate"),
            delegation_that_is_over=everybody(self_, "asker", "former"),
        ),
        *nodes(
            "File",
            picture=(FIRST, {"delegate": self_}),
            recording=(FIRST, {"delegate": self_}),
            picture_of_a_draft={"delegate": self_},
            picture_of_a_message=(FIRST, {"asker": self_}),
            recording_of_an_answer=(UNBLINDED, {"answered": self_}),
            refused_file={"delegate": self_},
            picture_of_the_consultation=(CONSULTED, {"asker": self_}),
            recording_of_the_consultation=(CONSULTED, {"asker": self_}),
        ),
        *nodes(
            "File",
            licence_of_the_applicant=({"applicant": self_}, CHECKED),
            licence_of_the_admitted={"admitted": self_},
            file_of_the_agreement=(MEDIATION, SIDES, {"applicant": Audience.ASKER}),
        ),
        *nodes(
            "LawyerApplication",
            application_of_the_applicant=({"applicant": self_}, CHECKED),
            application_of_the_admitted={"admitted": self_},
        ),
        at("UploadTicket", UPLOAD, signed_in, member="UploadTicket", operation="mutation"),
        *nodes(
            "Guardianship",
            guardianship=everybody(self_, "asker", "former"),
            guardianship_that_is_over=everybody(self_, "asker", "former"),
        ),
        *nodes("Draft", draft={"delegate": self_}),
        at("AccountClosing", 'accountClosing(id: "<closing>")'),
        *nodes("Erasure", erasure={"asker": self_}),
        *nodes("Export", export={"asker": self_}),
        at("ExportUpdates", "exportUpdates", signed_in, member="ExportUpdates"),
        *nodes("Notice", notice={"asker": self_}, notice_that_was_read={"asker": self_}),
        *nodes("Delivery", delivery={"asker": self_}),
        at("DeliveryConnection", "myDeliveries(first: 3)", {"asker": Audience.WITHIN}),
        at("DeliveryConnection", "deliveries(first: 3)", everybody(Audience.WITHIN, "supervisor", "taker", "admin")),
        at("ChannelHealth", "channelHealth"),
        at("NoticePreferences", "noticePreferences", signed_in),
        at("NotificationReadiness", "notificationReadiness", signed_in),
        at("NoticePreview", "noticePreview(kind: NEW_ANSWER, channel: SMS)", member="NoticePreview"),
        at("NoticePreview", "noticePreview(kind: NEW_ANSWER, channel: MINI_PROGRAM)", member="NoticePreview"),
        *nodes("PersonFile", file={}),
        *nodes("PersonMove", move={}, move_to_an_institution={}),
        *nodes("Post", post=({"officer": self_}, everybody(Audience.COLLEAGUE, "window_staff", "second", "head"))),
        *nodes(
            "LegalAidApplication",
            aid_in_hand=(AID, {"answered": Audience.ASSIGNED}),
            aid_that_is_closed=(AID, {"answered": Audience.ASSIGNED}),
            aid_that_is_new=AID | {"officer": Audience.COLLEAGUE},
        ),
        *nodes(
            "Paper",
            paper_of_the_aid=(AID, {"answered": Audience.ASSIGNED}),
            paper_that_was_replaced=(AID, {"answered": Audience.ASSIGNED}),
            paper_of_the_agreement=(MEDIATION, SIDES, {"applicant": Audience.ASKER}),
            receipt_of_the_papers=OWNERS | {"window_staff": Audience.TAKER},
            certificate={"asker": Audience.SELF},
        ),
        at("VerifiedDocument", 'verifyDocument(code: "<code of the paper>")', member="VerifiedDocument"),
        at("VerifiedDocument", 'verifyDocument(code: "<code of the replaced>")', member="VerifiedDocument"),
        *nodes(
            "MediationApplication",
            mediation_in_hand=MEDIATION | {"applicant": Audience.ASKER},
            mediation_to_invite_to=MEDIATION | {"applicant": Audience.ASKER},
            mediation_that_was_declined=MEDIATION | {"applicant": Audience.ASKER},
            mediation_that_is_offered=MEDIATION,
        ),
        *nodes(
            "Mediation",
            mediation=(MEDIATION, SIDES, {"applicant": Audience.ASKER}),
            mediation_that_waits=(MEDIATION, {"applicant": Audience.PARTY}, {"applicant": Audience.ASKER}),
        ),
        at("MediationConnection", "mediations(first: 3)", everybody(Audience.WITHIN, "applicant", "respondent")),
        at(
            "MediationUpdates",
            f'mediationUpdates(mediationId: "<mediation>", after: "{START}")',
            MEDIATION,
            SIDES,
            member="MediationUpdates",
        ),
        at(
            "MediationInvitation",
            'mediationInvitation(token: "<link>", door: "<door>")',
            member="MediationInvitation",
        ),
        at(
            "MediationCarryOver",
            'carryFromMediation(mediationId: "<mediation>", parts: [FACTS, CLAIM, OTHER_SIDE, SHARED_RECORD])',
            SIDES,
            member="MediationCarryOver",
        ),
        Sample("MediationDoor", knocking, ()),
        Sample("RespondentInvitation", inviting_her, (MEDIATION,)),
        *nodes(
            "NotarisationApplication",
            notarisation={"delegate": Audience.ASKER, "notary": Audience.HANDLER},
            notarisation_that_was_refused={"delegate": Audience.ASKER, "notary": Audience.HANDLER},
        ),
        *nodes(
            "CertificateReviewApplication",
            certificate_review={"delegate": Audience.ASKER, "notary": Audience.HANDLER},
            certificate_review_that_was_decided={"delegate": Audience.ASKER, "notary": Audience.HANDLER},
        ),
        at(
            "NotarisationFormCheck",
            "checkNotarisationForm(notarisation: {request: {matter: WILL}})",
            everybody(Audience.RESIDENT, *cast.signed_in),
            member="NotarisationFormCheck",
        ),
        at("NotarisationNeeds", "requiredDocuments(matter: WILL, answers: {realProperty: true})"),
        at("NotaryFeeQuote", "notaryFeeQuote(matter: GIFT, copies: 2)", member="NotaryFeeQuote"),
        *nodes("Assignment", assignment={"answered": self_}),
        *nodes("ApplicationDraft", application_draft={"delegate": self_}),
        *nodes("KeptDate", period_of_the_law={"asker": self_}, period_of_a_lawyer={"asker": self_}),
        *nodes("KeptDate", hearing={"asker": self_}),
        at(
            "ApplicationUpdates",
            f'applicationUpdates(applicationId: "<aid in hand>", after: "{START}")',
            everybody(Audience.WITHIN, "answered", *AID),
            member="ApplicationUpdates",
        ),
        Sample("ApplicationTransferred", transferring, ({"officer": Audience.WITHIN},)),
        Sample("ApplicationLeft", stepping_back, ({"officer": Audience.WITHIN, "head": Audience.WITHIN},)),
        at(
            "ServiceApplicationConnection",
            "applications(first: 3)",
            everybody(Audience.WITHIN, "asker", "delegate", "applicant"),
        ),
        at(
            "ServiceApplicationConnection",
            "workQueue(first: 3)",
            everybody(Audience.WITHIN, "officer", "second", "head", "notary", "mediator", "chair"),
        ),
        at("AssignmentConnection", "assignments(first: 3)", everybody(Audience.WITHIN, "answered", "peer")),
        at("ApplicationDraftConnection", "applicationDrafts(first: 3)", {"delegate": Audience.WITHIN}),
        *nodes("MinorAccess", access_to_the_young={}, access_to_a_report={}),
        *nodes("Viewer", viewer={"asker": self_}, viewer_who_is_young={"former": self_}),
        *nodes("Seat", seat={"answered": self_}, delivered_seat={"answered": self_}),
        *nodes("Offer", offer=offered, declined_offer=offered, named_offer=offered),
        *nodes("Lawyer", lawyer={}, snoozed_lawyer={"unoffered": self_}),
        *nodes("Firm", firm={}),
        *nodes("Institution", institution={}),
        *nodes("AppointmentService", appointment_service={}),
        *nodes("AppointmentCalendar", window=STAFFED, calendar_of_the_staff=STAFFED),
        *nodes(
            "Appointment",
            appointment=({"asker": self_}, STAFFED),
            appointment_that_was_cancelled=({"asker": self_}, STAFFED),
            slot_that_is_held={"asker": self_},
            number_of_who_walked_in=({"asker": self_}, STAFFED),
        ),
        at(
            "AppointmentSlot",
            'appointmentSlots(institutionId: "<institution>", service: LEGAL_AID, from: <now>, to: <soon>)',
        ),
        *nodes(
            "InstitutionConsultation",
            consultation_that_was_held=CONSULTED,
            consultation_that_waits=(STAFFED, {"asker": Audience.ASKER}),
        ),
        at(
            "InstitutionConsultationConnection",
            "institutionConsultations(first: 3)",
            {"asker": Audience.WITHIN},
        ),
        at(
            "InstitutionConsultationConnection",
            "consultationDesk(first: 3)",
            everybody(Audience.WITHIN, *STAFFED),
        ),
        at(
            "ConsultationUpdates",
            f'consultationUpdates(consultationId: "<consultation that was held>", after: "{START}")',
            CONSULTED,
            member="ConsultationUpdates",
        ),
        at(
            "ConsultationUpdates",
            'consultationUpdates(consultationId: "<consultation that waits>")',
            STAFFED,
            {"asker": Audience.ASKER},
            member="ConsultationUpdates",
        ),
        *nodes(
            "WindowVisit",
            visit_about_the_aid=(
                OWNERS,
                {"window_staff": Audience.TAKER} | everybody(Audience.HANDLER, "officer", "head"),
            ),
            visit_about_the_appointment=({"asker": Audience.ASKER}, STAFFED | {"window_staff": Audience.TAKER}),
            visit_about_the_number=({"asker": Audience.ASKER}, STAFFED | {"window_staff": Audience.TAKER}),
        ),
        *nodes(
            "CounterStatement",
            statement_that_was_said={"window_staff": Audience.TAKER, "head": Audience.COLLEAGUE},
            statement_that_was_sent={"window_staff": Audience.TAKER, "head": Audience.COLLEAGUE},
        ),
        at(
            "CounterStatementConnection",
            "counterStatements(first: 3)",
            everybody(Audience.WITHIN, "window_staff", "head"),
        ),
        *nodes("ServiceRating", rating_of_the_aid=OWNERS),
        at("ServiceSatisfaction", "serviceSatisfaction(from: <last month>, to: <today>)"),
        at("ClosedLoop", "closedLoop(from: <last month>, to: <today>)"),
        at("HotIssue", "hotIssues(from: <today>, to: <today>)"),
        at("DemandCell", "demand(week: <today>)"),
        *nodes("FigureExport", figures=everybody(self_, "analyst")),
        at(
            "FigureExportConnection",
            "figureExports(first: 3)",
            everybody(Audience.WITHIN, "analyst", "auditor"),
        ),
        *nodes("AuditAnchor", anchor={}),
        at("AuditAnchorConnection", "auditAnchors(first: 3)", {"auditor": Audience.WITHIN}),
        at("Outcomes", "outcomes(from: <this month>, to: <today>)"),
        *nodes("DisputeAlert", alert=everybody(Audience.COLLEAGUE, "mediator", "chair")),
        at(
            "DisputeAlertConnection",
            "disputeAlerts(first: 3)",
            everybody(Audience.WITHIN, "mediator", "chair", "supervisor", "taker"),
        ),
        at("QualityFigures", "qualityFigures(month: <last month>)"),
        at("QualityReviewers", "qualityReviewers"),
        *nodes("QualityCheck", check=reviewer, check_that_is_done=reviewer),
        *nodes("QualityMark", mark=(reviewer, author)),
        at("QualityCheckConnection", "qualityChecks(first: 3)", {"unoffered": Audience.WITHIN}),
        at("QualityMarkConnection", "myQualityMarks(first: 3)", {"answered": Audience.WITHIN}),
        at("WindowVisitConnection", "windowVisits(first: 3)", {"window_staff": Audience.WITHIN}),
        at(
            "PickupCode",
            'createPickupCode(input: {subjectId: "<aid in hand>", idempotencyKey: "of-the-window"})',
            everybody(self_, "asker", "delegate"),
            member="PickupCode",
            operation="mutation",
        ),
        at("AppointmentConnection", "appointments(first: 3)", everybody(Audience.WITHIN, "asker", "delegate")),
        at(
            "AppointmentConnection",
            "institutionAppointments(from: <now>, to: <soon>, first: 3)",
            everybody(Audience.WITHIN, *STAFFED, "notary"),
        ),
        *nodes(
            "Activity",
            activity=everybody(self_, "asker", "delegate"),
            activity_that_was_cancelled={"asker": self_},
        ),
        *nodes("Enrolment", enrolment={"asker": self_}, enrolment_that_waits={"delegate": self_}),
        at("EntranceCode", 'entranceCode(id: "<activity>")'),
        at(
            "CheckedIn",
            'checkInActivity(input: {activityId: "<activity>", ticket: "<ticket>"})',
            everybody(Audience.WITHIN, "editor", "supervisor", "taker"),
            member="CheckedIn",
            operation="mutation",
        ),
        at("EnrolmentConnection", "myEnrolments(first: 3)", everybody(Audience.WITHIN, "asker", "delegate")),
        at("ActivityConnection", "activities(first: 3)", all_of_them),
        *nodes("LegalWorker", legal_worker={}),
        *nodes("AdviserTerm", term={}),
        *nodes("VillageCoverage", village_of_the_term={}),
        *nodes("AppraisalContest", contest={"answered": self_}),
        at(
            "AdviserAppraisal",
            'adviserAppraisal(termId: "<term>", year: <year>)',
            {"answered": self_},
        ),
        at("AppraisalContestConnection", "appraisalContests(open: false, first: 3)", keepers),
        *nodes("AdviserService", service={"answered": self_}),
        at(
            "VisitCode",
            'createVisitCode(input: {idempotencyKey: "of-the-village"})',
            {"asker": self_},
            member="VisitCode",
            operation="mutation",
        ),
        at("MyAdviser", "myAdviser", signed_in),
        at("AdviserCoverage", 'adviserCoverage(divisionCode: "419001")'),
        *nodes("QuizQuestion", quiz_question={}),
        *nodes("Activity", activity_that_is_a_quiz=everybody(self_, "asker", "delegate")),
        *nodes("QuizAward", prize={"asker": self_}, prize_that_was_fetched={"delegate": self_}),
        at(
            "PrizeHandedOut",
            'claimPrize(input: {code: "<code of the prize that was fetched>", idempotencyKey: "of-the-prize"})',
            everybody(Audience.WITHIN, "editor"),
            member="PrizeHandedOut",
            operation="mutation",
        ),
        *nodes("QuizAttempt", attempt={"asker": self_}, attempt_that_runs={"asker": self_}),
        *nodes("QuizAttempt", attempt_that_was_voided={"delegate": self_}),
        at("QuizAttemptConnection", "myAttempts(first: 3)", everybody(Audience.WITHIN, "asker", "delegate")),
        at("Leaderboard", 'leaderboard(activityId: "<activity that is a quiz>")'),
        at(
            "LeaderboardPlace",
            'myLeaderboardPlace(activityId: "<activity that is a quiz>")',
            everybody(self_, "asker", "delegate"),
        ),
        *(
            at(type, f"saveAnswer(input: {{{said}}})", {"asker": self_}, member=type, operation="mutation")
            for type, said in (
                ("SavedAnswer", 'attemptId: "<attempt that runs>", item: 1, chosen: [0], sequence: 1'),
                ("AttemptClosed", 'attemptId: "<attempt>", item: 1, chosen: [], sequence: 9'),
            )
        ),
        at(
            "QuizQuestionConnection",
            "quizQuestions(first: 3)",
            everybody(Audience.WITHIN, "editor", "supervisor", "taker"),
        ),
        *nodes(
            "ContestEntry",
            entry={"asker": self_},
            entry_that_was_refused={"asker": self_},
            entry_that_is_looked_at=({"delegate": self_}, TAKEN),
        ),
        *nodes("Exhibit", exhibit={}),
        *nodes("VoteFreeze", burst={}),
        *nodes("Activity", activity_that_is_a_contest={}),
        *nodes("JudgedExhibit", judged={"answered": self_}),
        *nodes("RankedEntry", ranked=everybody(self_, "answered", "peer")),
        *nodes("JuryConflict", jury_conflict={}),
        *nodes("Juror", juror={"answered": self_}, juror_who_may_not={"peer": self_}),
        at("JurorConnection", "myJuries(first: 3)", everybody(Audience.WITHIN, "answered", "peer")),
        at("JurorConnection", 'jurors(activityId: "<activity that is a contest>", first: 3)', lookers),
        at(
            "JudgedExhibitConnection",
            'judgingSheet(activityId: "<activity that is a contest>", first: 3)',
            {"answered": Audience.WITHIN},
        ),
        at(
            "RankedEntryConnection",
            'contestResults(activityId: "<activity that is a contest>", first: 3)',
            lookers | everybody(Audience.WITHIN, "answered", "peer"),
        ),
        at("JuryConflictConnection", 'juryConflicts(activityId: "<activity that is a contest>", first: 3)', lookers),
        at("ContestEntryConnection", "myEntries(first: 3)", everybody(Audience.WITHIN, "asker", "delegate")),
        at("ContestEntryConnection", "entryDesk(first: 3)", lookers),
        at("ExhibitConnection", 'exhibits(activityId: "<activity that is a contest>", first: 3)', all_of_them),
        at(
            "VoteFreezeConnection",
            'voteFreezes(activityId: "<activity that is a contest>", first: 3)',
            lookers,
        ),
        at("QuizImport", IMPORT, member="QuizImport", operation="mutation"),
        *nodes("Category", category={}, upper_category={}),
        at("RefusalCode", "refusalCodes"),
        at("MapFeature", "mapPoints(bounds: {west: 112, south: 34, east: 113, north: 36, system: WGS84}, zoom: 9)"),
        at("NearestPoints", "nearestPoints(at: {longitude: 112.6, latitude: 35.07, system: WGS84})"),
        at("CalendarYear", "calendarYear(year: 2031)"),
        at("Specialty", "specialties"),
        at("CategoryGuess", f'suggestCategories(body: "{BODY}")'),
        at("StatutoryLimit", "statutoryLimits(since: <today>)"),
        at(
            "PathCard",
            'pathCard(answers: {about: ADMINISTRATIVE_ACT, reviewFirst: [ON_THE_SPOT], learnedOn: "2020-01-01"})',
        ),
        at("EligibilityQuestion", "eligibilityQuestions(kind: LEGAL_AID)"),
        at("Eligibility", "checkEligibility(kind: LEGAL_AID, answers: {hardship: true, householdMembers: 2})"),
        at("Eligibility", "checkEligibility(kind: LEGAL_AID, answers: {form: ADVICE})"),
        at(
            "LegalAidPrefill",
            'prefillFromQuestion(questionId: "<question>", fields: [FACTS, MATTER, LIVES_AT])',
            OWNERS,
            member="LegalAidPrefill",
        ),
        at(
            "MediationPrefill",
            'prefillFromQuestion(questionId: "<question>", fields: [FACTS, MATTER, LIVES_AT], kind: MEDIATION)',
            OWNERS,
            member="MediationPrefill",
        ),
        at(
            "NotarisationPrefill",
            'prefillFromQuestion(questionId: "<question>", fields: [FACTS, MATTER, LIVES_AT], kind: NOTARISATION)',
            OWNERS,
            member="NotarisationPrefill",
        ),
        at(
            "LegalAidFormCheck",
            "checkLegalAidForm(legalAid: {case: {preservation: true}})",
            everybody(Audience.RESIDENT, *cast.signed_in),
            member="LegalAidFormCheck",
        ),
        at("SafetyCard", f'safetyCards(body: "{BODY}")'),
        at("PersonalDetail", 'personalDetails(body: "请打我的电话13812345678")'),
        at("ReceiptKey", "receiptKeys"),
        at("PrivacyNotice", "privacyNotices"),
        at(
            "PrivacyConsent",
            f"giveConsent(input: {{purpose: EDUCATION, version: {VERSIONS['EDUCATION']}}})",
            signed_in,
            member="PrivacyConsent",
            operation="mutation",
        ),
        at("Satisfaction", "satisfaction(from: <last month>, to: <today>)"),
        at("PromiseRecord", "promiseRecord(from: <last month>, to: <today>)"),
        at("Refused", 'requestSmsCode(input: {phone: "12"})', member="Refused", operation="mutation"),
        at(
            "QuestionUpdates",
            f'questionUpdates(questionId: "<question>", after: "{START}")',
            FIRST,
            member="QuestionUpdates",
        ),
        at("NoticeUpdates", "noticeUpdates", signed_in, member="NoticeUpdates"),
        at(
            "NoticesRead",
            'markNoticesRead(input: {ids: ["<notice>"]})',
            signed_in,
            member="NoticesRead",
            operation="mutation",
        ),
        at(
            "NoticesAcknowledged",
            f'acknowledgeNotices(input: {{cursor: "{START}"}})',
            signed_in,
            member="NoticesAcknowledged",
            operation="mutation",
        ),
        at("OfferUpdates", "offerUpdates", lawyers, member="OfferUpdates"),
        at("OfferUpdates", f'offerUpdates(after: "{START}")', lawyers, member="OfferUpdates"),
        at("ClientList", "clientList", lawyers),
        at("Turn", "myTurn", lawyers),
        at("Exposure", "exposure", lawyers),
        Sample("Session", a_session, ({"asker": self_},)),
        Sample("CodeSent", a_code, ()),
        Sample("SignedOut", signing_out, (signed_in,)),
        Sample("StaffInvited", inviting_somebody, ()),
        Sample("TotpOffered", accepting, ({"stranger": self_},)),
        Sample("TotpConfirmed", confirming, ({"editor": self_},)),
        Sample("PasswordChanged", changing, ({"editor": self_},)),
        Sample("SocketRenewed", renewing, (signed_in,)),
        at("DraftConnection", "drafts(first: 3)", {"delegate": Audience.WITHIN}),
        at("ErasureConnection", "erasures(first: 3)", {"asker": Audience.WITHIN}),
        at("DelegationConnection", "delegations(given: true, first: 3)", {"asker": Audience.WITHIN}),
        at("NoticeConnection", "notices(first: 3)", everybody(Audience.WITHIN, *cast.told)),
        at("QuestionConnection", "questions(first: 3)", everybody(Audience.WITHIN, *FIRST)),
        at("OfferConnection", "offers(first: 3)", everybody(Audience.WITHIN, *set(LAWYERS) - {"unoffered"})),
        at("SeatConnection", "seats(first: 3)", seats),
        at("TaskConnection", "tasks(first: 3)", everybody(Audience.WITHIN, "supervisor", "taker")),
        at("LawyerApplicationConnection", "lawyerApplications(first: 3)", everybody(Audience.WITHIN, "admin")),
        at("PersonFileConnection", "staff(first: 3)", files),
        at("PersonMoveConnection", "personMoves(first: 3)", files),
        at("MinorAccessConnection", "minorAccesses(first: 3)", everybody(Audience.WITHIN, *MINDERS)),
        at("Division", 'division(code: "419001100201")'),
        at(
            "AdviserServiceConnection",
            'adviserServices(termId: "<term>", first: 3)',
            keepers | {"answered": Audience.WITHIN},
        ),
        *nodes("Article", article={"asker": self_}, article_that_was_withdrawn={"asker": self_}),
        at("RecommendedArticle", "recommendedArticles(first: 3)", all_of_them),
        at("ChosenTopics", "myTopics", signed_in),
        *nodes("DonatedCase", donation=({"asker": Audience.ASKER}, {"editor": Audience.TAKER})),
        at("DonatedCaseConnection", "donatedCases(first: 3)", everybody(Audience.WITHIN, "editor")),
        at(
            "DonationPreview",
            'donationPreview(questionId: "<resolved question>")',
            {"asker": self_},
            member="DonationPreview",
        ),
        *nodes(
            "Report",
            report_with_a_measure={"asker": self_},
            report_that_was_dismissed={"asker": self_},
            report_that_waits={"asker": self_},
            report_that_is_taken=({"asker": self_}, {"moderator": Audience.TAKER}),
        ),
        *nodes(
            "Measure",
            measure=({"answered": self_}, {"taker": Audience.TAKER}),
            measure_that_was_lifted=({"answered": self_}, {"taker": Audience.TAKER}),
            measure_that_is_appealed_against={"answered": self_},
        ),
        at("MeasureConnection", "measureAppeals(first: 3)", everybody(Audience.WITHIN, "supervisor", "taker")),
        at("ReportConnection", "myReports(first: 3)", {"asker": Audience.WITHIN}),
        at("ReportConnection", "reports(first: 3)", {"moderator": Audience.WITHIN}),
        at("MeasureConnection", "myMeasures(first: 3)", {"answered": Audience.WITHIN}),
        at("ModerationCounts", "moderationCounts(from: <today>, to: <today>)"),
        *nodes("Campaign", campaign=()),
        *nodes("ArticlePush", push={"asker": self_}),
        at("CampaignConnection", "campaigns(first: 3)", everybody(Audience.WITHIN, "editor", "supervisor", "taker")),
        at("ArticlePushConnection", "myPushes(first: 3)", {"asker": Audience.WITHIN}),
        at("CampaignEstimate", "campaignEstimate(audience: {})", member="CampaignEstimate"),
        at("ArticleConnection", "articles(first: 3)", all_of_them),
        at("FollowCoverage", "followCoverage"),
        at("PartnerExchange", 'partnerExchange(code: "<code of the partner>")'),
        Sample("Channel", node("Channel", "village channel"), ()),
        Sample("Channel", node("Channel", "channel that is closed"), ()),
        at("ChannelConnection", "channels(first: 3, live: false)", everybody(Audience.WITHIN, *REACH)),
        at("ChannelFunnel", 'channelFunnel(channelId: "<village channel>", from: "<day>", to: "<day>")'),
        at("AdviserTermConnection", 'adviserTerms(divisionCode: "419001", first: 3)', keepers),
        Sample("Institution", found, ()),
        Sample("LegalWorker", found, ()),
        at("RegisterRecordConnection", "directory(first: 3)", all_of_them),
        at("LawyerConnection", "lawyers(first: 3)", all_of_them),
    ]
