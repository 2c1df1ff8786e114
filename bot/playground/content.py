"""What may stand in a message: text, blocks, attachments, metadata, files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlparse

from .api import details
from .blocks import check_message, fill_ids, too_long
from .blocks.schema import Report
from .core import Core
from .model import Installation, Json, SlackError

POST_CHARACTERS = 40_000
UPDATE_CHARACTERS = 4_000
ATTACHMENTS = 100
METADATA_BYTES = 16_384
NO_TEXT = "This content can't be displayed."


@dataclass(slots=True)
class Content:
    """A message's checked content; None means that it was not given."""

    text: str | None
    blocks: list[Json] | None
    attachments: list[Json] | None
    metadata: Json | None

    @property
    def empty(self) -> bool:
        """Nothing that Slack could show."""
        return not (self.text or self.blocks or self.attachments)

    @property
    def shown(self) -> str:
        """The top-level text, as Slack fills it in when only blocks were given."""
        return self.text or (NO_TEXT if self.blocks else "")


def read(
    core: Core, install: Installation, data: Json, longest: int, *, ephemeral: bool = False
) -> Content:
    """Check everything the way Slack does; ``data`` holds parsed JSON."""
    text = data.get("text")
    content = Content(
        None if text is None else str(text),
        _blocks(core, install, data.get("blocks"), ephemeral),
        _attachments(data.get("attachments")),
        _metadata(data.get("metadata")),
    )
    if content.text is not None and len(content.text) > longest:
        raise SlackError("msg_too_long")
    return content


def _blocks(core: Core, install: Installation, blocks: Any, ephemeral: bool) -> list[Json] | None:
    if blocks is None:
        return None
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise SlackError("invalid_blocks_format")
    report = check_message(blocks)
    check_files(core, install, report, ephemeral=ephemeral)
    if report.errors:
        raise details("invalid_blocks", report.errors)
    if too_long(blocks):
        raise SlackError("msg_blocks_too_long")
    return fill_ids(blocks)


def check_files(
    core: Core, install: Installation, report: Report, *, ephemeral: bool = False
) -> None:
    """Every ``slack_file`` must be a complete picture that this app may show.

    Nothing shares a file with somebody through an ephemeral message.
    """
    for path, reference in report.files:
        if ephemeral or not _file_visible(core, install, reference):
            report.fail("invalid slack file", path)


def _file_visible(core: Core, install: Installation, reference: Json) -> bool:
    file_id = str(reference.get("id") or "")
    if reference.get("url"):
        parts = urlparse(str(reference["url"])).path.strip("/").split("/")
        file_id = parts[1] if len(parts) > 1 and parts[0] == "files" else ""
    stored = core.world.files.get(file_id)
    if stored is None or stored.team_id != install.team_id or not stored.complete:
        return False
    if core.timing.monotonic() < stored.ready_at or not stored.is_picture:
        return False
    return stored.app_id == install.app_id or bool(stored.channels)


def _attachments(found: Any) -> list[Json] | None:
    if found is None:
        return None
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise SlackError("invalid_attachments")
    if len(found) > ATTACHMENTS:
        raise SlackError("too_many_attachments")
    return found


def _metadata(found: Any) -> Json | None:
    if found is None:
        return None
    if not isinstance(found, dict):
        raise SlackError("invalid_metadata_format")
    event_type, payload = found.get("event_type"), found.get("event_payload")
    if not isinstance(event_type, str) or not event_type or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(payload)) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return found
