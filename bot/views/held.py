"""Everything the app holds about a person, in plain words, for that person alone."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.held import HeldAboutMe, HeldCheckIn, HeldLead, HeldPlace
from bot.domain.initiatives import Place, Status
from bot.domain.outbox import Kind
from bot.domain.people import Choice, Person, Setting
from bot.domain.pulses import SHORT, Explain, Question
from bot.domain.reasons import FEWER_WEEKS
from bot.domain.words import first_line
from bot.views import barriers, people, settings, standings, steps, talk_hours, talk_notes
from bot.views.ids import Act, Form
from bot.views.inputs import mine, told_on
from bot.views.kit import (
    Block,
    Message,
    Modal,
    actions,
    bold,
    button,
    context,
    count,
    day,
    divider,
    listed,
    local_day,
    said,
    section,
)
from bot.views.pulses import answer_label

CHECK_INS, INPUTS, CHOICES, STEPS = 10, 3, 5, 5
"""How many of each are listed per initiative, the newest first."""

LEFT_OPEN = "left open"

BLOCKS_PER_PAGE, SIGNS_PER_PAGE = 36, 7500
"""What of Slack's 50 blocks and about 13,000 characters the initiatives may use."""

MESSAGES = {
    Kind.INTRODUCTION: "introduction",
    Kind.ASK: "check-in",
    Kind.PAUSE_NOTE: "note that I ask less",
    Kind.GIVE: "news",
    Kind.REMINDER: "reminder",
    Kind.STEP_DUE: "question about a step",
    Kind.FAREWELL: "thank-you at the end",
}
CHOSEN = {
    Choice.GROUP_ONLY: "only in group figures",
    Choice.NOT_MY_TOPIC: "not your topic",
    Choice.STOP: "stopped",
    Choice.RESUME: "ask me again",
    Choice.SNOOZE: "not now",
    Choice.LEFT: "you had left the workspace",
    Choice.OFF: "taken off the list by who leads it",
    Choice.ON: "put on the list again by who leads it",
    Choice.FEWER: "fewer messages",
    Choice.USUAL: "messages as often as before",
    Choice.NO_ESTIMATE: "don't estimate me",
    Choice.ESTIMATE: "estimate me again",
}
SET = {
    Setting.STOP_ALL: "no messages",
    Setting.RESUME_ALL: "messages again",
    Setting.GROUP_ONLY: "only in group figures, everywhere",
    Setting.HOURS: "hours",
    Setting.DAYS: "days of the week",
    Setting.HOLIDAYS: "public holidays",
    Setting.AWAY: "away",
    Setting.TALK_HOURS: "hours for talks",
}
EXPLAINED = {
    Explain.TWO_LINES: "an explanation in two lines would help",
    Explain.FIFTEEN_MINUTES: "15 minutes of explanation would help",
    Explain.NO_THANKS: "no explanation, thanks",
}


def me(held: HeldAboutMe, page: int = 0) -> Message:
    """Return everything the app holds about a person; `page` counts from 0."""
    return Message("Everything I hold about you. Only you see this.", _me_blocks(held, page))


def me_modal(held: HeldAboutMe, page: int = 0) -> Modal:
    """Return the same in a dialog, for the App Home."""
    blocks = _me_blocks(held, page)
    return Modal(Form.ME, "What I hold about you", blocks, close="Close")


def _me_blocks(held: HeldAboutMe, page: int) -> tuple[Block, ...]:
    tz = held.person.tz
    parts = [part for place in held.places for part in (_place(place, held), _told(place, tz))]
    pages = _pages([_head(held), *parts])
    page = min(max(page, 0), len(pages) - 1)
    buttons = people.settings_buttons(held.person)
    if len(pages) > 1:
        following = (page + 1) % len(pages)
        label = f"Next page ({page + 1} of {len(pages)})" if following else "Back to the start"
        buttons.append(button(label, Act.PEOPLE_ME, following))
    blocks = [_on_page(block, page) for block in pages[page]]
    return (context("Only you see this."), *blocks, actions(buttons, f"me.{page}"))


def _on_page(block: Block, page: int) -> Block:
    """Return the block with its page in its id, so that a click draws the same page again."""
    return block | {"block_id": f"me.{page}.{block['block_id']}"} if "block_id" in block else block


def _pages(parts: Sequence[list[Block]]) -> list[list[Block]]:
    """Return `parts` on as few pages as Slack's limits allow, none of them torn."""
    pages: list[list[Block]] = [[]]
    for part in parts:
        together = [*pages[-1], *part]
        if pages[-1] and (len(together) > BLOCKS_PER_PAGE or len(str(together)) > SIGNS_PER_PAGE):
            pages.append(part)
        else:
            pages[-1] = together
    return pages


