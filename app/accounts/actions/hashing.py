"""Passwords become argon2id hashes in two threads of their own: no flood of them takes the house's processors away.

Parameters are argon2-cffi's own, RFC 9106's second recommended option: 64 MiB, three passes, four lanes.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.accounts.rules.passwords import LENGTH, plain
from app.core.texts import unstorable

THREADS = 2
_THREADS = ThreadPoolExecutor(THREADS, thread_name_prefix="argon2")
_HASHER = PasswordHasher()
NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5cyBzYWx0IQ$CzmKQ820/QbMImpFcAfreqLu4e+iFN0y4ZpX51JFW7I"
"""What the password of whoever does not exist is compared with, at the same price."""


async def hashed(password: str) -> str:
    """In the PHC string format."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _HASHER.hash, plain(password))


async def fits(hash: str | None, password: str) -> bool:
    """Whether it is the password; without a hash never, and not a moment sooner."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _fits, hash, plain(password))


def _fits(hash: str | None, password: str) -> bool:
    if len(password) > LENGTH[1] or unstorable(password):
        hash, password = None, ""  # nobody's
    try:
        return _HASHER.verify(hash or NOBODYS, password) and hash is not None
    except (VerificationError, InvalidHashError):
        return False
