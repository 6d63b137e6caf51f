"""What whoever opens a channel's code reads where no other page is set up; in Chinese, for telephones."""

from html import escape
from typing import Final

_STYLE: Final = (
    "body{font:1.2rem/1.7 sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem;text-align:center}"
    "img{width:14rem;max-width:80vw}p{margin:.6rem 0}"
)


def page(title: str, pictures: list[tuple[str, str]]) -> str:
    """`pictures`: what each is for, and its address. Nothing in it is taken for markup."""
    shown = "".join(
        f'<p>{escape(what)}</p><p><img src="{escape(address)}" alt="{escape(what)}"></p>' for what, address in pictures
    )
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    head += f'<meta name="robots" content="noindex"><style>{_STYLE}</style>'
    body = f"<h1>{escape(title)}</h1><p>免费法律咨询，全天候。请打开微信小程序“公共法律服务”。</p>{shown}"
    return f'<!doctype html><html lang="zh-CN"><head>{head}</head><body>{body}<p>也可拨打 12348。</p></body></html>'