def _head(held: HeldAboutMe) -> list[Block]:
    blocks = [section(_about(held)), *_led(held.leads), *_hosting(held)]
    tz = held.person.tz
    chosen = [f"{SET[setting]} ({_on(at, tz)})" for setting, at in held.settings[:CHOICES]]
    if chosen:
        blocks.append(context(f"Your settings over time, newest first: {', '.join(chosen)}"))
    if not held.places:
        blocks.append(section("Nobody asks you about anything here at the moment."))
    return blocks


def _hosting(held: HeldAboutMe) -> list[Block]:
    hosting = held.hosting
    if hosting is None:
        return []
    return [section(talk_hours.lines(hosting)), actions([talk_hours.open_button()], "hours")]


def _about(held: HeldAboutMe) -> str:
    person = held.person
    name = f"{said(person.name)}, " if person.name else ""
    written = [f"{MESSAGES[one.kind]} on {_on(one.sent_at, person.tz)}" for one in held.messages]
    listing = f" ({', '.join(written)})" if written else ""
    kind = "guest, " if person.is_guest else ""
    sent = f"{people.month(len(held.messages))}{listing}"
    return (
        f"*From your Slack profile:* {name}{kind}time zone {person.tz}{_quiet(person)}\n"
        f"{settings.lines(held.mine)} · `/buyin settings`\n*Sent to you:* {sent}\n"
        f"{people.settings_line(person)}\n*Also kept:* which of my buttons you pressed and when, "
        "and where my messages stand in Slack. I read nothing else: no channels, no status."
    )


def _quiet(person: Person) -> str:
    if not person.times.quiet:
        return ""
    start, end = (moment.astimezone(ZoneInfo(person.tz)) for moment in person.times.quiet)
    return f" · do not disturb from {day(start)}, {start:%H:%M}, until {day(end)}, {end:%H:%M}"


def _led(led: Sequence[HeldLead]) -> list[Block]:
    lines = [_lead(one) for one in led]
    shown = [section("*You lead*\n" + "\n".join(lines[:CHECK_INS]))] if lines else []
    if len(lines) > CHECK_INS:
        shown.append(context(f"And {len(lines) - CHECK_INS} more."))
    return shown


def _lead(one: HeldLead) -> str:
    parts = [count(one.posts, "news post")]
    if one.guess is not None:
        parts.append(f"you guessed that {one.guess} find it useful")
    parts += [
        f"your step by {day(step.due_on)}: {said(first_line(step.words, 80))}"
        for step in one.steps[-2:]
    ]
    return f"• {bold(one.initiative.name)}: {' · '.join(parts)}"


def _place(place: HeldPlace, held: HeldAboutMe) -> list[Block]:
    initiative, own, tz = place.initiative, place.stakeholder, held.person.tz
    since = _on(own.introduced_at or own.added_at, tz)
    head = (
        f"{bold(initiative.name)}, led by {people.owners(initiative)} · you're asked since {since}"
    )
    return [
        divider(),
        section("\n".join([head, _seen(place, tz), *_state(place, held)])),
        section(_check_ins(place.check_ins, tz)),
        *_in_the_way(place, tz),
        *standings.about_you(place),
        *_place_buttons(place),
    ]


def _told(place: HeldPlace, tz: str) -> list[Block]:
    """Return what the person told and chose there; on the next page if it is too long for one."""
    initiative, blocks = place.initiative, []
    for one in place.inputs[:INPUTS]:
        told = told_on(one, people.owners(initiative), _on(one.created_at, tz))
        blocks += [context(told), *mine([one])]
    if len(place.inputs) > INPUTS:
        blocks.append(context(f"And {len(place.inputs) - INPUTS} that you told them earlier."))
    blocks += _steps(place, tz)
    blocks += talk_notes.held_blocks(place.talks, place.stakeholder.person)
    chosen = [f"{CHOSEN[choice]} ({_on(at, tz)})" for choice, at in place.choices[:CHOICES]]
    if chosen:
        blocks.append(context(f"What you chose, newest first: {', '.join(chosen)}"))
    return blocks


