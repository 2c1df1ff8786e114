"""What the block builders of others refuse is refused here too, and what they build passes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import blockkit as untyped_blockkit
import pytest
import slackblocks

from bot.playground.blocks import check_message, check_view

from .helpers import actions, button, field, modal, option, plain, section

blockkit: Any = untyped_blockkit


def test_what_blockkit_builds_passes() -> None:
    message = (
        blockkit.Message()
        .add_block(blockkit.Section("Hello *there*").accessory(blockkit.Button("Go").value("1")))
        .add_block(blockkit.Actions().add_element(blockkit.Button("Yes").action_id("yes")))
        .add_block(blockkit.Divider())
        .build()
    )
    assert check_message(message["blocks"]).errors == []


def test_what_slackblocks_builds_passes() -> None:
    blocks = [
        slackblocks.HeaderBlock("Title"),
        slackblocks.SectionBlock("Text"),
        slackblocks.ActionsBlock([slackblocks.Button("Go", action_id="go", value="1")]),
        slackblocks.DividerBlock(),
    ]
    assert check_message([block._resolve() for block in blocks]).errors == []


REFUSED: list[tuple[str, Callable[[], Any], Any]] = [
    ("section", lambda: slackblocks.SectionBlock("x" * 3001), section("x" * 3001)),
    ("header", lambda: slackblocks.HeaderBlock("x" * 151),
     {"type": "header", "text": plain("x" * 151)}),
    ("button", lambda: slackblocks.Button("x" * 76, action_id="a"), actions(button("x" * 76))),
    ("value", lambda: slackblocks.Button("x", action_id="a", value="x" * 2001),
     actions(button("x", value="x" * 2001))),
    ("option", lambda: slackblocks.Option("x" * 76, "v"),
     actions({"type": "static_select", "options": [option("v", "x" * 76)]})),
    ("blockkit header", lambda: blockkit.Header("x" * 151).build(),
     {"type": "header", "text": plain("x" * 151)}),
    ("blockkit button", lambda: blockkit.Button("x" * 76).build(), actions(button("x" * 76))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("build", "block"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_they_refuse_is_refused(build: Callable[[], Any], block: Any) -> None:
    with pytest.raises(Exception, match=r".+"):
        build()
    assert check_message([block]).errors != []


def test_a_modal_of_blockkit_passes() -> None:
    view = (
        blockkit.Modal()
        .title("Form")
        .submit("Save")
        .add_block(blockkit.Input("Name").element(blockkit.PlainTextInput().action_id("a")))
        .build()
    )
    assert check_view(view).errors == []
    assert check_view(modal(field("b"), title=plain("x" * 25))).errors != []
