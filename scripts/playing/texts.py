"""What is said in the demo: questions from a file, and the answers of its lawyers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from scripts.hindrance import Hindrance

OWN = Path(__file__).with_name("questions.jsonl")
LONGEST = 2000
"""Characters that a question may have."""


@dataclass(frozen=True)
class Text:
    """`category` is a code of the taxonomy, the Chinese name of a category (or one that begins with it), or nothing."""

    body: str
    category: str


def read(path: Path) -> list[Text]:
    """One JSON object a line, `{"text", "category"?}`. Raises Hindrance for a file that is not like that."""
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        texts = [Text(str(row["text"])[:LONGEST], str(row.get("category") or "")) for row in rows]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Hindrance(f"{path} does not hold questions, one JSON object a line with a text: {error}") from error
    if not texts:
        raise Hindrance(f"{path} holds no question.")
    return texts


def first(texts: list[Text], count: int) -> list[Text]:
    """So many of them, from the beginning again where there are fewer."""
    return list(islice(cycle(texts), count))


@dataclass(frozen=True)
class _Ground:
    """An article, what it says for the asker, and the limit to keep in mind."""

    law: str
    article: str
    says: str
    limit: str


_CLAIM = _Ground(
    "中华人民共和国民法典",
    "第五百七十七条",
    "一方不履行合同义务或者履行不符合约定的，应当承担继续履行、采取补救措施或者赔偿损失等违约责任",
    "向法院请求保护民事权利的诉讼时效一般为三年（民法典第一百八十八条）",
)
_GROUNDS: Mapping[str, _Ground] = {
    "labour": _Ground(
        "中华人民共和国劳动合同法",
        "第三十条",
        "用人单位应当按照约定和国家规定，及时足额支付劳动报酬；拖欠的，劳动者可以向法院申请支付令",
        "劳动争议申请仲裁的时效为一年（劳动争议调解仲裁法第二十七条）",
    ),
    "debt": _Ground(
        "中华人民共和国民法典",
        "第六百七十五条",
        "借款人应当按期返还借款；没有约定期限的，出借人可以催告其在合理期限内返还",
        "向法院请求保护民事权利的诉讼时效一般为三年（民法典第一百八十八条）",
    ),
    "family": _Ground(
        "中华人民共和国民法典",
        "第一千零七十九条",
        "一方要求离婚的，可以由有关组织调解或者直接起诉；感情确已破裂、调解无效的，应当准予离婚",
        "判决不准离婚后分居满一年又起诉的，应当准予离婚（同条）",
    ),
    "injury": _Ground(
        "中华人民共和国民法典",
        "第一千一百七十九条",
        "侵害他人造成人身损害的，应当赔偿医疗费、护理费、交通费等合理费用以及因误工减少的收入",
        "向法院请求保护民事权利的诉讼时效一般为三年（民法典第一百八十八条）",
    ),
    "land": _Ground(
        "中华人民共和国土地管理法",
        "第四十八条",
        "征收土地应当给予公平、合理的补偿，保障被征地农民原有生活水平不降低、长远生计有保障",
        "申请行政复议一般应当在知道该行为之日起六十日内提出（行政复议法第二十条）",
    ),
}


def answer(specialty: str) -> dict[str, Any]:
    """A structured answer for a field of the first level. An example, not advice."""
    ground = _GROUNDS.get(specialty, _CLAIM)
    return {
        "conclusion": "您的请求有法律依据，建议先固定证据、书面催告，协商不成再走法律程序。（示例解答）",
        "basis": [{"law": ground.law, "article": ground.article}],
        "nextSteps": ["把经过按时间写下来", "向对方发出书面催告并保留回执", "到所在镇办的公共法律服务工作站登记求助"],
        "evidence": ["合同、借条、收据或聊天记录的原件", "转账记录、现场照片和证人的联系方式"],
        "deadlines": [ground.limit],
        "text": (
            f"根据{ground.law}{ground.article}，{ground.says}。请先把能够证明事实的材料集中保存，"
            "再以书面方式向对方提出明确的要求和期限；对方仍不履行的，可以申请人民调解，"
            "也可以依法申请仲裁或者向人民法院起诉。经济困难的，可以申请法律援助。"
        ),
        "summary": "先留证据，再书面催告，谈不拢就申请调解、仲裁或起诉；注意时效。",
    }
