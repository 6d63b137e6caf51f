"""A resident asks, three lawyers answer: through the graph, as people would."""

import pytest

from tests.city import CONTENT, City, codes

pytestmark = pytest.mark.anyio

READ = """query ($id: ID!) { question(id: $id) {
  id status body brief askedAt lawyersWriting category { code } division { code }
  answers { id counts content { conclusion text } lawyer { name firm { name } } }
  promise { answersPromised answersDelivered firstAnswer { dueAt reachedAt late } lastAnswer { reachedAt late } }
  accesses { basis lawyer { name } } } }"""


async def test_three_lawyers_answer_a_question(city: City) -> None:
    asker = await city.resident()
    lawyers = await city.lawyers(4)
    question = await city.asked(asker, "老板拖欠我三个月工资，还不让我走，该怎么办？")
    await city.settle()

    for lawyer in lawyers[:3]:
        seat = await city.claim(lawyer)
        assert seat["question"]["body"].startswith("老板拖欠")
        await city.settle()
        assert (await city.answer(lawyer, seat["id"]))["counts"]
        await city.settle()

    assert codes(await city.claim(lawyers[3])) == ["SEATS_FULL"]
    read = await city.one(asker, READ, id=question)
    assert [answer["content"]["conclusion"] for answer in read["answers"]] == [CONTENT["conclusion"]] * 3
    assert len({answer["content"]["text"] for answer in read["answers"]}) == 3
    assert read["promise"]["answersDelivered"] == 3
    assert read["promise"]["lastAnswer"]["reachedAt"]
    assert not read["promise"]["lastAnswer"]["late"]
    assert {access["basis"] for access in read["accesses"]} == {"seat"}
    notices = await city.one(asker, "{ notices(first: 10) { nodes { kind aboutId } } }")
    assert [notice["aboutId"] for notice in notices["nodes"]] == [question] * 3
