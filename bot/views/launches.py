"""What an owner sees before and after pressing Start."""

from collections.abc import Sequence

from bot.domain.commitments import DATE_FIELD, LONGEST, WORDS_FIELD
from bot.domain.drafts import Launch, OwnStep
from bot.views import plans
from bot.views.ids import Form
from bot.views.kit import (
    Block,
    Message,
    Modal,
    bold,
    context,
    count,
    date_picker,
    day,
    divider,
    entry,
    header,
    section,
    text_box,
)
from bot.views.notices import NOTICE
from bot.views.steps import acts_entry

CHANGED = "*The draft was changed in another window.* This is what people would get now."


def start_form(
    launch: Launch,
    introduction: Message,
    check_in: Message,
    metadata: str,
    *,
    step: OwnStep | None = None,
    changed: bool = False,
) -> Modal:
    """Return what people will get, as they will get it, and the button that starts it."""
    people = count(launch.count, "person gets", "people get")
    opening = f"{people} this about {bold(launch.initiative.name)}. The buttons work once it runs."
    typed = step or OwnStep()
    own = text_box(initial=typed.words, limit=LONGEST)
    return Modal(
        Form.DRAFT_START,
        "Preview and start",
        (
            section(CHANGED if changed else opening),
            header(f"1. Introduction, from {day(launch.introduction_on)}"),
            *still(introduction.blocks),
            divider(),
            header(f"2. First check-in, from {day(launch.first_on)}"),
            *still(check_in.blocks),
            *_next_weeks(launch),
            divider(),
            entry(
                WORDS_FIELD,
                "One step of your own",
                own,
                hint="Printed in the introduction. On the day I'll ask you how it went.",
                optional=True,
            ),
            entry(DATE_FIELD, "Done by", date_picker(typed.due_on), optional=True),
            acts_entry(typed.acts),
        ),
        submit="Start",
        metadata=metadata,
    )


def _next_weeks(launch: Launch) -> list[Block]:
    if not launch.check_ins:
        return []
    return [section(plans.in_short(launch.introduction_on, launch.check_ins, launch.pace))]


def still(blocks: Sequence[Block]) -> list[Block]:
    """Return a message's blocks as a picture of it: buttons become their labels."""
    return [picture for block in blocks for picture in _still(block)]


def _still(block: Block) -> list[Block]:
    bare = {name: part for name, part in block.items() if name not in ("block_id", "accessory")}
    pressed = list(block.get("elements", ())) if block["type"] == "actions" else []
    pressed += [block["accessory"]] if "accessory" in block else []
    labels = [_label(element) for element in pressed]
    picture = [] if block["type"] == "actions" else [bare]
    return [*picture, context("  ".join(f"[{label}]" for label in labels))] if labels else picture


def _label(element: Block) -> str:
    text: str = (element.get("text") or element.get("placeholder") or {}).get("text", "…")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def started(launch: Launch) -> Modal:
    """Return what the preview turns into once it runs."""
    return Modal(NOTICE, "It's running", (section(_started(launch)),), close="Close")


def started_message(launch: Launch) -> Message:
    """Return what the message about the draft turns into once it runs."""
    words = _started(launch)
    return Message(words, (section(words),))


def _started(launch: Launch) -> str:
    people = count(launch.count, "person", "people")
    return (
        f"{bold(launch.initiative.name)} is running. {people} will be introduced to it from "
        f"{day(launch.introduction_on)}; the first check-in comes from {day(launch.first_on)}. "
        "`/buyin status` shows where things stand."
    )
