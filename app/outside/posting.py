"""The post as the settings describe it: WeChat's two accounts and the provider of text messages."""

from collections.abc import Mapping

from app.outside.lines import open_line
from app.outside.post import Carrier, Channel, Post
from app.outside.sms.line import AlibabaLine
from app.outside.sms.notices import SmsNotices
from app.outside.wechat.mini_program import MiniProgram
from app.outside.wechat.official_account import OfficialAccount

App = tuple[str, str, Mapping[str, str]]
"""(id, secret, our keys of templates and the provider's ids of them). Without an id there is no such channel."""


def open_post(
    *, wechat_url: str, wechat: App, state: str, official: App, sms_url: str, sms: App, sms_sign_name: str
) -> Post:
    """`Settings.post()` gives the arguments. To be closed with `aclose`."""
    line = open_line()
    carriers: dict[Channel, Carrier] = {}
    enquirers: dict[Channel, SmsNotices] = {}
    if wechat[0]:
        carriers[Channel.MINI_PROGRAM] = MiniProgram(wechat_url, *wechat, state, client=line)
    if official[0]:
        carriers[Channel.OFFICIAL_ACCOUNT] = OfficialAccount(wechat_url, *official, wechat[0], client=line)
    if sms[0]:
        notices = SmsNotices(AlibabaLine(sms_url, *sms[:2], client=line), sms_sign_name, sms[2])
        carriers[Channel.SMS] = enquirers[Channel.SMS] = notices
    return Post(carriers, enquirers, line.aclose)
