"""What an editor writes in Markdown, as web pages and mini-programs show it: nothing in it runs, loads or pretends.

CommonMark with tables and strikethrough (markdown-it-py; next to Chinese characters emphasis works too). HTML in it is
text. What comes out is cleaned once more by a parser of the browsers' kind (nh3, which is ammonia): each of the
two would do alone.
"""

import json
from functools import cache, lru_cache
from html.parser import HTMLParser
from typing import Any, Final

_INLINE: Final = frozenset({"br", "strong", "em", "s", "code", "a"})
_BLOCKS: Final = frozenset({"p", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre"})
_OF_TABLES: Final = frozenset({"table", "thead", "tbody", "tr", "th", "td"})
TAGS: Final = _INLINE | _BLOCKS | _OF_TABLES
"""All of them are among those that <rich-text> trusts
(https://developers.weixin.qq.com/miniprogram/dev/component/rich-text.html)."""
_VOID: Final = frozenset({"br", "hr"})
_BETWEEN: Final = frozenset({"", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr"})
"""Blanks between what these hold are nobody's words."""
_SCHEMES: Final = frozenset({"https", "tel"})

Node = dict[str, Any]


@lru_cache(maxsize=256)
def html_of(markdown: str) -> str:
    """A fragment for the body of a page."""
    rendered: str = _markdown().render(markdown)
    return cleaned(rendered)


@cache
def _markdown() -> Any:
    from markdown_it import MarkdownIt  # noqa: PLC0415 (70 modules; workers and many an API render nothing)
    from mdit_py_cjk_friendly import cjk_friendly  # noqa: PLC0415

    # Pictures come from the file room alone, as the cover: an address in a text would tell others who reads it.
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
    return parser.use(cjk_friendly)


def cleaned(html: str) -> str:
    """Only what is allowed above, well-formed."""
    clean: str = _cleaner().clean(html)
    return clean


@cache
def _cleaner() -> Any:
    import nh3  # noqa: PLC0415

    return nh3.Cleaner(
        tags=set(TAGS),
        attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
        url_schemes=set(_SCHEMES),
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
        clean_content_tags={"script", "style"},
    )


@lru_cache(maxsize=256)
def nodes_of(markdown: str) -> str:
    """JSON: the `nodes` of a mini-program's <rich-text>. It follows no links: their address is written
    out. Texts have `&` as an entity, which it reads."""
    builder = _Nodes()
    builder.feed(html_of(markdown))
    builder.close()
    return json.dumps(builder.nodes, ensure_ascii=False, separators=(",", ":"))


def text_of(markdown: str) -> str:
    """The words alone, for whoever looks for them."""
    builder = _Words()
    builder.feed(html_of(markdown))
    builder.close()
    return " ".join("".join(builder.words).split())


class _Nodes(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.nodes: list[Node] = []
        self._open: list[tuple[Node, str]] = []

    @property
    def _here(self) -> list[Node]:
        return self._open[-1][0]["children"] if self._open else self.nodes

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        node: Node = {"name": tag}
        if tag == "ol" and (start := said.get("start") or "").isdigit():
            node["attrs"] = {"start": start}
        self._here.append(node)
        if tag not in _VOID:
            node["children"] = []
            self._open.append((node, said.get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        node, address = self._open.pop()
        words = "".join(child.get("text", "") for child in node["children"])
        if address and address.removeprefix("tel:") not in words:
            node["children"].append({"type": "text", "text": f"（{address.removeprefix('tel:')}）"})

    def handle_data(self, data: str) -> None:
        inside = self._open[-1][0]["name"] if self._open else ""
        if not (data.isspace() and inside in _BETWEEN):
            self._here.append({"type": "text", "text": data.replace("&", "&amp;")})


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)
