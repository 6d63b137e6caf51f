"""Who asks, by their own word; whoever says nothing, or something odd, is unknown."""

import pytest

from app.graph.clients import UNKNOWN, Client, client_of, client_of_headers


@pytest.mark.parametrize("said", ["miniprogram/1.4.2", "lawyers-app/2026.11+build.7", "a/0", f"{'a' * 32}/{'1' * 32}"])
def test_a_name_and_a_version(said: str) -> None:
    assert client_of(said) == Client(*said.split("/"))


@pytest.mark.parametrize(
    "said",
    [
        *("", "/", "miniprogram", "miniprogram/", "/1.4.2", "Miniprogram/1.4.2", "小程序/1.4.2", "miniprogram/1.4.2/3"),
        *("miniprogram/1.4.2\n", " miniprogram/1.4.2", "miniprogram/1 4", f"{'a' * 33}/1", f"a/{'1' * 33}"),
        *("(unknown)/1", "miniprogram/١", None, 5, ["miniprogram/1.4.2"], {"name": "miniprogram"}),
    ],
)
def test_anything_else_is_unknown(said: object) -> None:
    assert client_of(said) is UNKNOWN


def test_apollos_headers_will_do_where_ours_is_not_sent() -> None:
    apollo = {"apollographql-client-name": "web", "apollographql-client-version": "3.0.1"}
    assert client_of_headers(apollo) == Client("web", "3.0.1")
    assert client_of_headers(apollo | {"x-client": "miniprogram/1.4.2"}) == Client("miniprogram", "1.4.2")
    assert client_of_headers(apollo | {"x-client": "what?"}) is UNKNOWN
    assert client_of_headers({"apollographql-client-name": "web"}) is UNKNOWN
    assert client_of_headers({}) is UNKNOWN
