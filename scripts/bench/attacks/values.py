"""Values that no variable, literal or name should have."""

import json

from scripts.bench.attacks import BAD, NAME, asked, nested, sent

SIGN_IN_AS = "mutation { signInWithWechat(input: {code: %s}) { ... on Refused { reasons { code } } } }"
SIGN_IN = SIGN_IN_AS.replace("mutation", "mutation ($code: String!)").replace("%s", "$code")
DIGITS = "9" * 5000

VALUES = [
    asked("5,000 digits in the document", f"{{ lawyers(first: {DIGITS}) {{ nodes {{ id }} }} }}", BAD),
    asked("5,000 digits as an enum", f"{{ lawyers(orderBy: {DIGITS}) {{ nodes {{ id }} }} }}", BAD),
    asked("5,000 digits as an id", f"{{ node(id: {DIGITS}) {{ id }} }}", "200 BAD_ID"),
    asked("1e999", "{ lawyers(first: 1e999) { nodes { id } } }", BAD),
    sent(
        "5,000 digits in a variable",
        b'{"query": "query ($n: Int) { lawyers(first: $n) { nodes { id } } }", "variables": {"n": %s}}'
        % DIGITS.encode(),
        BAD,
        "400 BAD_REQUEST",
    ),
    sent("1e999 in a variable", b'{"query": "{ __typename }", "variables": {"n": 1e999}}', "400 BAD_REQUEST", "200"),
    asked(
        "100,000 ids",
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
        "400 TOO_MANY_VALUES",
        "200 TOO_MANY_IDS",
        BAD,
        variables={"ids": ["x"] * 100_000},
    ),
    asked(
        "100,000 ids that are none",
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
        "400 TOO_MANY_VALUES",
        BAD,
        variables={"ids": [True] * 100_000},
    ),
    asked(
        "variables 900 deep",
        "query ($f: LawyerFilter) { lawyers(filter: $f) { nodes { id } } }",
        BAD,
        variables={"f": json.loads(nested('{"a":', "1", "}", 900))},
    ),
    asked(
        "60,000 variables nobody declared",
        NAME,
        "200",
        "400 TOO_MANY_VALUES",
        variables={f"v{n}": n for n in range(60_000)},
    ),
    asked(
        "a text of 900,000 letters, read for persons",
        "query ($b: String!) { personalDetails(body: $b) { __typename } }",
        "200 TOO_LONG",
        variables={"b": "1" * 900_000},
    ),
    asked(
        "100,000 characters, read for danger",
        "query ($b: String!) { safetyCards(body: $b) { __typename } suggestCategories(body: $b) { __typename } }",
        "200 TOO_LONG",
        variables={"b": "我" * 100_000},
    ),
    asked("a NUL in the document", "{ \x00 __typename }", BAD),
    asked("a NUL as an operation's name", f"query A {NAME}", "400 NO_SUCH_OPERATION", operationName="\x00"),
    asked("a name of 900,000 letters", f"query A {NAME}", "400 NO_SUCH_OPERATION", operationName="A" * 900_000),
    asked("a NUL in a variable", SIGN_IN, "200 BAD_TEXT", variables={"code": "\x00"}),
    asked("a NUL in a literal", SIGN_IN_AS % r'"\u0000"', "200 BAD_TEXT"),
    asked("a lone surrogate in a literal", SIGN_IN_AS % r'"\ud800"', BAD),
    *(
        sent(f"a lone surrogate in {where}", b"{%s}" % said, "400 BAD_REQUEST")
        for where, said in (
            ("the document", rb'"query": "{ node(id: \"\ud800\") { id } }"'),
            ("the operation's name", rb'"query": "{ __typename }", "operationName": "\udfff"'),
            ("a variable", rb'"query": "{ __typename }", "variables": {"a": "\ud800"}'),
            ("a variable's name", rb'"query": "{ __typename }", "variables": {"\ud800": 1}'),
        )
    ),
]
