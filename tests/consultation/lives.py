"""People who act at random on questions, through the graph and in the city's own time; and what is true whatever they do.

An act is drawn from what stands in the tables, now and then one that is out of place. After every step each question
stands where the pure table says, and whatever is open goes on by itself or waits for its asker by name.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from app.consultation.models import QuestionStatus
from app.consultation.rules.life import MOVES, WORDS, HouseAct, QuestionAct, becomes
from app.consultation.rules.policy import Policy
from app.consultation.rules.promise import Happened, begun, promise
from app.core.access import Role, Viewer
from app.core.errors import Code
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from tests.city import CONTENT, City, codes, question
from tests.words import own_words

GOOD, EMPTY, FORBIDDEN = "老板拖欠我三个月工资怎么办", "哈哈哈哈哈", "澳门赌场上线了，注册送钱，加微信zj888888"

# Asking for little: what people read on the way changes nothing.
_NO = "... on Refused { reasons { code } }"
ASK = f"mutation ($input: AskQuestionInput!) {{ askQuestion(input: $input) {{ ... on Question {{ id status }} {_NO} }} }}"
REVISE = f"""mutation ($input: ReviseQuestionInput!) {{ reviseQuestion(input: $input) {{
  ... on Question {{ status }} {_NO} }} }}"""
WITHDRAW = f"mutation ($id: ID!) {{ withdrawQuestion(questionId: $id) {{ ... on Question {{ status }} {_NO} }} }}"
RESOLVE = f"mutation ($id: ID!) {{ resolveQuestion(questionId: $id) {{ ... on Question {{ status }} {_NO} }} }}"
ASK_BACK = f"mutation ($input: AskFollowUpInput!) {{ askFollowUp(input: $input) {{ ... on FollowUp {{ state }} {_NO} }} }}"
STOP = f"mutation ($id: ID!) {{ stopFollowUp(followUpId: $id) {{ ... on FollowUp {{ state }} {_NO} }} }}"
INFORM = f"mutation ($input: GiveInformationInput!) {{ giveInformation(input: $input) {{ __typename {_NO} }} }}"
CLAIM = f"""mutation ($offer: ID!, $key: String!) {{ claimOffer(offerId: $offer, idempotencyKey: $key) {{
  ... on Seat {{ id }} {_NO} }} }}"""
DECLINE = f"mutation ($offer: ID!) {{ declineOffer(offerId: $offer, reason: BUSY) {{ __typename {_NO} }} }}"
RELEASE = f"mutation ($seat: ID!) {{ releaseSeat(seatId: $seat) {{ __typename {_NO} }} }}"
SUBMIT = f"""mutation ($seat: ID!, $content: AnswerContentInput!, $key: String!) {{
  submitAnswer(seatId: $seat, content: $content, idempotencyKey: $key) {{ __typename {_NO} }} }}"""
REPLY = f"mutation ($input: AnswerFollowUpInput!) {{ answerFollowUp(input: $input) {{ __typename {_NO} }} }}"
INQUIRE = f"mutation ($input: RequestInformationInput!) {{ requestInformation(input: $input) {{ __typename {_NO} }} }}"

_STATE = """
SELECT q.id, q.status, q.round, q.status_at, q.policy, d.closed_at IS NULL AS running, d.question IS NOT NULL AS sent,
  (SELECT coalesce(array_agg(o.lawyer), '{}') FROM app.offer o WHERE o.question = q.id AND o.until > app.clock()
     AND o.declined IS NULL AND NOT EXISTS (SELECT FROM app.seat s WHERE s.question = q.id AND s.lawyer = o.lawyer
     AND s.ended_at IS NULL)) AS offered,
  (SELECT coalesce(jsonb_agg(jsonb_build_array(s.id, s.lawyer)), '[]') FROM app.seat s WHERE s.question = q.id
     AND s.ended_at IS NULL AND s.delivered_at IS NULL) AS seats,
  (SELECT coalesce(array_agg(s.lawyer), '{}') FROM app.seat s WHERE s.question = q.id AND s.delivered_at IS NOT NULL) AS answered,
  (SELECT count(*) FROM app.seat s WHERE s.question = q.id AND s.counts AND s.delivered_at IS NOT NULL) AS counting,
  (SELECT coalesce(array_agg(f.id), '{}') FROM app.follow_up f WHERE f.question = q.id AND f.state = 'WAITING') AS waiting,
  (SELECT coalesce(array_agg(i.id), '{}') FROM app.inquiry i WHERE i.question = q.id AND i.replied_at IS NULL) AS inquiries,
  (SELECT max(f.at) FROM app.feed f WHERE f.subject = q.id AND f.kind = ANY(:words)) AS last_word
