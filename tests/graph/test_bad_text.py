"""Whatever is written where the graph takes a text or an id, the answer is typed: generated from the schema itself."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)

from app.core.access import Role, Viewer
from app.graph.ids import global_id
from app.graph.permissions import (
    Counts,
    Edits,
    Handles,
    HandsOut,
    HearsOfDisputes,
    IsAdmin,
    IsAuditor,
    IsEditor,
    IsLawyer,
    IsModerator,
    IsNotary,
    IsOfficer,
    IsSupervisor,
    KeepsRegister,
    Mediates,
    Operates,
    Promotes,
    SeesExports,
    SeesFiles,
    SeesReach,
    ServesAtWindow,
    TendsMinors,
    WorksSomewhere,
)
from app.graph.refusals import INTERNAL
from app.schema import schema
from tests.city import TOWN, City
from tests.graph.stage import Stage, build
from tests.sockets import token

pytestmark = pytest.mark.anyio

BAD = {"NUL": "工资\x00", "a lone surrogate": "工资\ud800", "20,000 characters": "字" * 20_000, "nothing": ""}
UNSTORABLE = ("NUL", "a lone surrogate")
ODD: Mapping[str, Mapping[str, Any]] = {
    "DateTime": {
        "no offset": "2026-12-01T10:00:00",
        "the first year": "0001-01-01T00:00:00Z",
        "before the first year": "0001-01-01T00:00:00+08:00",
        "the last days": "9999-12-20T00:00:00+08:00",
        "after the last year": "9999-12-31T23:59:59-08:00",
    },
    "Date": {"the first day": "0001-01-01", "the last month": "9999-12-15", "the last day": "9999-12-31"},
    "Int": {"the least": -(2**31), "the most": 2**31 - 1, "none": 0},
    "Float": {"the least": -1.7e308, "the most": 1.7e308, "the smallest": 5e-324},
}
"""Moments, days and numbers as no client means them."""
KINDS = {
    "question.id": "Question",
    "lawyer.id": "Lawyer",
    "personFile.id": "PersonFile",
    "personId": "PersonFile",
    "thread.id": "Thread",
    "node.id": "Firm",
    "file.id": "File",
    "channel.id": "Channel",
    "parentId": "Channel",
    "markThreadRead.upTo": "Message",
    "markNoticesRead.upTo": "Notice",
    "followUpId": "FollowUp",
    "toLawyerId": "Lawyer",
    "onBehalfOf": "Delegation",
    "applicationId": "LegalAidApplication",
    "mediation.id": "Mediation",
    "agreementId": "MediationAgreement",
    "markPerformed.termId": "MediationTerm",
    "appointmentIds": "Appointment",
    "application.id": "LegalAidApplication",
    "withdrawLawyerApplication.applicationId": "LawyerApplication",
    "checkLawyerApplication.applicationId": "LawyerApplication",
    "decideLawyerApplication.applicationId": "LawyerApplication",
    "officerId": "Post",
    "saveApplicationDraft.draftId": "ApplicationDraft",
    "discardApplicationDraft.draftId": "ApplicationDraft",
    "submitApplication.draftId": "ApplicationDraft",
    "pictures": "File",
    "topicIds": "Category",
    "coverId": "File",
    "pushId": "ArticlePush",
    "donationId": "DonatedCase",
    "reportMessage.aboutId": "Answer",
    "alsoIds": "Message",
    "reportId": "Report",
    "checkId": "QualityCheck",
    "markId": "QualityMark",
    "measureId": "Measure",
    "aboutId": "Task",
    "accessId": "MinorAccess",
    "legalWorkerId": "LegalWorker",
    "termId": "AdviserTerm",
    "contestId": "AppraisalContest",
    "accountId": "Viewer",
    "calendarId": "AppointmentCalendar",
    "institutionConsultation.id": "InstitutionConsultation",
    "consultationId": "InstitutionConsultation",
    "toColleague": "Post",
    "openAppointmentCalendar.personId": "Post",
    "subjectId": "LegalAidApplication",
    "topicId": "Category",
    "attemptId": "QuizAttempt",
    "questionIds": "QuizQuestion",
    "changeQuizQuestion.questionId": "QuizQuestion",
    "reviewQuizQuestion.questionId": "QuizQuestion",
    "retireQuizQuestion.questionId": "QuizQuestion",
    "visitId": "WindowVisit",
    "statementId": "CounterStatement",
    "activity.id": "Activity",
    "entryId": "ContestEntry",
    "dateId": "KeptDate",
    "pictureId": "File",
    "freezeId": "VoteFreeze",
    "alertId": "DisputeAlert",
    "activityUpdates.id": "Activity",
    "entranceCode.id": "Activity",
}
"""What an argument is the id of, where its name does not say so; under its field's, where it depends on that."""
NUMBERS = {"minutes": 30, "revision": 7, "stars": 5, "days": 30, "year": 2031}
_keys = count()


