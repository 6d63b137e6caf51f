"""Which papers a step makes, and what they say: by the words of `data/papers`, of a form as it was sealed."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from app.applications.models import ApplicationKind, Move
from app.applications.rules.papers.telling import Options, Part, options, sections
from app.papers.models import PaperKind, PaperStanding
from app.papers.rules.contents import Block, Content, Rows, Signs, Words, dated

FOLDER: Final = Path(__file__).parents[2] / "data" / "papers"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a paper may say of an application beside its form: days are the city's, amounts and names as written."""

    applicant: str
    number: str
    submitted: date
    matter: str
    institution: str
    today: date
    due: date | None
    reason: str | None


NAMES: Final = {
    "applicant": "申请人",
    "number": "编号",
    "submitted": "申请日期",
    "matter": "申请事项",
    "institution": "受理机构",
}


class Line(BaseModel):
    """A paper that a step makes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    moves: tuple[Move, ...]
    kind: PaperKind
    title: str
    to_applicant: bool = False
    facts: tuple[str, ...] = ()
    """Of `NAMES`, told in a table."""
    form: bool = False
    """Whether all of the form is told."""
    words: tuple[str, ...] = ()
    reason: str | None = None
    """The heading under which the step's own words stand."""
    after: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    sealed: bool = False
    earlier: PaperStanding = PaperStanding.VALID


@dataclass(frozen=True, slots=True)
class Papers:
    matter: str
    """Where the form says what it is about."""
    form: tuple[Part, ...]
    options: Options
    lines: tuple[Line, ...]

    def of(self, move: Move) -> list[Line]:
        return [line for line in self.lines if move in line.moves]


def content(papers: Papers, line: Line, facts: Facts, form: Any) -> Content:
    """What the paper says. `form`: the one of the application's kind."""
    said = {"applicant": facts.applicant, "number": facts.number, "matter": facts.matter}
    said |= {"institution": facts.institution, "submitted": dated(facts.submitted)}
    said["due"] = dated(facts.due) if facts.due else ""
    return Content(
        title=line.title,
        institution=facts.institution,
        number=facts.number,
        day=facts.today,
        addressee=f"{facts.applicant}：" if line.to_applicant else None,
        blocks=list(_blocks(papers, line, said, facts.reason, form)),
        sealed=line.sealed,
    )


def _blocks(papers: Papers, line: Line, said: Mapping[str, str], reason: str | None, form: Any) -> Iterator[Block]:
    if line.facts:
        yield Rows(rows=[(NAMES[name], said[name]) for name in line.facts])
    if line.form:
        yield from sections(papers.form, form, papers.options)
    if line.words:
        yield Words(words=[words.format_map(said) for words in line.words])
    if line.reason and reason:
        yield Words(heading=line.reason, words=[part for part in reason.splitlines() if part.strip()])
    if line.after:
        yield Words(words=[words.format_map(said) for words in line.after])
    if line.signs:
        yield Signs(signs=list(line.signs))


def _read(kind: ApplicationKind) -> Papers:
    """ValueError for a file that does not hold together; nothing where there is none."""
    if not (file := FOLDER / f"{kind.value.lower()}.toml").exists():
        return Papers("", (), options({}), ())  # no step of it makes any
    data = tomllib.loads(file.read_text("utf-8"))
    lines = tuple(Line.model_validate(said) for said in data["papers"])
    if len({(move, line.kind) for line in lines for move in line.moves}) < sum(len(line.moves) for line in lines):
        raise ValueError(f"a step of {kind} makes two papers of one kind")
    if unknown := {name for line in lines for name in line.facts} - NAMES.keys():
        raise ValueError(f"a paper of {kind} tells {unknown.pop()}, which nobody knows")
    return Papers(
        data["matter"], tuple(Part.of(said) for said in data["form"]), options(data.get("options", {})), lines
    )


PAPERS: Mapping[ApplicationKind, Papers] = MappingProxyType({kind: _read(kind) for kind in ApplicationKind})
