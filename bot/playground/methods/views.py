"""``views.*``: modals and the Home tab."""

from __future__ import annotations

import json
from typing import Any

from bot.playground.api import Call, details, method
from bot.playground.blocks import check_view, fill_ids
from bot.playground.content import check_files
from bot.playground.core import Core
from bot.playground.forms import keep_inputs, stateful
from bot.playground.model import Installation, Json, SlackError, Trigger, View
from bot.playground.objects import view_json
from bot.playground.world import view_snapshot

STACK = 3
VIEW_BYTES = 250_000
_FIELDS = ("title", "submit", "close")
_TEXTS = ("private_metadata", "callback_id", "external_id")
_FLAGS = ("clear_on_close", "notify_on_close")


def checked(core: Core, install: Installation, view: Any, kind: str) -> Json:
    """A view that Slack would take, with ids filled in."""
    report = check_view(view)
    if isinstance(view, dict) and view.get("type") != kind and not report.errors:
        report.fail("must be a valid enum value", "/view/type")
    check_files(core, install, report)
    if report.errors:
        raise details("invalid_arguments", report.errors)
    if len(json.dumps(view)) > VIEW_BYTES:
        raise SlackError("view_too_large")
    return {**view, "blocks": fill_ids(view["blocks"])}


def fill(core: Core, view: View, data: Json) -> None:
    """Put checked content into a view; entered values stay where ids stay."""
    view.blocks = data["blocks"]
    for name in _FIELDS:
        setattr(view, name, data.get(name))
    for name in _TEXTS:
        setattr(view, name, data.get(name) or "")
    for name in _FLAGS:
        setattr(view, name, bool(data.get(name)))
    view.inputs = keep_inputs(view.inputs, view.blocks)
    view.errors = {}
    _current_conversation(view)
    view.hash = core.world.new_hash()
    view.history.append(view_snapshot(view, core.world.now()))


def _current_conversation(view: View) -> None:
    if view.origin_channel is None:
        return
    for block, element in stateful(view.blocks):
        if element.get("default_to_current_conversation"):
            state = {
                "type": element["type"],
                "selected_conversation": view.origin_channel,
            }
            known = view.inputs.setdefault(block["block_id"], {})
            known.setdefault(element["action_id"], state)


def new_view(core: Core, install: Installation, user: str, data: Json, kind: Any) -> View:
    """A view that is not shown yet."""
    view = View(
        core.world.new_id("V"),
        install.team_id,
        install.app_id,
        install.bot_id,
        user,
        kind,
        [],
        "",
    )
    view.root_view_id = view.id
    fill(core, view, data)
    core.world.views[view.id] = view
    return view


def show(core: Core, view: View, stack: list[View]) -> View:
    """Put a modal on top of a person's stack."""
    if stack:
        view.root_view_id, view.previous_view_id = stack[0].id, stack[-1].id
    stack.append(view)
    core.world.changed("view_opened", view.team_id, view)
    return view


def stack_of(core: Core, view: View) -> list[View]:
    """The stack that holds a person's modals."""
    return core.world.teams[view.team_id].stacks.setdefault(view.user, [])


def push(core: Core, install: Installation, user: str, data: Json) -> View:
    """Push a checked view; at most two above the first."""
    stack = core.world.teams[install.team_id].stacks.setdefault(user, [])
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= STACK:
        raise SlackError("push_limit_reached")
    return show(core, new_view(core, install, user, data, "modal"), stack)


def update(core: Core, view: View, data: Json) -> View:
    """Replace an open view."""
    fill(core, view, data)
    core.world.changed("view_updated", view.team_id, view)
    return view


def _trigger(call: Call) -> Trigger:
    trigger_id = call.text("trigger_id") or call.text("interactivity_pointer")
    if not trigger_id:
        raise details(
            "invalid_arguments", ["missing required field: trigger_id [json-pointer:/trigger_id]"]
        )
    timing = call.core.timing
    return call.core.world.exchange(
        trigger_id, call.app.id, timing.monotonic(), timing.trigger_life
    )


def _view_argument(call: Call, kind: str) -> Json:
    return checked(call.core, call.installed, call.data("view"), kind)


def _unique_external(call: Call, data: Json, own: View | None = None) -> None:
    external = data.get("external_id")
    if not external:
        return
    for view in call.core.world.views.values():
        same = view.external_id == external and view.team_id == call.team.id
        if same and view is not own and view.is_open:
            raise SlackError("duplicate_external_id")


@method("views.open", tier=4)
def open_view(call: Call) -> Json:
    """Open a modal within three seconds of what the person did."""
    data = _view_argument(call, "modal")
    _unique_external(call, data)
    trigger = _trigger(call)
    stack = call.team.stacks.setdefault(trigger.user, [])
    for old in list(stack):
        call.core.world.close_view(old)
    view = new_view(call.core, call.installed, trigger.user, data, "modal")
    view.origin_channel = trigger.channel
    _current_conversation(view)
    return {"view": view_json(show(call.core, view, stack))}


@method("views.push", tier=4)
def push_view(call: Call) -> Json:
    """Put a modal on top of an open one."""
    data = _view_argument(call, "modal")
    _unique_external(call, data)
    trigger = _trigger(call)
    if trigger.view_id is None:
        raise SlackError("invalid_trigger_id")
    return {"view": view_json(push(call.core, call.installed, trigger.user, data))}


def _find(call: Call) -> View:
    view_id, external = call.text("view_id"), call.text("external_id")
    found = call.core.world.views.get(view_id)
    if external:
        known = call.core.world.views.values()
        matches = [v for v in known if v.external_id == external and v.is_open]
        found = matches[-1] if matches else None
    if found is None or not found.is_open or found.app_id != call.app.id:
        raise SlackError("not_found")
    if found.team_id != call.team.id:
        raise SlackError("not_found")
    return found


def _same_hash(call: Call, view: View) -> None:
    if call.text("hash") and call.text("hash") != view.hash:
        raise SlackError("hash_conflict")


@method("views.update", tier=4)
def update_view(call: Call) -> Json:
    """Replace an open modal (or the Home view)."""
    view = _find(call)
    data = _view_argument(call, view.kind)
    _unique_external(call, data, view)
    _same_hash(call, view)
    return {"view": view_json(update(call.core, view, data))}


@method("views.publish", tier=4)
def publish(call: Call) -> Json:
    """Set a person's Home tab."""
    if not call.app.home_tab:
        raise SlackError("not_enabled")
    data = _view_argument(call, "home")
    user = call.user(call.text("user_id"))
    key = (call.app.id, user.id)
    view = call.team.homes.get(key)
    if view is None:
        view = new_view(call.core, call.installed, user.id, data, "home")
        call.team.homes[key] = view
    else:
        _same_hash(call, view)
        fill(call.core, view, data)
    call.core.world.changed("home_published", call.team.id, view)
    return {"view": view_json(view)}