def _steps(place: HeldPlace, tz: str) -> list[Block]:
    lines = [f"• {steps.own_line(one)}" for one in place.steps[:STEPS]]
    if len(place.steps) > STEPS:
        lines.append(f"and {count(len(place.steps) - STEPS, 'earlier step')}")
    if place.no_steps:
        offers = ", ".join(_on(at, tz) for at in place.no_steps[:STEPS])
        lines.append(f"• *Not now* to the offer of a step: {offers}")
    who = people.owners(place.initiative)
    seen = "for you alone" if place.stakeholder.group_only else f"{who} may read them"
    return [section("\n".join([f"*Steps you chose* ({seen})", *lines]))] if lines else []


def _seen(place: HeldPlace, tz: str) -> str:
    who, sees = people.owners(place.initiative), people.does(place.initiative, "see")
    if place.stakeholder.group_only:
        return (
            f"Your answers are shown {people.NAMELESS}. {who} {sees} that you're asked, "
            "and nothing else about you."
        )
    later = [
        f"{said(owner.name or 'Somebody')} only those from {_on(since, tz)} on"
        for owner, since in place.initiative.newcomers()
    ]
    only = f" ({listed(later)})" if later else ""
    return f"{who} {sees} these answers with your name{only}; everyone asked sees totals, no names."


def _state(place: HeldPlace, held: HeldAboutMe) -> list[str]:
    if place.initiative.status is Status.ENDED:
        return ["It has ended; you get nothing about it any more."]
    states = {
        Place.STOPPED: "You stopped it: no messages about this.",
        Place.NOT_MY_TOPIC: "You said it isn't your topic: no messages about this.",
        Place.LEFT: "You had left the workspace: no messages about this.",
        Place.OFF: (
            f"{people.owners(place.initiative)} took you off the list: nobody asks you about this "
            "any more, and nothing is concluded from it."
        ),
    }
    told = [states[place.stakeholder.place]] if place.stakeholder.place in states else []
    if not told:
        told += _halted(place, held)
    fewer = f"You asked for fewer messages: a check-in every {FEWER_WEEKS} weeks at most."
    return [*told, fewer] if place.stakeholder.fewer else told


def _halted(place: HeldPlace, held: HeldAboutMe) -> list[str]:
    """Return that nobody is asked for a while, at the wish of who leads it."""
    halt, initiative = place.initiative.halt, place.initiative
    until = halt.ends_on(held.person.tz) if halt else held.mine.today
    if until <= held.mine.today:
        return []
    who = people.owners(initiative)
    return [f"{who} paused it: nobody is asked about this before {day(until)}."]


def _check_ins(check_ins: Sequence[HeldCheckIn], tz: str) -> str:
    if not check_ins:
        return "No check-in yet."
    lines = [f"• {_on(one.opened_at, tz)}: {answered(one)}" for one in check_ins[:CHECK_INS]]
    if len(check_ins) > CHECK_INS:
        lines.append(f"and {count(len(check_ins) - CHECK_INS, 'earlier check-in')}")
    if any(answered(one) == LEFT_OPEN for one in check_ins[:CHECK_INS]):
        lines.append("Leaving one open is fine; nothing is concluded from it.")
    return "\n".join(["*Your check-ins*", *lines])


def answered(check_in: HeldCheckIn) -> str:
    """Return what somebody answered in one check-in, in the words of the buttons."""
    parts = [
        f"{SHORT[question]}: *{answer_label(question, check_in.answers[question])}*"
        for question in Question
        if question in check_in.answers
    ]
    if check_in.dont_know:
        parts.append("*I don't know enough to say*")
    if check_in.explain:
        parts.append(EXPLAINED[check_in.explain])
    return " · ".join(parts) or LEFT_OPEN


def _in_the_way(place: HeldPlace, tz: str) -> list[Block]:
    held = place.barrier
    return [section(barriers.mine(held, place.initiative, tz))] if held else []


def _place_buttons(place: HeldPlace) -> list[Block]:
    own, buttons = place.stakeholder, standings.buttons(place)
    buttons += barriers.own_buttons(place.barrier, own, place.initiative)
    running = place.initiative.status is Status.RUNNING
    if not own.group_only:
        asked = people.confirm_group_only(place.initiative)
        buttons.append(button("Only in group figures", Act.PLACE_GROUP_ONLY, own.id, confirm=asked))
    if running and own.place is Place.ACTIVE:
        buttons.append(button("Not my topic", Act.PLACE_NOT_MY_TOPIC, own.id))
    elif running:
        buttons.append(button("Ask me after all", Act.PLACE_RESUME, own.id))
    return [actions(buttons, f"place.{own.id}")] if buttons else []


def _on(moment: datetime, tz: str) -> str:
    return day(local_day(moment, tz))