def leaves(
    wanted: Mapping[str, Any], before: tuple[str, ...] = (), kinds: tuple[str, ...] = ("String", "ID")
) -> Iterator[tuple[str, ...]]:
    """The path of every text and id that these arguments hold, input objects and lists within; or of other `kinds`."""
    for name, told in wanted.items():
        kind = get_named_type(told.type)
        if isinstance(kind, GraphQLInputObjectType):
            yield from leaves(kind.fields, (*before, name), kinds)
        elif kind.name in kinds:
            yield (*before, name)


CASES = {
    root.name: [(name, path) for name, field in root.fields.items() for path in leaves(field.args)]
    for root in (schema._schema.query_type, schema._schema.mutation_type, schema._schema.subscription_type)
    if root
}


class Filling:
    """The smallest arguments that a field would take, but for the one at the end of `path`."""

    def __init__(self, stage: Stage, field: str, path: tuple[str, ...], bad: Any) -> None:
        self.stage, self.field, self.path, self.bad = stage, field, path, bad

    def all(self, wanted: Mapping[str, Any], here: tuple[str, ...] = ()) -> dict[str, Any]:
        return {
            name: self.one(told.type, (*here, name))
            for name, told in wanted.items()
            if self.path[: len(here) + 1] == (*here, name) or isinstance(told.type, GraphQLNonNull)
        }

    def one(self, kind: Any, here: tuple[str, ...]) -> Any:
        if isinstance(kind, GraphQLNonNull):
            return self.one(kind.of_type, here)
        if isinstance(kind, GraphQLList):
            return [self.one(kind.of_type, here)] if self.path[: len(here)] == here else []
        if isinstance(kind, GraphQLInputObjectType):
            return self.all(kind.fields, here)
        if here == self.path:
            return self.bad
        if isinstance(kind, GraphQLEnumType):
            return next(iter(kind.values))
        return self.leaf(kind.name, here[-1])

    def leaf(self, kind: str, name: str) -> Any:
        now = datetime.now(UTC)
        match kind:
            case "ID":
                kind = KINDS.get(f"{self.field}.{name}") or KINDS.get(name) or name.removesuffix("Id").capitalize()
                return self.stage.id(kind)
            case "Int":
                return NUMBERS.get(name, 1)
            case "Float":
                return 1000.0
            case "Boolean":
                return False
            case "Date":
                return now.date().isoformat()
            case "DateTime":
                return (now + timedelta(hours=3 if name == "windowTo" else 1)).isoformat()
        good = {
            "phone": "13800000009",
            "code": "123456",
            "divisionCode": TOWN,
            "idempotencyKey": f"of-the-bad-texts-{next(_keys)}",
        }
        if (self.field, name) == ("openAtWindow", "code"):
            return "12345678"
        return good.get(name, "用人单位拖欠我三个月的工资，应该先去哪里投诉？" * 3)


def asks(stage: Stage, name: str, field: GraphQLField) -> Viewer:
    """Who may go through this door and has something there."""
    guards = field.extensions["strawberry-definition"].permission_classes
    if {IsAdmin, SeesFiles, KeepsRegister, Promotes, SeesReach} & set(guards):
        return stage.admin
    if {Counts, HearsOfDisputes, SeesExports, IsSupervisor, TendsMinors, Operates} & set(guards):
        return stage.supervisor
    if {IsOfficer, Handles, Mediates, WorksSomewhere} & set(guards):
        return stage.officer
    if {IsEditor, Edits, HandsOut} & set(guards):
        return stage.editor
    if IsAuditor in guards:
        return stage.things["AuditAnchor"][0]
    if IsModerator in guards:
        return stage.moderator
    if IsNotary in guards:
        return stage.notary
    if ServesAtWindow in guards:
        return stage.clerk
    if IsLawyer not in guards:
        return stage.scene.asker
    named = {path[-1] for path in leaves(field.args)}
    return (
        stage.scene.seated if "seatId" in named else stage.scene.offered if "offerId" in named else stage.scene.answered
    )


def document(root: str, name: str, field: GraphQLField) -> str:
    variables = "".join(f"${argument}: {told.type} " for argument, told in field.args.items())
    passed = "".join(f"{argument}: ${argument} " for argument in field.args)
    kind = get_named_type(field.type)
    below = "" if is_leaf_type(kind) else "{ __typename }"
    if "Refused" in {member.name for member in getattr(kind, "types", ())}:
        below = "{ __typename ... on Refused { reasons { code message field } } }"
    given, taken = (f"({variables})", f"({passed})") if field.args else ("", "")
    return f"{root.lower()} {given} {{ {name}{taken} {below} }}"


async def answered(stage: Stage, viewer: Viewer, said: str, values: dict[str, Any]) -> Any:
    context = stage.city.context(viewer)
    if not said.startswith("subscription"):
        return await schema.execute(said, variable_values=values, context_value=context)
    stream = await schema.stream(said, variable_values=values, context_value=context)
    async with asyncio.timeout(60):
        result = await anext(stream)
    await stream.aclose()
    return result