FROM app.question q LEFT JOIN app.dispatch d ON d.question = q.id WHERE q.id = ANY(:ids)"""
_DUE = """SELECT ids->>'question' AS question, kind, ids, due_at FROM app.outbox
WHERE done_at IS NULL AND ids->>'question' = ANY(:ids)"""
_LOG = "SELECT subject, kind, ids, at FROM app.feed WHERE subject = ANY(:ids) ORDER BY subject, at"


@dataclass
class Life:
    """A question and its asker; `status` as the table says it must stand, `late` once the promise was."""

    asker: Viewer
    id: UUID
    status: QuestionStatus
    late: bool = False
    acts: list[str] = field(default_factory=list)

    @property
    def node(self) -> str:
        return global_id("Question", self.id)


Act = tuple[str, Callable[[], Awaitable[Any]]]


class Lives:
    def __init__(self, city: City, random: Random, lawyers: Sequence[Viewer]) -> None:
        self.city, self.random = city, random
        self.lawyers = {lawyer.id: lawyer for lawyer in lawyers}
        self.lives: list[Life] = []
        self.done: Counter[str] = Counter()
        """What came of which act, over all lives: `ANSWER`, `CLAIM SEATS_FULL`, ..."""
        self._policies: dict[int, Policy] = {}

    # Beginning -------------------------------------------------------------------------------------------------

    async def begin(self, count: int, words: Sequence[str] = (GOOD,) * 17 + (EMPTY,) * 2 + (FORBIDDEN,)) -> None:
        askers = await residents(self.city, count)
        drawn = [self.random.choice(words) for _ in askers]
        for life in await asyncio.gather(*(self._ask(asker, body) for asker, body in zip(askers, drawn, strict=True))):
            self.lives.append(life)

    async def _ask(self, asker: Viewer, body: str) -> Life:
        made = await self.city.one(asker, ASK, input=question(body))
        self.done[f"ASK {made['status']}"] += 1
        return Life(asker, uuid_of(made["id"], "Question"), QuestionStatus(made["status"]), acts=["ASK"])

    # Acting ----------------------------------------------------------------------------------------------------

    async def step(self, eager: float, *, at_once: int = 6) -> None:
        """Everybody acts or lets it be: each possible act with a chance of `eager`, those of one question in turn."""
        state = await self.state()
        room = asyncio.Semaphore(at_once)

        async def live(life: Life, acts: list[Act]) -> None:
            async with room:
                for name, act in acts:
                    self._note(life, name, await act())

        drawn = [(life, self._drawn(life, state[life.id], eager)) for life in self.lives]
        await asyncio.gather(*(live(life, acts) for life, acts in drawn if acts))

    def _drawn(self, life: Life, row: Any, eager: float) -> list[Act]:
        acts = [act for act in self._possible(life, row) if self.random.random() < eager]
        if self.random.random() < eager / 6:
            acts.append(self._out_of_place(life, row))
        self.random.shuffle(acts)
        return acts

    def _possible(self, life: Life, row: Any) -> list[Act]:
        one, node, asker, random = self.city.one, life.node, life.asker, self.random
        acts: list[Act] = []
        for lawyer in row.offered:
            offer = global_id("Offer", f"{life.id}.{lawyer}")
            if random.random() < 0.15:
                acts.append(("DECLINE", lambda o=offer, w=lawyer: one(self.lawyers[w], DECLINE, offer=o)))
            elif random.random() < 0.6:
                acts.append(("CLAIM", lambda o=offer, w=lawyer: one(self.lawyers[w], CLAIM, offer=o, key=key())))
        for seat, lawyer in row.seats:
            acts.append(self._at_work(life, UUID(lawyer), global_id("Seat", seat)))
        for follow_up in row.waiting:
            id = global_id("FollowUp", follow_up)
            if random.random() < 0.15:
                acts.append(("STOP", lambda f=id: one(asker, STOP, id=f)))
            elif row.answered:
                said = {"followUpId": id, "body": "带上合同和转账记录。", "idempotencyKey": key()}
                who = self.lawyers[random.choice(row.answered)]
                acts.append(("REPLY", lambda s=said, w=who: one(w, REPLY, input=s)))
        for inquiry in row.inquiries:
            said = {"inquiryId": global_id("Inquiry", inquiry), "body": "没有书面合同。", "idempotencyKey": key()}
            acts.append(("INFORM", lambda s=said: one(asker, INFORM, input=s)))
        for act in MOVES[QuestionStatus(row.status)]:
            if act in OWNERS_ACTS and random.random() < OWNERS_ACTS[act]:
                acts.append(self._owners(life, QuestionAct(act), node))
        return acts

    def _at_work(self, life: Life, lawyer: UUID, seat: str) -> Act:
        one, who, chance = self.city.one, self.lawyers[lawyer], self.random.random()
        if chance < 0.1:
            return "RELEASE", lambda: one(who, RELEASE, seat=seat)
        if chance < 0.2:
            return "INQUIRE", lambda: one(who, INQUIRE, input=named(life.node) | {"text": "请问有书面合同吗？"})
        content = CONTENT | {"text": own_words(seat) if chance < 0.9 else own_words(str(life.id))}
        return "ANSWER", lambda: one(who, SUBMIT, seat=seat, content=content, key=key())

    def _owners(self, life: Life, act: QuestionAct, node: str) -> Act:
        one, asker, random = self.city.one, life.asker, self.random
        if act is QuestionAct.WITHDRAW:
            return act, lambda: one(asker, WITHDRAW, id=node)
        if act is QuestionAct.RESOLVE:
            return act, lambda: one(asker, RESOLVE, id=node)
        if act is QuestionAct.REVISE:
            body = random.choice([GOOD, GOOD, GOOD, EMPTY, FORBIDDEN])
            return act, lambda: one(asker, REVISE, input=named(node) | {"body": body})
        thanks = {"noReplyNeeded": True} if random.random() < 0.2 else {}
        return act, lambda: one(asker, ASK_BACK, input=named(node) | {"body": "那要准备哪些材料？"} | thanks)

    def _out_of_place(self, life: Life, row: Any) -> Act:
        lawyer = self.random.choice(list(self.lawyers))
        offer = global_id("Offer", f"{life.id}.{lawyer}")
        if self.random.random() < 0.3:
            return "CLAIM", lambda: self.city.one(self.lawyers[lawyer], CLAIM, offer=offer, key=key())
        return self._owners(life, self.random.choice(list(OWNERS_ACTS)), life.node)

    def _note(self, life: Life, name: str, payload: Any) -> None:
        """An owner's act leads where the table says, or is refused by the name that it says."""
        no = codes(payload)
        life.acts.append(" ".join([name, *no]))
        self.done[life.acts[-1]] += 1
        if name not in OWNERS_ACTS:
            return
        act, stands = QuestionAct(name), life.status
        there = becomes(stands, act)
        if not no:
            if isinstance(there, Code):
                assert (stands, act) in TWICE, life
            elif act is QuestionAct.REVISE:
                life.status = QuestionStatus(payload["status"])
            elif act is not QuestionAct.FOLLOW_UP or payload["state"] == "WAITING":  # thanks open nothing again
                life.status = there
        else:
            late = stands == QuestionStatus.RESOLVED and no == ["QUESTION_CLOSED"]
            assert late or no == ["NO_ANSWER_YET"] or (isinstance(there, Code) and no == [there.name]), (no, life)

    # Time ------------------------------------------------------------------------------------------------------

    async def pass_time(self, span: timedelta) -> None:
        await self.city.pass_time(span)
        await self.true()

    async def give_up(self) -> None:
        """Whoever still waits takes her question back."""
        for life in self.lives:
            if life.status in (QuestionStatus.OPEN, QuestionStatus.NEEDS_EDIT):
                self._note(life, "WITHDRAW", await self.city.one(life.asker, WITHDRAW, id=life.node))
        await self.pass_time(timedelta(0))

    # What is true ----------------------------------------------------------------------------------------------

    async def state(self) -> dict[UUID, Any]:
        ids = [life.id for life in self.lives]
        return {row.id: row for row in await self.city.sql(_STATE, ids=ids, words=list(WORDS))}

    async def true(self) -> None:
        """Of all questions, once everything that is due was done."""
        state, now = await self.state(), await self.city.now()
        due: dict[str, list[Any]] = {}
        for event in await self.city.sql(_DUE, ids=[str(life.id) for life in self.lives]):
            due.setdefault(event.question, []).append(event)
        log: dict[UUID, list[Any]] = {}
        for entry in await self.city.sql(_LOG, ids=[life.id for life in self.lives]):
            log.setdefault(entry.subject, []).append(entry)
        for life in self.lives:
            row = state[life.id]
            await self._stands_where_it_must(life, row)
            assert goes_on(row, due.get(str(life.id), [])), (life, row, due.get(str(life.id)))
            await self._late_stays_late(life, row, log.get(life.id, []), now)

    async def _stands_where_it_must(self, life: Life, row: Any) -> None:
        for act in HouseAct:  # what time may have done meanwhile
            if life.status != row.status and becomes(life.status, act) == QuestionStatus.RESOLVED:
                assert row.answered, life
                life.status, life.acts = QuestionStatus.RESOLVED, [*life.acts, "SILENCE"]
                self.done["SILENCE"] += 1
            if life.status != row.status and becomes(life.status, act) == QuestionStatus.CLOSED:
                life.status = QuestionStatus.CLOSED
                self.done["CLOSED"] += 1
        assert row.status == life.status, (life, row)
        is_open = life.status == QuestionStatus.OPEN
        assert not row.sent or row.running == is_open, (life, row)
        assert row.sent or life.status in UNSENT, (life, row)
        assert is_open or not (row.seats or row.offered or row.waiting), (life, row)

    async def _late_stays_late(self, life: Life, row: Any, log: list[Any], now: datetime) -> None:
        if not begun(entry.kind for entry in log):
            return
        kept = promise([Happened.of(entry.kind, entry.at, entry.ids) for entry in log], await self._policy(row.policy))
        late = kept.last.missed(now)
        assert late or not life.late, (life, kept)
        life.late = late

    async def _policy(self, version: int) -> Policy:
        if version not in self._policies:
            ((terms,),) = await self.city.sql("SELECT terms FROM app.dispatch_policy WHERE version = :v", v=version)
            self._policies[version] = Policy.of(terms)
        return self._policies[version]


