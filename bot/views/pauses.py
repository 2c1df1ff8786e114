"""What is read when asking stops for a while: by the person, and by who leads the initiative."""

from collections.abc import Sequence

from bot.domain.calendars import local_date
from bot.domain.initiatives import Initiative
from bot.domain.outbox import Kind
from bot.domain.pauses import Answer, Answered, PauseNote, Quiet, Reason
from bot.domain.todos import ListeningDebt, MoreTimeNeeded, StepBack
from bot.views.barriers import in_the_way_blocks
from bot.views.ids import Act
from bot.views.inputs import input_blocks
from bot.views.kit import (
    Block,
    Message,
    actions,
    bold,
    button,
    confirm,
    context,
    count,
    day,
    local_day,
    mention,
    section,
)
from bot.views.reasons import why_button

NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
WORD = (
    "A word from you does more than another message from me. You could ask: “What would make this "
    "worth your time, or should you be off the list?”"
)
SOME = (
    "*Some people have gone quiet* (no names here). Raise it with everyone: “What have we missed?”"
)


# --- for the person ------------------------------------------------------------------------------


def note(one: PauseNote) -> Message:
    """Return the one message about a pause: nothing to do."""
    own = one.stakeholder
    until = day(local_day(one.until, own.person.tz))
    words = f"I'll stop asking about {bold(one.initiative.name)} until {until}. Nothing to do."
    row = [
        button("Resume", Act.PLACE_RESUME, own.id),
        button("Stop for good", Act.PLACE_STOP, own.id),
        why_button(Kind.PAUSE_NOTE, one.id),
    ]
    return Message(words, (section(words), actions(row, f"pause.{one.id}")))


# --- about one person ----------------------------------------------------------------------------


def line(quiet: Quiet) -> str:
    """Return that nobody asks somebody for a while, as owners and that person alike read it."""
    who = mention(quiet.person.slack_user_id)
    left = _because(quiet)
    return (
        f"I've paused check-ins to {who} {_span(quiet)}{left}. It may be workload, leave or doubt; "
        "I can't tell."
    )


def _because(quiet: Quiet) -> str:
    if quiet.reason is Reason.MISSED:
        return f": {_number(quiet.misses)} {'is' if quiet.misses == 1 else 'are'} open"
    if quiet.reason is Reason.NOT_DONE:
        return ": the days of two steps they chose passed without a word"
    return ""


def _number(many: int) -> str:
    return NUMBERS[many] if many < len(NUMBERS) else str(many)


def _span(quiet: Quiet) -> str:
    tz = quiet.person.tz
    until = local_date(quiet.until, tz)
    weeks, rest = divmod((until - local_date(quiet.since, tz)).days, 7)
    return f"until {day(until)}" if rest or not weeks else f"for {count(weeks, 'week')}"


# --- for who leads it ----------------------------------------------------------------------------


def step_back_blocks(todo: StepBack) -> list[Block]:
    """Return whom to talk to next, and what an owner may answer."""
    quiet = todo.quiet
    row = [
        button("I'll talk with them", Act.PAUSE_TALK, quiet.id),
        button("Someone else will", Act.PAUSE_OTHER, quiet.id),
        button("Take off the list", Act.PAUSE_OFF, quiet.id, confirm=_confirm_off()),
    ]
    blocks = [section(f"{line(quiet)} {WORD}"), actions(row)]
    if todo.more:
        others = count(todo.more, "other is", "others are")
        blocks.append(context(f"{others} paused as well, named here once this is settled."))
    return blocks


def _confirm_off() -> Block:
    words = (
        "They aren't asked about it any more and get no message about that. If they look, they "
        "read that you took them off, and they may come back."
    )
    return confirm("Take them off the list?", words, "Take off")


def some_quiet_blocks() -> list[Block]:
    """Return that some have gone quiet whom nobody may name."""
    return [section(SOME)]


def debt_blocks(todo: ListeningDebt, initiative: Initiative) -> Sequence[Block]:
    """Return what people wait for, with the means to give it."""
    if todo.days is None:
        words = (
            "*Check-ins are paused until people hear from you.* Rounds have closed, and nobody was "
            "told what came of them. Say what changed because of people: asking goes on at once."
        )
        write = button("Tell the team", Act.PROGRESS_NEW, initiative.id, style="primary")
        return [section(words), actions([write])]
    words = (
        f"*Check-ins are paused until you reply.* {_waiting(todo)}, the oldest for more than "
        f"{count(todo.days, 'day')}. "
        "Once the oldest are answered, asking goes on at once."
    )
    way = in_the_way_blocks(todo.in_the_way, initiative) if todo.in_the_way else []
    return [section(words), *input_blocks(todo.inputs), *way]


def _waiting(todo: ListeningDebt) -> str:
    told, way = len(todo.inputs), todo.in_the_way
    things = count(told, "thing people told you", "things people told you")
    if way is None:
        return f"{things} {'waits' if told == 1 else 'wait'}"
    return (
        f"{things} and what gets in their way wait" if told else "What gets in people's way waits"
    )


def more_time_blocks(todo: MoreTimeNeeded, initiative: Initiative) -> list[Block]:
    """Return the advice to give people more time, and what an owner may answer."""
    quiet = f"{todo.advice.quiet} of {todo.advice.asked} are quiet."
    if todo.on is None:
        words = f"*{quiet}* Asking more won't change that. What could wait for two weeks?"
        write = button("Tell the team", Act.PROGRESS_NEW, initiative.id)
        return [section(words), actions([write])]
    what = bold(todo.milestone) if todo.milestone else "the next milestone"
    row = [
        button("Move the date", Act.DATE_MOVE, todo.advice.id),
        button("Keep it, and say why", Act.DATE_KEEP, todo.advice.id),
    ]
    words = f"{quiet} Before {what} ({day(todo.on)}): would two more weeks help?"
    return [section(words), actions(row)]


def answered(done: Answered) -> Message:
    """Return what an owner's answer did."""
    who, tz = mention(done.quiet.person.slack_user_id), done.quiet.person.tz
    until = day(local_date(done.quiet.until, tz))
    words = {
        Answer.TALK: f"Good. Check-ins to {who} stay paused until {until}, so there's time for it.",
        Answer.OTHER: f"Good. Check-ins to {who} stay paused until {until}.",
        Answer.OFF: (
            f"{who} isn't asked about {bold(done.initiative.name)} any more, and got no message "
            "about that."
        ),
    }[done.answer]
    return Message(words, (section(words),))
