"""What the next weeks would bring: to one person in full, to owners in ranges."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.calendars import local_date, zone
from bot.domain.initiatives import Initiative, Status
from bot.domain.outbox import Kind
from bot.domain.pacing_facts import Rule
from bot.domain.pacing_settings import PacingSettings
from bot.domain.planned import Branch, ClockChange, Coming, Missing, Moved, MyPlan, Off
from bot.domain.weeks_ahead import LEAST_PEOPLE, InitiativePlan, Week
from bot.views import owner_settings, people
from bot.views.kit import Message, bold, context, count, day, listed, section, weekday

LINES = 12
"""Lines in one paragraph; Slack takes 3,000 characters."""

NEWS = "News may come in between, within the same limits."
STOPPED = "You stopped all messages, so nothing comes. `/buyin resume` brings them back."
NOBODY_ASKS = "Nobody asks you about anything just now, so nothing would come."
MOVES = (
    "As things stand now; it changes when you or those who ask change something. While they owe "
    "people a reply or news, asking pauses."
)
RANGES = (
    "The numbers are ranges on purpose: nobody's pause, absence or answers can be read from them. "
    "They take it that people go on answering, or not, as they did last."
)
TOO_FEW = (
    f"Among fewer than {LEAST_PEOPLE} people a number would tell about single ones, so here are "
    "only the rounds."
)
OWED = (
    "*Nobody is asked* before you reply to what people told you, or post what moved: listening "
    "comes first."
)
DRAFT = (
    "It's a draft: nobody hears anything before you press *Start*. Counted by time zones alone. "
)
MINE = "`/buyin plan me` shows what you would get yourself."


@dataclass(frozen=True, slots=True)
class Names:
    """How an initiative and its owners are called."""

    initiative: Callable[[Initiative], str]
    owners: Callable[[Initiative], str]


def _owe(initiative: Initiative) -> str:
    return f"{people.owners(initiative)} {people.does(initiative, 'owe')}"


OWN = Names(lambda one: bold(one.name), _owe)
IDS = Names(lambda one: f"initiative {one.id}", lambda one: "those who lead it owe")
"""For operators: no names, no texts."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A heading, "" for none, and lines."""

    heading: str
    lines: tuple[str, ...]


# --- for one person -------------------------------------------------------------------------------


def mine(plan: MyPlan) -> Message:
    """Return the answer to `/buyin plan me`."""
    told = paragraphs(plan, OWN)
    blocks = []
    for one in told:
        for start in range(0, len(one.lines), LINES):
            part = "\n".join(one.lines[start : start + LINES])
            heading = f"*{one.heading}*\n" if one.heading and not start else ""
            blocks.append(section(heading + part))
    if not plan.stopped and (plan.answering.coming or plan.silent.coming):
        blocks.append(context(f"{limits(plan.settings, 'you')} {NEWS}"))
    return Message("\n".join(_plain(told)), tuple(blocks))


def printed(plan: MyPlan) -> str:
    """Return the same for an operator's terminal, with ids instead of names."""
    told = [line.replace("`", "") for line in _plain(paragraphs(plan, IDS))]
    return "\n".join([*told, f"{limits(plan.settings, 'you')} {NEWS}"])


def _plain(told: Sequence[Paragraph]) -> list[str]:
    return [line for one in told for line in ([one.heading] if one.heading else []) + [*one.lines]]


def paragraphs(plan: MyPlan, names: Names) -> list[Paragraph]:
    """Return everything a person is told, in order."""
    tz = plan.calendar.tz
    days, until = (plan.end - plan.start).days, day(local_date(plan.end, tz))
    heading = f"Your next {days} days, until {until}, by the clock in {tz}"
    if plan.stopped:
        return [Paragraph(heading, (STOPPED,))]
    if plan.answering == plan.silent == Branch((), ()):
        return [Paragraph(heading, (NOBODY_ASKS,))]
    told = [Paragraph(heading, (MOVES,))]
    if plan.answering == plan.silent:
        told += _branch("What comes", plan, plan.silent, names)
    else:
        told += _branch("If you answer every check-in", plan, plan.answering, names)
        told += _branch("If you answer none of them", plan, plan.silent, names)
    return [*told, *_lately(plan, names)]


