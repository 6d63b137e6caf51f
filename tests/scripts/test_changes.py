"""What breaks installed clients is decided by somebody and written down, or it does not pass."""

from pathlib import Path

import pytest

from scripts import export_schema
from scripts.changes import changes, recorded
from scripts.export_schema import Shelf
from scripts.hindrance import Hindrance

KNOWN = """
type Query {
  lawyer(name: String, limit: Int! = 10): Person!
  title: String
}
input Where { town: String, village: String! = "any" }
union Person = Lawyer | Resident
type Lawyer { name: String! }
type Resident { name: String!, where(is: Where): Order! }
enum Order { NAME, LUCK }
"""


def now(old: str, new: str) -> str:
    assert old in KNOWN
    return KNOWN.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("  title: String\n", "", "Field Query.title was removed."),
        ("name: String!, where", "name: String, where", "Field Resident.name changed type from String! to String."),
        ("name: String,", "name: String!,", "Argument Query.lawyer(name:) has changed type from String to String!."),
        ("Int! = 10", "Int!", "Query.lawyer(limit:) defaultValue was removed."),
        ('String! = "any"', "String!", "Where.village defaultValue was removed."),
        ("name: String,", "name: String, more: Int!,", "A required argument Query.lawyer(more:) was added."),
        ("town: String", "town: String, more: Int!", "A required field Where.more was added."),
        ("Lawyer | Resident", "Lawyer", "Resident was removed from union type Person."),
        ("NAME, LUCK", "NAME", "Enum value Order.LUCK was removed."),
    ],
)
def test_what_breaks_a_client_is_named(old: str, new: str, text: str) -> None:
    assert text in changes(KNOWN, now(old, new)).breaking


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("Lawyer | Resident", "Lawyer | Resident | Query", "Query was added to union type Person."),
        ("NAME, LUCK", "NAME, LUCK, AGE", "Enum value Order.AGE was added."),
        ("name: String,", "name: String, more: Int,", "An optional argument Query.lawyer(more:) was added."),
        ("Int! = 10", "Int! = 20", "Query.lawyer(limit:) has changed defaultValue from 10 to 20."),
        ("Int! = 10", "Int", "Query.lawyer(limit:) defaultValue was removed."),
    ],
)
def test_what_may_surprise_a_client_is_named_apart(old: str, new: str, text: str) -> None:
    found = changes(KNOWN, now(old, new))
    assert (found.breaking, found.dangerous) == ((), (text,))


def test_growing_breaks_and_surprises_nobody() -> None:
    grown = now("title: String", 'title: String @deprecated(reason: "Use `x`.")\n  more: [Int!]!')
    assert changes(KNOWN, grown) == changes(KNOWN, KNOWN) == changes(KNOWN, now("title: String", "title: String!"))


RECORD = """# What it is.
[[change]]
text = "Field Query.title was removed."
date = 2026-11-24
reason = "Nobody has used it since 1.6."
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(*(tmp_path / name for name in ("schema.graphql", "published.graphql", "breaking.toml")))
    shelf.current.write_text(KNOWN)
    shelf.published.write_text(KNOWN)
    shelf.breaking.write_text("# What it is.\n")
    return shelf


def export(shelf: Shelf, how: str, graph: str) -> int:
    return export_schema.main([how] if how else [], shelf, graph)


WITHOUT_TITLE = now("  title: String\n", "")


def test_an_unrecorded_change_stops_the_check_and_says_how_to_record_it(
    shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(shelf, "", WITHOUT_TITLE) == 0
    assert export(shelf, "--check", WITHOUT_TITLE) == 1
    said = capsys.readouterr().out
    assert "nobody recorded it: Field Query.title was removed." in said
    advice = said[said.index("[[change]]") :].replace('"..."', '"Decided."')
    shelf.breaking.write_text(advice)  # it can be copied as it stands
    assert export(shelf, "--check", WITHOUT_TITLE) == 0


def test_a_recorded_change_passes_until_it_is_published(shelf: Shelf) -> None:
    shelf.breaking.write_text(RECORD)
    assert export(shelf, "", WITHOUT_TITLE) == 0
    assert export(shelf, "--check", WITHOUT_TITLE) == 0
    assert export(shelf, "--publish", WITHOUT_TITLE) == 0
    assert shelf.published.read_text() == shelf.current.read_text() == WITHOUT_TITLE
    assert shelf.breaking.read_text() == "# What it is.\n"
    assert export(shelf, "--check", WITHOUT_TITLE) == 0


def test_what_nobody_decided_cannot_be_published(shelf: Shelf) -> None:
    assert export(shelf, "--publish", WITHOUT_TITLE) == 1
    assert shelf.published.read_text() == shelf.current.read_text() == KNOWN


def test_a_record_of_what_does_not_happen_is_stale(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    shelf.breaking.write_text(RECORD)
    assert export(shelf, "--check", KNOWN) == 1
    assert "does not happen (any more): Field Query.title was removed." in capsys.readouterr().out


def test_a_stale_export_stops_the_check(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    assert export(shelf, "--check", WITHOUT_TITLE) == 1
    assert "schema.graphql is stale" in capsys.readouterr().out


def test_surprises_are_listed_and_pass(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    grown = now("NAME, LUCK", "NAME, LUCK, AGE")
    assert export(shelf, "", grown) == 0
    assert export(shelf, "--check", grown) == 0
    assert capsys.readouterr().out == "may surprise a client: Enum value Order.AGE was added.\n"


@pytest.mark.parametrize(
    "entry",
    [
        "[[change]",
        "[change]\ntext = 'x'",
        "[[changes]]\ntext = 'x'\ndate = 2026-11-24\nreason = 'y'",
        "[[change]]\ntext = 'x'\nreason = 'y'",
        "[[change]]\ntext = 'x'\ndate = '2026-11-24'\nreason = 'y'",
        "[[change]]\ntext = 'x'\ndate = 2026-11-24\nreason = ' '",
        "[[change]]\ntext = 'x'\ndate = 2026-11-24\nreason = 'y'\nby = 'z'",
    ],
)
def test_a_record_without_a_date_or_a_reason_is_none(shelf: Shelf, entry: str) -> None:
    shelf.breaking.write_text(entry)
    with pytest.raises(Hindrance, match=r"breaking\.toml"):
        recorded(shelf.breaking)
    assert export(shelf, "--check", KNOWN) == 1
