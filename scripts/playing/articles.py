"""What the demo city's editor has written for everybody. The law is as it stands; who says it is invented (示例)."""

from typing import Final

from app.education.rules.writing import Statute, Written

BYLINE: Final = "示例市普法科 孙编辑"
REVIEWER: Final = "示例主管"
WHY: Final = "示例文章，引用的法条已核对"

_CIVIL_CODE: Final = "中华人民共和国民法典"
_ARBITRATION: Final = "中华人民共和国劳动争议调解仲裁法"
_WAGES: Final = """## 先看结论

工资应当按月以货币形式支付给劳动者本人，不得克扣，也不得无故拖欠。被拖欠了，可以向劳动监察投诉，也可以申请劳动仲裁；仲裁不收费。

1. 留好证据：劳动合同、工资条、考勤记录、银行流水、聊天记录
2. 向用工所在地的劳动监察机构投诉，或者向劳动争议仲裁委员会申请仲裁
3. 对裁决不服的，劳动者可以在收到裁决书之日起十五日内向法院起诉

## 不要错过时间

申请仲裁的时效为一年。还在单位工作期间因拖欠工资发生争议的，不受一年的限制；但是离职以后，应当自劳动关系终止之日起一年内提出。

拿不准的，在小程序里提问，或者拨打[12348](tel:12348)。
"""
_LOANS: Final = """## 先看结论

借钱给别人，写一张借条、走银行转账、约定还款的日子，三件事做到，将来要回来就容易得多。

| 要写清楚的 | 为什么 |
| --- | --- |
| 谁借给谁，各自的身份证号 | 起诉时要有明确的被告 |
| 借了多少，大写小写都写 | 防止改动 |
| 哪一天还 | 诉讼时效从这一天以后起算 |
| 利息多少 | 没有约定的，视为没有利息 |

## 利息和时效

法律禁止高利放贷，借款的利率不得违反国家有关规定。向法院请求保护民事权利的诉讼时效期间为三年；对方答应还款，或者您向对方催要过，时效重新计算，所以催款时要留下记录。
"""
_DIVORCE: Final = """## 先看结论

协议离婚有三十天的冷静期：婚姻登记机关收到申请之日起三十日内，任何一方不愿意离婚，都可以撤回申请。

1. 双方签好书面离婚协议，写明子女抚养、财产和债务怎么处理
2. 一起到婚姻登记机关申请
3. 三十日期满后的三十日内，双方一起去申请发给离婚证；没有去的，视为撤回申请

## 正在遭受家庭暴力的

不必等冷静期：可以直接向法院起诉离婚，也可以向法院申请人身安全保护令。法院应当在七十二小时内作出裁定；情况紧急的，在二十四小时内作出。有危险时请立即拨打[110](tel:110)。
"""

ARTICLES: Final = (
    Written(
        topic="labour",
        title="被拖欠工资怎么办",
        summary="投诉、仲裁两条路怎么走，时效从哪天算起，一篇讲清楚。",
        body=_WAGES,
        byline=BYLINE,
        statutes=[
            Statute(law="中华人民共和国劳动法", article="第五十条"),
            Statute(law=_ARBITRATION, article="第二十七条"),
            Statute(law=_ARBITRATION, article="第五十三条"),
        ],
    ),
    Written(
        topic="debt",
        title="借钱给别人，怎样才要得回来",
        summary="一张借条要写什么，利息怎么约定，三年的诉讼时效怎么算。",
        body=_LOANS,
        byline=BYLINE,
        statutes=[
            Statute(law=_CIVIL_CODE, article="第一百八十八条"),
            Statute(law=_CIVIL_CODE, article="第一百九十五条"),
            Statute(law=_CIVIL_CODE, article="第六百八十条"),
        ],
    ),
    Written(
        topic="family",
        title="离婚冷静期是怎么回事",
        summary="协议离婚要等多少天，怎样撤回；遭受家庭暴力的不必等。",
        body=_DIVORCE,
        byline=BYLINE,
        statutes=[
            Statute(law=_CIVIL_CODE, article="第一千零七十七条"),
            Statute(law="中华人民共和国反家庭暴力法", article="第二十八条"),
        ],
    ),
)
