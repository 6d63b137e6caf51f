"""The ledger of what leaves the house: a delivery is taken, handed to its provider outside any transaction, and marked
by whoever still holds it. For the worker alone.

Whoever is killed before marking leaves a lease that runs out: what was under way then may have arrived.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import any_, func, literal, not_, select, text, update

from app.accounts.actions.identity import opened
from app.core.db import Session, clock, one_at_a_time
from app.core.outbox import emit
from app.core.sealing import KeyProvider
from app.notices import reads
from app.notices.actions.climbing import NEVER, go_on
from app.notices.actions.wishing import end_consents, give_back, take_consent
from app.notices.events import ChannelTurned
from app.notices.models import ChannelState, Delivery, DeliveryState, Lane, NoticeKind, Why
from app.notices.reads import deliveries
from app.notices.reads.recipients import hours
from app.notices.rules import verdicts
from app.notices.rules.ladder import OFFERS_AN_HOUR, SMS_A_DAY, Recipient, manner, send_at
from app.notices.rules.letters import fields, page
from app.notices.rules.verdicts import LEASE, UNSENT, Sequel
from app.outside.budget import NOTICES_LEAVE, spend_sms
from app.outside.post import Channel, Fate, Message, Verdict

D, C = reads.D, reads.C

Stands = Callable[[Session, UUID, UUID], Awaitable[bool]]
"""`(session, person, about)`: whether what such a notice tells of still holds."""


@dataclass(frozen=True)
class Letter:
    """One delivery in the hands of who took it. `asks`: it may have arrived, and the provider is only asked."""

    id: UUID
    attempt: int
    channel: Channel
    address: str = field(repr=False)
    message: Message
    lane: str
    pushed_at: datetime
    asks: bool
    late: timedelta
    """How long after its time it was taken."""


@dataclass(frozen=True)
class Seen:
    """A delivery that was seen to without a provider."""

    channel: Channel
    state: DeliveryState


# In the order of the arrays, lane by lane: the first that there is. A closed channel's are not looked at. What is sent
# is sent thousands of times: whatever can be asked in one statement is. The index knows what is below infinity alone.
_TAKE = text("""
    UPDATE app.delivery AS d
       SET state = CASE was.state WHEN 'PENDING' THEN 'SENDING' ELSE 'UNKNOWN' END,
           attempts = d.attempts + 1, next_push = app.clock() + :lease,
           pushed_at = CASE was.state WHEN 'PENDING' THEN app.clock() ELSE d.pushed_at END
      FROM (SELECT due.* FROM unnest(CAST(:lanes AS smallint[]), CAST(:channels AS text[])) AS way (lane, channel)
            CROSS JOIN LATERAL (
                SELECT o.id, o.state, o.person FROM app.delivery o
                WHERE o.lane = way.lane AND o.channel = way.channel
                  AND o.next_push < 'infinity' AND o.next_push <= (SELECT app.clock())
                  AND EXISTS (SELECT FROM app.channel c WHERE c.name = way.channel AND c.closed_until <= app.clock())
                ORDER BY o.next_push LIMIT 1 FOR UPDATE SKIP LOCKED) AS due
            LIMIT 1) AS was
      LEFT JOIN app.notice_preference AS w ON w.person = was.person
     WHERE d.id = was.id
    RETURNING d.id, d.person, d.notice, d.kind, d.template, d.channel, d.lane, d.attempts, d.failures, d.why, d.until,
              d.made_at, d.due_at, d.digest, d.pushed_at, was.state, w.quiet_from, w.quiet_until,
              d.kind || ':' || d.channel = ANY (w.refused) AS unwanted,
              (SELECT n.about FROM app.notice n WHERE n.id = d.notice) AS about,
              CASE WHEN d.notice IS NULL THEN (
                  SELECT count(*) FROM app.delivery o JOIN app.notice n ON n.id = o.notice
                  WHERE o.digest = coalesce(d.digest, d.id) AND n.acknowledged_at IS NULL AND n.read_at IS NULL)
              ELSE (SELECT count(*) FROM app.notice n
                    WHERE n.id = d.notice AND n.acknowledged_at IS NULL AND n.read_at IS NULL) END AS waiting""")
_SENT = text("""
    WITH was AS (SELECT :template = ANY (misconfigured) AS wrong FROM app.channel WHERE name = :channel),
         calm AS (UPDATE app.channel SET closings = 0, misconfigured = array_remove(misconfigured, :template)
                  WHERE name = :channel AND (closings > 0 OR :template = ANY (misconfigured)))
    UPDATE app.delivery SET state = 'SENT', why = NULL, error = NULL, next_push = 'infinity', done_at = :now,
                            provider_id = :provider
    WHERE id = :id AND (attempts = :attempt AND state = 'SENDING' OR state = 'UNKNOWN')
    RETURNING (SELECT wrong FROM was) AS mended""")
_ADDRESS = text("SELECT kind, digest, sealed FROM door.address(:id, :attempt)")
_BAD_ADDRESS = text("SELECT door.bad_address(:id, :attempt)")


async def take(
    session: Session, keys: KeyProvider, lanes: Sequence[Lane], stands: Mapping[str, Stands], now: datetime
) -> Letter | Seen | None:
    """The next that is due in these lanes, most urgent first: to be sent, or seen to already; None when nothing is."""
    row = (await session.rows(_TAKE, deliveries.ways(lanes) | {"lease": LEASE})).one_or_none()
    if row is None:
        return None
    channel = Channel(row.channel)
    if row.state == DeliveryState.SENDING:
        sequel = verdicts.unknown(channel)
        await _mark(session, row, sequel, now, why=Why.LEASE_RAN_OUT)
        return Seen(channel, sequel.state)
    asks = row.state == DeliveryState.UNKNOWN
    if not asks:
        # As she wants it by now: it was written down for what she wanted then, and may come late.
        at = send_at(row.kind, Recipient(hours=hours(row)), now) if _may_wait(row) else now
        why = await _against(session, row, stands, now)
        if why or at is None:
            await _drop(session, row, why or Why.LATE, now)
            return Seen(channel, DeliveryState.DROPPED)
        if row.unwanted:
            await _mark(session, row, UNSENT, now, why=Why.UNWANTED)
            return Seen(channel, DeliveryState.DEAD)
        if at > now:
            await _put_off(session, row, at)
            return Seen(channel, DeliveryState.PENDING)
        if channel is Channel.SMS and not await spend_sms(session, NOTICES_LEAVE):
            rest = Sequel(DeliveryState.PENDING, again=_to_the_hour(now), handed=False)
            await _mark(session, row, rest, now, why=Why.BUDGET)
            return Seen(channel, DeliveryState.PENDING)
        if channel is not Channel.SMS and not await take_consent(session, row, now):
            await _mark(session, row, UNSENT, now, why=Verdict.NO_CONSENT)
            return Seen(channel, DeliveryState.DEAD)
    sealed = (await session.rows(_ADDRESS, {"id": row.id, "attempt": row.attempts})).one_or_none()
    if sealed is None:
        gone = Sequel(DeliveryState.DEAD, goes_on=not asks, consent_back=True, handed=asks)
        await _mark(session, row, gone, now, why=Why.NO_ADDRESS)
        return Seen(channel, DeliveryState.DEAD)
    address = opened(keys, sealed.kind, sealed.digest, sealed.sealed)
    message = Message(row.template, fields(row.kind, channel, row.waiting, now), page(row.notice, channel))
    late, lane = max(now - row.due_at, timedelta(0)), Lane(row.lane).name
    return Letter(row.id, row.attempts, channel, address, message, lane, row.pushed_at, asks, late)


def _to_the_hour(now: datetime) -> timedelta:
    return timedelta(hours=1) - timedelta(minutes=now.minute, seconds=now.second, microseconds=now.microsecond)


def _may_wait(row: Any) -> bool:
    """A digest of what comes at any hour does so too; one that waits does it like its notices."""
    return row.notice is not None or row.due_at > row.made_at


async def _put_off(session: Session, row: Any, at: datetime) -> None:
    waits = {"state": DeliveryState.PENDING, "next_push": at, "until": at + manner(row.kind).lives, "pushed_at": None}
    await session.rows(update(Delivery).where(D.c.id == row.id, D.c.attempts == row.attempts).values(**waits))


async def _against(session: Session, row: Any, stands: Mapping[str, Stands], now: datetime) -> Why | None:
    if not row.waiting:
        return Why.ACKNOWLEDGED
    if now > row.until:
        return Why.LATE
    if row.kind in stands and not await stands[row.kind](session, row.person, row.about):
        return Why.OVER
    if row.channel == Channel.SMS:
        return await _capped(session, row, D.c.channel == Channel.SMS, timedelta(days=1), SMS_A_DAY)
    if row.kind == NoticeKind.OFFERED:
        return await _capped(session, row, D.c.kind == NoticeKind.OFFERED, timedelta(hours=1), OFFERS_AN_HOUR)
    return None


async def _capped(session: Session, row: Any, of: Any, within: timedelta, most: int) -> Why | None:
    """Counted one at a time: of two that are taken at once the second sees the first."""
    await one_at_a_time(session, f"deliveries to {row.person}")
    went = D.c.state.in_([DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNKNOWN])
    counted = select(func.count()).select_from(D).where(D.c.person == row.person, of, went, D.c.id != row.id)
    sent = (await session.rows(counted.where(D.c.pushed_at > clock() - within))).scalar_one()
    return Why.CAPPED if sent >= most else None


async def _drop(session: Session, row: Any, why: Why, now: datetime) -> None:
    over = {"state": DeliveryState.DROPPED, "why": why, "next_push": NEVER, "done_at": now, "pushed_at": None}
    await session.rows(update(Delivery).where(D.c.id == row.id, D.c.attempts == row.attempts).values(**over))


async def sent(session: Session, letter: Letter, provider_id: str, now: datetime) -> bool:
    """The provider took it. False where the lease had run out and somebody else saw to it: what they wrote stands, but
    for an `UNKNOWN`, which it no longer is."""
    template = letter.message.template
    said = {"id": letter.id, "attempt": letter.attempt, "channel": letter.channel, "template": template, "now": now}
    marked = (await session.rows(_SENT, said | {"provider": provider_id[:200] or None})).one_or_none()
    if marked is not None and marked.mended:
        await emit(session, ChannelTurned(channel=letter.channel, template=template))
    return marked is not None


async def reported(session: Session, channel: str, message: str, code: str, now: datetime) -> None:
    """The provider took a message and says later that it did not arrive: the next channel has its turn. Twice makes no
    difference. (https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/subscribe-message-2.html,
    `subscribe_msg_sent_event`: `ErrorCode` 0 is delivered.)"""
    if code == "0":
        return
    held = select(*D.c).where(D.c.channel == channel, D.c.provider_id == message, D.c.state == DeliveryState.SENT)
    for row in (await session.rows(held.with_for_update())).all():
        await _mark(session, row, verdicts.NOT_ARRIVED, now, why=Why.NOT_ARRIVED, error=code)


async def failed(session: Session, letter: Letter, verdict: Verdict, code: str | None, now: datetime) -> Sequel | None:
    """What the provider's verdict leads to; None where the lease had run out."""
    row = await _held(session, letter)
    if row is None:
        return None
    closings = (await session.rows(select(C.c.closings).where(C.c.name == row.channel))).scalar_one()
    if letter.asks:  # it was only asked what became of it, and does not say
        sequel, why = verdicts.told(None, row.failures), row.why
    else:
        doubtful = row.why == Verdict.UNKNOWN
        sequel = verdicts.after(verdict, letter.channel, row.failures, closings, doubtful)
        why = row.why if doubtful and sequel.state is DeliveryState.PENDING else verdict
    await _mark(session, row, sequel, now, why=why, error=code)
    return sequel


