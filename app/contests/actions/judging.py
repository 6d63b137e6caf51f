"""Setting a jury up, judging, and ending it with a result by rule."""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, SmallInteger, cast, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.accounts.reads import post as own_post
from app.activities.models import ActivityKind, ActivityState
from app.activities.reads import activities
from app.contests.actions.entering import SCHOOLS
from app.contests.events import JurorNamed
from app.contests.models.juries import ConflictKind, JurorState, Jury, JuryResult
from app.contests.reads import juries as reads
from app.contests.reads.juries import Y
from app.contests.rules import judging as rules
from app.contests.rules.entering import NO_CONTEST, same_school
from app.contests.rules.judging import Criterion, Judged, Rubric
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, digest
from app.core.texts import against_text
from app.directory.reads.register import institution_name
from app.directory.rules.register import CHANGED_MEANWHILE

_SCORED = (ActivityState.SCORING, ActivityState.ANNOUNCED, ActivityState.ARCHIVED, ActivityState.CANCELLED)


async def set_up(session: Session, viewer: Viewer, activity: UUID, version: int, said: Rubric, now: datetime) -> None:
    """How it is judged; `version` is 0 where nobody has said yet. Saying the same again changes nothing."""
    refuse_if(list(rules.against_rubric(said)))
    found = await activities(session, viewer, [activity])
    if not found:
        raise refuse(NOT_FOUND, "activityId")
    if found[0].kind != ActivityKind.CONTEST:
        raise refuse(NO_CONTEST, "activityId")
    if found[0].state in _SCORED:
        raise refuse(rules.JURY_FIXED, "activityId")
    row: dict[str, Any] = said.model_dump(include={"needed", "vote_share", "shortlist"}) | {"prizes": list(said.prizes)}
    row["names"] = [each.name.strip() for each in said.criteria]
    row |= {"weights": [each.weight for each in said.criteria], "scales": [each.scale for each in said.criteria]}
    before = next(iter(await reads.juries(session, [activity])), None)
    if before and before.version in (version, version + 1) and all(getattr(before, at) == row[at] for at in row):
        return
    row |= {"version": version + 1, "set_by": viewer.id, "set_at": now}
    written = (
        update(Y).where(Y.c.activity == activity, Y.c.version == version).values(row)
        if version
        else upsert(Jury).inline().values(row | {"activity": activity}).on_conflict_do_nothing()
    )
    if not (await session.rows(written)).rowcount:
        raise refuse(CHANGED_MEANWHILE, "version")


async def name(session: Session, viewer: Viewer, activity: UUID, person: UUID, called: str) -> UUID:
    """The juror's id. She is asked whether she will; named twice she is one."""
    refuse_if(list(against_text(called, "called", *rules.CALLED)))
    if not await activities(session, viewer, [activity]):
        raise refuse(NOT_FOUND, "activityId")
    if not await reads.juries(session, [activity]):
        raise refuse(rules.JURY_NEEDED, "activityId")
    call = func.door.name_juror(activity, person, called.strip(), new_id())
    made: UUID | None = (await session.rows(select(call))).scalar_one()
    if made is None:
        raise refuse(rules.NO_JUROR, "personId")
    await emit(session, JurorNamed(juror=made))
    return made


async def answer(
    session: Session, viewer: Viewer, keys: KeyProvider, id: UUID, accept: bool, schools: list[str]
) -> None:
    """She will, and says where she belongs; or she will not, or no longer."""
    refuse_if(list(rules.against_answer(accept, schools)))
    post = await own_post(session, viewer) if accept else None
    works_at = await institution_name(session, viewer, post.institution) if post else None
    schools = [*schools, *([works_at] if works_at else [])]
    belongs = [digest(keys.secret(SCHOOLS), each) for each in sorted({same_school(said) for said in schools})]
    await _says(session, id, JurorState.ACCEPTED if accept else JurorState.DECLINED, belongs)


async def release(session: Session, viewer: Viewer, id: UUID) -> None:
    """An editor does without her: what she gave does not count."""
    if not await reads.jurors(session, viewer, [id]):
        raise refuse(NOT_FOUND, "jurorId")
    await _says(session, id, JurorState.RELEASED, [])


async def _says(session: Session, id: UUID, stands: JurorState, belongs: list[bytes]) -> None:
    call = func.door.juror_says(id, stands, cast(belongs, ARRAY(LargeBinary)))
    done: bool | None = (await session.rows(select(call))).scalar_one()
    if done is None:
        raise refuse(NOT_FOUND, "jurorId")
    if not done:
        raise refuse(rules.JUDGING_CLOSED, "jurorId")


async def judge(session: Session, entry: UUID, points: list[int]) -> None:
    """Her points, in place of those she gave before."""
    if not points or not all(0 <= each <= 100 for each in points):
        raise refuse(rules.POINTS_OUT_OF_SCALE, "points")
    await _judges(session, entry, points, None)


async def declare(session: Session, entry: UUID, kind: ConflictKind) -> None:
    """She may not judge it, as she says herself: for good, whatever she gave before."""
    refuse_if(list(rules.against_conflict(kind)))
    await _judges(session, entry, [], kind)


async def _judges(session: Session, entry: UUID, points: list[int], why: ConflictKind | None) -> None:
    call = func.door.judge(entry, cast(points, ARRAY(SmallInteger)), why)
    said: str = (await session.rows(select(call))).scalar_one()
    if said == "NONE":
        raise refuse(NOT_FOUND, "exhibitId")
    if said in rules.REFUSED:
        raise refuse(rules.REFUSED[said], "points" if said == "RANGE" else "exhibitId")


async def end(session: Session, viewer: Viewer, activity: UUID) -> None:
    """Judging ends, and what came of it stands. Ending it again changes nothing."""
    said: str = (await session.rows(select(func.door.end_judging(activity)))).scalar_one()
    if said == "AGAIN":
        return
    if said == "NONE":
        raise refuse(NOT_FOUND, "activityId")
    if said in rules.REFUSED:
        raise refuse(rules.REFUSED[said], "activityId")
    (jury,) = await reads.juries(session, [activity])
    shown, rubric = await reads.shown_in(session, activity), rubric_of(jury)
    given: defaultdict[UUID, list[list[int]]] = defaultdict(list)
    for row in await reads.scores(session, viewer, [each.entry for each in shown]):
        if row.counts:
            given[row.entry].append(row.points)
    judged = [Judged(row.entry, row.since, row.votes, given[row.entry]) for row in shown]
    if left := rules.lacking(rubric, judged):
        raise refuse(rules.SCORES_MISSING, "activityId", left=left)
    fields = ("entry", "place", "scores", "points", "votes", "total", "prize")
    rows = [
        {name: getattr(one, name) for name in fields} | {"activity": activity} for one in rules.rank(rubric, judged)
    ]
    if rows:
        await session.rows(insert(JuryResult).inline(), rows)
    session.news(activity)


def rubric_of(row: Any) -> Rubric:
    each = zip(row.names, row.weights, row.scales, strict=True)
    return Rubric(
        criteria=tuple(Criterion(name=name, weight=weight, scale=scale) for name, weight, scale in each),
        needed=row.needed,
        vote_share=row.vote_share,
        shortlist=row.shortlist,
        prizes=tuple(row.prizes),
    )
