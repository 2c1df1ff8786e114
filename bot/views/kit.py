"""Small parts that every view is built from: Block Kit pieces and safe words.

Limits are Slack's (https://docs.slack.dev/reference/block-kit); `tests` hold every view to them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.meetings import Meeting
from bot.views.drawing import Dot

Block = dict[str, Any]

ISOLATE, END_ISOLATE = "\u2068", "\u2069"  # Unicode bidi: somebody's words never turn ours around
WORD_JOINER = "\u2060"
MARKUP = "*_~`"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that joins a message once that stands, below the first `above` of its blocks.

    `alternative` says the same in words: plain text, at most 1,000 characters.
    """

    title: str
    dots: tuple[Dot, ...]
    alternative: str
    above: int


@dataclass(frozen=True, slots=True)
class Message:
    """A message: `text` is what notifications and screen readers give."""

    text: str
    blocks: tuple[Block, ...] = ()
    picture: Picture | None = None
    meeting: Meeting | None = None
    together: tuple[str, ...] = ()
    """Slack users whose group message it goes to, where it is for several at once."""
    """A talk whose calendar file joins the message, as a link or as a file."""

    def with_picture(self, file_id: str) -> "Message":
        """Return the message with its picture, which is a file that Slack has."""
        if self.picture is None:
            return self
        above, below = self.blocks[: self.picture.above], self.blocks[self.picture.above :]
        shown = image(file_id, self.picture.alternative)
        return Message(self.text, (*above, shown, *below))


@dataclass(frozen=True, slots=True)
class Modal:
    """A dialog window."""

    callback_id: str
    title: str
    blocks: tuple[Block, ...]
    submit: str | None = None
    close: str = "Cancel"
    metadata: str = ""
    notify_on_close: bool = False

    def payload(self) -> Block:
        """Return the view object that Slack's `views.*` methods take."""
        view: Block = {
            "type": "modal",
            "callback_id": self.callback_id,
            "title": plain(self.title),
            "close": plain(self.close),
            "blocks": list(self.blocks),
            "private_metadata": self.metadata,
            "notify_on_close": self.notify_on_close,
        }
        if self.submit:
            view["submit"] = plain(self.submit)
        return view


@dataclass(frozen=True, slots=True)
class Home:
    """The App Home tab."""

    blocks: tuple[Block, ...] = field(default=())

    def payload(self) -> Block:
        """Return the view object that `views.publish` takes."""
        return {"type": "home", "blocks": list(self.blocks)}


def said(words: str) -> str:
    """Return what a person typed, safe inside mrkdwn: no markup, no mention, own direction."""
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    tame = "".join(WORD_JOINER + sign if sign in MARKUP else sign for sign in escaped)
    return f"{ISOLATE}{tame}{END_ISOLATE}"


def bold(words: str) -> str:
    """Return what a person typed, in bold, safe inside mrkdwn (single line)."""
    return f"*{said(' '.join(words.split()))}*"


def quoted(words: str) -> str:
    """Return what a person typed as a quotation, each line marked."""
    return "\n".join(f">{said(line)}" for line in words.splitlines() or [""])


def mention(slack_user_id: str) -> str:
    """Return a mention of a user; `slack_user_id` comes from Slack, never from typed text."""
    return f"<@{slack_user_id}>"


def shortened(words: str, limit: int) -> str:
    """Return `words` cut to `limit` characters, ending in … where something was cut."""
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


def day(moment: date) -> str:
    """Return a date as people say it: `Tue 4 March`."""
    return f"{moment:%a} {moment.day} {moment:%B}"


def weekday(moment: date) -> str:
    """Return the name of the day: `Friday`."""
    return f"{moment:%A}"


def local_day(moment: datetime, tz: str) -> date:
    """Return the date that `moment` (aware) falls on in the zone `tz`."""
    return moment.astimezone(ZoneInfo(tz)).date()


