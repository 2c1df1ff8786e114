"""What an owner reads about an initiative: what to do first, then numbers."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.domain.accounts import Group
from bot.domain.barriers import InTheWay
from bot.domain.commitments import DueStep
from bot.domain.digests import Digest
from bot.domain.figures import Figure, Measure, Part, total
from bot.domain.guesses import GUESS_FIELD, Guess, GuessForm
from bot.domain.initiatives import GROUP_MINIMUM, Status, Visibility
from bot.domain.pulses import Question
from bot.domain.todos import (
    Explanations,
    FaceToFace,
    Listed,
    ListeningDebt,
    MilestoneDue,
    MoreTimeNeeded,
    OneLine,
    PostDue,
    Replies,
    SomeQuiet,
    StepBack,
    StepDue,
    Talks,
    TalksAsked,
    TeamMeeting,
    Todo,
)
from bot.views import (
    barriers,
    charts,
    commitments,
    gives,
    owner_settings,
    pauses,
    standings,
    talk_plans,
)
from bot.views import figures as figure_views
from bot.views.ids import Act, Form
from bot.views.inputs import input_blocks
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
    entry,
    header,
    listed,
    quoted,
    said,
    section,
    weekday,
)
from bot.views.launches import still
from bot.views.notices import NOTICE
from bot.views.progress import overdue_blocks

FACE_TO_FACE = "One thing now: tell two people face to face why this matters."
ALOUD = 600
"""Characters of a digest that are read aloud at most."""

MEETING = "Asking again won't fix that. Bring it up in your next team meeting."
BUTTONS = "Type `/buyin status` in any conversation to get this with buttons that work."


def digest_message(digest: Digest) -> Message:
    """Return the digest as the app sends it."""
    why = (
        f"You get this because you lead {bold(digest.initiative.name)} and something happened: at "
        "most once a day, in your working hours. `/buyin stop` ends all messages."
    )
    return _message(digest, f"Only the people who lead it see this. {why}")


def status_message(digest: Digest) -> Message:
    """Return the same on demand."""
    told = _message(digest, "Only you see this. `/buyin status` shows it at any time.")
    if digest.initiative.status is not Status.RUNNING:
        return told
    *blocks, why = told.blocks
    row = actions([owner_settings.open_button(digest.initiative)])
    return replace(told, blocks=(*blocks, row, why))


def status_modal(digest: Digest) -> Modal:
    """Return the same for a place without messages, where its buttons could not answer."""
    blocks = still(_message(digest, BUTTONS).blocks)
    return Modal(NOTICE, "How it is going", tuple(blocks), close="Close")


def _message(digest: Digest, why: str) -> Message:
    lead = _lead(digest)
    if digest.paused_until:
        lead = f"{owner_settings.paused_line(digest.initiative, digest.paused_until)} {lead}"
    todos = [block for todo in digest.first for block in _todo(todo, digest)]
    blocks = [header(digest.initiative.name), section(lead), *todos]
    if digest.later:
        waits = "thing waits" if digest.later == 1 else "things wait"
        blocks.append(context(f"{digest.later} more {waits} until these are done."))
    numbers = _numbers(digest)
    if numbers:
        blocks += [divider(), section("\n".join(f"• {line}" for line in numbers))]
    about = digest.initiative
    picture = charts.trend_picture(about.name, digest.history, about.tz, above=len(blocks))
    if digest.may_guess:
        guess = button("Guess how many find it useful", Act.GUESS_OPEN, digest.initiative.id)
        blocks.append(actions([guess]))
    blocks.append(context(why))
    return Message(_aloud(digest, lead, todos), tuple(blocks), picture)


def _aloud(digest: Digest, lead: str, todos: Sequence[Block]) -> str:
    """Return what notifications and screen readers give: what to do counts, not only numbers."""
    told = f"{said(digest.initiative.name)}: {lead}"
    for block in todos:
        words = block["text"]["text"] if block["type"] == "section" else ""
        if words and len(told) + len(words) < ALOUD:  # whole paragraphs: a cut could break markup
            told += f"\n{words}"
    return told


def _lead(digest: Digest) -> str:
    """Return the first sentence: how far the asking is."""
    if digest.initiative.status is Status.ENDED:
        return "This has ended; nobody is asked any more. These are the last numbers."
    if digest.closed_round is not None:
        return _between(digest)
    if digest.open_round is None:
        first = digest.initiative.first_date
        when = f" The first check-ins go out from {day(first)}." if first else ""
        return f"Nobody has been asked yet.{when}"
    return f"Too early to say who's with you. {_so_far(digest)} {FACE_TO_FACE}"


def _between(digest: Digest) -> str:
    if not digest.mid_round or digest.open_round is None:
        return f"Round {digest.closed_round} has closed{_answered(digest.part)}."
    return f"Round {digest.open_round} is open. {_so_far(digest)}"


def _answered(part: Part | None) -> str:
    return f": {part.answered} of {part.invited} answered" if part and part.invited else ""


def _so_far(digest: Digest) -> str:
    closes = _closes(digest.last_day, digest.today)
    part = digest.open_part
    if part is None:
        return f"Totals come when the round closes{closes}."
    have = "has" if part.answered == 1 else "have"
    return f"{part.answered} of {part.invited} {have} answered; the round closes{closes}."


def _closes(last_day: date | None, today: date) -> str:
    if last_day is None:
        return ""
    away = (last_day - today).days
    if away == 0:
        return " today"
    return f" {weekday(last_day)}" if 0 < away < 7 else f" on {day(last_day)}"


def _todo(todo: Todo, digest: Digest) -> Sequence[Block]:
    return _TODOS[type(todo)](todo, digest)


def _face_to_face(_: FaceToFace, __: Digest) -> list[Block]:
    return []  # stands in the first sentence


def _team_meeting(_: TeamMeeting, digest: Digest) -> list[Block]:
    return [section(f"{_nobody(digest)} {MEETING}")]


def _nobody(digest: Digest) -> str:
    if digest.initiative.visibility is Visibility.GROUP:
        return "Too few people answered to show anything."
    apart = digest.part.apart if digest.part else 0
    return "Nobody who is counted here answered." if apart else "Nobody answered."


def _step_due(todo: StepDue, _: Digest) -> list[Block]:
    step = todo.step
    words = f"*You said you would, by {day(step.due_on)}:*\n{quoted(step.words)}"
    return [section(words), actions([button("Say how it went", Act.DIGEST_STEP, step.id)])]


def _replies(todo: Replies, _: Digest) -> list[Block]:
    number = count(len(todo.inputs), "thing people told you waits", "things people told you wait")
    return [section(f"*{number} for your reply*"), *input_blocks(todo.inputs)]


def _explanations(todo: Explanations, _: Digest) -> list[Block]:
    return standings.wishes_blocks(todo)


def _talks(todo: Talks, digest: Digest) -> list[Block]:
    plan = talk_plans.prompt_blocks(digest.talks, digest.initiative.id)
    return [*standings.talks_blocks(todo), *plan]


def _listed(todo: Listed, digest: Digest) -> list[Block]:
    blocks = standings.listed_blocks(todo)
    if todo.group is not Group.WORTH_A_TALK:
        return blocks
    return [*blocks, *talk_plans.prompt_blocks(digest.talks, digest.initiative.id)]


def _talks_asked(todo: TalksAsked, digest: Digest) -> list[Block]:
    return talk_plans.asked_blocks(todo, digest.initiative)


def _milestone_due(todo: MilestoneDue, digest: Digest) -> list[Block]:
    when = "is today" if todo.on == digest.today else f"was due on {day(todo.on)}"
    what = said(todo.words) if todo.words else "The next milestone"
    words = f"*A date has come:* {what} {when}. Tell people how it went, and what is next."
    write = button("Tell the team", Act.PROGRESS_NEW, digest.initiative.id)
    return [section(words), actions([write])]


def _post_due(_: PostDue, digest: Digest) -> list[Block]:
    return list(overdue_blocks(digest.initiative))


def _listening_debt(todo: ListeningDebt, digest: Digest) -> Sequence[Block]:
    return pauses.debt_blocks(todo, digest.initiative)


def _step_back(todo: StepBack, _: Digest) -> list[Block]:
    return pauses.step_back_blocks(todo)


def _some_quiet(_: SomeQuiet, __: Digest) -> list[Block]:
    return pauses.some_quiet_blocks()


def _more_time(todo: MoreTimeNeeded, digest: Digest) -> list[Block]:
    return pauses.more_time_blocks(todo, digest.initiative)


def _one_line(todo: OneLine, digest: Digest) -> list[Block]:
    return gives.one_line_blocks(todo, digest.initiative)


_TODOS: dict[type[Any], Callable[[Any, Digest], Sequence[Block]]] = {
    StepDue: _step_due,
    FaceToFace: _face_to_face,
    TeamMeeting: _team_meeting,
    Replies: _replies,
    Explanations: _explanations,
    Talks: _talks,
    TalksAsked: _talks_asked,
    Listed: _listed,
    MilestoneDue: _milestone_due,
    PostDue: _post_due,
    ListeningDebt: _listening_debt,
    StepBack: _step_back,
    SomeQuiet: _some_quiet,
    MoreTimeNeeded: _more_time,
    OneLine: _one_line,
    InTheWay: lambda todo, digest: barriers.in_the_way_blocks(todo, digest.initiative),
}


def _numbers(digest: Digest) -> list[str]:
    lines = [
        *_totals(digest),
        charts.trend_line(digest.history),
        _no_totals(digest.figures),
        _guess(digest),
        standings.numbers(digest.groups),
        _unestimated(digest),
        standings.topic_line(digest.not_my_topic),
        _apart(digest),
        _open_round(digest),
    ]
    return [line for line in lines if line]


def _totals(digest: Digest) -> list[str]:
    told = figure_views.lines(digest.figures, digest.history)
    if not digest.mid_round or not told:
        return told
    return [f"Round {digest.closed_round}{_answered(digest.part)}. {told[0]}", *told[1:]]


def _no_totals(figures: Sequence[Figure]) -> str:
    each = [figure for figure in figures if figure.measure is not Measure.TOOK_PART]
    without = [figure for figure in each if not total(figure)]
    if not without:
        return ""
    if len(without) == len(each):
        return figure_views.WHEN
    questions = listed(
        [f"“{standings.ASKED[Question(figure.measure)]}”" for figure in without], "or"
    )
    return f"No total for {questions} this time: it could tell single answers apart."


def _guess(digest: Digest) -> str:
    guess = digest.guess
    if guess is None:
        return ""
    found = next((one for one in digest.figures if one.measure is Measure.USEFUL), None)
    words = f"You guessed {guess.useful} of {guess.asked}."
    if found is None or found.favourable is None:
        return f"{words} Round 1 gave no total to set beside it."
    find = "finds" if found.favourable == 1 else "find"
    return (
        f"{words} Of the {found.answered} who answered, {found.favourable} {find} it *very* or "
        "*extremely* useful."
    )


def _unestimated(digest: Digest) -> str:
    """Return what is told of single people where nothing is estimated about them."""
    if digest.estimated or digest.initiative.visibility is Visibility.GROUP:
        return ""
    told = "Nothing is estimated about single people here: you read answers and totals."
    if not digest.unheard:
        return told
    number = count(digest.unheard, "person", "people")
    return f"{told} We haven't heard from {number} lately. {standings.SILENCE}"


def _apart(digest: Digest) -> str:
    """Return that some are not counted; how few would tell who they are."""
    part = digest.part or digest.open_part
    if part is None or not part.apart or digest.initiative.visibility is Visibility.GROUP:
        return ""
    if part.apart < GROUP_MINIMUM:
        return "Not everyone is counted here: anyone may choose group figures."
    return f"{part.apart} people chose group figures and aren't counted here."


def _open_round(digest: Digest) -> str:
    if digest.open_round is None or digest.initiative.status is Status.ENDED:
        return ""
    asked = _reached(digest)
    if digest.closed_round is None or digest.mid_round:
        return asked and f"{asked}."
    closes = f"Round {digest.open_round} closes{_closes(digest.last_day, digest.today)}"
    part = digest.open_part
    answered = f"{part.answered} of {part.invited} answered so far" if part else ""
    return "; ".join(filter(None, (closes, answered, asked))) + "."


def _reached(digest: Digest) -> str:
    """Return how many the asking has reached; who and why not is visible to them alone."""
    if digest.reached is None or digest.reached >= digest.people:
        return ""
    return f"{digest.reached} asked so far, {digest.people - digest.reached} not yet"


def guess_form(form: GuessForm) -> Modal:
    """Return the form for the guess before the first round closes."""
    number = {"type": "number_input", "is_decimal_allowed": False, "min_value": "0"}
    words = (
        f"{form.asked} people are asked about {bold(form.initiative.name)}. When round 1 has "
        "closed, your guess stands beside the answer. Nobody else sees it."
    )
    return Modal(
        Form.GUESS,
        "Your guess",
        (
            section(words),
            entry(
                GUESS_FIELD,
                "How many find it very or extremely useful?",
                {**number, "max_value": str(form.asked)},
                hint=f"0 to {form.asked}. You can guess once.",
            ),
        ),
        submit="Keep it",
        metadata=str(form.initiative.id),
    )


def guessed(guess: Guess) -> Modal:
    """Return what the form turns into once the guess is kept."""
    words = f"Kept: {guess.useful} of {guess.asked}. You'll see it beside the answer after round 1."
    return Modal(NOTICE, "Your guess", (section(words),), close="Close")


def step_question(step: DueStep) -> Message:
    """Return the question how a step went, asked from a digest."""
    return commitments.due_message(step)