def _lately(plan: MyPlan, names: Names) -> Iterator[Paragraph]:
    if plan.lately:
        lines = (f"• {_missing(one, plan.calendar.tz, names)}" for one in plan.lately)
        yield Paragraph("What didn't come in the last 28 days, and why", tuple(lines))


def _branch(heading: str, plan: MyPlan, branch: Branch, names: Names) -> Iterator[Paragraph]:
    tz = plan.calendar.tz
    found = [(one.at, f"• {_coming(one, plan, names)}") for one in branch.coming]
    marks = [(_noon(on, tz), f"• {day(on)}: public holiday, nothing comes") for on in plan.holidays]
    marks += [(_noon(one.on, tz), f"• {_change(one)}") for one in plan.changes]
    lines = (
        [words for _, words in sorted([*found, *marks], key=lambda one: one[0])]
        if found
        else ["• Nothing."]
    )
    yield Paragraph(heading, tuple(lines))
    if branch.missing:
        missing = tuple(f"• {_missing(one, tz, names)}" for one in branch.missing)
        yield Paragraph("What doesn't come, and why", missing)


def _noon(on: date, tz: str) -> datetime:
    return datetime(on.year, on.month, on.day, 12, tzinfo=zone(tz))


def _change(change: ClockChange) -> str:
    way = "forward" if change.minutes > 0 else "back"
    hours, minutes = divmod(abs(change.minutes), 60)
    far = listed([count(hours, "hour")] * (hours > 0) + [count(minutes, "minute")] * (minutes > 0))
    return f"{day(change.on)}: clocks go {way} by {far}; the times here are what your clock shows"


def _coming(one: Coming, plan: MyPlan, names: Names) -> str:
    local = one.at.astimezone(zone(plan.calendar.tz))
    what = WHAT[one.kind]
    told = (
        f"{day(local.date())}, {local.hour}:{local.minute:02} · {names.initiative(one.initiative)}"
    )
    told = f"{told}: {what}, {_because(one, plan.settings, names)}"
    return f"{told}. {_moved(one.moved, local.date())}".rstrip() if one.moved else told


WHAT = {
    Kind.INTRODUCTION: "introduction",
    Kind.ASK: "check-in",
    Kind.REMINDER: "reminder",
    Kind.PAUSE_NOTE: "a note",
    Kind.STEP_DUE: "how did it go?",
}


def _because(one: Coming, settings: PacingSettings, names: Names) -> str:
    if one.beside:
        return f"in the same message as {names.initiative(one.beside)}"
    match one.kind:
        case Kind.INTRODUCTION:
            return "before anybody asks you anything"
        case Kind.REMINDER:
            return f"the only one, {count(settings.reminder_after, 'working day')} later"
        case Kind.PAUSE_NOTE:
            return "that asking stops for a while"
        case Kind.STEP_DUE:
            return "about the step you chose"
        case _:
            return _asked_because(one)


BECAUSE = {
    Rule.SNOOZED: "as you said not now until then",
    Rule.PAUSED: "when the pause is over",
    Rule.HALTED: "when who leads it ends the pause",
    Rule.ONE_OPEN: "once the other one has closed",
    Rule.AFTER_SILENCE: "later than usual, as some stayed open",
    Rule.FEWER: "less often, as you asked",
    Rule.AFTER_INTRODUCTION: "after the introduction",
    Rule.ONE_A_WEEK: "at most one a week",
}


def _asked_because(one: Coming) -> str:
    why = BECAUSE.get(one.because) if one.because else None
    if one.weeks is None:
        return why or "your first"
    apart = f"{count(one.weeks, 'week')} after the last one"
    return f"{apart}, {why}" if why else apart


def _moved(moved: Sequence[Moved], on: date) -> str:
    reasons = list(dict.fromkeys(OFF[one.why] for one in moved))
    to = weekday(on) if (on - moved[0].on).days < 7 else day(on)
    return f"Due {day(moved[0].on)}: {', then '.join(reasons)}, so {to}"


