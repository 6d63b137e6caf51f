"""Who is given a certificate."""

from typing import Final

from app.core.errors import code

NAME: Final = (2, 40)

NOT_AWARDED: Final = code(
    "NOT_AWARDED",
    zh="该作品未获奖，或结果尚未公布。",
    en="The entry was awarded nothing, or the results are not told yet.",
    remedy="Wait until the entry's `state` is AWARDED.",
)
NO_INSTITUTION: Final = code(
    "NO_INSTITUTION",
    zh="该活动没有主办机构，不出具证书。",
    en="No institution puts the contest on: nobody is given a certificate.",
    remedy="There is none to be had.",
)
