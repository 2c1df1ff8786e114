"""Why me, why now? In plain words, for every message, with the ways to get less."""

from datetime import date

from bot.domain.gives import OF_A_BARRIER, GiveKind
from bot.domain.initiatives import Initiative, Place, Status
from bot.domain.outbox import Kind
from bot.domain.reasons import FEWER_WEEKS, Reasons
from bot.views import people
from bot.views.ids import Act
from bot.views.inputs import leads
from bot.views.kit import (
    Block,
    Message,
    actions,
    bold,
    button,
    confirm,
    count,
    day,
    local_day,
    said,
    section,
    shortened,
)

EXCERPT = 120
"""Characters shown of what somebody told the owners."""

NUMBERS = ("", "a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
IN_BETWEEN = (
    "Your answers so far leave open whether this works for you. That's fine, and it's why you get "
    "news between check-ins rather than more questions."
)


TALK_OFFERED = (
    "It's an offer of a talk from {who}. Your answers so far leave open whether this works for "
    "you. That's fine, and so is “no”; at most one such offer comes in six weeks."
)


def why_button(kind: Kind, subject_id: int) -> Block:
    """Return *Why me?*, which every message of the app's own accord has."""
    label = "Why do I get this, why now, and how do I get less?"
    return button("Why me?", Act.WHY, f"{kind.value}:{subject_id}", accessibility_label=label)


def fewer_button(stakeholder_id: int, label: str = "Fewer messages") -> Block:
    """Return the button for fewer messages about one initiative."""
    spoken = f"Fewer messages: a check-in every {FEWER_WEEKS} weeks at most"
    return button(label, Act.PLACE_FEWER, stakeholder_id, accessibility_label=spoken)


def why(about: Reasons) -> Message:
    """Return why somebody got a message, and the ways to get less."""
    lines = [
        f"*Why me, why now?* {_listed_by(about)} {_now(about)}".rstrip(),
        " ".join(filter(None, [_budget(about), _next(about)])),
        f"{_who_sees(about)} `/buyin me` shows all I hold about you.",
    ]
    words = "\n".join(lines)
    row = _less(about)
    block_id = f"why.{about.stakeholder.id}"
    return Message(words, (section(words), *([actions(row, block_id)] if row else [])))


def _listed_by(about: Reasons) -> str:
    since = _date(local_day(about.stakeholder.added_at, about.stakeholder.person.tz), about)
    return f"{said(about.added_by)} put you on the list for {bold(about.initiative.name)} {since}."


def _date(moment: date, about: Reasons) -> str:
    year = "" if moment.year == about.today.year else f" {moment.year}"
    return f"on {moment.day} {moment:%B}{year}"


def _now(about: Reasons) -> str:
    match about.kind:
        case Kind.INTRODUCTION:
            return "You hear of it before anybody asks you anything."
        case Kind.ASK:
            return _since_last(about)
        case Kind.REMINDER:
            return f"Your check-in {_opened(about)} was still open, so you got the one reminder."
        case Kind.GIVE:
            return _given(about)
        case Kind.PAUSE_NOTE:
            return _paused(about)
        case Kind.STEP_DUE:
            return "You chose a step with a date, and I said I'd ask on the day."
        case _:
            return "It has ended, and everyone introduced to it is thanked once."


def _since_last(about: Reasons) -> str:
    times = about.check_in
    if times is None:
        return ""
    if times.by_hand:
        return "You opened this check-in yourself."
    if times.before is None:
        return "It's your first check-in."
    return f"It's {_apart((times.on - times.before).days)} since your last check-in."


def _apart(days: int) -> str:
    """Return `two weeks`, or days where it is less than one."""
    if days < 6:
        return count(max(days, 1), "day")
    weeks = round(days / 7)
    number = NUMBERS[weeks] if weeks < len(NUMBERS) else str(weeks)
    return f"{number} {'week' if weeks == 1 else 'weeks'}"


def _opened(about: Reasons) -> str:
    return f"of {day(about.check_in.on)}" if about.check_in else "of this round"


def _given(about: Reasons) -> str:
    who = people.owners(about.initiative)
    if about.give is GiveKind.INPUT_CHANGE and about.told:
        told = said(shortened(" ".join(about.told.split()), EXCERPT))
        return f"You told {who} “{told}”, so {who} wanted you to see this."
    if about.give in OF_A_BARRIER:
        return f"You named what gets in your way, and {who} answered."
    if about.give is GiveKind.SESSION:
        return f"You took a step for it, so {who} would like your advice on what comes next."
    if about.give is GiveKind.TALK_CALL:
        return f"{who} {people.does(about.initiative, 'offer')} it to everyone in group figures."
    if about.give is GiveKind.TALK_OFFER:
        return TALK_OFFERED.format(who=who)
    if about.give is GiveKind.OWNER_LINE:
        return f"It's a line from {who}. {IN_BETWEEN}"
    return IN_BETWEEN


def _paused(about: Reasons) -> str:
    if about.left_open < 2:
        return "You left check-ins open. That's fine, and nothing is concluded from it."
    left = f"You left {about.left_open} check-ins open in a row"
    return f"{left}. That's fine, and nothing is concluded from it."


def _budget(about: Reasons) -> str:
    return f"Messages from me in the last 28 days: {about.messages} of at most {about.most}."


def _next(about: Reasons) -> str:
    fewer = f"You asked for fewer: a check-in every {FEWER_WEEKS} weeks at most."
    told = [fewer] if about.fewer else []
    if about.next_on:
        early = "" if about.fewer else f", unless {_owners_ask(about)} sooner"
        told.append(f"Next check-in: not before {day(about.next_on)}{early}.")
    return " ".join(told)


def _owners_ask(about: Reasons) -> str:
    return f"{people.owners(about.initiative)} {people.does(about.initiative, 'ask')}"


def _who_sees(about: Reasons) -> str:
    who = people.owners(about.initiative)
    if about.stakeholder.group_only:
        return f"Your answers count {people.NAMELESS}; {who} can't see yours."
    return f"Your answers are for {who}, with your name. Everybody else gets totals only."


def _less(about: Reasons) -> list[Block]:
    """Return the ways to get less that mean something now."""
    own = about.stakeholder
    if own.person.stopped:
        return [people.resume_button()]
    stop_all = button("Stop all", Act.PEOPLE_STOP, accessibility_label="Stop all messages")
    if about.initiative.status is not Status.RUNNING:
        return [stop_all]
    if own.place is not Place.ACTIVE:
        return [button("Ask me after all", Act.PLACE_RESUME, own.id), stop_all]
    usual = button("As often as before", Act.PLACE_USUAL, own.id)
    return [
        usual if about.fewer else fewer_button(own.id, "Fewer"),
        button("Pause", Act.PLACE_PAUSE, own.id, accessibility_label="Pause this for four weeks"),
        button("Stop this", Act.PLACE_STOP, own.id, accessibility_label="Stop this initiative"),
        stop_all,
        talk_button(about.initiative, own.id),
    ]


def talk_button(initiative: Initiative, stakeholder_id: int) -> Block:
    """Return *Talk to me instead*; it asks first, because it gives a name."""
    who = leads(initiative)
    words = (
        f"{who} {people.does(initiative, 'read')}, with your name, that you'd rather talk. I ask "
        "you nothing about it for four weeks."
    )
    asked = confirm("Rather talk?", words, "Tell them")
    return button("Talk to me instead", Act.PLACE_TALK, stakeholder_id, confirm=asked)


# --- what became of it ---------------------------------------------------------------------------


def fewer(initiative: Initiative, stakeholder_id: int) -> Message:
    """Return the answer to *Fewer*."""
    words = (
        f"Done: about {bold(initiative.name)} at most one check-in every {FEWER_WEEKS} weeks from "
        "now on, and nothing in between."
    )
    back = button("As often as before", Act.PLACE_USUAL, stakeholder_id)
    return Message(words, (section(words), actions([back])))


def usual(initiative: Initiative) -> Message:
    """Return the answer to *As often as before*."""
    words = f"Done: {bold(initiative.name)} asks you as often as before."
    return Message(words, (section(words),))


def paused(initiative: Initiative, stakeholder_id: int, until: date, talks: str = "") -> Message:
    """Return the answer to *Pause*; `talks` is what it means for talks agreed on."""
    words = f"OK, nothing more about {bold(initiative.name)} before {day(until)}.{talks}"
    return Message(words, (section(words), actions([_resume(stakeholder_id)])))


def stopped(initiative: Initiative, stakeholder_id: int, talks: str = "") -> Message:
    """Return the answer to *Stop this*; `talks` is what it means for talks agreed on."""
    words = f"Done: no more messages about {bold(initiative.name)}.{talks}"
    again = button("Ask me after all", Act.PLACE_RESUME, stakeholder_id)
    return Message(words, (section(words), actions([again])))


def talk(initiative: Initiative, stakeholder_id: int, until: date) -> Message:
    """Return the answer to *Talk to me instead*."""
    who = people.owners(initiative)
    words = (
        f"Done: {who} {people.does(initiative, 'read')} in the next summary that you'd rather "
        f"talk, and can offer you times. Nothing more about {bold(initiative.name)} from "
        f"me before {day(until)}."
    )
    return Message(words, (section(words), actions([_resume(stakeholder_id)])))


def _resume(stakeholder_id: int) -> Block:
    return button("Resume", Act.PLACE_RESUME, stakeholder_id)
