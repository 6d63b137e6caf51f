"""The telephones of one test alone, so that it can look at what came to them."""

from tests.accounts.conftest import doors, providers, town

__all__ = ["doors", "providers", "town"]
