"""What is said in the demo: questions from a file, and what people say to each other once they are answered."""

import json
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from scripts.hindrance import Hindrance

OWN = Path(__file__).with_name("questions.jsonl")
LONGEST = 2000
"""Characters that a question may have."""


@dataclass(frozen=True)
class Text:
    """`category` is a code of the taxonomy, the Chinese name of a category (or one that begins with it), or nothing."""

    body: str
    category: str
    recording: Path | None = None
    """In which it is spoken."""


SPOKEN = Text(
    "老板拖欠我三个月工资，也没有签劳动合同，现在还要辞退我。我该怎么办？",
    "labour.wages",
    Path(__file__).with_name("spoken.mp3"),
)


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


FOLLOW_UPS = (
    "对方说手里没钱，要拖到年底，我能不能现在就去申请？",
    "您说的材料我只有微信记录，没有纸质的，这样够不够？",
    "去哪个窗口办，需要带哪些东西？我不太会写材料。",
    "如果对方一直不签收，我寄的信还算不算数？",
    "大概要多长时间才有结果，中间我还要去几趟？",
)
REPLIES = (
    "可以现在就提出，不必等对方同意。先把已有的记录按日期整理好，立案时一并提交，差的部分以后还能补。（示例）",
    "微信记录可以作证据，但要保留原手机，不要删除；最好能让对方在聊天里再确认一次数额和日期。（示例）",
    "带上身份证、起诉状和证据复印件，到镇上的公共法律服务工作站先核对一遍，再去立案窗口递交。（示例）",
    "寄到对方身份证或者合同上的地址就可以，拒收也不影响，把退回的信封和邮寄底单一起留好。（示例）",
    "调解一般几周，起诉大约三到六个月。您本人通常只需到场一两次，其余可以书面或者在网上办理。（示例）",
)
THANKS = ("谢谢律师，我明白了。", "好的，非常感谢！", "知道了，谢谢您。")
COMMENTS = {
    5: "讲得很清楚，知道下一步去哪里办了。",
    4: "有帮助，要是再说说需要多少时间就更好了。",
    3: "大致明白，有些词不太懂。",
    2: "还是不太清楚我该先做什么。",
}
"""What is said with so many stars."""
