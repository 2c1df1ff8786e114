"""Golden files for views: what people see is written down, and held to Slack's limits.

`UPDATE_GOLDEN=1 make test` writes the files anew; read the difference before committing it.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slack_sdk.models.blocks import Block

from bot.playground.blocks import check_message, check_view, too_long
from bot.views.kit import Home, Message, Modal

FOLDER = Path(__file__).parent / "golden_views"

FORBIDDEN = re.compile(
    r"\b(stakeholders?|pulses?|cycles?|nudges?|standings?|commitments?|barriers?|outbox|slots?"
    r"|step back|attention budget|objectives?|priorit(y|ies)|resist\w*|nod|nods|nodd\w*"
    r"|hesitant|score[sd]?|visibility"
    r"|champions?|supportive|neutral|unclear|probabilit\w*|likelihoods?|positions?|rank\w*"
    r"|thresholds?|posteriors?|percentiles?|bought[- ]in|yes[- ]sa(y|id)\w*)\b",
    re.IGNORECASE,
)
"""The left column of the glossary, words that judge, and how one comes by them: nobody reads
those. The owner's own question 'why now and whose priority is it' is the one
exception, see `ALLOWED`."""

ALLOWED = ("whose priority",)


def assert_golden(name: str, view: Message | Modal | Home) -> None:
    """Hold `view` against its golden file, Slack's limits and the words people may read."""
    shown = _payload(view)
    assert not _breaches(view, shown), _breaches(view, shown)
    assert not (bad := list(forbidden_words(shown))), f"{name} shows {bad}"
    written = json.dumps(shown, indent=1, ensure_ascii=False) + "\n"
    path = FOLDER / f"{name}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(written, encoding="utf-8")
    assert path.exists(), f"no golden file {path.name}: run UPDATE_GOLDEN=1 make test"
    assert written == path.read_text(encoding="utf-8"), f"{name} changed; see {path}"


def forbidden_words(shown: Any) -> Iterator[str]:
    """Yield words of the code that a person would read in `shown`."""
    for text in _texts(shown):
        for exception in ALLOWED:
            text = text.replace(exception, "")
        yield from (match.group(0) for match in FORBIDDEN.finditer(text))


def _payload(view: Message | Modal | Home) -> dict[str, Any]:
    if isinstance(view, Message):
        return {"text": view.text, "blocks": list(view.blocks)}
    return view.payload()


def _breaches(view: Message | Modal | Home, shown: dict[str, Any]) -> list[str]:
    blocks = shown["blocks"]
    report = check_message(blocks) if isinstance(view, Message) else check_view(shown)
    breaches = [str(error) for error in report.errors]
    if isinstance(view, Message):
        if len(view.text.strip()) < 8:
            breaches.append("text says too little for a notification")
        if too_long(blocks):
            breaches.append("blocks are longer than Slack takes")
    for block in Block.parse_all(blocks):
        block.validate_json()
    return breaches


def _texts(shown: Any) -> Iterator[str]:
    if isinstance(shown, dict):
        for name, value in shown.items():
            if name in ("text", "accessibility_label", "alt_text") and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(shown, list):
        for value in shown:
            yield from _texts(value)
