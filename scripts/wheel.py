"""Hatchling's hook: a wheel has the built pages in it, so that where it is installed neither Node nor npm is needed."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BuildPages(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        # A build has the project's folder as a folder, not on its path.
        sys.path.insert(0, str(Path(self.root)))
        from scripts.build_pages import build  # noqa: PLC0415

        build()
        build_data["artifacts"].append("/app/pages/built/**")
