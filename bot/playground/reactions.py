"""What Slack does with the body of an ack."""

from __future__ import annotations

from typing import Any

from .core import Core
from .delivery import Delivery
from .methods.views import checked, push, update
from .model import Channel, Installation, Json, SlackError, View
from .respond import say


def show_command_ack(
    core: Core, install: Installation, channel: Channel, user: str, delivery: Delivery
) -> None:
    """Text or blocks in the ack of a command become a message, ephemeral by default."""
    body: Any = delivery.body
    if not body:
        return
    content: Json = body if isinstance(body, dict) else {"text": str(body)}
    try:
        delivery.message = say(core, install, channel, user, content)
    except SlackError as error:
        delivery.error = error.code
        delivery.reason = "; ".join(error.extra.get("errors", ()))
        core.world.note_for(install.team_id, user, f"the app answered wrongly: {error.code}")


def apply_submission(core: Core, install: Installation, view: View, body: Any) -> None:
    """Close, or show errors, or update, push, clear as the app asked."""
    if not body:
        core.world.close_view(view)
        return
    if not isinstance(body, dict):
        raise SlackError("invalid_response_body")
    action = body.get("response_action")
    if action == "clear":
        for one in list(core.world.teams[view.team_id].stacks.get(view.user, ())):
            core.world.close_view(one)
    elif action == "errors":
        _errors(core, view, body.get("errors"))
    elif action == "update":
        update(core, view, checked(core, install, body.get("view"), "modal"))
    elif action == "push":
        push(core, install, view.user, checked(core, install, body.get("view"), "modal"))
    elif action is None:
        core.world.close_view(view)
    else:
        raise SlackError("invalid_response_action")


def _errors(core: Core, view: View, errors: Any) -> None:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not inputs.issuperset(errors):
        unknown = sorted(set(errors or ()) - inputs)
        raise SlackError("invalid_response_errors", errors=[f"no input block {unknown}"])
    view.errors = {str(block): str(message) for block, message in errors.items()}
    core.world.changed("view_errors", view.team_id, view)
