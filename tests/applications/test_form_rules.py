"""The form of legal aid, pure: numbers of papers, drafts and whole forms, how it is kept."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.applications.rules.forms import LegalAidForm, dumped, faults, loaded
from app.applications.rules.forms import legal_aid as rules
from app.applications.rules.forms.choices import IdKind, is_nation
from app.applications.rules.forms.identity import against_number, check_digit, masked, plain, resident
from app.core.money import fen, yuan
from app.directory.models import Gender
from app.guidance.rules.eligibility import EconomicBasis, Outcome, judged
from tests.applications.forms import filled as filled_input
from tests.applications.forms import form_of, id_number, least, whole

TODAY = date(2026, 11, 28)
births = st.dates(date(1900, 1, 1), TODAY)
places = st.sampled_from(["410881", "419001", "110101", "659001", "820000", "511100"])
papers = st.builds(id_number, birth=births, place=places, order=st.integers(0, 999))


def codes(kind: IdKind, number: str) -> list[str]:
    return [reason.code.name for reason in against_number(kind, number, "idNumber", TODAY)]


def filled() -> LegalAidForm:
    return form_of(filled_input())


def told(form: LegalAidForm, *, complete: bool = True) -> set[tuple[str, str | None]]:
    return {(reason.code.name, reason.field) for reason in faults(form, complete=complete, today=TODAY, at=form.AT)}


def test_the_numbers_that_the_standard_gives_as_examples() -> None:
    assert check_digit("11010519491231002") == "X"  # GB 11643-1999, appendix A
    assert check_digit("44052418800101001") == "4"
    assert resident("11010519491231002x") is not None
    assert resident(" 110105 19491231 002Ｘ ") is not None


@given(number=papers, birth=births)
@settings(max_examples=300, deadline=None)
def test_a_number_tells_birthday_and_sex_and_its_check_digit_finds_slips(number: str, birth: date) -> None:
    said = resident(number)
    assert said is not None
    assert number[6:14] == f"{said.birth:%Y%m%d}"
    assert (said.gender is Gender.MALE) is (int(number[16]) % 2 == 1)
    kind = IdKind.HK_MACAU_TAIWAN_RESIDENCE if number.startswith("82") else IdKind.RESIDENT_ID
    assert codes(kind, number) == []
    other = {IdKind.RESIDENT_ID, IdKind.HK_MACAU_TAIWAN_RESIDENCE} - {kind}
    assert codes(other.pop(), number) == ["BAD_ID_NUMBER"]
    for place in range(17):
        for digit in {*"0123456789"} - {number[place]}:
            assert resident(number[:place] + digit + number[place + 1 :]) is None
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        assert swapped == number or resident(swapped) is None


@pytest.mark.parametrize(
    ("kind", "number", "found"),
    [
        ("RESIDENT_ID", id_number(place="410881"), []),
        ("RESIDENT_ID", "410881780506123", ["OLD_ID_NUMBER"]),
        ("RESIDENT_ID", id_number(place="990101"), ["BAD_ID_NUMBER"]),
        ("RESIDENT_ID", id_number(birth=date(2026, 11, 29)), ["BAD_ID_NUMBER"]),
        ("RESIDENT_ID", "", ["BAD_ID_NUMBER"]),
        ("RESIDENT_ID", "4" * 20_000, ["BAD_ID_NUMBER"]),
        ("RESIDENT_ID", "41088119780230123" + check_digit("41088119780230123"), ["BAD_ID_NUMBER"]),
        ("HK_MACAU_TAIWAN_RESIDENCE", id_number(place="830000"), []),
        ("HK_MACAU_PERMIT", "h12345678", []),
        ("HK_MACAU_PERMIT", "M1234567801", []),
        ("HK_MACAU_PERMIT", "A12345678", ["BAD_ID_NUMBER"]),
        ("TAIWAN_PERMIT", "12345678", []),
        ("TAIWAN_PERMIT", "1234567", ["BAD_ID_NUMBER"]),
        ("FOREIGN_RESIDENCE", "ABC110085010101", []),
        ("FOREIGN_RESIDENCE", "911124198108030024", []),
        ("FOREIGN_RESIDENCE", "811124198108030024", ["BAD_ID_NUMBER"]),
        ("PASSPORT", "Ｅ12345678", []),
        ("PASSPORT", "E1", ["BAD_ID_NUMBER"]),
        ("OTHER", "军字第0012345号", []),
        ("OTHER", "<script>", ["BAD_ID_NUMBER"]),
    ],
)
def test_each_paper_has_numbers_of_its_own(kind: str, number: str, found: list[str]) -> None:
    assert codes(IdKind(kind), number) == found


@given(number=st.text(max_size=40))
def test_what_is_hidden_stays_hidden(number: str) -> None:
    shown = masked(number)
    assert set(shown[:-4]) <= {"*"}
    assert len(shown) == len(plain(number))
    if len(shown) <= 8:
        assert set(shown) <= {"*"}


def test_the_peoples_are_fifty_six() -> None:
    assert all(map(is_nation, ("汉", "汉族", "维吾尔族", " 回 ", "其他")))
    assert not any(map(is_nation, ("", "族", "火星族", "汉族族", "其他族")))


@given(amount=st.integers(0, 10**14 - 1))
def test_amounts_are_counted_in_fen(amount: int) -> None:
    assert fen(yuan(amount)) == amount


def test_a_filled_form_is_taken_and_an_empty_one_is_a_draft() -> None:
    assert told(filled()) == set()
    assert told(form_of(least())) == set()
    assert told(form_of(whole(deadline="2026-12-01"))) == set()
    assert told(LegalAidForm(), complete=False) == set()
    assert told(LegalAidForm()) == {("BLANK", f"legalAid.{part}") for part in ("applicant", "case", "means")}
    assert faults(LegalAidForm(), complete=True, today=TODAY, at="form")[0].field == "form.applicant"


def test_half_a_form_is_a_draft_and_no_application() -> None:
    form = filled()
    assert form.applicant is not None
    half = replace(form, applicant=replace(form.applicant, id_number="4108811978", phone="138", gender=Gender.FEMALE))
    assert told(half, complete=False) == set()
    assert told(half) == {("BAD_ID_NUMBER", "legalAid.applicant.idNumber"), ("BAD_NUMBER", "legalAid.applicant.phone")}


def test_what_the_number_says_agrees_with_what_is_said() -> None:
    form = filled()
    assert form.applicant is not None
    other = replace(form.applicant, gender=Gender.FEMALE, birth=date(1978, 5, 7))
    assert told(replace(form, applicant=other)) == {
        ("ID_MISMATCH", "legalAid.applicant.gender"),
        ("ID_MISMATCH", "legalAid.applicant.birth"),
    }
    abroad = replace(other, id_kind=IdKind.PASSPORT, id_number="E12345679")
    assert told(replace(form, applicant=abroad)) == set()


def test_nobody_is_her_own_agent() -> None:
    form = filled()
    assert form.applicant is not None
    assert form.agent is not None
    same = f" {form.applicant.id_number} "
    agent = replace(form.agent, id_kind=IdKind.RESIDENT_ID, id_number=same)
    assert told(replace(form, agent=agent)) == {("SAME_PERSON", "legalAid.agent.idNumber")}


@pytest.mark.parametrize(
    ("basis", "missing"),
    [
        ("UNCONDITIONAL", set()),
        ("EXEMPT", {"groups"}),
        ("PROMISE", {"promised", "householdMembers", "monthlyIncome"}),
        ("CHECK", {"householdMembers", "monthlyIncome"}),
    ],
)
def test_the_ground_decides_what_has_to_be_told(basis: str, missing: set[str]) -> None:
    form = replace(filled(), means=rules.Means(basis=EconomicBasis(basis)))
    assert told(form) == {("BLANK", f"legalAid.means.{name}") for name in missing}


def test_the_same_rules_judge_what_is_submitted() -> None:
    form = filled()
    assert form.means is not None
    verdict = judged("LEGAL_AID", rules.answers(form))
    assert (verdict.outcome, verdict.basis) == (Outcome.ELIGIBLE, EconomicBasis.EXEMPT)
    alone = replace(form, materials=())
    assert judged("LEGAL_AID", rules.answers(alone)).basis is EconomicBasis.PROMISE
    rich = replace(alone, means=replace(form.means, monthly_income="90000.00"))
    assert judged("LEGAL_AID", rules.answers(rich)).outcome is Outcome.NEEDS_CHECK
    assert judged("LEGAL_AID", rules.answers(LegalAidForm())).outcome is Outcome.NEEDS_CHECK


@given(left=st.integers(-10, 30), preservation=st.none() | st.booleans())
def test_haste_has_its_reasons(left: int, preservation: bool | None) -> None:
    case = rules.Case(deadline=TODAY + timedelta(days=left), preservation=preservation)
    found = LegalAidForm(case=case).urgencies(TODAY)
    assert (rules.Urgency.LIMITATION in found) is (0 <= left < 7)
    assert (rules.Urgency.PRESERVATION in found) is bool(preservation)
    assert not LegalAidForm().hastens(TODAY)


def test_what_others_need_of_it() -> None:
    form = filled()
    assert form.opposing() == ["某建筑工程有限公司"]
    assert form.files() == [form.materials[0].file_id]
    assert form.matter() == "LABOUR"
    assert form.party() == ("王建国", id_number(), "13838910001")
    assert LegalAidForm().party() == (None, None, None)
    assert (LegalAidForm().opposing(), LegalAidForm().files()) == ([], [])
    assert LegalAidForm().matter() == ""


storable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)


@given(name=storable, facts=storable, amount=storable, groups=st.none() | st.just(()), count=st.integers(0, 3))
def test_nothing_is_lost_where_it_is_kept(name: str, facts: str, amount: str, groups: Any, count: int) -> None:
    form = LegalAidForm(
        applicant=rules.Applicant(name=name, birth=date(1978, 5, 6), id_number="41"),
        case=rules.Case(facts=facts, amount=amount, represented=False),
        means=rules.Means(groups=groups),
        opponents=(rules.Opponent(name=name),) * count,
        sharing_agreed=False,
    )
    assert loaded(LegalAidForm, dumped(form)) == form
    assert loaded(LegalAidForm, dumped(filled())) == filled()


def test_a_form_of_another_version_is_not_read_as_this_one() -> None:
    with pytest.raises(ValueError, match="version 2"):
        loaded(LegalAidForm, '{"version": 2, "form": {}}')
