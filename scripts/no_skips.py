"""A pytest plugin (`-p scripts.no_skips`): a test that is skipped, or expected to fail, fails."""

from collections.abc import Generator
from typing import TypeVar

import pytest

AnyReport = TypeVar("AnyReport", pytest.TestReport, pytest.CollectReport)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _no_skip((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _no_skip((yield))


def _no_skip(report: AnyReport) -> AnyReport:
    if report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = f"nothing may be skipped: {report.longrepr}"
        # Otherwise pytest counts it among the failures it expected.
        vars(report).pop("wasxfail", None)
    return report
