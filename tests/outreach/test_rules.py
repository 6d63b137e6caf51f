"""Codes, links, places in the tree, what is shown of sums, and weeks: pure."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from app.outreach.models import LEFT, ChannelKind, Step
from app.outreach.rules.channels import Parent, Wanted, against, against_place
from app.outreach.rules.funnel import FEWEST, Sum, against_period, counted, enough, left, whole_weeks
from app.outreach.rules.links import ALPHABET, code_of, new_code, share
from app.outreach.rules.targets import against_target, weeks

NOW = datetime(2026, 11, 29, tzinfo=UTC)
MONDAY = date(2026, 11, 2)


@given(st.text(max_size=20))
def test_a_code_is_found_in_whatever_was_typed_or_nothing_is(said: str) -> None:
    code = new_code()
    assert code_of(f"  {code.lower()} ") == code_of("".join(chr(ord(one) + 0xFEE0) for one in code)) == code
    found = code_of(said)
    assert found is None or (len(found) == 12 and set(found) <= set(ALPHABET))


def test_a_link_carries_one_code_and_loses_nothing_else() -> None:
    code, other = new_code(), new_code()
    assert share("https://h.example/i/1", code) == f"https://h.example/i/1?c={code}"
    linked = share("https://h.example/a?x=1&y=&c=old#part", code.lower())
    assert linked == f"https://h.example/a?x=1&y=&c={code}#part"
    assert share(linked, other) == linked.replace(code, other)
    for none in (None, "", "short", "0" * 12, code + "2"):
        assert share("https://h.example/i/1", none) == "https://h.example/i/1"


def wanted(kind: ChannelKind, **said: object) -> Wanted:
    return Wanted.model_validate({"kind": kind, "name": "示例渠道"} | said)


def reasons(said: Wanted) -> list[tuple[str, str | None]]:
    return [(one.code.name, one.field) for one in against(said, NOW)]


def test_what_is_said_of_a_channel_fits_its_kind() -> None:
    assert reasons(wanted(ChannelKind.TOWN, division="419001100")) == []
    assert reasons(wanted(ChannelKind.VILLAGE, division="419001001001")) == []
    for kind, division in (("TOWN", "419001001001"), ("VILLAGE", "419001100"), ("TOWN", "999"), ("TOWN", None)):
        assert reasons(wanted(ChannelKind(kind), division=division)) == [("BAD_VALUE", "divisionCode")]
    assert reasons(wanted(ChannelKind.EVENT, division="419001100")) == [("BAD_VALUE", "divisionCode")]
    assert reasons(wanted(ChannelKind.EVENT, name="字")) == [("TOO_SHORT", "name")]
    assert reasons(wanted(ChannelKind.EVENT, office="字" * 41)) == [("TOO_LONG", "office")]
    assert reasons(wanted(ChannelKind.PARTNER, link="https://union.example/page?a=1")) == []
    for link in ("http://union.example", "javascript:alert(1)", "https://", "https://a@b.example", "https://x y.z"):
        assert reasons(wanted(ChannelKind.PARTNER, link=link)) == [("BAD_LINK", "link")], link
    assert reasons(wanted(ChannelKind.WINDOW, link="https://union.example")) == [("BAD_LINK", "link")]
    for until in (NOW, NOW + timedelta(days=4_000)):
        assert reasons(wanted(ChannelKind.EVENT, until=until)) == [("BAD_END", "until")]


def test_each_kind_has_its_place_in_the_tree() -> None:
    town = Parent(kind=ChannelKind.TOWN, division="419001001", path=[uuid4()])
    other = Parent(kind=ChannelKind.TOWN, division="419001100", path=[uuid4()])
    person = Parent(kind=ChannelKind.PERSON, division=None, path=[uuid4()])
    deep = Parent(kind=ChannelKind.ZONE, division=None, path=[uuid4() for _ in range(6)])
    village = wanted(ChannelKind.VILLAGE, division="419001001001")
    assert list(against_place(village, town)) == []
    for parent in (other, None, deep, person):
        assert [one.code.name for one in against_place(village, parent)] == ["BAD_PLACE_IN_TREE"]
    window = wanted(ChannelKind.WINDOW)
    assert [bool(list(against_place(window, parent))) for parent in (town, None, person, deep)] == [0, 0, 1, 1]
    assert list(against_place(wanted(ChannelKind.TOWN, division="419001100"), town)) != []


SCHOOLS = [uuid4() for _ in range(3)]
STEPS, NUMBERS = st.sampled_from([*Step, LEFT]).map(str), st.integers(0, 25)
SUMS = st.lists(
    st.builds(Sum, st.sampled_from(["TOWN", "WINDOW"]), STEPS, NUMBERS)
    | st.builds(Sum, st.just("SCHOOL"), STEPS, NUMBERS, st.sampled_from(SCHOOLS)),
    max_size=30,
)


@given(SUMS)
def test_of_schools_nothing_below_ten_can_be_told(sums: list[Sum]) -> None:
    """Neither where one looks at one alone, nor by taking away what is shown of others, of all or of other schools: all
    of it is in tens, and what stands above tells nothing but what each school does."""
    each = [counted([one for one in sums if one.school == school], ChannelKind.SCHOOL) for school in SCHOOLS]
    all_of_them = counted(sums, ChannelKind.TOWN)
    others = counted([one for one in sums if one.kind != "SCHOOL"], ChannelKind.TOWN)
    for step in Step:
        shown = [one[step] for one in each]
        assert all(one is None or (one >= FEWEST and one % FEWEST == 0) for one in shown)
        assert all_of_them[step] - others[step] == sum(one or 0 for one in shown)  # type: ignore[operator]
    gone = sum(one.n for one in sums if one.step == LEFT and one.kind != "SCHOOL")
    followed = sum(one.n for one in sums if one.step == Step.FOLLOW and one.kind != "SCHOOL")
    assert others[Step.FOLLOW] == followed - gone
    assert left(sums) == gone


def test_small_numbers_are_hidden_and_periods_have_an_end() -> None:
    assert [enough(n) for n in (0, 9, 10, 11)] == [None, None, 10, 11]
    assert against_period(MONDAY, MONDAY) == against_period(MONDAY, MONDAY + timedelta(days=365)) == []
    for last in (MONDAY - timedelta(days=1), MONDAY + timedelta(days=366)):
        assert [one.code.name for one in against_period(MONDAY, last)] == ["BAD_PERIOD"]


@given(
    st.integers(1, 10_000),
    st.integers(0, 60),
    st.integers(0, 100),
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 50)), max_size=20),
)
def test_weeks_add_up_to_what_was_reached(goal: int, start: int, length: int, came: list[tuple[int, int]]) -> None:
    since = MONDAY + timedelta(days=start)
    until = since + timedelta(days=length)
    rows = [(since + timedelta(days=day), Sum("WINDOW", "FOLLOW", n)) for day, n in came if day <= length]
    found = weeks(Step.FOLLOW, goal, since, until, rows, ChannelKind.WINDOW, until + timedelta(days=9))
    assert (found[0].first, found[-1].last, found[-1].due) == (since, until, goal)
    assert found[-1].reached == sum(week.came for week in found) == sum(one.n for _, one in rows)
    assert all(week.last.weekday() == 6 for week in found[:-1])
    assert all(week.first.weekday() == 0 for week in found[1:])
    begun = weeks(Step.FOLLOW, goal, since, until, rows, ChannelKind.WINDOW, since)
    assert begun == found[:1]
    assert weeks(Step.FOLLOW, goal, since, until, rows, ChannelKind.WINDOW, since - timedelta(days=1)) == []
    # A school counts in tens, of whole weeks within the target that have passed.
    school = [(since + timedelta(days=day), Sum("SCHOOL", "FOLLOW", 19, SCHOOLS[0])) for day in range(length + 1)]
    today = until + timedelta(days=1)
    monday, sunday = whole_weeks(since, until)
    for week in weeks(Step.FOLLOW, goal, since, until, school, ChannelKind.SCHOOL, today):
        whole = week.first.weekday() == 0 and week.last.weekday() == 6
        assert week.came == (130 if whole else 0)
        assert week.reached == max(0, (min(week.last, sunday) - monday).days + 1) * 19 // 10 * 10
    assert weeks(Step.FOLLOW, goal, since, until, school, ChannelKind.SCHOOL, until)[-1].reached % 130 % 10 == 0


def test_weeks_are_whole_from_monday_to_sunday() -> None:
    sunday = MONDAY + timedelta(days=6)
    assert whole_weeks(MONDAY, sunday) == (MONDAY, sunday)
    assert whole_weeks(MONDAY - timedelta(days=6), sunday + timedelta(days=6)) == (MONDAY, sunday)
    first, last = whole_weeks(MONDAY + timedelta(days=1), sunday)
    assert last < first


def test_a_target_is_a_number_and_a_time() -> None:
    assert list(against_target(1, MONDAY, MONDAY)) == []
    bad = [one.field for one in against_target(0, MONDAY, MONDAY - timedelta(days=1))]
    assert bad == ["goal", "until"]
