"""A form of legal aid in which every field is filled in, as a client sends it."""

import json
import re
from copy import deepcopy
from datetime import date
from typing import Any, TypeVar

from app.applications.rules.forms import Form, LegalAidForm, loaded
from app.applications.rules.forms.identity import check_digit
from app.core.ids import new_id
from app.graph.ids import global_id, parse_id

Path = tuple[str | int, ...]
F = TypeVar("F", bound=Form)


def id_number(birth: date = date(1978, 5, 6), place: str = "410881", order: int = 123) -> str:
    """Of a man where `order` is odd; 410881 was this city's number for many years."""
    seventeen = f"{place}{birth:%Y%m%d}{order:03}"
    return seventeen + check_digit(seventeen)


def filled() -> dict[str, Any]:
    """Nothing is against it; it relies on a promise. The file is nobody's."""
    return deepcopy(_FILLED)


def whole(**case: Any) -> dict[str, Any]:
    """The filled form, without its file (which is nobody's) and with other words for its case."""
    form = filled()
    return form | {"case": form["case"] | case, "materials": []}


def least(**case: Any) -> dict[str, Any]:
    """No more than a submission needs."""
    form = filled()
    needed = {
        "applicant": ("name", "idKind", "idNumber", "phone", "gender", "birth", "livesAt"),
        "case": ("matter", "form", "facts", "claim", "represented"),
    }
    parts: dict[str, Any] = {part: {name: form[part][name] for name in names} for part, names in needed.items()}
    means = {"basis": "CHECK", "householdMembers": 3, "monthlyIncome": "4200"}
    return parts | {"case": parts["case"] | case, "means": means}


def form_of(said: Any) -> LegalAidForm:
    """As the rules see it."""
    return seen(said, LegalAidForm)


def seen(said: Any, kind: type[F]) -> F:
    """The same of a form of any kind."""
    return loaded(kind, json.dumps({"version": kind.VERSION, "form": _snake(said)}))


def _snake(said: Any) -> Any:
    if isinstance(said, list):
        return [_snake(one) for one in said]
    if not isinstance(said, dict):
        return said
    return {
        re.sub("(?=[A-Z])", "_", name).lower(): parse_id(one)[1] if name == "fileId" and one else _snake(one)
        for name, one in said.items()
    }


def but(form: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """The same form with another value there."""
    changed = deepcopy(form)
    part: Any = changed
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return changed


_FILLED: dict[str, Any] = {
    "applicant": {
        "name": "王建国",
        "idKind": "RESIDENT_ID",
        "idNumber": id_number(),
        "phone": "13838910001",
        "gender": "MALE",
        "birth": "1978-05-06",
        "nation": "汉族",
        "registeredAt": "河南省济源市克井镇某村 12 号",
        "livesAt": "河南省济源市沁园街道某小区 3 号楼",
        "education": "JUNIOR",
        "occupation": "建筑工人",
        "employer": "某建筑劳务公司",
        "health": "GOOD",
        "tags": ["MIGRANT_WORKER"],
    },
    "agent": {
        "name": "王秀英",
        "idKind": "PASSPORT",
        "idNumber": "E12345678",
        "phone": "0391-6633148",
        "relation": "NEAR_RELATIVE",
    },
    "case": {
        "matter": "LABOUR",
        "form": "REPRESENTATION",
        "cause": "追索劳动报酬纠纷",
        "position": "PLAINTIFF",
        "stage": "NOT_BEGUN",
        "organ": "济源市劳动人事争议仲裁委员会",
        "number": "济劳人仲案字〔2026〕第 12 号",
        "facts": "2026 年 3 月至 8 月在工地做木工，老板一直没有结清工资。",
        "claim": "支付拖欠的工资。",
        "amount": "26800.50",
        "deadline": "2027-03-01",
        "preservation": False,
        "defence": [],
        "represented": False,
    },
    "opponents": [{"name": "某建筑工程有限公司", "phone": "13838910002", "address": "济源市某路 8 号"}],
    "means": {
        "basis": "PROMISE",
        "circumstances": [],
        "groups": ["MIGRANT_WORKER"],
        "hardship": True,
        "promised": True,
        "householdMembers": 3,
        "monthlyIncome": "4200",
        "property": "30000",
        "debts": "12000.00",
        "note": "孩子在上学，父亲长期吃药。",
    },
    "materials": [{"kind": "STATUS_PROOF", "fileId": global_id("File", new_id())}],
    "sharingAgreed": True,
}
