"""What is asked of each contestant, and how its answer is laid beside the others'."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any, Final
from uuid import UUID

from app.core.access import Viewer
from app.core.ids import new_id
from app.graph.ids import global_id
from scripts.bench.race.city import CATEGORY, VIEW, ZOOM, World
from tests.city import CONTENT, TOWN
from tests.words import own_words

READS: Final = ("inbox", "thread", "directory", "map")
WRITES: Final = ("ask", "answer")

Said = dict[str, Any]
Token = Callable[[Viewer], str]

_ANSWERS = """id deliveredAt counts content { conclusion text nextSteps summary } lawyer { id name firm { id name } }"""
_QUESTION = f"id status askedAt body answers {{ {_ANSWERS} }}"
OURS: Final = {
    "inbox": f"query Inbox {{ questions(first: 20) {{ nodes {{ {_QUESTION} }} }} }}",
    "thread": f"query Thread($id: ID!) {{ question(id: $id) {{ {_QUESTION} }} }}",
    "directory": "query Directory { lawyers(first: 50, orderBy: NAME) { nodes {"
    " id name title introduction languages firm { id name } } } }",
    "map": "query Map($bounds: BoundsInput!, $zoom: Int!) { mapPoints(bounds: $bounds, zoom: $zoom) {"
    " key count coordinates(system: WGS84) { longitude latitude } } }",
    "ask": "mutation Ask($input: AskQuestionInput!) { askQuestion(input: $input) { __typename"
    " ... on Question { id status askedAt body } ... on Refused { reasons { code field } } } }",
    "answer": "mutation Answer($input: SubmitAnswerInput!) { submitAnswer(input: $input) { __typename"
    " ... on Answer { id counts deliveredAt content { text } } ... on Refused { reasons { code field } } } }",
}
_PLAIN = "id deliveredAt counts conclusion text nextSteps summary lawyer"
MERCURIUS: Final = {
    "inbox": f"query Inbox($asker: ID!) {{ questions(asker: $asker, first: 20) {{ id status askedAt body answers {{"
    f" {_PLAIN} {{ id name firm {{ id name }} }} }} }} }}",
    "thread": f"query Thread($id: ID!) {{ question(id: $id) {{ id status askedAt body answers {{ {_PLAIN} {{"
    f" id name firm {{ id name }} }} }} }} }}",
    "directory": "query Directory { lawyers(first: 50) { id name title introduction languages firm { id name } } }",
    "map": "query Map($west: Float!, $south: Float!, $east: Float!, $north: Float!, $side: Int!) { mapPoints("
    "west: $west, south: $south, east: $east, north: $north, side: $side) { key count longitude latitude } }",
    "ask": "mutation Ask($id: ID!, $asker: ID!, $category: String!, $division: String!, $body: String!) {"
    " ask(id: $id, asker: $asker, category: $category, division: $division, body: $body) { id status askedAt body } }",
    "answer": "mutation Answer($id: ID!, $question: ID!, $lawyer: ID!, $conclusion: String!, $text: String!,"
    " $nextSteps: [String!]!, $summary: String!) { answer(id: $id, question: $question, lawyer: $lawyer,"
    " conclusion: $conclusion, text: $text, nextSteps: $nextSteps, summary: $summary) {"
    " id counts deliveredAt text } }",
}
_BY = "lawyer: lawyerByLawyer { id: rowId name firm: firmByFirm { id: rowId name } }"
_OWN = f"""id: rowId status askedAt body answers: answersByQuestion(orderBy: DELIVERED_AT_ASC) {{ nodes {{
  id: rowId deliveredAt counts conclusion text nextSteps summary {_BY} }} }}"""
POSTGRAPHILE: Final = {
    "inbox": f"query Inbox($asker: UUID!) {{ questions: allQuestions(first: 20, condition: {{asker: $asker}},"
    f" orderBy: ASKED_AT_DESC) {{ nodes {{ {_OWN} }} }} }}",
    "thread": f"query Thread($id: UUID!) {{ question: questionByRowId(rowId: $id) {{ {_OWN} }} }}",
    "directory": "query Directory { lawyers: allLawyers(first: 50, orderBy: NAME_ASC) { nodes {"
    " id: rowId name title introduction languages firm: firmByFirm { id: rowId name } } } }",
    "map": "query Map($west: Float!, $south: Float!, $east: Float!, $north: Float!, $side: Int!) { mapPoints("
    "west: $west, south: $south, east: $east, north: $north, side: $side) { nodes { key count longitude latitude } } }",
    "ask": "mutation Ask($question: QuestionInput!) { createQuestion(input: {question: $question}) {"
    " question { id: rowId status askedAt body } } }",
    "answer": "mutation Answer($answer: AnswerInput!) { createAnswer(input: {answer: $answer}) {"
    " answer { id: rowId counts deliveredAt text } } }",
}


@dataclass(frozen=True)
class Variables:
    """What one request is about, whoever is asked."""

    viewer: Viewer | None
    ours: Said
    plain: Said
    """For the peers, by the columns' own names."""

    @property
    def postgraphile(self) -> Said:
        if "body" in self.plain:
            return {"question": _row(self.plain) | {"status": "OPEN", "askedAt": _now()}}
        if "summary" in self.plain:
            return {"answer": _row(self.plain) | {"counts": True, "deliveredAt": _now()}}
        return self.plain


