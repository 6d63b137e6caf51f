"""People who agree that their consultations are checked, reviewers, and what they say to the graph."""

from datetime import timedelta
from typing import Any

from app.accounts.rules.consenting import NOTICES
from app.core.access import Role, Viewer
from app.core.db import NOBODY, now
from app.core.ids import new_id
from app.graph.ids import global_id
from app.quality.actions import drawing
from tests.city import REFUSED, City

DAY = timedelta(days=1)
RESOLVE = "mutation ($id: ID!) { resolveQuestion(input: {questionId: $id}) { __typename } }"
CONTENT = "content { conclusion text nextSteps basis { law } }"
READING = f"reading {{ body transcript category {{ code }} answers {{ letter transcript {CONTENT} }} }}"
MARK = "id conclusion law steps plain deadlines harm note markedAt reply repliedAt answer { id }"
CHECKS = f"{{ qualityChecks {{ nodes {{ id state givenAt dueAt doneAt {READING} marks {{ {MARK} }} }} }} }}"
MARKS = f"{{ myQualityMarks {{ nodes {{ {MARK} }} }} }}"
REVIEWERS = "reviewers { namedAt lawyer { id } }"
FIGURES = """query ($month: Date!) { qualityFigures(month: $month) {
  month eligible drawn checked answers faultless share low high } }"""
OF = {
    "completeQualityCheck": "QualityCheck { id state doneAt }",
    "passQualityCheck": "QualityCheck { id state dueAt }",
    "replyToQualityMark": "QualityMark { id reply repliedAt }",
    "nameQualityReviewer": f"QualityReviewers {{ {REVIEWERS} }}",
    "releaseQualityReviewer": f"QualityReviewers {{ {REVIEWERS} }}",
}
MARKED = """WITH c AS (
    INSERT INTO app.quality_check (id, question, agreed, drawn_at, reviewer, had, given_at, due_at, state, done_at)
    SELECT gen_random_uuid(), gen_random_uuid(), 1, :at, gen_random_uuid(), '{}', :at, :at, 'DONE', :at
    FROM generate_series(1, CAST(:many AS integer)) RETURNING id, question)
  INSERT INTO app.quality_mark (id, checked, question, answer, lawyer, conclusion, law, steps, plain, deadlines, harm,
    marked_at) SELECT gen_random_uuid(), id, question, gen_random_uuid(), gen_random_uuid(), :conclusion, true, true,
    true, NULL, false, :at FROM c"""
"""So many checks of one answer each, that were done at a time."""
GOOD: dict[str, Any] = {"conclusion": "YES", "law": True, "steps": True, "plain": True}


async def act(city: City, who: Viewer, field: str, /, **said: Any) -> Any:
    kind = f"{field[0].upper()}{field[1:]}Input"
    document = f"mutation ($input: {kind}!) {{ {field}(input: $input) {{ __typename {REFUSED} ... on {OF[field]} }} }}"
    return await city.one(who, document, input=said)


async def say(city: City, who: Viewer, given: bool, purpose: str = "QUALITY_CHECK") -> None:
    field, version = ("giveConsent", f", version: {NOTICES[purpose].version}") if given else ("withdrawConsent", "")  # type: ignore[index]
    made = await city.one(who, f"mutation {{ {field}(input: {{purpose: {purpose}{version}}}) {{ __typename }} }}")
    assert made["__typename"] != "Refused"


async def agreeing(city: City) -> Viewer:
    asker = await city.resident()
    await say(city, asker, True)
    return asker


async def reviewer(city: City, by: Viewer | None = None, **how: Any) -> Viewer:
    """A senior lawyer of a firm of her own, and of another field."""
    lawyer = await city.lawyer("marriage", **how)
    by = by or await city.person(Role.SUPERVISOR)
    named = await act(city, by, "nameQualityReviewer", lawyerId=global_id("Lawyer", lawyer.id))
    assert named["__typename"] == "QualityReviewers", named
    return lawyer


async def settled(
    city: City, asker: Viewer, lawyers: list[Viewer], body: str = "老板拖欠我三个月工资怎么办", **more: Any
) -> str:
    """A question of hers that these lawyers have answered, and that she has resolved."""
    id = await city.asked(asker, body, **more)
    await city.settle()
    for lawyer in lawyers:
        seat = await city.claim(lawyer)
        assert (await city.answer(lawyer, seat["id"]))["__typename"] == "Answer"
    assert (await city.one(asker, RESOLVE, id=id))["__typename"] == "Question"
    await city.settle()
    return id


async def policy(city: City, **terms: Any) -> None:
    """Another version, which holds from now on."""
    said = {"share": 1.0, "least": 1, "workdays": 5, "each": 3} | terms
    pairs = ", ".join(f"'{name}', {value}" for name, value in said.items())
    await city.sql(
        f"INSERT INTO app.quality_policy SELECT max(version) + 1, app.clock(), jsonb_build_object({pairs})"
        " FROM app.quality_policy"
    )


async def night(city: City, span: timedelta = DAY) -> None:
    await city.pass_time(span)
    async with city.worker.acting(NOBODY) as session:
        await drawing.draw(session, now(session))
    await city.settle()


async def checks(city: City, who: Viewer) -> list[Any]:
    found: list[Any] = (await city.one(who, CHECKS))["nodes"]
    return found


async def drawn(city: City) -> list[Any]:
    return await city.sql("SELECT question, reviewer, state, had FROM app.quality_check ORDER BY drawn_at, id")


async def complete(city: City, who: Viewer, check: Any, key: str | None = None, **marks: Any) -> Any:
    """Each answer is good, but for what is said of it by its letter."""
    said = [{"letter": one["letter"]} | GOOD | marks.get(one["letter"], {}) for one in check["reading"]["answers"]]
    return await act(
        city, who, "completeQualityCheck", checkId=check["id"], marks=said, idempotencyKey=key or str(new_id())
    )


async def told(city: City, who: Viewer) -> list[str]:
    nodes = (await city.one(who, "{ notices(first: 50) { nodes { kind } } }"))["nodes"]
    return [one["kind"] for one in nodes]


async def hold(city: City, subject: Any) -> None:
    await city.sql(
        "INSERT INTO app.legal_hold (id, subject, why, document, placed_by, placed_at)"
        " VALUES (gen_random_uuid(), :subject, '案件', '号', '人', now()) ON CONFLICT DO NOTHING",
        subject=subject,
    )