OWNERS_ACTS: dict[Any, float] = {
    QuestionAct.WITHDRAW: 0.08,
    QuestionAct.RESOLVE: 0.15,
    QuestionAct.FOLLOW_UP: 0.3,
    QuestionAct.REVISE: 0.7,
}
"""How often an owner has a mind to, where she may."""
TWICE = {(QuestionStatus.WITHDRAWN, QuestionAct.WITHDRAW), (QuestionStatus.RESOLVED, QuestionAct.RESOLVE)}
UNSENT = (QuestionStatus.NEEDS_EDIT, QuestionStatus.BLOCKED, QuestionStatus.WITHDRAWN)


def goes_on(row: Any, due: Sequence[Any]) -> bool:
    """Whether it is over, is its asker's turn by name, or has an event to come that carries on what it waits for."""
    kinds = {event.kind for event in due}
    if row.status == QuestionStatus.RESOLVED:
        return any(event.kind == "ResolutionAged" and event.ids["round"] == row.round for event in due)
    if row.status != QuestionStatus.OPEN:
        return True  # over, or waits for its asker: to say it in other words, or to appeal
    if row.inquiries and not row.answered:
        return True  # a lawyer asked her back, and there is nothing yet to be satisfied with
    if not row.inquiries and row.counting < PROMISED:
        return "PromiseRanOut" in kinds
    if not row.inquiries and row.waiting:
        asked = {event.ids["follow_up"] for event in due if event.kind == "FollowUpRanOut"}
        return set(map(str, row.waiting)) <= asked
    since = {datetime.fromisoformat(event.ids["since"]) for event in due if event.kind == "SilenceFell"}
    return row.last_word in since


PROMISED = 3


def key() -> str:
    return str(new_id())


def named(node: str) -> dict[str, str]:
    return {"questionId": node, "idempotencyKey": key()}


async def residents(city: City, count: int) -> list[Viewer]:
    made = [Viewer(new_id(), new_id(), frozenset({Role.RESIDENT})) for _ in range(count)]
    await city.sql(
        "INSERT INTO app.person (id, standing, created_at) SELECT unnest(CAST(:ids AS uuid[])), 'ACTIVE', :now",
        ids=[viewer.id for viewer in made],
        now=datetime.now(UTC),
    )
    return made