def count(number: int, one: str, many: str | None = None) -> str:
    """Return `1 person` or `3 people`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def listed(parts: Sequence[str], last: str = "and") -> str:
    """Return `a`, `a and b` or `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def plain(text: str) -> Block:
    """Return a plain text object."""
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Block:
    """Return a mrkdwn text object; typed words in it went through `said`."""
    return {"type": "mrkdwn", "text": text}


def section(text: str, accessory: Block | None = None, block_id: str | None = None) -> Block:
    """Return a paragraph (mrkdwn, at most 3,000 characters)."""
    block: Block = {"type": "section", "text": mrkdwn(shortened(text, 3000))}
    return _with(block, accessory=accessory, block_id=block_id)


def header(text: str) -> Block:
    """Return a heading (plain text, at most 150 characters)."""
    return {"type": "header", "text": plain(shortened(text, 150))}


def context(*texts: str) -> Block:
    """Return small print (mrkdwn)."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts]}


def image(file_id: str, alternative: str) -> Block:
    """Return a picture that Slack has; `alternative` is plain text, at most 2,000 characters."""
    return {
        "type": "image",
        "slack_file": {"id": file_id},
        "alt_text": shortened(alternative, 2000),
    }


def divider() -> Block:
    """Return a line."""
    return {"type": "divider"}


def actions(elements: Iterable[Block], block_id: str | None = None) -> Block:
    """Return a row of buttons or selects."""
    return _with({"type": "actions", "elements": list(elements)}, block_id=block_id)


def button(
    label: str,
    action_id: str,
    value: str | int = "",
    *,
    style: str | None = None,
    accessibility_label: str | None = None,
    confirm: Block | None = None,
) -> Block:
    """Return a button; `style` is None, `primary` or `danger`."""
    element: Block = {
        "type": "button",
        "text": plain(shortened(label, 75)),
        "action_id": action_id,
    }
    return _with(
        element,
        value=str(value) or None,  # Slack refuses an empty value
        style=style,
        confirm=confirm,
        accessibility_label=accessibility_label and shortened(accessibility_label, 75),
    )


def confirm(title: str, text: str, yes: str, no: str = "Cancel") -> Block:
    """Return the question asked before a button takes effect."""
    return {
        "title": plain(title),
        "text": plain(shortened(text, 300)),
        "confirm": plain(yes),
        "deny": plain(no),
    }


def option(label: str, value: str | int, description: str | None = None) -> Block:
    """Return one choice of a select, radio or checkbox group."""
    block: Block = {"text": plain(shortened(label, 75)), "value": str(value)}
    return _with(block, description=description and plain(shortened(description, 75)))


def entry(
    block_id: str, label: str, element: Block, *, hint: str | None = None, optional: bool = False
) -> Block:
    """Return a form field; its only element has the action id `value`."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {**element, "action_id": "value"},
        "optional": optional,
    }
    return _with(block, hint=hint and plain(hint))


def text_box(
    *, initial: str = "", limit: int = 3000, lines: bool = False, placeholder: str | None = None
) -> Block:
    """Return a text field; `limit` in characters, `lines` for several lines."""
    element: Block = {"type": "plain_text_input", "multiline": lines, "max_length": limit}
    return _with(
        element,
        initial_value=initial or None,
        placeholder=placeholder and plain(shortened(placeholder, 150)),
    )


def date_picker(initial: date | None = None) -> Block:
    """Return a date picker."""
    return _with({"type": "datepicker"}, initial_date=initial and initial.isoformat())


def time_picker(initial: time) -> Block:
    """Return a field for a time of day."""
    return {"type": "timepicker", "initial_time": initial.isoformat("minutes")}


def radio(options: Sequence[Block], initial: Block | None = None) -> Block:
    """Return radio buttons (at most 10)."""
    return _with({"type": "radio_buttons", "options": list(options)}, initial_option=initial)


def checkboxes(options: Sequence[Block], initial: Sequence[Block] = ()) -> Block:
    """Return checkboxes (at most 10)."""
    element: Block = {"type": "checkboxes", "options": list(options)}
    return _with(element, initial_options=list(initial) or None)


def _with(block: Block, **parts: Any) -> Block:
    return block | {name: part for name, part in parts.items() if part is not None}
