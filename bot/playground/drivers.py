"""A person with Slack open: sees what they would see, does what they could do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import payloads
from .delivery import Delivery
from .forms import CannotDo, FormIncomplete, Found, choose, find, find_input, problems
from .model import Channel, Installation, Json, Message, SlackError, SlackUser, Team, View
from .objects import message_json, view_json
from .reactions import apply_submission, show_command_ack
from .readable import Reader

if TYPE_CHECKING:
    from .server import Playground

Target = Message | View
_MESSAGE_EVENTS = {
    "public": ("channel", "message.channels", "channels:history"),
    "private": ("group", "message.groups", "groups:history"),
    "im": ("im", "message.im", "im:history"),
    "mpim": ("mpim", "message.mpim", "mpim:history"),
}


class UserDriver:
    """One person in one workspace."""

    def __init__(self, playground: Playground, team: Team, user: SlackUser) -> None:
        self._playground = playground
        self._core = playground.core
        self.team = team
        self.user = user

    @property
    def id(self) -> str:
        """The person's id."""
        return self.user.id

    # -- seeing ----------------------------------------------------------------------------

    def sees(self, message: Message) -> bool:
        """Whether a message is there for this person."""
        return not message.deleted and message.ephemeral_to in (None, self.user.id)

    def messages(self, channel: str) -> list[Message]:
        """What this person sees in one conversation, in order."""
        found = self.team.channels[channel]
        if found.kind != "public" and self.user.id not in found.members:
            raise CannotDo(f"{self.user.id} is not in {channel}")
        return [message for message in found.messages.values() if self.sees(message)]

    @property
    def inbox(self) -> list[Message]:
        """Everything in this person's conversations, in the order it was written."""
        mine = self.team.of_user.get(self.user.id, {})
        found = [message for channel in mine for message in self.messages(channel)]
        return sorted(found, key=lambda message: message.seq)

    @property
    def dm(self) -> list[Message]:
        """The messages in the direct message with the app (all apps, when several)."""
        ids = [channel.id for channel in self._direct()]
        found = [message for channel in ids for message in self.messages(channel)]
        return sorted(found, key=lambda message: message.seq)

    def _direct(self) -> list[Channel]:
        keys = [(install.bot_user_id, self.user.id) for install in self.team.installs.values()]
        found = [self.team.direct[key] for key in keys if key in self.team.direct]
        return [self.team.channels[channel] for channel in found]

    @property
    def stack(self) -> list[View]:
        """The open modals, the top one last."""
        return list(self.team.stacks.get(self.user.id, ()))

    @property
    def view(self) -> View | None:
        """The modal on top, or None."""
        stack = self.stack
        return stack[-1] if stack else None

    @property
    def view_errors(self) -> dict[str, str]:
        """What the app said is wrong with the form, by ``block_id``."""
        return dict(self.view.errors) if self.view else {}

    @property
    def home(self) -> View | None:
        """The Home tab of the app (the first one, when several)."""
        for app_id in self.team.installs:
            view = self.team.homes.get((app_id, self.user.id))
            if view is not None:
                return view
        return None

    @property
    def notices(self) -> list[str]:
        """What Slack's client told this person, such as that a command failed."""
        return list(self.team.notices.get(self.user.id, ()))

    def read(self, target: Target | None = None) -> str:
        """A message or view as plain text; without argument all that is in the inbox."""
        reader = Reader(self.team, self.user.id)
        if target is None:
            return "\n\n".join(reader.message(message) for message in self.inbox)
        return reader.view(target) if isinstance(target, View) else reader.message(target)

    # -- commands and the Home tab ---------------------------------------------------------

    def _install(self, command: str | None = None, app_id: str | None = None) -> Installation:
        for install in self.team.installs.values():
            if app_id not in (None, install.app_id) or install.uninstalled:
                continue
            if command is None or command in install.app.commands:
                return install
        raise CannotDo(f"no app here has {command or app_id or 'been installed'}")

    async def slash(self, command: str, text: str = "", channel: str | None = None) -> Delivery:
        """Type a slash command; its ack becomes a message."""
        install = self._install(command)
        place = self._place(install, channel)
        fields = payloads.slash_command(self._core, install, self.user, place, command, text)
        delivery = await self._playground.dispatcher.send(install, "slash_commands", fields)
        if delivery.ok:
            show_command_ack(self._core, install, place, self.user.id, delivery)
        else:
            self._tell(f"{command} failed with the error {_command_error(delivery)!r}")
        return delivery

    def _place(self, install: Installation, channel: str | None) -> Channel:
        if channel is None:
            return self._core.world.direct(install, self.user)
        place = self.team.channels[channel]
        if self.user.id not in place.members:
            raise CannotDo(f"{self.user.id} is not in {channel}")
        return place

    async def say(self, channel: str, text: str, thread_ts: str | None = None) -> Message:
        """Write an ordinary message; apps that listen to messages there are told."""
        place = self.team.channels[channel]
        if self.user.id not in place.members:
            raise CannotDo(f"{self.user.id} is not in {channel}")
        world = self._core.world
        message = world.new_message(
            self.team, place, user=self.user.id, text=text, blocks=[], thread_ts=thread_ts
        )
        world.post(self.team, place, message)
        for install in self.team.installs.values():
            self._tell_of(install, place, message)
        return message

    def _tell_of(self, install: Installation, place: Channel, message: Message) -> None:
        if install.bot_user_id not in place.members:
            return
        kind, listened, scope = _MESSAGE_EVENTS[place.kind]
        event = {**message_json(message), "channel": place.id, "channel_type": kind}
        wanted = self._playground.subscribed(install, {"type": listened})
        if scope in install.scopes and wanted:
            body = payloads.event(self._core, install, event)
            self._playground.dispatcher.event(install, body)

    def _tell(self, notice: str) -> None:
        self._core.world.note_for(self.team.id, self.user.id, notice)

    async def open_home(self, tab: str = "home", app_id: str | None = None) -> Delivery:
        """Open the app's Home (or Messages) tab."""
        install = self._install(app_id=app_id)
        direct = self._core.world.direct(install, self.user)
        event: Json = {
            "type": "app_home_opened",
            "user": self.user.id,
            "channel": direct.id,
            "tab": tab,
        }
        view = self.team.homes.get((install.app_id, self.user.id))
        if view is not None:
            event["view"] = view_json(view)
        body = payloads.event(self._core, install, event)
        if not self._playground.subscribed(install, event):
            return Delivery("none", body)
        return await self._playground.dispatcher.send(install, "events_api", body)

    # -- acting on elements ----------------------------------------------------------------

    def _target(self, target: Target | None) -> Target:
        found = target or self.view
        if found is None:
            raise CannotDo("no modal is open; say which message or view")
        if isinstance(found, Message) and not self.sees(found):
            raise CannotDo(f"{self.user.id} does not see this message")
        if isinstance(found, View) and (found.user != self.user.id or not found.is_open):
            raise CannotDo("this view is not open for this person")
        return found

    def _inputs(self, target: Target) -> Json:
        if isinstance(target, View):
            return target.inputs
        return target.inputs.setdefault(self.user.id, {})

    async def click(
        self,
        target: Target | None = None,
        action_id: str | None = None,
        block_id: str | None = None,
        value: str | None = None,
        text: str | None = None,
        confirm: bool = True,
        as_shown: bool = False,
    ) -> Delivery:
        """Press a button, or pick the option of a menu or group that has this text or value.

        `as_shown` also presses what a message showed until it was redrawn: Slack sends the press
        of somebody who was faster than their screen.
        """
        where = self._target(target)
        found = find(_blocks(where, as_shown), action_id, block_id, value, text)
        if "confirm" in found.element and not confirm:
            return Delivery("none", {})
        if found.element["type"] in ("button", "workflow_button"):
            return await self._act(where, found, None)
        option = found.option
        if option is None:
            raise CannotDo(f"say which option of {found.action_id}")
        if found.element["type"] == "overflow":
            return await self._act(where, found, None)
        boxes = found.element["type"] == "checkboxes"
        picked = self._toggled(where, found, option) if boxes else option
        return await self._set(where, found, picked)

    def _toggled(self, target: Target, found: Found, option: Json) -> list[Json]:
        known = self._inputs(target).get(found.block_id, {}).get(found.action_id)
        fresh = found.element.get("initial_options") or []
        now = list(known["selected_options"] if known else fresh)
        return [one for one in now if one != option] if option in now else [*now, option]

    async def select(
        self,
        target: Target | None,
        action_id: str,
        value: Any,
        block_id: str | None = None,
        dispatch: bool = True,
    ) -> Delivery:
        """Choose in a menu, a group or a picker: option value or label, id, date, or a list.

        ``dispatch=False`` enters the value of an ``input`` block as typing does, before the app
        is told (on Enter, say).
        """
        where = self._target(target)
        found = find(where.blocks, action_id, block_id)
        if found.element["type"] == "overflow":
            found = find(where.blocks, action_id, block_id, value=str(value))
            return await self._act(where, found, None)
        return await self._set(where, found, value, dispatch)

    async def type(
        self, text: str, action_id: str, target: Target | None = None, block_id: str | None = None
    ) -> Delivery:
        """Type into a field."""
        where = self._target(target)
        return await self._set(where, find(where.blocks, action_id, block_id), text)

    async def fill(self, target: Target | None = None, values: Json | None = None) -> None:
        """Fill in fields, by ``block_id``, ``action_id`` or label."""
        for key, value in (values or {}).items():
            where = self._target(target)
            await self._set(where, find_input(where.blocks, key), value)

    async def _set(
        self, target: Target, found: Found, value: Any, dispatch: bool = True
    ) -> Delivery:
        state = choose(found.element, value)
        known = self._inputs(target).setdefault(found.block_id, {})
        known[found.action_id] = state
        if isinstance(target, View):
            target.errors.pop(found.block_id, None)
        self._core.world.changed("input", self.team.id, target)
        tells = dispatch and found.block.get("dispatch_action")
        if found.block["type"] == "input" and not tells:
            return Delivery("none", {})
        return await self._act(target, found, state)

    async def _act(self, target: Target, found: Found, state: Json | None) -> Delivery:
        app_id = target.app_id or ""
        install = self.team.installs[app_id]
        entry = payloads.action(self._core, self.team, found, state)
        if isinstance(target, View):
            body = payloads.view_actions(self._core, install, self.user, target, entry)
        else:
            body = payloads.message_actions(self._core, install, self.user, target, entry)
        delivery = await self._playground.dispatcher.send(install, "interactive", body)
        if not delivery.ok:
            self._tell(
                "This app responded with an error."
                if delivery.status
                else "This app is not responding."
            )
        return delivery

    async def options(
        self,
        action_id: str,
        query: str = "",
        target: Target | None = None,
        block_id: str | None = None,
    ) -> list[Json]:
        """Ask the app for the options of an external select."""
        where = self._target(target)
        found = find(where.blocks, action_id, block_id)
        install = self.team.installs[where.app_id or ""]
        body = payloads.block_suggestion(self._core, install, self.user, found, query, where)
        delivery = await self._playground.dispatcher.send(install, "interactive", body)
        answer = delivery.body if isinstance(delivery.body, dict) else {}
        groups = answer.get("option_groups") or []
        listed = [option for group in groups for option in group["options"]]
        return list(answer.get("options") or listed)

    # -- modals ----------------------------------------------------------------------------

    def _modal(self) -> View:
        if self.view is None:
            raise CannotDo("no modal is open")
        return self.view

    async def submit(self, values: Json | None = None) -> Delivery:
        """Press the modal's submit button, after filling in ``values``."""
        view = self._modal()
        await self.fill(view, values)
        if view.submit is None:
            raise CannotDo("this modal has no submit button")
        wrong = problems(view.blocks, view.inputs)
        if wrong:
            raise FormIncomplete(wrong)
        install = self.team.installs[view.app_id]
        body = payloads.view_submission(self._core, install, self.user, view)
        delivery = await self._playground.dispatcher.send(install, "interactive", body)
        self._submitted(install, view, delivery)
        return delivery

    def _submitted(self, install: Installation, view: View, delivery: Delivery) -> None:
        if not delivery.ok:
            self._tell("We had some trouble connecting. Try again?")
            return
        try:
            apply_submission(self._core, install, view, delivery.body)
        except SlackError as error:
            delivery.error = error.code
            delivery.reason = "; ".join(error.extra.get("errors", ()))
            self._tell("We had some trouble connecting. Try again?")

    async def close(self, everything: bool = False) -> Delivery:
        """Close the top modal (its × or Cancel), or all of them."""
        view = self._modal()
        cleared = everything or view.clear_on_close
        closing = self.stack[::-1] if cleared else [view]
        for one in closing:
            self._core.world.close_view(one)
        result = Delivery("none", {})
        for one in closing:
            if one.notify_on_close:
                install = self.team.installs[one.app_id]
                body = payloads.view_closed(self._core, install, self.user, one, cleared)
                result = await self._playground.dispatcher.send(install, "interactive", body)
        return result


def _blocks(target: Target, as_shown: bool) -> list[Json]:
    """The blocks as they are now, and with `as_shown` those from before, newest first."""
    if not as_shown or isinstance(target, View):
        return target.blocks
    before = [block for state in reversed(target.history) for block in state["blocks"]]
    return [*target.blocks, *before]


def _command_error(delivery: Delivery) -> str:
    if delivery.error in ("timeout", "http_timeout"):
        return "operation_timeout"
    return "http_service_error" if delivery.error == "http_error" else "dispatch_failed"
