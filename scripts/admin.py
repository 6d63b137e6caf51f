"""Makes the first administrator of a house that is not a demo; with `--role supervisor`, a supervisor:

    python -m scripts.admin --phone 13800000000

Prints once what to sign in with: a name, a password and the secret of a second factor. Twice makes no difference, but
with `--anew`, which gives another password and another secret.
"""

import argparse
import asyncio
import sys

from sqlalchemy.exc import SQLAlchemyError

from app.accounts.actions.appointing import Appointed, appoint, equip
from app.accounts.rules.staff import enrolment_uri, login_name
from app.core.access import Role
from app.core.db import NOBODY, Database, connect
from app.core.errors import Refused
from app.outside.keys import FileKeys
from scripts.owner import as_owner

OFFICES = {"administrator": Role.ADMIN, "supervisor": Role.SUPERVISOR}


def main(arguments: list[str]) -> int:
    chosen = _options(arguments)
    try:
        made = asyncio.run(_appoint(chosen, FileKeys(chosen.keys_dir)))
    except FileNotFoundError:
        # New keys would be worse than none: the house would never find the number under them.
        print(
            f"There is no keys.json in {chosen.keys_dir}. Name the folder that the house itself uses.", file=sys.stderr
        )
        return 1
    except Refused as refused:
        print("; ".join(reason.code.en for reason in refused.reasons), file=sys.stderr)
        return 1
    except (SQLAlchemyError, OSError) as fault:
        print(f"The database refused: {type(getattr(fault, 'orig', None) or fault).__name__}.", file=sys.stderr)
        return 1
    ending = chosen.phone.strip()[-4:]
    print(f"The number that ends in {ending} is appointed {chosen.role}.")
    if made is None:
        print("She signs in as before.")
        return 0
    login = made.enrolment.login
    print(f"""
This is shown once:
  login     {login}
  password  {made.password}
  secret    {made.enrolment.secret}
  otpauth   {enrolment_uri(made.enrolment.secret, login)}

Put the secret into an authenticator app, call confirmTotp with its first code, then changePassword.""")
    return 0


async def _appoint(chosen: argparse.Namespace, keys: FileKeys) -> Appointed | None:
    owner = Database(connect(chosen.owner_url, pool=1))
    try:
        async with owner.acting(NOBODY) as session:
            person = await appoint(session, keys, chosen.phone, [OFFICES[chosen.role]])
            return await equip(session, keys, person, chosen.login or chosen.role, anew=chosen.anew)
    finally:
        await owner.engine.dispose()


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts.admin", description="Makes an administrator or a supervisor.")
    parser.add_argument("--phone", required=True, help="a mobile number of mainland China")
    parser.add_argument("--role", choices=OFFICES, default="administrator")
    parser.add_argument("--login", help="3 to 32 letters, digits, '.', '_' or '-' (default: the role)", type=_login)
    parser.add_argument("--anew", action="store_true", help="another password and secret in place of those she has")
    return as_owner(parser, arguments, keys=True)


def _login(said: str) -> str:
    if login_name(said) is None:
        raise argparse.ArgumentTypeError("no login name")
    return said


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
