"""What people see of a check-in: three rows of buttons, what becomes of them, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.calendars import day_words, last_day, local_date
from bot.domain.initiatives import GROUP_MINIMUM, Initiative, Status, Visibility
from bot.domain.outbox import Kind
from bot.domain.pulses import (
    EXPLAIN,
    KNOW,
    LABELS,
    SHORT,
    CheckIn,
    EndReason,
    Explain,
    Given,
    Question,
    Recorded,
    TapStatus,
)
from bot.domain.steps import StepOffer
from bot.views import barriers, people, steps
from bot.views.ids import Act
from bot.views.inputs import tell_button
from bot.views.kit import (
    Block,
    Message,
    actions,
    bold,
    button,
    context,
    day,
    listed,
    local_day,
    said,
    section,
    shortened,
)
from bot.views.reasons import fewer_button, why_button

NEWS_LONGEST = 500
NEEDED_LONGEST = 300
"""Characters shown of typed texts; the whole message has to stay readable."""

NOTHING_NEEDED = "Nothing needed from me"
EXPLAINED = {
    Explain.TWO_LINES: "In two lines",
    Explain.FIFTEEN_MINUTES: "In 15 minutes",
    Explain.NO_THANKS: "No, thanks",
}
PAUSES = ((1, "A day"), (7, "A week"), (30, "A month"))

ABOUT = {
    Question.USEFUL: "how useful",
    Question.SURE: "how sure",
    Question.EFFORT: "what you plan",
}

REFUSED = {
    TapStatus.NOT_YOURS: (
        "That check-in isn't yours, so nothing was saved. `/buyin` shows what is open for you."
    ),
    TapStatus.LEFT: "Slack says this account was deactivated, so nothing was saved.",
    TapStatus.ENDED: "That initiative has ended, so nothing was saved. Thank you all the same.",
    TapStatus.CLOSED: (
        "That round has closed, so nothing was saved. `/buyin` shows what is open for you."
    ),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """How a check-in is unfolded right now; nothing of it is stored."""

    changing: Question | None = None
    more: bool = False
    not_today: bool = False
    """The offer of another initiative was turned down."""
    act: int | None = None
    """The act that a date is being chosen for."""


PLAIN = Shape()


def check_in(one: CheckIn, shape: Shape = PLAIN) -> Message:
    """Return the check-in as the store has it, unfolded as `shape` says."""
    if one.closed:
        return _over(one)
    unsure = _is_unsure(one) and shape.changing is None
    blocks = [
        *_opening(one),
        *(_unsure(one) if unsure else _questions(one, shape)),
        *_thanks(one, shape),
        *_rest(one, shape),
        context(_footer(one)),
    ]
    return Message(_notification(one), tuple(blocks))


def reminder(one: CheckIn) -> Message:
    """Return the only reminder; nothing more is said about leaving it."""
    if one.end_reason in (EndReason.ROUND_CLOSED, EndReason.NEXT_ASK, EndReason.HALTED):
        return _said("The round this was about has closed.")  # the check-in tells the rest
    if one.closed:
        return _over(one)
    words = (
        f"{bold(one.initiative.name)}: your {_taps(one)} are open until {_closes(one)}. This is the"
        " only reminder. Leaving it is fine and isn't counted as a no."
    )
    row = [
        button("Answer", Act.PULSE_OPEN, one.ask_id, style="primary"),
        button("Skip this round", Act.PULSE_SKIP, one.ask_id),
        fewer_button(one.stakeholder_id),
        why_button(Kind.REMINDER, one.ask_id),
    ]
    blocks = section(words), actions(row, _block_id(one, "reminder")), context(_footer(one))
    return Message(words, blocks)


def refused(status: TapStatus) -> Message:
    """Return why a tap was not taken."""
    return Message(REFUSED[status], (section(REFUSED[status]),))


def _is_unsure(one: CheckIn) -> bool:
    return one.dont_know and not one.answers


def _notification(one: CheckIn) -> str:
    if one.is_complete:
        return f"Your check-in about {bold(one.initiative.name)} is saved. Thank you."
    about = ", ".join(ABOUT[question] for question in one.questions)
    return f"{_taps(one).capitalize()} about {bold(one.initiative.name)}: {about}."


def _taps(one: CheckIn) -> str:
    return f"{people.taps(len(one.questions))} taps"


# --- the parts of an open check-in ------------------------------------------------------------


def _opening(one: CheckIn) -> list[Block]:
    name = bold(one.initiative.name)
    if len(one.since) == 1:
        news = bold(shortened(one.since[0], NEWS_LONGEST))
        words = f"Since last time: {news} {_taps(one).capitalize()} about {name}:"
    elif one.since:
        news = "\n".join(f"• {bold(shortened(line, NEWS_LONGEST))}" for line in one.since)
        words = f"Since last time:\n{news}\n{_taps(one).capitalize()} about {name}:"
    elif one.is_first:
        words = f"Your first check-in about {name}: {_taps(one)}, half a minute, up to you."
    else:
        words = f"{_taps(one).capitalize()} about {name}:"
    told = [line for line in (one.overall, _newcomers(one), _rests(one)) if line]
    return [section(words), *(context(line) for line in told)]


def _newcomers(one: CheckIn) -> str:
    """Return who leads it since last time, and what of this check-in they see."""
    if not one.new_owners:
        return ""
    names = listed([said(owner.name or "Somebody") for owner in one.new_owners])
    several = len(one.new_owners) > 1
    lead, see = ("lead", "see") if several else ("leads", "sees")
    if one.visibility is Visibility.GROUP:
        return f"New: {names} {lead} this now and {see} totals only."
    return f"New: {names} {lead} this now and {see} your answers from here on, none from before."


def _rests(one: CheckIn) -> str:
    """Return that asking rests, where somebody still has a check-in open."""
    halt = one.initiative.halt
    if halt is None or one.as_of is None or not halt.holds(one.as_of):
        return ""
    on = day(halt.ends_on(one.person.tz))
    return f"Paused by who leads it: no reminder, and nothing new before {on}. You can answer."


def _questions(one: CheckIn, shape: Shape) -> list[Block]:
    blocks: list[Block] = []
    for question in one.questions:
        given = one.answers.get(question)
        if given and question is not shape.changing:
            blocks.append(_answered(one, question, given))
            continue
        if question is Question.EFFORT and one.initiative.plan.needed:
            needed = shortened(one.initiative.plan.needed, NEEDED_LONGEST)
            blocks.append(section(f"Needed: {bold(needed)}"))
        blocks.append(section(_asked(one.initiative, question)))
        blocks.append(actions(_choices(one, question), _block_id(one, question.value)))
    return blocks


def _asked(initiative: Initiative, question: Question) -> str:
    match question:
        case Question.USEFUL:
            name = bold(initiative.name)
            return f"How useful is {name} for the work you and your team do?"
        case Question.SURE:
            return "How sure are you that it will work here?"
        case Question.EFFORT:
            return "How much do you plan to do for it in the next two weeks?"


def _choices(one: CheckIn, question: Question) -> list[Block]:
    row = [
        button(
            label,
            f"{Act.PULSE_ANSWER}:{question}:{place}",
            one.ask_id,
            accessibility_label=f"{SHORT[question]}, {place} of 5: {label}",
        )
        for place, label in enumerate(LABELS[question], start=1)
    ]
    if question is Question.EFFORT:
        row.append(
            button(
                NOTHING_NEEDED,
                f"{Act.PULSE_ANSWER}:{question}:{Recorded.NOTHING_NEEDED}",
                one.ask_id,
                accessibility_label=f"{SHORT[question]}: {NOTHING_NEEDED}",
            )
        )
    return row


def _answered(one: CheckIn, question: Question, given: Given) -> Block:
    change = button(
        "Change",
        f"{Act.PULSE_CHANGE}:{question}",
        one.ask_id,
        accessibility_label=f"Change your answer: {SHORT[question]}",
    )
    line = f"{SHORT[question]}: *{answer_label(question, given)}*"
    return section(line, change, _block_id(one, question.value))


def answer_label(question: Question, given: Given) -> str:
    """Return the words of the button that was tapped."""
    return NOTHING_NEEDED if given.value is None else LABELS[question][given.value - 1]


def _unsure(one: CheckIn) -> list[Block]:
    change = button("Answer after all", f"{Act.PULSE_CHANGE}:{Question.USEFUL}", one.ask_id)
    blocks = [section("Saved: *I don't know enough to say*", change, _block_id(one, KNOW))]
    owners = people.owners(one.initiative)
    if one.visibility is Visibility.GROUP:  # an explanation needs a name, which stays with us
        tell = f"If an explanation would help, *More* lets you ask {owners} for it."
        blocks.append(section(tell))
    elif one.explain is None:
        blocks.append(section(f"Would it help if {owners} explained?"))
        blocks.append(actions(_explanations(one), _block_id(one, EXPLAIN)))
    elif one.explain is Explain.NO_THANKS:
        blocks.append(section("OK, no explanation. Thank you."))
    else:
        how = EXPLAINED[one.explain].lower()
        blocks.append(section(f"I'll tell {owners} that you'd like it explained {how}."))
    return blocks


def _explanations(one: CheckIn) -> list[Block]:
    return [
        button(label, f"{Act.PULSE_ANSWER}:{EXPLAIN}:{choice}", one.ask_id)
        for choice, label in EXPLAINED.items()
    ]


def _thanks(one: CheckIn, shape: Shape) -> list[Block]:
    if not one.is_complete or shape.changing:
        return []
    words = f"Saved, thank you. The round closes {_closes(one)}; you'll see the overall result too."
    blocks = [section(words), *_follow_up(one, shape)]
    if one.one_more and not shape.not_today:
        value = f"{one.ask_id}:{one.one_more.initiative_id}"
        row = [
            button("OK", Act.PULSE_ONE_MORE, value),
            button("Not today", Act.PULSE_NOT_TODAY, one.ask_id),
        ]
        blocks.append(section(f"One more, about {bold(one.one_more.name)}?"))
        blocks.append(actions(row, _block_id(one, "one_more")))
    return blocks


def _follow_up(one: CheckIn, shape: Shape) -> list[Block]:
    if isinstance(one.follow_up, StepOffer):
        return steps.offer(one.follow_up, shape.act)
    return barriers.question(one.follow_up) if one.follow_up else []


def _rest(one: CheckIn, shape: Shape) -> list[Block]:
    if shape.more:
        return [actions(_more(one), _block_id(one, "more"))]
    row = [button("More", Act.PULSE_MORE, one.ask_id)]
    if not one.is_complete and not _is_unsure(one):
        row.insert(0, button("Not now", f"{Act.PULSE_NOT_NOW}:7", one.ask_id))
    return [actions(row, _block_id(one, "rest"))]


def _more(one: CheckIn) -> list[Block]:
    unsure = f"{Act.PULSE_ANSWER}:{KNOW}:{Recorded.DONT_KNOW}"
    row = [
        button("Not my topic", Act.PULSE_NOT_MY_TOPIC, one.ask_id),
        tell_button(one.initiative),
        button("Why am I asked?", Act.PULSE_WHY, one.ask_id),
        button("Stop", Act.PULSE_STOP, one.ask_id, accessibility_label="Stop all messages"),
        button("Less", Act.PULSE_LESS, one.ask_id, accessibility_label="Show fewer buttons"),
    ]
    if not one.answers and not one.dont_know:
        row.insert(0, button("I don't know enough to say", unsure, one.ask_id))
    return row


def _footer(one: CheckIn) -> str:
    weeks = round(one.initiative.cycle_days / 7)
    often = "about every week" if weeks == 1 else f"about every {weeks} weeks"
    owners = people.owners(one.initiative)
    if one.visibility is Visibility.GROUP:
        return f"{_sees(one.initiative, owners)} only totals of at least {GROUP_MINIMUM} · {often}"
    return f"{_sees(one.initiative, owners)} this with your name · {often}"


def _sees(initiative: Initiative, owners: str) -> str:
    return f"{owners} {'sees' if len(initiative.owners) == 1 else 'see'}"


def _closes(one: CheckIn) -> str:
    if one.closes_at is None:
        return "soon"
    last = last_day(one.closes_at, one.person.tz)
    return day_words(last, local_date(one.as_of, one.person.tz)) if one.as_of else day(last)


def _block_id(one: CheckIn, part: str) -> str:
    """Return an id that is new with every revision, so that Slack keeps no state of its own."""
    return f"ask:{one.ask_id}:{part}:{one.revision}"


# --- a check-in that is over ------------------------------------------------------------------


def _over(one: CheckIn) -> Message:
    match one.end_reason:
        case EndReason.NOT_NOW:
            return _paused(one)
        case EndReason.NOT_MY_TOPIC:
            told = "" if one.visibility is Visibility.GROUP else _told(one)
            return _said(f"Got it. {told}I won't ask you about {bold(one.initiative.name)} again.")
        case EndReason.STOPPED:
            return _said(people.STOPPED, [people.resume_button()], one)
        case EndReason.OFF:
            return _said(f"You're not asked about {bold(one.initiative.name)} any more.")
        case EndReason.ROUND_CLOSED | EndReason.NEXT_ASK | EndReason.HALTED:
            return _closed(one, f"The round about {bold(one.initiative.name)} has closed.")
        case _:
            return _closed(one, f"{bold(one.initiative.name)} has ended; nobody is asked any more.")


def _told(one: CheckIn) -> str:
    return f"I'll tell {people.owners(one.initiative)}. "


def _paused(one: CheckIn) -> Message:
    if one.initiative.status is Status.ENDED:
        return _closed(one, f"{bold(one.initiative.name)} has ended; nobody is asked any more.")
    if one.snoozed_until is None or (one.as_of and one.snoozed_until <= one.as_of):
        return _closed(one, f"You left {bold(one.initiative.name)} for later.")
    until = day(local_day(one.snoozed_until, one.person.tz))
    words = f"OK, nothing more about {bold(one.initiative.name)} before {until}."
    row = [
        button(label, f"{Act.PULSE_NOT_NOW}:{days}", one.ask_id, accessibility_label=f"{label} off")
        for days, label in PAUSES
    ]
    row.append(button("Answer after all", Act.PULSE_AFTER_ALL, one.ask_id))
    return _said(words, row, one)


def _closed(one: CheckIn, words: str) -> Message:
    parts = [words, _given(one), one.overall]
    return _said(" ".join(part for part in parts if part))


def _given(one: CheckIn) -> str:
    if not one.answers:
        return "" if one.dont_know else "You left it open, which is fine."
    answers = [
        f"{SHORT[question]} *{answer_label(question, given)}*"
        for question, given in one.answers.items()
    ]
    return f"You answered: {' · '.join(answers)}."


def _said(words: str, row: Sequence[Block] = (), one: CheckIn | None = None) -> Message:
    block_id = _block_id(one, "over") if one else None
    return Message(words, (section(words), *([actions(row, block_id)] if row else [])))
