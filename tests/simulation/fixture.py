"""The fixed data of the simulation: who there is, what is asked, and how lawyers behave. Times are seconds.

Everything random is drawn from the seed alone; what one lawyer does about one question is drawn from the seed, the
question's number and hers, so that it is the same whatever else happens, and under every setting of `responsive`.
"""

import math
import random
from dataclasses import dataclass

POOLS = {"LOCAL": 100, "PROVINCE": 200, "NATION": 700}
FIRM_SIZES = range(2, 16)
"""Small firms are the many: a firm of n is drawn with weight 1 / n."""
SPECIALTIES_EACH = range(1, 5)

SEEDS = (1, 2, 3, 4, 5, 6)
QUESTIONS = 500
ARRIVAL_EVERY = 60.0
"""Mean of the exponential time between two questions: a Poisson stream of one a minute."""

PROMISED_WITHIN = 600.0
REQUIRED = {0.2: (0.99, 0.97), 0.1: (0.99, 0.97), 0.05: (0.98, 0.88)}
"""responsive -> (share of first answers, share of third answers) that must come in the promised time."""
OFFERS = (50, 130)
"""Offers a question, on average."""

DEMAND = {
    "labour": 20,
    "family": 18,
    "debt": 16,
    "injury": 11,
    "contract": 9,
    "land": 6,
    "neighbours": 5,
    "consumer": 4,
    "criminal": 4,
    "administrative": 2,
    "company": 1.5,
    "elders": 1.5,
    "minors": 1,
    "other": 1,
}
"""Percent of the questions in each field."""
SUPPLY_FLOOR = 3
"""Lawyers choose their fields by demand plus this much: practice follows demand, only flatter."""

BODIES = {
    "labour": "工地老板一直拖着工钱不给，我们几个人该找谁要？",
    "family": "我们想离婚，房子是婚后一起还的贷款，应该怎么分？",
    "debt": "朋友借了钱到期不还，只有转账记录没有借条，能起诉吗？",
    "injury": "骑车被汽车撞伤住院，对方保险只肯赔一半怎么办？",
    "contract": "租的房子没到期，房东要我搬走，押金能要回来吗？",
    "land": "村里修路占了我家的承包地，补偿款应该怎么算？",
    "neighbours": "楼上漏水把天花板泡坏了，物业说不归他们管，找谁赔？",
    "consumer": "办了健身卡店就关门了，剩下的钱还能退吗？",
    "criminal": "家里人被拘留了，现在能去见他吗，要准备什么？",
    "administrative": "收到一张罚款单，我觉得罚错了，可以向哪里申诉？",
    "company": "和人合伙开店，他要退伙，账目应该怎样结清？",
    "elders": "儿子常年不管老人，老人能要求他每月给生活费吗？",
    "minors": "孩子在学校被同学打伤，学校和对方家长谁来负责？",
    "other": "判决下来对方不履行，申请执行需要带哪些材料？",
}


@dataclass(frozen=True)
class Intent:
    """What a lawyer does about one offer: None as `claims_after` lets it pass."""

    claims_after: float | None
    writes_for: float
    abandons: bool
    comes_back_after: float


@dataclass(frozen=True)
class Behaviour:
    """How lawyers behave. Refused with SEATS_RESERVED, she presses again a few seconds after the reserve's end, once.
    Refused with anything else she lets the question go, also when a seat opens later (a real app would tell her: the
    simulation errs on the dark side). Still writing shortly before her lease ends, she extends it, once; if it ends all
    the same she claims again and delivers at once, if there is a seat. Fields and seats held change none of this.
    """

    responsive: float
    claim_median: float = 60
    claim_sigma: float = 0.6
    write_median: float = 150
    write_sigma: float = 0.5
    abandoned: float = 0.08
    comes_back_within: float = 10
    extends_before_end: float = 5

    def intent(self, seed: int, question: int, lawyer: int) -> Intent:
        chance = random.Random(f"{seed} {question} {lawyer}")
        takes, abandons = chance.random() < self.responsive, chance.random() < self.abandoned
        delay = chance.lognormvariate(math.log(self.claim_median), self.claim_sigma)
        writes = chance.lognormvariate(math.log(self.write_median), self.write_sigma)
        return Intent(delay if takes else None, writes, abandons, chance.uniform(1, self.comes_back_within))


@dataclass(frozen=True)
class Setting:
    responsive: float
    seed: int = SEEDS[0]
    questions: int = QUESTIONS
