"""What the forms of more than one kind let choose from."""

import re
from enum import StrEnum


class IdKind(StrEnum):
    RESIDENT_ID = "RESIDENT_ID"
    HK_MACAU_TAIWAN_RESIDENCE = "HK_MACAU_TAIWAN_RESIDENCE"
    HK_MACAU_PERMIT = "HK_MACAU_PERMIT"
    TAIWAN_PERMIT = "TAIWAN_PERMIT"
    FOREIGN_RESIDENCE = "FOREIGN_RESIDENCE"
    PASSPORT = "PASSPORT"
    OTHER = "OTHER"


class AgentRelation(StrEnum):
    STATUTORY = "STATUTORY"
    NEAR_RELATIVE = "NEAR_RELATIVE"
    AUTHORISED = "AUTHORISED"


_NATIONS = (
    "汉|蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇"
    "|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京"
    "|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺"
)
"""GB/T 3304 (中国各民族名称的罗马字母拼写法和代码)."""


def is_nation(said: str) -> bool:
    """One of the fifty-six with or without its 族, or 其他."""
    return re.fullmatch(f"(?:{_NATIONS})族?|其他", said.strip()) is not None