def complaint(result: Any, how: str) -> str | None:
    """What is wrong with such an answer, if anything."""
    codes = [(error.extensions or {}).get("code") for error in result.errors or ()]
    told = [error.message for error in result.errors or ()]
    (value,) = (result.data or {"": None}).values()
    if isinstance(value, dict) and value.get("__typename") == "Refused":
        codes += [reason["code"] for reason in value["reasons"]]
        told += [reason["message"] for reason in value["reasons"]]
    if {INTERNAL.name, "FORBIDDEN", "UNAUTHENTICATED", None} & set(codes):
        return f"is answered with {codes}"
    if any(mark in message for message in told for mark in ("字" * 20, "工资", "Traceback", "codec", "<class")):
        return f"is told of in {told}"
    if how in UNSTORABLE and not codes:
        return f"is taken: {value}"
    return None


@pytest.mark.parametrize("root", CASES)
async def test_no_text_and_no_id_is_too_strange_for_a_typed_answer(city: City, root: str) -> None:
    stage = await build(city)
    kind: Any = schema._schema.get_type(root)
    assert isinstance(kind, GraphQLObjectType)
    complaints = []
    for name, path in CASES[root]:
        field = kind.fields[name]
        said, viewer = document(root, name, field), asks(stage, name, field)
        for how, bad in BAD.items():
            result = await answered(stage, viewer, said, Filling(stage, name, path, bad).all(field.args))
            if wrong := complaint(result, how):
                complaints.append(f"{how} in {name}({'.'.join(path)}) {wrong}")
    assert complaints == [], "\n".join(complaints)


@pytest.mark.parametrize("scalar", ODD)
async def test_nor_is_any_moment_day_or_number(city: City, scalar: str) -> None:
    stage = await build(city)
    complaints = []
    for root in CASES:
        kind: Any = schema._schema.get_type(root)
        for name, field in kind.fields.items():
            said, viewer = document(root, name, field), asks(stage, name, field)
            if name == "rescheduleAppointment":  # the stage's has nothing in it; tests of appointments move one
                continue
            for path in leaves(field.args, kinds=(scalar,)):
                for how, odd in ODD[scalar].items():
                    result = await answered(stage, viewer, said, Filling(stage, name, path, odd).all(field.args))
                    if wrong := complaint(result, how):
                        complaints.append(f"{how} in {name}({'.'.join(path)}) {wrong}")
    assert complaints == [], "\n".join(complaints)


@pytest.mark.parametrize("how", BAD)
async def test_nor_on_its_way_through_http(city: City, how: str) -> None:
    """As variables, in the document itself, and as the name of the operation."""
    bad, ask = BAD[how], "query ($text: String!) { suggestCategories(body: $text) { probability } }"
    literal = f"{{ suggestCategories(body: {json.dumps(bad)}) {{ probability }} }}"
    headers = {"authorization": f"Bearer {token(city, await city.resident())}", "content-type": "application/json"}
    async with city.http() as client:
        for said in (
            {"query": ask, "variables": {"text": bad}},
            {"query": literal},
            {"query": ask, "variables": {bad: bad}},
            {"query": ask, "variables": {"text": "工资"}, "operationName": bad},
            {"query": bad},
        ):
            answer = await client.post("/graphql", content=json.dumps(said), headers=headers)
            assert answer.status_code < 500, (said, answer.text[:200])
            assert INTERNAL.name not in answer.text


async def test_a_moment_without_an_offset_is_none(city: City) -> None:
    ask = "query ($until: DateTime!) { institutionAppointments(from: %s, to: $until) { nodes { id } } }"
    context, good = city.context(await city.person(Role.OFFICER)), '"2026-12-01T10:00:00+08:00"'
    for there, until in (('"2026-12-01T10:00:00"', json.loads(good)), (good, "2026-12-01T11:00:00")):
        result = await schema.execute(ask % there, variable_values={"until": until}, context_value=context)
        assert [error.extensions for error in result.errors or ()] == [{"code": "BAD_DOCUMENT"}]
    for until in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        result = await schema.execute(ask % good, variable_values={"until": until}, context_value=context)
        assert result.data == {"institutionAppointments": {"nodes": []}}


def test_the_generator_sees_the_whole_graph() -> None:
    """A story that is generated from nothing would hold."""
    assert ("askQuestion", ("input", "lawyerIds")) in CASES["Mutation"]
    assert ("submitAnswer", ("input", "content", "basis", "law")) in CASES["Mutation"]
    assert ("lawyers", ("filter", "query")) in CASES["Query"]
    assert ("nodes", ("ids",)) in CASES["Query"]
    assert ("questionUpdates", ("questionId",)) in CASES["Subscription"]
    assert global_id("Category", "labour") == "Q2F0ZWdvcnk6bGFib3Vy"
