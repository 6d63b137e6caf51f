"""What the press makes of what it is told: every word to be found again, in fonts that go with it, on as many
pages as it takes."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.outside.press import FONTS, Misprint, covered
from app.papers.models import PaperKind
from app.papers.rules.codes import ALPHABET, check_letter, code_of, new_code, printed
from app.papers.rules.contents import Block, Content, Items, Rows, Signs, Words, template, told
from app.papers.rules.proving import path_of, qr_of
from tests.conftest import press
from tests.papers.reading import read, squeezed

AT = datetime(2026, 11, 28, tzinfo=UTC)
HOUSE = "http://city"
FOOT = re.compile(r"核验码[-0-9A-Z]{19}扫码或登录http://city/v核验真伪第\d+页，共\d+页")
HEAD = "示例法律援助中心编号20261128-ABCD2345"


def pdf_of(kind: PaperKind, said: Content, code: str | None = None) -> bytes:
    code = code or new_code()
    proof = printed(code), HOUSE + path_of(""), qr_of(HOUSE + path_of(code))
    return press().printed(template(kind), told(said, *proof), AT).pdf


def pdf(kind: PaperKind, *blocks: Block, code: str | None = None) -> bytes:
    said = Content(
        title="法律援助文书",
        institution="示例法律援助中心",
        number="20261128-ABCD2345",
        day=date(2026, 11, 28),
        addressee="𬱟㛃先生：",
        blocks=list(blocks),
    )
    return pdf_of(kind, said, code)


def body(pages: list[str]) -> str:
    """Without what stands at the head and the foot of each page."""
    return "".join(FOOT.sub("", page).replace(HEAD, "") for page in pages)


@pytest.mark.parametrize("kind", [PaperKind.APPLICATION_FORM, PaperKind.DECISION])
def test_every_word_is_found_again_in_fonts_that_go_with_it(kind: PaperKind) -> None:
    code = new_code()
    rows = [
        ("姓名", "𬱟㛃䶮·买买提"),
        ("证件号码", "41088119780506123X"),
        ("联系", "fi fl ffi --- 'a' \"b\" <c> #d $e$ *f* @g \\h"),
    ]
    items = ["身份证复印件（正反面）", "第二项：#set text(fill: white) 与 = 标题"]
    blocks = Rows(heading="申请人", rows=rows), Words(words=["第一段。\n换行。"]), Items(heading="清单", items=items)
    made = pdf(kind, *blocks, Signs(signs=["申请人（签名）："]), code=code)
    found = read(made)
    for said in [
        *(one for row in rows for one in row),
        "第一段。",
        "换行。",
        *items,
        "申请人（签名）：",
        "2026年11月28日",
    ]:
        assert squeezed(said) in found.text, said
    assert printed(code) in found.text
    assert "第1页，共1页" in found.text
    assert {name.split("+")[1] for name in found.fonts} == {
        f"Noto{face}SC-Regular-Identity-H" for face in ("Sans", "Serif")
    }
    assert found.embedded
    assert '"2"' in found.metadata or ">2<" in found.metadata
    assert re.search(r"pdfaid:conformance[^A-Z]*B", found.metadata)
    assert len(made) < 200_000
    assert pdf(kind, *blocks, Signs(signs=["申请人（签名）："]), code=code) == made  # whoever makes it, and when


def test_what_is_too_long_for_a_page_flows_over_pages_and_loses_no_word() -> None:
    facts = "".join(f"第{number}句：老板拖欠我工资，至今没有支付。" for number in range(400))
    run = "A1b2" * 100
    made = read(pdf(PaperKind.APPLICATION_FORM, Rows(heading="事项", rows=[("事实和理由", facts), ("号码", run)])))
    assert len(made.pages) >= 5
    assert facts in body(made.pages)
    assert run in body(made.pages)
    count = len(made.pages)
    assert all(f"第{number}页，共{count}页" in page for number, page in enumerate(made.pages, 1))


def test_no_seal_and_no_heading_stands_alone_on_a_page() -> None:
    """However much stands before them: the seal is where it is signed, and a table whole under its heading."""
    rows = [(f"栏目{number}", f"内容{number}。") for number in range(1, 8)]
    pages = set()
    for lines in range(12, 40, 2):
        before = Words(words=["一行。" for _ in range(lines)])
        table = Rows(heading="申请人", rows=rows)
        made = read(pdf(PaperKind.APPLICATION_FORM, before, table, Signs(signs=["登记人（签名）："])))
        for first, last in (("申请人", "内容7。"), ("签名", "印章")):
            assert [first in page for page in made.pages] == [last in page for page in made.pages], lines
        pages.add(len(made.pages))
        letter = read(pdf(PaperKind.DECISION, before, Words(heading="理由", words=["如上。"])))
        last = body([letter.pages[-1]])
        assert "如上。" in last, lines
        assert "理由" in last, lines
    assert len(pages) > 1


def test_a_rare_name_never_vanishes() -> None:
    """What the fonts have not is told by its number in Unicode."""
    assert {ord(letter) for letter in "𬱟㛃䶮𠅤𪨰〇·"} <= covered()
    assert ord("𠮷") not in covered() or ord("\U000200a4") not in covered()
    rare = next(chr(number) for number in range(0x20000, 0x2A6DF) if number not in covered())
    made = read(pdf(PaperKind.DECISION, Words(words=[f"王{rare}、赵\U0001f600\u200b\ufe0f。"])))
    assert f"王〔U+{ord(rare):04X}〕、赵〔U+1F600〕。" in made.text


def test_a_template_that_does_not_fit_is_a_misprint_and_tells_nothing() -> None:
    with pytest.raises(Misprint) as caught:
        press().printed("form.typ", {"title": "王建国"}, AT)
    assert "王建国" not in repr(caught.value)
    assert caught.value.__cause__ is None


def test_the_fonts_come_with_their_licence() -> None:
    (licence,) = FONTS.parent.glob("pylopdf_fonts_zh_cn-*.dist-info/licenses/LICENSE")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence.read_text("utf-8")


@settings(max_examples=300, deadline=None)
@given(st.text(ALPHABET, min_size=15, max_size=15), st.data())
def test_a_code_with_one_wrong_letter_or_two_exchanged_is_none(drawn: str, data: st.DataObject) -> None:
    code = drawn + check_letter(drawn)
    assert code_of(printed(code)) == code_of(code.lower()) == code_of(f" {code[:4]} {code[4:]} ") == code
    place = data.draw(st.integers(0, 15))
    other = data.draw(st.sampled_from([letter for letter in ALPHABET if letter != code[place]]))
    assert code_of(code[:place] + other + code[place + 1 :]) is None
    if place and code[place] != code[place - 1]:
        assert code_of(code[: place - 1] + code[place] + code[place - 1] + code[place + 1 :]) is None


@given(st.text(max_size=80))
def test_what_is_no_code_is_none(said: str) -> None:
    found = code_of(said)
    assert found is None or (len(found) == 16 and set(found) <= set(ALPHABET))
