"""What whoever opens a channel's code reads where no other page is set up; in Chinese, for telephones."""

from html import escape

from app.core.html import document


def page(title: str, pictures: list[tuple[str, str]]) -> str:
    """`pictures`: what each is for, and its address. Nothing in it is taken for markup."""
    shown = "".join(
        f'<p>{escape(what)}</p><p><img src="{escape(address)}" alt="{escape(what)}"></p>' for what, address in pictures
    )
    said = f"<h1>{escape(title)}</h1><p>免费法律咨询，全天候。请打开微信小程序“公共法律服务”。</p>{shown}"
    return document(title, f'<div class="mid">{said}<p>也可拨打 12348。</p></div>', listed=False)
