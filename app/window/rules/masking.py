"""How names and numbers are shown at a window: enough to see that it is she."""

from app.applications.rules.forms.identity import masked as number

__all__ = ["name", "number", "phone"]


def name(said: str) -> str:
    """Her first character, and how many follow: 王小明 is 王**."""
    said = said.strip()
    return said[:1] + "*" * (len(said) - 1)


def phone(said: str) -> str:
    """The last four digits."""
    digits = said.removeprefix("+86")
    return "*" * max(len(digits) - 4, 0) + digits[-4:] if len(digits) > 4 else "*" * len(digits)
