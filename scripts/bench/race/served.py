"""The house as it is raced: `python -m scripts.bench.race.served --port 8001 [--open] [--stock]`, with the environment
of `app.serve`.

`--open`: nothing is sealed and no key is wrapped (the database that it is given has no policy in its way either).
`--stock`: operations run on graphql-core, and of what is shared everybody has an execution of her own.
Nothing of this is in `app/`: it is put together here.
"""

# ruff: noqa: I001
import argparse
import sys

from app.serve import Server, configured, let_be  # first: it puts the collector of garbage off while all is imported

from app import main as house
from app.core import sealing
from app.graph import measure
from app.outside.keys import FileKeys
from app.settings import Settings

PLAIN = b"\x00"


def plain_seal(key: bytes, plain: bytes, place: str) -> bytes:
    return PLAIN + plain


def plain_open(key: bytes, sealed: bytes, place: str) -> bytes:
    return sealed[1:]


class OpenKeys(FileKeys):
    """Data keys lie there as they are; tokens are signed as ever."""

    def wrap(self, data_key: bytes, place: str) -> tuple[str, bytes]:
        return "none", data_key

    def unwrap(self, name: str, wrapped: bytes, place: str) -> bytes:
        return wrapped


class Never:
    """What no field says of itself."""


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench.race.served")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--open", action="store_true")
    parser.add_argument("--stock", action="store_true")
    chosen = parser.parse_args(arguments)
    if chosen.open:
        vars(sealing).update(seal_bytes=plain_seal, open_bytes=plain_open)
        vars(house)["FileKeys"] = OpenKeys
    settings = Settings(executor="graphql-core" if chosen.stock else "compiled")
    if chosen.stock:
        vars(measure)["Shared"] = Never
    app = house.create_app(settings)
    let_be()
    Server(configured(app, settings, host="127.0.0.1", port=chosen.port), app.state.life, 0).run()


if __name__ == "__main__":
    main(sys.argv[1:])