async def learned(session: Session, letter: Letter, fate: Fate, now: datetime) -> Sequel | None:
    """What the provider says became of one whose answer never came."""
    row = await _held(session, letter)
    if row is None:
        return None
    sequel = verdicts.told(fate, row.failures)
    why = Why.NOT_ARRIVED if sequel.state is DeliveryState.DEAD else row.why
    await _mark(session, row, sequel, now, why=why)
    return sequel


def _failures(row: Any, sequel: Sequel) -> int:
    """Attempts in a row in which nothing was sent, or questions that the provider did not answer."""
    match row.state, sequel.state:
        case (DeliveryState.SENDING, DeliveryState.PENDING) | (DeliveryState.UNKNOWN, DeliveryState.UNKNOWN):
            return int(row.failures) + 1
        case DeliveryState.PENDING, DeliveryState.PENDING:
            return int(row.failures)
    return 0


async def _held(session: Session, letter: Letter) -> Any:
    held = select(*D.c).where(D.c.id == letter.id, D.c.attempts == letter.attempt).with_for_update()
    row = (await session.rows(held)).one_or_none()
    return row if row is not None and row.state in (DeliveryState.SENDING, DeliveryState.UNKNOWN) else None


async def _mark(
    session: Session, row: Any, sequel: Sequel, now: datetime, *, why: str | None, error: str | None = None
) -> None:
    over = sequel.state in (DeliveryState.SENT, DeliveryState.DEAD)
    again = NEVER if sequel.again is None else now + sequel.again
    changes: dict[str, Any] = {"state": sequel.state, "next_push": again, "done_at": now if over else None}
    changes |= {"why": None if sequel.state is DeliveryState.SENT else why, "error": error}
    changes["failures"] = _failures(row, sequel)
    if not sequel.handed:
        changes["pushed_at"] = None
    await session.rows(update(Delivery).where(D.c.id == row.id, D.c.attempts == row.attempts).values(**changes))
    if sequel.consent_back:
        await give_back(session, row.id)
    if sequel.consents_gone:
        await end_consents(session, row.person, row.channel, row.template, now)
    if sequel.address_bad:
        await session.rows(_BAD_ADDRESS, {"id": row.id, "attempt": row.attempts})
    if error or sequel.closes or sequel.alarm:
        noted: dict[str, Any] = {"error": error or why, "error_at": now}
        if sequel.alarm:
            noted["alarm_at"] = now
        if sequel.closes:
            noted |= {"closed_until": now + sequel.closes, "closings": func.least(C.c.closings + 1, 99)}
        await session.rows(update(ChannelState).where(C.c.name == row.channel).values(**noted))
    if sequel.alarm:
        await _alarm(session, row.channel, row.template)
    if sequel.goes_on:
        await go_on(session, row, now)


async def _alarm(session: Session, channel: str, template: str) -> None:
    """Told by the first that is refused: a campaign meets the same fault thousands of times."""
    sound = C.c.name == channel, not_(literal(template) == any_(C.c.misconfigured))
    noted = update(ChannelState).where(*sound).values(misconfigured=func.array_append(C.c.misconfigured, template))
    if (await session.rows(noted)).rowcount:
        await emit(session, ChannelTurned(channel=channel, template=template))


async def is_misconfigured(session: Session, channel: str, template: str) -> bool:
    """Whether the provider refuses these for our own settings, as far as we know."""
    stands = select(literal(template) == any_(C.c.misconfigured)).where(C.c.name == channel)
    return bool((await session.rows(stands)).scalar_one())


async def try_anew(session: Session, channel: str, template: str) -> None:
    """Somebody says that it is mended: if it is not, that is told again."""
    mended = update(ChannelState).where(C.c.name == channel)
    await session.rows(mended.values(misconfigured=func.array_remove(C.c.misconfigured, template)))
