"""What papers cost: milliseconds and kilobytes of each kind, one after the other, on this machine; and how they look.

python -m scripts.bench.papers                    figures
python -m scripts.bench.papers --pictures FOLDER  the first page of each as a PNG, as README shows them
"""

import argparse
import resource
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from app.applications.models import ApplicationKind
from app.applications.rules.forms import CertificateReviewForm, Form, LegalAidForm, MediationForm, NotarisationForm
from app.applications.rules.papers import PAPERS, Facts, content
from app.applications.rules.papers.telling import at
from app.applications.rules.papers.telling import told as told_as
from app.outside.press import Press
from app.papers.models import PaperKind
from app.papers.rules.agreements import Agreed, Term, agreement_of
from app.papers.rules.certificates import Passed, certificate_of
from app.papers.rules.codes import new_code, printed
from app.papers.rules.contents import TEMPLATES, Content, template, told
from app.papers.rules.proving import path_of, qr_of
from app.papers.rules.receipts import Received, receipt_of
from tests.applications import bureau, reviews
from tests.applications.forms import filled, seen
from tests.mediation import hall

HOUSE = "https://legal.example.cn"
DAY = date(2026, 11, 28)
NUMBER = "20261128-7KQ2ZB9M"
WIDTH = 46
"""Dots an inch of a picture: 380 pixels wide."""


OFFICES = {
    ApplicationKind.LEGAL_AID: "示例法律援助中心",
    ApplicationKind.MEDIATION: "示例人民调解委员会",
    ApplicationKind.NOTARISATION: "示例公证处",
    ApplicationKind.CERTIFICATE_REVIEW: "示例公证处",
}
REASONS = {
    ApplicationKind.LEGAL_AID: "请补充劳动合同或者工资欠条。",
    ApplicationKind.MEDIATION: "纠纷属于人民调解的范围，双方住所地在本村，予以登记。",
    ApplicationKind.NOTARISATION: "申请人与申请公证的事项没有利害关系。",
    ApplicationKind.CERTIFICATE_REVIEW: "公证书编号不是本公证机构出具的公证书的编号。",
}


def forms(words: str) -> dict[ApplicationKind, Form]:
    """Of each kind one in which everything is filled in."""
    facts = {"facts": f"2026 年 3 月至 8 月我在工地做木工，老板一直没有结清工资。{words}" * 4}
    aid, asked = filled(), hall.form(**facts)
    aid["case"] |= facts
    return {
        ApplicationKind.LEGAL_AID: seen(aid, LegalAidForm),
        ApplicationKind.MEDIATION: seen(asked, MediationForm),
        ApplicationKind.NOTARISATION: seen(bureau.filled(), NotarisationForm),
        ApplicationKind.CERTIFICATE_REVIEW: seen(reviews.form(DAY), CertificateReviewForm),
    }


def samples(words: str) -> Iterator[tuple[str, PaperKind, Content]]:
    """(name, kind, what it says): of each kind one, with these words in it."""
    for kind, form in forms(words).items():
        papers, drawn = PAPERS[kind], set[PaperKind]()
        matter = told_as(at(form, papers.matter), papers.options)
        facts = Facts("王建国", NUMBER, DAY, matter, OFFICES[kind], DAY, DAY, f"{REASONS[kind]}{words}")
        before = "" if kind is ApplicationKind.LEGAL_AID else f"{kind.value.lower()}_"
        for line in papers.lines:
            if line.kind not in drawn:
                drawn.add(line.kind)
                name = line.kind.value.lower()
                yield before + name.removeprefix(before), line.kind, content(papers, line, facts, form)
    got = [Received("身份证", originals=0, copies=1), Received("工资欠条", originals=1, copies=2)]
    yield "papers_receipt", PaperKind.PAPERS_RECEIPT, receipt_of("示例法律援助中心", NUMBER, "王建国", DAY, got)
    passed = Passed("王建国", "宪法知识竞赛", 18, 20, 12, DAY)
    yield "quiz_certificate", PaperKind.QUIZ_CERTIFICATE, certificate_of("示例司法局", NUMBER, DAY, passed)
    agreed = Agreed(
        applicants=["王建国"],
        respondents=["某建筑工程有限公司"],
        facts=f"双方因拖欠工资发生纠纷。{words}",
        responsibility="被申请人认可拖欠工资的事实。",
        terms=[Term("某建筑工程有限公司", "支付工资 26800.50 元", date(2026, 12, 31))],
        manner="银行转账",
    )
    yield "mediation_agreement", PaperKind.MEDIATION_AGREEMENT, agreement_of("示例人民调解委员会", NUMBER, DAY, agreed)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--times", type=int, default=20)
    asked.add_argument("--pictures", type=Path)
    args = asked.parse_args()
    press, made_at = Press(TEMPLATES), datetime(2026, 11, 28, tzinfo=UTC)
    if args.pictures:
        for name, kind, said in samples(""):
            code = "7KQ2ZB9M3HFXWT4C"
            proof = printed(code), HOUSE + path_of(""), qr_of(HOUSE + path_of(code))
            (args.pictures / f"{name}.png").write_bytes(press.pictures(template(kind), told(said, *proof), WIDTH)[0])
        return
    spent: dict[str, list[float]] = {}
    sizes: dict[str, tuple[int, int]] = {}
    for turn in range(args.times):
        for name, kind, said in samples(f"第{turn}次。"):
            code = new_code()
            proof = printed(code), HOUSE + path_of(""), qr_of(HOUSE + path_of(code))
            began = time.perf_counter()
            made = press.printed(template(kind), told(said, *proof), made_at)
            spent.setdefault(name, []).append((time.perf_counter() - began) * 1000)
            sizes[name] = len(made.pdf), made.pages
    print(f"{'paper':22}{'pages':>6}{'kB':>7}{'first ms':>10}{'median ms':>11}{'most ms':>9}")
    for name, took in spent.items():
        size, pages = sizes[name]
        later = took[1:]
        print(f"{name:22}{pages:6}{size / 1000:7.1f}{took[0]:10.1f}{statistics.median(later):11.1f}{max(later):9.1f}")
    print(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
