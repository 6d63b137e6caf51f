"""What lawyers who are offered a question may know of it before they claim it: its category, its town and tags."""

from collections.abc import Sequence

LIMIT = 80
RUN = 6
PLAIN = "法律咨询"


def brief_for(category_zh: str, town_name: str, tags: Sequence[str], body: str) -> str:
    """At most 80 characters that share no run of 6 with the body: 劳动社保（克井镇）：欠薪、加班费.

    A part that would break either bound is left out; with nothing left the brief is 法律咨询.
    """
    runs = _runs(body)

    def fits(text: str) -> bool:
        return len(text) <= LIMIT and runs.isdisjoint(_runs(text))

    category = category_zh if category_zh and fits(category_zh) else PLAIN
    town = town_name if fits(_worded(category, town_name, [])) else ""
    kept: list[str] = []
    for tag in dict.fromkeys(tags):
        if tag and fits(_worded(category, town, [*kept, tag])):
            kept.append(tag)
    return _worded(category, town, kept)


def _worded(category: str, town: str, tags: Sequence[str]) -> str:
    return category + (f"（{town}）" if town else "") + (f"：{'、'.join(tags)}" if tags else "")


def _runs(text: str) -> set[str]:
    return {text[start : start + RUN] for start in range(len(text) - RUN + 1)}
