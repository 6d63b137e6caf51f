"""An operation's looks wait for each other: whoever looks must not wait for another look."""

import ast

from tests.house.source import APP, files, place, said


def looks(tree: ast.AST) -> list[tuple[ast.AsyncWith, str]]:
    """Where somebody looks, and what her session is called."""
    blocks = [node for node in ast.walk(tree) if isinstance(node, ast.AsyncWith)]
    return [(block, name.id) for block in blocks for item in block.items if (name := _looks(item))]


def _looks(item: ast.withitem) -> ast.Name | None:
    match item:
        case ast.withitem(ast.Call(ast.Attribute(attr="read" | "look")), ast.Name() as name):
            return name
    return None


def awaits_another(look: ast.AsyncWith, session: str) -> list[ast.expr | ast.stmt]:
    """What is awaited there without the session, or with all that an operation carries."""
    found: list[ast.expr | ast.stmt] = []
    for node in ast.walk(ast.Module(look.body, [])):
        if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith):
            call = node.value if isinstance(node, ast.Await) else node
            given = [one.value if isinstance(one, ast.keyword) else one for one in _arguments(call)]
            whole = {ast.unparse(one) for one in given} & {"info", "context", "self.context", "info.context"}
            named = {one.id for one in ast.walk(call) if isinstance(one, ast.Name)}
            if whole or session not in named or ".loader(" in ast.unparse(call):
                found.append(node)
    return found


def _arguments(call: ast.AST) -> list[ast.expr | ast.keyword]:
    return [*call.args, *call.keywords] if isinstance(call, ast.Call) else []


def test_who_looks_awaits_nothing_but_her_session() -> None:
    seen, wrong = 0, []
    for path in files(APP):
        if path == APP / "graph" / "context.py":
            continue  # it is what gives the session
        for look, session in looks(ast.parse(said(path))):
            seen += 1
            wrong += [place(path, node) for node in awaits_another(look, session)]
    assert seen > 150
    assert wrong == []


def test_such_a_wait_is_found() -> None:
    bad = """
async def a(info):
    async with info.context.read() as session:
        row = await reads.one(session, viewer(info))
        await info.context.loader(Other).load(row.id)
        await promise_of(info, row)
        await promise_of(session, context=info.context)
        async with info.context.read() as other:
            await reads.two(other)
"""
    ((look, session), (_, other)) = looks(ast.parse(bad))
    assert sorted(node.lineno for node in awaits_another(look, session)) == [5, 6, 7, 8, 9]
    assert other == "other"
