"""Questions as people put them, and an answer to each: made of parts, so that no two are alike."""

from itertools import product
from random import Random

from app.consultation.rules.answering import Basis, Content

WHO = [
    "邻居",
    "包工头",
    "前夫",
    "房东",
    "会计",
    "卖家",
    "老板",
    "表弟",
    "租客",
    "教练",
    "堂叔",
    "亲家",
    "队长",
    "介绍人",
]
WHERE = [
    "在集上",
    "去年秋天",
    "在工地",
    "喝醉以后",
    "当着村干部",
    "在微信里",
    "搬家那天",
    "趁我住院",
    "年三十晚上",
    "在县城",
]
WHAT = [
    "借走两万块",
    "推倒院墙",
    "扣住工钱",
    "撞断我的腿",
    "卖我假种子",
    "占了宅基地",
    "撕掉欠条",
    "换了门锁",
    "牵走三头羊",
]
SINCE = [
    "八个月不还",
    "还骂人",
    "躲着不见",
    "说没有证据",
    "反过来告我",
    "只肯给一半",
    "叫我去法院",
    "电话也不接",
    "人都找不到",
]
ASKED = ["现在找谁评理", "能不能起诉他", "要准备什么材料", "派出所管不管", "时间久了还算数吗", "可以要利息吗"]


def stories(count: int) -> list[tuple[str, str]]:
    """(body, brief) of that many questions."""
    chosen = Random(12348).sample([*product(WHO, WHERE, WHAT, SINCE, ASKED)], count)
    return [("".join([*story, "？"]), f"请教{''.join(story[:3])}一事") for story in chosen]


def answer(number: int) -> Content:
    thing = WHAT[number % len(WHAT)]
    return Content(
        conclusion=f"对方{thing}属于违约或者侵权",
        basis=[Basis(law="中华人民共和国民法典合同编", article="第五百七十七条之规定")],
        next_steps=["先到乡镇调解委员会申请调解"],
        evidence=["保存好聊天记录和转账凭证"],
        deadlines=["三年诉讼时效从知道之日起算"],
        text=f"您说的情况里，对方{thing}，您可以先协商再起诉。" * 4,
        summary="先调解后起诉注意三年时效",
    )
