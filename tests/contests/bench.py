"""What people say to the graph about juries."""

from typing import Any

from app.core.access import Viewer
from app.graph.ids import global_id
from tests.city import REFUSED, City, codes
from tests.contests.gallery import EXHIBIT, say

JURY = """jury { criteria { name weight scale } scoresNeeded voteShare shortlist
  prizes { first second third encouragement } version endedAt }"""
JUROR = "id called state stateAt namedAt personId namedById activity { id }"
OF_ACTIVITY = f"{{ __typename {REFUSED} ... on Activity {{ id state {JURY} }} }}"
OF_JUROR = f"{{ __typename {REFUSED} ... on Juror {{ {JUROR} }} }}"
OF_SCORE = f"{{ __typename {REFUSED} ... on JudgedExhibit {{ points score exhibit {{ id }} }} }}"
OF_EXHIBIT = f"{{ __typename {REFUSED} ... on Exhibit {{ {EXHIBIT} }} }}"
MY_JURIES = f"{{ myJuries(first: 9) {{ nodes {{ {JUROR} }} }} }}"
JURORS = f"query ($id: ID!) {{ jurors(activityId: $id, first: 50) {{ nodes {{ {JUROR} }} }} }}"
SHEET = """query ($id: ID!, $first: Int, $after: String) { judgingSheet(activityId: $id, first: $first, after: $after) {
  nodes { points score exhibit { id pseudonym picture { url } } } pageInfo { hasNextPage endCursor } } }"""
RESULTS = """query ($id: ID!, $first: Int) { contestResults(activityId: $id, first: $first) { nodes {
  place scores points votes total prize exhibit { id state award } given { jurorId points at counts } } } }"""
CONFLICTS = """query ($id: ID!) { juryConflicts(activityId: $id, first: 50) { nodes {
  jurorId kind at exhibit { id } } } }"""

RUBRIC: dict[str, Any] = {
    "criteria": [{"name": "主题", "weight": 60, "scale": 10}, {"name": "画面", "weight": 40, "scale": 5}],
    "scoresNeeded": 1,
    "voteShare": 20,
    "shortlist": 3,
    "prizes": {"first": 1, "second": 0, "third": 0, "encouragement": 1},
    "version": 0,
}


async def set_jury(city: City, who: Viewer, activity: str, **other: Any) -> Any:
    said = {"activityId": activity} | RUBRIC | other
    return await say(city, who, "setContestJury", "SetContestJuryInput", OF_ACTIVITY, **said)


async def name_juror(city: City, who: Viewer, activity: str, person: Viewer, called: str = "王老师") -> Any:
    said = {"activityId": activity, "personId": global_id("PersonFile", person.id), "called": called}
    return await say(city, who, "nameJuror", "NameJurorInput", OF_JUROR, **said)


async def answer_jury(city: City, who: Viewer, juror: str, accept: bool = True, *schools: str) -> Any:
    said = {"jurorId": juror, "accept": accept, "schools": list(schools)}
    return await say(city, who, "answerJury", "AnswerJuryInput", OF_JUROR, **said)


async def juror(city: City, editor: Viewer, activity: str, person: Viewer, *schools: str) -> str:
    """The id of one who judges."""
    named = await name_juror(city, editor, activity, person)
    assert not codes(named), named
    assert (await answer_jury(city, person, named["id"], True, *schools))["state"] == "ACCEPTED"
    id: str = named["id"]
    return id


async def score(city: City, who: Viewer, exhibit: str, *points: int) -> Any:
    return await say(city, who, "scoreEntry", "ScoreEntryInput", OF_SCORE, exhibitId=exhibit, points=list(points))


async def declare(city: City, who: Viewer, exhibit: str, kind: str = "TEACHER") -> Any:
    asked = f"mutation ($input: DeclareConflictInput!) {{ declareConflict(input: $input) {OF_EXHIBIT} }}"
    return await city.one(who, asked, input={"exhibitId": exhibit, "kind": kind})


async def end(city: City, who: Viewer, activity: str) -> Any:
    return await say(city, who, "endJudging", "EndJudgingInput", OF_ACTIVITY, activityId=activity)


async def on_sheet(city: City, who: Viewer, activity: str) -> list[str]:
    nodes = (await city.one(who, SHEET, id=activity, first=50, after=None))["nodes"]
    return [node["exhibit"]["id"] for node in nodes]


async def release(city: City, who: Viewer, juror: str) -> Any:
    return await say(city, who, "releaseJuror", "ReleaseJurorInput", OF_JUROR, jurorId=juror)
