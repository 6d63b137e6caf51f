"""How votes are counted, and when they come too fast."""

import tomllib
from pathlib import Path
from typing import Final

from app.core.errors import Code, code

_SAID: Final = tomllib.loads((Path(__file__).parent.parent / "data" / "policy.toml").read_text("utf-8"))
OFTEN: Final[list[int]] = [*_SAID["entry_burst"], *_SAID["source_burst"]]
"""(how many, within seconds, closed for seconds) for an entry, and for a network."""
SECRET: Final = "vote-source"

VOTING_CLOSED = code(
    "VOTING_CLOSED",
    zh="现在不能为该作品投票。",
    en="One cannot vote for this now.",
    remedy="Votes are taken from when an entry is shown until the contest is judged.",
)
VOTED_TODAY = code(
    "VOTED_TODAY",
    zh="每人每天在一个活动中只能投一票，请明天再来。",
    en="One vote a person and day in a contest. Come again tomorrow.",
    remedy="Vote again after midnight, China Standard Time.",
)
VOTES_FROZEN = code(
    "VOTES_FROZEN",
    zh="投票过于密集，正在核查，请稍后再投。",
    en="Too many votes came at once and are being looked at. Please try later.",
    remedy="Try again in an hour; your vote of today is not used up.",
)
OWN_VOTE = code(
    "OWN_VOTE",
    zh="不能为自己的作品投票。",
    en="Nobody votes for her own entry.",
    remedy="Vote for another.",
)
REFUSED: Final[dict[str, Code]] = {
    "CLOSED": VOTING_CLOSED,
    "TWICE": VOTED_TODAY,
    "FROZEN": VOTES_FROZEN,
    "OWN": OWN_VOTE,
}
"""What the door says when it takes none."""
