"""A page that needs nothing else: no script, nothing fetched but a picture of the house. In Chinese, for telephones.

Who reads badly touches 大字: letters of 30 px and larger, without a script and without anybody hearing of it (工信部
适老化通用设计规范: 18 dp at least, up to 30 dp; fields to touch of 60 by 60 there).
"""

from html import escape
from typing import Final

POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""Of every such page (Content Security Policy)."""
NEVER_KEPT: Final = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "content-security-policy": POLICY,
}
"""Headers of one that is for whoever asks, and now."""
LARGE: Final = '<input type="checkbox" id="large"><label for="large">大字</label>'
"""What is touched for large letters."""
_STYLE: Final = (
    "body{font:1.15rem/1.7 sans-serif;margin:0;color:#222;background:#fff;overflow-wrap:anywhere}"
    "main{max-width:36rem;margin:0 auto;padding:.2rem 1rem 2rem}"
    "h1{font-size:1.5em;line-height:1.35;margin:.3em 0 .6em}h2{font-size:1.2em;margin:1.4em 0 .4em}p{margin:.6em 0}"
    "img{max-width:100%;height:auto;border-radius:.3rem}"
    "table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.2rem .5rem}"
    "blockquote{border-left:3px solid #bbb;margin-left:0;padding-left:1rem}pre{white-space:pre-wrap}"
    "dt{color:#595959}dd{margin:0 0 .7em}a{color:#0b57a4}.told{color:#595959}"
    ".good{color:#08602b}.bad{color:#a11212}.mid{text-align:center}.mid img{width:14rem;max-width:80vw}"
    "input,button{font:inherit}button{min-height:3rem;margin-top:.6rem;padding:.3rem 1.4rem}"
    "input:not([type=checkbox]){width:100%;box-sizing:border-box;padding:.4rem}"
    "#large{position:absolute;opacity:0;width:3.75rem;height:3.75rem;right:0;margin:0}"
    "#large+label{display:block;max-width:36rem;margin:0 auto;padding:0 1rem;text-align:right;line-height:3.75rem;"
    "color:#0b57a4;text-decoration:underline}#large:focus-visible+label{outline:3px solid #0b57a4}"
    "#large:checked~main{font-size:1.9rem;line-height:1.6}#large:checked~main button{min-height:3.75rem}"
)


def document(
    title: str, body: str, *, about: str = "", picture: str = "", address: str = "", listed: bool = True
) -> str:
    """`body` is markup, all else text. `about`, `picture` and `address` (of the page, both whole) are what is shown
    where a link to it is passed on (https://ogp.me). `listed`: whether search engines may know it."""
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
    head += f"<title>{escape(title)}</title>"
    head += "" if listed else '<meta name="robots" content="noindex">'
    head += _meta("name", "description", about)
    for name, said in (("title", title), ("description", about), ("image", picture), ("url", address)):
        head += _meta("property", f"og:{name}", said)
    page = f"<head>{head}<style>{_STYLE}</style></head><body>{LARGE}<main>{body}</main></body>"
    return f'<!doctype html><html lang="zh-CN">{page}</html>'


def paragraphs(text: str) -> str:
    """Plain text as markup, a paragraph a line."""
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())


def pairs(told: list[tuple[str, str]]) -> str:
    """Names and what is said under each, of what is said at all. What is said is markup."""
    return f"<dl>{''.join(f'<dt>{escape(name)}</dt><dd>{said}</dd>' for name, said in told if said)}</dl>"


def _meta(by: str, name: str, said: str) -> str:
    return f'<meta {by}="{name}" content="{escape(said)}">' if said else ""