def _row(plain: Said) -> Said:
    """PostGraphile keeps the name `id` for ids of its own."""
    return {"rowId" if name == "id" else name: value for name, value in plain.items()}


def _now() -> str:
    return datetime.now(UTC).isoformat()


def reads(world: World, operation: str, many: int) -> Iterator[Variables]:
    """Different ones, over and over the same for everybody."""
    dice, grid = Random(operation), world.grid
    edges = grid.edges()
    bounds = {"west": VIEW.west, "south": VIEW.south, "east": VIEW.east, "north": VIEW.north, "system": "WGS84"}
    plain = {"west": edges.west, "south": edges.south, "east": edges.east, "north": edges.north, "side": grid.side}
    for _ in range(many):
        asker = dice.choice(world.askers)
        match operation:
            case "inbox":
                yield Variables(asker, {}, {"asker": str(asker.id)})
            case "thread":
                id = dice.choice(world.questions[asker.id])
                yield Variables(asker, {"id": global_id("Question", id)}, {"id": str(id)})
            case "directory":
                yield Variables(None, {}, {})
            case "map":
                yield Variables(None, {"bounds": bounds, "zoom": ZOOM}, plain)


def writes(world: World, operation: str) -> Iterator[Variables]:
    """Each can be sent once: of people who have not asked yet, and from seats that are not answered yet."""
    if operation == "ask":
        for number, viewer in enumerate(world.writers):
            body = f"单位第{number}次拖欠我三个月的工资不发，说明年再说，我手里只有工资条和考勤记录，应当怎么办？"
            ours = {"body": body, "divisionCode": TOWN, "categoryId": global_id("Category", CATEGORY)}
            told: Said = {"category": CATEGORY, "division": TOWN, "body": body}
            plain = {"id": str(new_id()), "asker": str(viewer.id), **told}
            yield Variables(viewer, {"input": ours | {"idempotencyKey": str(new_id())}}, plain)
        return
    lawyers = {one.id: one for one in world.lawyers}
    for seat, question, lawyer in world.seats:
        content = CONTENT | {"text": own_words(str(seat))}
        asked: Said = {"seatId": global_id("Seat", seat), "content": content, "idempotencyKey": str(new_id())}
        bare: Said = {"id": str(new_id()), "question": str(question), "lawyer": str(lawyer)}
        bare |= {name: content[name] for name in ("conclusion", "text", "nextSteps", "summary")}
        yield Variables(lawyers[lawyer], {"input": asked}, bare)


def arguments(operation: str, said: Said) -> list[Any]:
    """As the floor's statement takes them, in the order of its parameters."""
    return list(said.values())


# One answer beside another. -----------------------------------------------------------------------------------------


def alike(answer: Any) -> Any:
    """The same of every contestant: pages without their nodes, ids as they lie in the database, moments in UTC."""
    if isinstance(answer, dict):
        if answer.keys() == {"nodes"}:
            return alike(answer["nodes"])
        flat = {name: value for name, value in answer.items() if name != "__typename"}
        for name in ("content", "coordinates"):
            flat |= flat.pop(name, None) or {}
        return {name: alike(value) for name, value in sorted(flat.items())}
    if isinstance(answer, list):
        return [alike(one) for one in answer]
    return _leaf(answer) if isinstance(answer, str) else round(answer, 5) if isinstance(answer, float) else answer


def _leaf(said: str) -> str:
    try:
        return str(UUID(said))
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(said).astimezone(UTC).isoformat()
    except ValueError:
        pass
    try:
        _, _, id = base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)).decode("ascii").partition(":")
        return str(UUID(id))
    except ValueError:
        return said.removeprefix(f"{_level()}/")


def _level() -> int:
    return World([], [], [], {}, []).grid.level


def only(answer: bytes) -> Any:
    """The value of an answer's one root field; of the floor, which has none, the whole."""
    said = json.loads(answer)
    if not isinstance(said, dict) or "data" not in said:
        return alike(said)
    assert not said.get("errors"), answer[:500]
    (value,) = said["data"].values()
    return alike(value)
