"""People who act at random on questions: through the graph, in the city's own time, and now and then out of place.

What anybody could do is drawn from what stands in the tables. After each step `truths` says what must be true.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from app.consultation.models import QuestionStatus
from app.consultation.rules.life import MOVES, QuestionAct, becomes
from app.core.access import Role, Viewer
from app.core.errors import Code
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from tests.city import CONTENT, City, codes, question
from tests.words import own_words

GOOD, EMPTY, FORBIDDEN = "老板拖欠我三个月工资怎么办", "哈哈哈哈哈", "澳门赌场上线了，注册送钱，加微信zj888888"

# Asking for little: what people read on the way changes nothing.
_NO = "... on Refused { reasons { code } }"
_STATUS = f"{{ ... on Question {{ id status }} {_NO} }} }}"
_DONE = f"{{ __typename {_NO} }} }}"
ASK = f"mutation ($input: AskQuestionInput!) {{ askQuestion(input: $input) {_STATUS}"
REVISE = f"mutation ($input: ReviseQuestionInput!) {{ reviseQuestion(input: $input) {_STATUS}"
WITHDRAW = f"mutation ($id: ID!) {{ withdrawQuestion(input: {{questionId: $id}}) {_STATUS}"
RESOLVE = f"mutation ($id: ID!) {{ resolveQuestion(input: {{questionId: $id}}) {_STATUS}"
FOLLOW_UP = f"""mutation ($input: AskFollowUpInput!) {{ askFollowUp(input: $input) {{
  ... on FollowUp {{ state }} {_NO} }} }}"""
STOP = f"mutation ($id: ID!) {{ stopFollowUp(input: {{followUpId: $id}}) {_DONE}"
INFORM = f"mutation ($input: GiveInformationInput!) {{ giveInformation(input: $input) {_DONE}"
CLAIM = f"""mutation ($offer: ID!, $key: String!) {{ claimOffer(input: {{offerId: $offer, idempotencyKey: $key}}) {{
  ... on Seat {{ id }} {_NO} }} }}"""
DECLINE = f"mutation ($offer: ID!) {{ declineOffer(input: {{offerId: $offer, reason: BUSY}}) {_DONE}"
RELEASE = f"mutation ($seat: ID!) {{ releaseSeat(input: {{seatId: $seat}}) {_DONE}"
ANSWER = f"""mutation ($seat: ID!, $content: AnswerContentInput!, $key: String!) {{
  submitAnswer(input: {{seatId: $seat, content: $content, idempotencyKey: $key}}) {_DONE}"""
REPLY = f"mutation ($input: AnswerFollowUpInput!) {{ answerFollowUp(input: $input) {_DONE}"
INQUIRE = f"mutation ($input: RequestInformationInput!) {{ requestInformation(input: $input) {_DONE}"

_STATE = """
SELECT q.id, q.status,
  (SELECT coalesce(array_agg(s.lawyer), '{}') FROM app.seat s
     WHERE s.question = q.id AND s.delivered_at IS NOT NULL) AS answered,
  (SELECT coalesce(array_agg(o.lawyer), '{}') FROM app.offer o WHERE o.question = q.id AND o.until > app.clock()
     AND o.declined IS NULL AND NOT EXISTS (
       SELECT FROM app.seat s WHERE s.question = q.id AND s.lawyer = o.lawyer AND s.ended_at IS NULL)) AS offered,
  (SELECT coalesce(jsonb_object_agg(s.lawyer, s.id), '{}') FROM app.seat s WHERE s.question = q.id
     AND s.ended_at IS NULL AND s.delivered_at IS NULL) AS seats,
  (SELECT coalesce(array_agg(f.id), '{}') FROM app.follow_up f
     WHERE f.question = q.id AND f.state = 'WAITING') AS waiting,
  (SELECT coalesce(array_agg(i.id), '{}') FROM app.inquiry i
     WHERE i.question = q.id AND i.replied_at IS NULL) AS inquiries
FROM app.question q WHERE q.id = ANY(:ids)"""

OWNERS: dict[QuestionAct, float] = {
    QuestionAct.WITHDRAW: 0.08,
    QuestionAct.RESOLVE: 0.2,
    QuestionAct.FOLLOW_UP: 0.3,
    QuestionAct.REVISE: 0.7,
}
"""How often an owner has a mind to, where she may."""
TWICE = {(QuestionStatus.WITHDRAWN, QuestionAct.WITHDRAW), (QuestionStatus.RESOLVED, QuestionAct.RESOLVE)}
"""What changes nothing and is no mistake."""


@dataclass
class Life:
    """A question and its asker; `status` as the table says it must stand, `late` once the promise was."""

    asker: Viewer
    id: UUID
    status: QuestionStatus
    responsive: float
    """The share of those called who take it up."""
    late: bool = False
    acts: list[str] = field(default_factory=list)

    @property
    def node(self) -> str:
        return global_id("Question", self.id)


Act = Callable[[], Awaitable[None]]


class Lives:
    """`done` counts what came of which act, over all lives: `ANSWER`, `CLAIM SEATS_FULL`, ..."""

    def __init__(self, city: City, random: Random, lawyers: Sequence[Viewer]) -> None:
        self.city, self.random = city, random
        self.lawyers = {lawyer.id: lawyer for lawyer in lawyers}
        self.lives: list[Life] = []
        self.done: Counter[str] = Counter()

    async def begin(self, count: int) -> None:
        """Each question by a resident of its own; one in ten says nothing, one in twenty what the law forbids."""
        drawn = [self.random.choice([GOOD] * 17 + [EMPTY] * 2 + [FORBIDDEN]) for _ in range(count)]
        askers = await residents(self.city, count)
        self.lives += await asyncio.gather(*(self._ask(*begun) for begun in zip(askers, drawn, strict=True)))

    async def _ask(self, asker: Viewer, body: str) -> Life:
        made = await self.city.one(asker, ASK, input=question(body))
        self.done[f"ASK {made['status']}"] += 1
        responsive = self.random.choice([0.0, 0.05, 0.15, 0.4])
        return Life(asker, uuid_of(made["id"], "Question"), QuestionStatus(made["status"]), responsive)

    async def step(self, eager: float, *, at_once: int = 6) -> None:
        """Everybody acts or lets it be: what she may do with a chance of `eager`; on one question one after another."""
        ids = [life.id for life in self.lives]
        state = {row.id: row for row in await self.city.sql(_STATE, ids=ids)}
        room = asyncio.Semaphore(at_once)

        async def live(acts: list[Act]) -> None:
            async with room:
                for act in acts:
                    await act()

        await asyncio.gather(*(live(self._drawn(life, state[life.id], eager)) for life in self.lives))

    async def give_up(self) -> None:
        """Whoever still waits takes her question back."""
        for life in self.lives:
            if life.status in (QuestionStatus.OPEN, QuestionStatus.NEEDS_EDIT):
                await self._own(life, QuestionAct.WITHDRAW)

    async def see_to_tasks(self) -> None:
        """Supervisors are another story: here they have done at once what they are called to."""
        await self.city.sql("UPDATE app.task SET done_at = app.clock(), outcome = 'DONE' WHERE done_at IS NULL")

    # What comes to somebody's mind -----------------------------------------------------------------------------

    def _drawn(self, life: Life, row: Any, eager: float) -> list[Act]:
        random = self.random
        acts = [act for chance, act in self._possible(life, row) if random.random() < chance * eager]
        if random.random() < eager / 8:
            acts.append(self._out_of_place(life))
        random.shuffle(acts)
        return acts

    def _possible(self, life: Life, row: Any) -> list[tuple[float, Act]]:
        acts: list[tuple[float, Act]] = []
        for lawyer in row.offered:
            acts.append((life.responsive, partial(self._take_up, life, lawyer)))
            acts.append((0.05, partial(self._decline, life, lawyer)))
        for lawyer, seat in row.seats.items():
            acts.append((0.6, partial(self._work, life, UUID(lawyer), global_id("Seat", seat))))
        for follow_up in row.waiting:
            acts.append((0.1, partial(self._stop, life, global_id("FollowUp", follow_up))))
            lawyer = self.random.choice(row.answered)
            acts.append((0.5, partial(self._reply, life, lawyer, global_id("FollowUp", follow_up))))
        for inquiry in row.inquiries:
            acts.append((0.5, partial(self._inform, life, global_id("Inquiry", inquiry))))
        for act, chance in OWNERS.items():
            may = act in MOVES[life.status] and (row.answered or act in (QuestionAct.WITHDRAW, QuestionAct.REVISE))
            acts.append((chance if may else 0, partial(self._own, life, act)))
        return acts

    def _out_of_place(self, life: Life) -> Act:
        if self.random.random() < 0.3:
            return partial(self._take_up, life, self.random.choice(list(self.lawyers)))
        return partial(self._own, life, self.random.choice(list(OWNERS)))

    # What they do ----------------------------------------------------------------------------------------------

    async def _take_up(self, life: Life, lawyer: UUID) -> None:
        offer = global_id("Offer", f"{life.id}.{lawyer}")
        seat = await self._sent(life, self.lawyers[lawyer], "CLAIM", CLAIM, offer=offer, key=key())
        if "id" in seat and self.random.random() < 0.9:
            await self._work(life, lawyer, seat["id"])

    async def _work(self, life: Life, lawyer: UUID, seat: str) -> None:
        chance, who = self.random.random(), self.lawyers[lawyer]
        if chance < 0.08:
            await self._sent(life, who, "RELEASE", RELEASE, seat=seat)
        elif chance < 0.2:
            await self._sent(life, who, "INQUIRE", INQUIRE, input=said(questionId=life.node, text="有书面合同吗？"))
        else:  # one in ten writes as the others on this question do
            text = own_words(seat if chance < 0.9 else str(life.id))
            await self._sent(life, who, "ANSWER", ANSWER, seat=seat, content=CONTENT | {"text": text}, key=key())

    async def _decline(self, life: Life, lawyer: UUID) -> None:
        offer = global_id("Offer", f"{life.id}.{lawyer}")
        await self._sent(life, self.lawyers[lawyer], "DECLINE", DECLINE, offer=offer)

    async def _reply(self, life: Life, lawyer: UUID, follow_up: str) -> None:
        what = said(followUpId=follow_up, body="带上合同和转账记录。")
        await self._sent(life, self.lawyers[lawyer], "REPLY", REPLY, input=what)

    async def _stop(self, life: Life, follow_up: str) -> None:
        await self._sent(life, life.asker, "STOP", STOP, id=follow_up)

    async def _inform(self, life: Life, inquiry: str) -> None:
        await self._sent(life, life.asker, "INFORM", INFORM, input=said(inquiryId=inquiry, body="没有书面合同。"))

    async def _own(self, life: Life, act: QuestionAct) -> None:
        """An owner's act leads where the table says, or is refused by the name that it says."""
        there, no, payload = becomes(life.status, act), "", await self._owners(life, act)
        if codes(payload):
            (no,) = codes(payload)
            too_late = no == "QUESTION_CLOSED" and life.status == QuestionStatus.RESOLVED
            named = isinstance(there, Code) and no == there.name
            assert named or too_late or no == "NO_ANSWER_YET", (act, no, life)
        elif isinstance(there, Code):
            assert (life.status, act) in TWICE, (act, life)
        elif act is QuestionAct.REVISE:
            life.status = QuestionStatus(payload["status"])
        elif payload.get("state") != "STOPPED":  # thanks open nothing again
            life.status = there

    async def _owners(self, life: Life, act: QuestionAct) -> Any:
        if act is QuestionAct.WITHDRAW:
            return await self._sent(life, life.asker, act, WITHDRAW, id=life.node)
        if act is QuestionAct.RESOLVE:
            return await self._sent(life, life.asker, act, RESOLVE, id=life.node)
        if act is QuestionAct.REVISE:
            what = said(questionId=life.node, body=self.random.choice([GOOD, GOOD, GOOD, EMPTY, FORBIDDEN]))
            return await self._sent(life, life.asker, act, REVISE, input=what)
        thanks = self.random.random() < 0.2
        what = said(questionId=life.node, body="那要准备哪些材料？", noReplyNeeded=thanks)
        return await self._sent(life, life.asker, act, FOLLOW_UP, input=what)

    async def _sent(self, life: Life, who: Viewer, name: str, document: str, **variables: Any) -> Any:
        payload = await self.city.one(who, document, **variables)
        life.acts.append(" ".join([name, *codes(payload)]))
        self.done[life.acts[-1]] += 1
        return payload


def key() -> str:
    return str(new_id())


def said(**what: Any) -> dict[str, Any]:
    return what | {"idempotencyKey": key()}


async def residents(city: City, count: int) -> list[Viewer]:
    made = [Viewer(new_id(), new_id(), frozenset({Role.RESIDENT})) for _ in range(count)]
    await city.sql(
        "INSERT INTO app.person (id, standing, created_at) SELECT unnest(CAST(:ids AS uuid[])), 'ACTIVE', :now",
        ids=[viewer.id for viewer in made],
        now=datetime.now(UTC),
    )
    await city.signed_in(*made)
    return made
