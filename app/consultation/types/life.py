"""What an asker sees of a question's life: drafts, why it was not sent, what she may do."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry

from app.accounts.types.delegating import Delegation
from app.consultation.actions import drafts
from app.consultation.loaders import AnswersOfQuestion, BriefOfQuestion, LogOfQuestion, PolicyByVersion
from app.consultation.loaders.life import ChoicesOfQuestion, DelegationById, Owned
from app.consultation.models import QuestionStatus
from app.consultation.rules.drafts import Written
from app.consultation.rules.life import QuestionAct, allowed
from app.consultation.rules.promise import QuestionEventKind
from app.consultation.rules.screened import Look, look
from app.core.sealing import unseal
from app.directory.loaders import LawyerById
from app.directory.types import Lawyer
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.guidance.types.categories import Category
from app.places.types import Division
from app.screening.rules.crisis import Crisis, most_urgent_first
from app.screening.rules.unlawful import Verdict
from app.screening.types import SafetyCard
from app.vault.actions.voices import read
from app.vault.loaders import DataKey, FileById, FilesOf
from app.vault.models import FileState
from app.vault.rules.drafts import wiped_at
from app.vault.types import File

explain(
    QuestionAct,
    "What its owner may do with a question.",
    REVISE="Change its words and send it again: `reviseQuestion`.",
    APPEAL="Appeal against the block.",
    WITHDRAW="Take it back: `withdrawQuestion`.",
    RESOLVE="Say that it is answered: `resolveQuestion`.",
    FOLLOW_UP="Ask back; this opens a resolved question again.",
    RATE="Rate its answers: `rateAnswer`.",
    CHOOSE_BEST="Choose the best answer: `chooseBestAnswer`.",
    REQUEST_CALLBACK="Ask to be called.",
    ERASE="Destroy it with all that was said: `eraseQuestion`. The asker's own alone.",
)
explain(
    Verdict,
    "What the screening of a text found.",
    PASS="Nothing: it can be sent.",
    EDIT="Some words must be changed first.",
    BLOCK="The law forbids to pass it on.",
)


@strawberry.type(description="A part of a text that led to the verdict.", directives=[visible.WITHIN])
class ScreenedSpan:
    start: int = strawberry.field(description="Its first character, counted from 0 in Unicode code points.")
    end: int = strawberry.field(description="The character after its last.")


@strawberry.type(
    description="Why a question was not sent: found anew each time from its words, kept nowhere.",
    directives=[visible.WITHIN],
)
class Screening:
    verdict: Verdict = strawberry.field(description="What was found.")
    code: str | None = strawberry.field(description="The reason's code, as `refusalCodes` lists it; null for PASS.")
    reason: str | None = strawberry.field(description="What to tell the asker, in the language of Accept-Language.")
    field: str = strawberry.field(description="Where it was found: `body`, `brief`, or `transcript`.")
    spans: list[ScreenedSpan] = strawberry.field(description="The parts of that text that led to the verdict.")

    @classmethod
    def of(cls, look: Look, info: Info) -> "Screening":
        return cls(
            verdict=look.verdict,
            code=look.reason.name if look.reason else None,
            reason=look.reason.message(info.context.language, {}) if look.reason else None,
            field=look.field,
            spans=[ScreenedSpan(start=span.start, end=span.end) for span in look.spans],
        )


async def screening_of(info: Info, row: Any) -> Screening | None:
    if row.status not in (QuestionStatus.NEEDS_EDIT, QuestionStatus.BLOCKED, QuestionStatus.WITHDRAWN) or row.cleared:
        return None
    voice = next((file for file in await info.context.loader(FilesOf).load(row.id) if file.spoken), None)
    if row.status == QuestionStatus.WITHDRAWN and not (voice and voice.words):
        return None
    brief = await info.context.loader(BriefOfQuestion).load(row.id)
    if brief is None or not await info.context.loader(Owned).load(row.id):
        return None
    key, brief_key = await info.context.loader(DataKey).load_many([row.id, brief.id])
    if key is None or brief_key is None:
        return None
    body = unseal(key, row.body, "question", "body", row.id)
    heard = read(key, voice) if voice else None
    shown = unseal(brief_key, brief.body, "brief", "body", brief.id)
    found = look(body, shown, spoken=voice is not None, transcript=heard)
    if row.status == QuestionStatus.WITHDRAWN and found.verdict is not Verdict.BLOCK:
        return None
    return Screening.of(found, info)


def safety_cards_of(info: Info, row: Any) -> list[SafetyCard]:
    found = most_urgent_first([Crisis(signal) for signal in row.crisis])  # kept in the order in which they were heard
    return [SafetyCard.of(crisis, info.context.language) for crisis in found]


async def allowed_to(info: Info, row: Any) -> list[QuestionAct]:
    if not await info.context.loader(Owned).load(row.id):
        return []
    answers = await info.context.loader(AnswersOfQuestion).load(row.id)
    acts = allowed(row.status, bool(answers))
    if row.status == QuestionStatus.RESOLVED and info.context.now >= (await _reopens_until(info, row)):
        acts.remove(QuestionAct.FOLLOW_UP)
    if row.delegation is not None and row.asker != info.context.person and QuestionAct.ERASE in acts:
        acts.remove(QuestionAct.ERASE)
    return acts


async def resolved_at(info: Info, row: Any) -> datetime | None:
    if row.status == QuestionStatus.RESOLVED:
        since: datetime = row.status_at
        return since
    if row.status != QuestionStatus.CLOSED:
        return None
    log = await info.context.loader(LogOfQuestion).load(row.id)
    return max((entry.at for entry in log if entry.kind == QuestionEventKind.QUESTION_RESOLVED), default=None)


async def reopens_until(info: Info, row: Any) -> datetime | None:
    return await _reopens_until(info, row) if row.status == QuestionStatus.RESOLVED else None


async def _reopens_until(info: Info, row: Any) -> datetime:
    policy = await info.context.loader(PolicyByVersion).load(row.policy)
    end: datetime = row.status_at + policy.reopens
    return end


async def delegation_of(info: Info, row: Any) -> Delegation | None:
    if row.delegation is None or info.context.viewer is None:
        return None
    found = await info.context.loader(DelegationById).load(row.delegation)
    return Delegation.of(found, info.context.viewer) if found else None


async def named_lawyers_of(info: Info, row: Any) -> list[Lawyer]:
    chosen = await info.context.loader(ChoicesOfQuestion).load(row.id)
    if chosen is None:
        return []
    lawyers = await info.context.loader(LawyerById).load_many(chosen.named)
    return [Lawyer.of(lawyer) for lawyer in lawyers if lawyer]


async def party_known(info: Info, row: Any) -> bool:
    chosen = await info.context.loader(ChoicesOfQuestion).load(row.id)
    return chosen is not None and bool(chosen.party_known)


@strawberry.type(
    description="A question that is being written, read by its writer alone on any of her devices; wiped when sent.",
    directives=[visible.SELF],
)
class Draft(Node):
    row: strawberry.Private[Any]
    written: strawberry.Private[Written]
    body: str = strawberry.field(description="The question as written so far.")
    division_code: str | None = strawberry.field(description="The code of the chosen town or village.")
    brief: str | None = strawberry.field(description="The brief as written so far; null while it is to be drafted.")
    opposing_party: str | None = strawberry.field(description="The opposing party's name.")
    on_behalf_of: strawberry.ID | None = strawberry.field(description="The delegation she asks by, if for another.")
    revision: int = strawberry.field(description="The revision that is kept; save with a greater one.")
    saved_at: datetime = strawberry.field(description="When it was last saved.")
    expires_at: datetime = strawberry.field(description="When it is wiped unless it is saved again: 30 days later.")

    @classmethod
    def of(cls, row: Any, written: Written) -> "Draft":
        return cls(
            id=global_id("Draft", row.id),
            row=row,
            written=written,
            body=written.body,
            division_code=written.division,
            brief=written.brief,
            opposing_party=written.party,
            on_behalf_of=global_id("Delegation", written.delegation) if written.delegation else None,
            revision=row.revision,
            saved_at=row.saved_at,
            expires_at=wiped_at(row.saved_at),
        )

    @strawberry.field(description="The chosen category.")
    def category(self) -> Category | None:
        return Category.of(self.written.category) if self.written.category else None

    @strawberry.field(description="The chosen town or village.")
    def division(self) -> Division | None:
        return Division.of(self.written.division) if self.written.division else None

    @strawberry.field(description="The lawyers she means to ask by name.")
    async def lawyers(self, info: Info) -> list[Lawyer]:
        rows = await info.context.loader(LawyerById).load_many(self.written.lawyers)
        return [Lawyer.of(row) for row in rows if row]

    @strawberry.field(description="The recording in which she means to ask, if it is still there.")
    async def voice(self, info: Info) -> File | None:
        row = await info.context.loader(FileById).load(self.written.voice) if self.written.voice else None
        return File.of(row) if row and row.state != FileState.GONE else None

    @strawberry.field(description="The files that go with it, as far as they are still there.")
    async def attachments(self, info: Info) -> list[File]:
        rows = await info.context.loader(FileById).load_many(self.written.attachments)
        return [File.of(row) for row in rows if row and row.state != FileState.GONE]


async def opened(info: Info, rows: Sequence[Any]) -> list[Draft]:
    """Drafts with their words; one that was wiped has none."""
    keys = await info.context.loader(DataKey).load_many([row.id for row in rows])
    return [Draft.of(row, _written(row, key)) for row, key in zip(rows, keys, strict=True)]


def _written(row: Any, key: bytes | None) -> Written:
    return drafts.opened(key, row) if key and row.content else Written()


SaveDraftResult = Annotated[Draft | Refused, strawberry.union("SaveDraftResult", description=PAYLOAD)]
DiscardDraftResult = Annotated[Draft | Refused, strawberry.union("DiscardDraftResult", description=PAYLOAD)]
