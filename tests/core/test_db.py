"""Addresses as they are handed out."""

from app.core.db import address


def test_an_address_says_sslmode_as_libpq_does() -> None:
    """Hosted databases are handed out so; asyncpg, called by keyword, knows the same words by another name."""
    told = address("postgresql://app_api:p%40ss@db.city.cn:5432/legal?sslmode=verify-full&application_name=house")
    assert told.drivername == "postgresql+asyncpg"
    assert dict(told.query) == {"ssl": "verify-full", "application_name": "house"}
    assert told.password == "p@ss"
    assert "ssl" not in address("postgresql://app_api@db.city.cn/legal").query
