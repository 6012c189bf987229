"""What can the user set in the editor?"""

from __future__ import annotations

from typing import Any

import msgspec

from ..config import Settings
from ..errors import UserError


class Options(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """The settings of the editor. Those of rules come before the project's configuration.

    `configuration` is the path of a configuration file for all projects; `open_files_only` leaves
    out findings in files that are not open.
    """

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fastapi_version: str | None = None
    configuration: str | None = None
    open_files_only: bool = False

    def applied_to(self, settings: Settings) -> Settings:
        """The settings of a project as the user of the editor wants them."""
        changes = {
            "select": self.select,
            "extend_select": self.extend_select,
            "ignore": self.ignore,
            "fastapi_version": self.fastapi_version,
        }
        given = {key: value for key, value in changes.items() if value not in (None, ())}
        return msgspec.structs.replace(settings, **given)


def read(value: Any) -> Options:
    """Read what a client sends: the options, alone or under `fastapi-lint`. Raises `UserError`."""
    if isinstance(value, dict) and "fastapi-lint" in value:
        value = value["fastapi-lint"]
    if value is None:
        return Options()
    try:
        return msgspec.convert(value, Options)
    except msgspec.ValidationError as error:
        raise UserError(f"settings of the editor: {error}") from None