OFF = {
    Off.AWAY: "you're away",
    Off.HOLIDAY: "public holiday",
    Off.WEEKDAY: "no working day of yours",
    Off.LIMIT: "the limits or your hours leave no room",
}


def _missing(one: Missing, tz: str, names: Names) -> str:
    name = names.initiative(one.initiative)
    why = _why_not(one, names)
    if one.at is None:
        return f"Nothing about {name}: {why}"
    if one.kind is Kind.ASK:
        last = day(local_date(one.at - timedelta(seconds=1), tz))
        return f"No check-in about {name} in the round that ends {last}: {why}"
    what = "reminder" if one.kind is Kind.REMINDER else "note"
    return f"No {what} about {name} on {day(local_date(one.at, tz))}: {why}"


NOT = {
    Rule.STOPPED: "you stopped all messages",
    Rule.STOPPED_HERE: "you stopped it",
    Rule.NOT_MY_TOPIC: "you said it isn't your topic",
    Rule.SNOOZED: "you said not now",
    Rule.PAUSED: "asking rests for a while",
    Rule.HALTED: "it is paused by who leads it",
    Rule.ONE_OPEN: "another check-in is open, and one at a time is enough",
    Rule.CAP: "the limits leave no room",
    Rule.CHECK_INS_FIRST: "check-ins come first, and the limits leave no room for both",
    Rule.HOURS: "none of your working hours is left before the round ends",
    Rule.TOO_LATE: "too little of the round is left",
    Rule.NO_HOURS: "you have no working hours within a year",
    Rule.AFTER_INTRODUCTION: "it would follow too soon on the introduction",
    Rule.DOWN: "I wasn't running then",
}


def _why_not(one: Missing, names: Names) -> str:
    if one.rule is Rule.LISTENING_DEBT:
        return f"{names.owners(one.initiative)} everyone a reply or news first"
    return NOT.get(one.rule, "nothing is due until then")


def limits(settings: PacingSettings, whom: str) -> str:
    """Return the caps in a sentence."""
    return (
        f"At most one message to {whom} on a working day, {settings.per_week} in 7 days and "
        f"{settings.per_month} in 28, all initiatives together: what doesn't fit comes later or "
        "not at all, reminders first."
    )


# --- for owners -----------------------------------------------------------------------------------


def of_initiative(plan: InitiativePlan) -> Message:
    """Return the answer to `/buyin plan`: numbers that tell about nobody."""
    few = all(week.hear is None for week in plan.weeks)
    who = "who" if few else f"how many of {plan.people}"
    heading = f"{bold(plan.initiative.name)}: {who} would hear from me in the next weeks"
    named = [f"Week of {day(week.monday)}" for week in plan.weeks]
    named[0] = "The rest of this week"
    found = [_week(week, one) for week, one in zip(plan.weeks, named, strict=True)]
    weeks = [words for words in found if words]
    owed = [OWED] if plan.owed else []
    if plan.paused_until:
        owed.append(owner_settings.paused_line(plan.initiative, plan.paused_until))
    told = "\n".join([heading, *owed, *weeks, TOO_FEW if few else RANGES])
    draft = DRAFT if plan.initiative.status is Status.DRAFT else ""
    notes = f"{draft}{limits(plan.settings, 'anybody')} {NEWS} {MINE}"
    return Message(told, (section(told), context(notes)))


def _week(week: Week, named: str) -> str:
    rounds = listed([f"round {number} opens {day(on)}" for number, on in week.opens])
    if week.hear is None:
        return f"• {_capital(rounds)}" if rounds else ""
    low, high = week.hear
    words = f"• {named}: {low}–{high}"
    return f"{words}; {rounds}" if rounds else words


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def in_short(first: date, check_ins: Sequence[date], settings: PacingSettings) -> str:
    """Return what starting an initiative brings each person, for its preview."""
    days = listed([day(one) for one in check_ins])
    return (
        f"*The next weeks:* introductions from {day(first)}, check-ins around {days}, and one "
        f"reminder each to who hasn't answered. {limits(settings, 'anybody')} `/buyin plan` shows "
        "it at any time."
    )
