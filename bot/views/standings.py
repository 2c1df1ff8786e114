"""What is read about one person: by the owner in a group, by the person in `/buyin me`.

Facts with dates and what to do next, never a verdict. `line`, `talk_line` and `wish_line` are the
only functions that write about one person; owners and that person read the same from them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from bot.domain.accounts import NAMES, Account, Agreed, Did, Estimating, Group, Happened, Said
from bot.domain.evidence import StepEvent
from bot.domain.explanations import Missing
from bot.domain.held import HeldPlace, Read
from bot.domain.initiatives import Initiative, Status
from bot.domain.people import Person
from bot.domain.pulses import LABELS, Explain, Question
from bot.domain.talks import Talk, Wish
from bot.domain.todos import Explanations, Listed, Talks
from bot.views import barriers, pauses, people
from bot.views.ids import Act
from bot.views.inputs import tell_button
from bot.views.kit import (
    Block,
    button,
    count,
    day,
    listed,
    mention,
    section,
)

ASKED = {
    Question.USEFUL: "how useful is it",
    Question.SURE: "will it work here",
    Question.EFFORT: "how much do you plan to do for it",
}
"""The questions in few words, as somebody is quoted with an answer."""

SILENCE = "Busy, away or unconvinced: the app can't tell."
SOME_WISH = (
    "Some people would like it explained. They are in group figures, so tell everyone: a few lines "
    "in your next post will do."
)
HEADINGS = {
    Group.WORTH_A_TALK: "Worth a talk",
    Group.WORDS_NOT_PRACTICE: "Yes in words, not yet in practice",
    Group.NOT_HEARD: "We haven't heard from them",
}
NEXT = {
    Group.WORTH_A_TALK: "Ask what would have to change for it to work.",
    Group.WORDS_NOT_PRACTICE: (
        "Something may be in the way: ask what would free them up, and what you could take off."
    ),
    Group.NOT_HEARD: f"{SILENCE} Asking again won't fix that; a word in passing may.",
}
"""What an owner may do about each group."""

ALONE = "These are answers and no more: nothing is concluded from them. Ask what is behind them."
COUNTED = {
    Group.WORTH_A_TALK: "worth a talk",
    Group.WORDS_NOT_PRACTICE: "yes in words, not yet in practice",
    Group.NOT_HEARD: "not heard from",
    Group.TOO_EARLY: "too early to say",
    Group.WITH_YOU: "with you",
}

DID = {
    StepEvent.TAKEN: "Took on a step on {day}.",
    StepEvent.NOT_NOW: "Said *not now* to a step on {day}.",
    StepEvent.KEPT: "Did a step as agreed, by {day}.",
    StepEvent.PARTLY: "Did part of a step, by {day}.",
    StepEvent.MOVED: "Moved a step to a new date on {day}.",
    StepEvent.NOT_KEPT: "Said on {day} that a step won't happen.",
    StepEvent.MISSED: "Hadn't said by {day} how a step went.",
}
UNDONE = frozenset({StepEvent.NOT_KEPT, StepEvent.MISSED})


# About one person


def talk_line(talk: Talk) -> str:
    """Return what somebody answered and when, as owners and that person alike read it."""
    who = mention(talk.person.slack_user_id)
    label = LABELS[talk.question][talk.value - 1]
    return f"{who} answered *{label}* to “{ASKED[talk.question]}” on {day(talk.on)}."


def wish_line(wish: Wish) -> str:
    """Return what explanation somebody asked for and when."""
    how = "in two lines" if wish.how is Explain.TWO_LINES else "in 15 minutes with you"
    return f"{mention(wish.person.slack_user_id)} would like it explained {how} ({day(wish.on)})."


def topic_line(who: Sequence[Person]) -> str:
    """Return that it is not these people's topic, at most three of them by name; "" of nobody."""
    if not who:
        return ""
    names = [mention(person.slack_user_id) for person in who[:NAMES]]
    more = len(who) - len(names)
    told = listed([*names, f"{more} more"] if more else names)
    says, is_ = ("says", "is") if len(who) == 1 else ("say", "are")
    return f"{told} {says} it's not their topic and {is_} not asked any more."


def line(account: Account) -> str:
    """Return what is read about one person in a line, "" if nothing is."""
    told = sentences(account)
    return f"{mention(account.person.slack_user_id)}: {' '.join(told)}" if told else ""


def sentences(account: Account) -> tuple[str, ...]:
    """Return what somebody said and did, with dates, as owners and that person alike read it.

    Nothing is told of those whom the owner reads about in a number only.
    """
    match account.group:
        case Group.TOO_EARLY | Group.WITH_YOU:
            return ()
        case Group.NOT_HEARD:
            return (_left_open(account),)
        case _:
            named = [barriers.sentence(account.barrier)] if account.barrier else []
            return (*_happened(account), *named, *_talked(account), *_since(account))


def _left_open(account: Account) -> str:
    left = f"{count(account.open_check_ins, 'check-in')} open"
    if account.heard_on is None:
        return f"{left}, no answer so far."
    return f"{left}, last answer on {_on(account.heard_on, account)}."


def _happened(account: Account) -> Iterable[str]:
    """Yield a sentence a fact; answers given as often and last on the same day share one."""
    for how, facts in groupby(account.facts, _how_often):
        if how is None:
            yield from (_done(fact, account) for fact in facts)
        else:
            times, last = how
            yield _said([fact for fact in facts if isinstance(fact, Said)], times, last, account)


def _how_often(fact: Happened) -> tuple[int, date] | None:
    return (fact.times, fact.last) if isinstance(fact, Said) else None


def _said(facts: Sequence[Said], times: int, last: date, account: Account) -> str:
    order = list(Question)
    facts = sorted(facts, key=lambda one: order.index(one.question))
    told = [f"*{LABELS[one.question][one.value - 1]}* to “{ASKED[one.question]}”" for one in facts]
    return f"Said {listed(told)}{_often(times, len(facts))} on {_on(last, account)}."


def _often(times: int, answers: int) -> str:
    if times == 1:
        return ""
    each = {1: "", 2: ", both"}.get(answers, ", each")
    return f"{each} {'twice' if times == 2 else f'{times} times'}, last"


def _done(fact: Happened, account: Account) -> str:
    match fact:
        case Did(event=event, on=on):
            return DID[event].format(day=_on(on, account))
        case Agreed(on=on):
            return f"Agreed to a talk on {_on(on, account)}."
        case _:
            return ""


def _talked(account: Account) -> Iterable[str]:
    if account.talked_on:
        yield f"Had a talk about it on {_on(account.talked_on, account)}."


def _since(account: Account) -> Iterable[str]:
    if Missing.RECENT_ANSWER in account.missing and account.heard_on:
        yield f"No answer since {_on(account.heard_on, account)}: we are less sure."


def _on(moment: date, account: Account) -> str:
    """Return a date, with the year if that is another one."""
    year = "" if moment.year == account.today.year else f" {moment.year}"
    return f"{day(moment)}{year}"


def surer(accounts: Sequence[Account]) -> str:
    """Return what would tell more about each of these people, "" if nothing is missing."""
    wanted = {Missing.TALK: "a talk", Missing.STEP: "a step with a date"}
    missing = [
        words
        for kind, words in wanted.items()
        if accounts and all(kind in account.missing for account in accounts)
    ]
    told = listed(missing, "or")
    return f"{told[0].upper()}{told[1:]} would tell more than another check-in." if told else ""


# What the owner reads, group by group


def listed_blocks(todo: Listed) -> list[Block]:
    """Return one group: at most three people with facts, and what to do next."""
    lines = [f"• {line(account)}" for account in todo.accounts]
    more = todo.number - len(lines)
    if more > 0:
        lines.append(f"• and {more} more")
    missing = "" if todo.group is Group.NOT_HEARD else surer(todo.accounts)
    following = " ".join(filter(None, (NEXT[todo.group], missing)))
    return [section("\n".join([f"*{HEADINGS[todo.group]}*", *lines, following]))]


def talks_blocks(todo: Talks) -> list[Block]:
    """Return low answers of people about whom nothing is concluded."""
    lines = [f"• {talk_line(talk)}" for talk in todo.talks]
    return [section("\n".join(["*Low answers*", *lines, ALONE]))]


def wishes_blocks(todo: Explanations) -> list[Block]:
    """Return who asked for an explanation."""
    lines = [f"• {wish_line(wish)}" for wish in todo.wishes[:NAMES]]
    more = len(todo.wishes) - NAMES
    if more > 0:
        lines.append(f"• and {count(more, 'other')} asked too")
    if todo.some:
        lines.append(f"• {SOME_WISH}" if lines else SOME_WISH)
    return [section("\n".join(["*Asked for an explanation*", *lines]))]


def numbers(groups: Sequence[tuple[Group, int]]) -> str:
    """Return how many people are in each group, "" if there is nobody."""
    found = [(group, number) for group, number in groups if number]
    if [group for group, _ in found] == [Group.TOO_EARLY]:
        return "Too early to say who's with you."
    told = " · ".join(f"{number} {COUNTED[group]}" for group, number in found)
    return f"People: {told}." if told else ""


# What the person reads


def about_you(place: HeldPlace) -> list[Block]:
    """Return what owners may read about a person, in the very words they get, and what it means."""
    return [section(_read(one, place)) for one in place.read]


def _read(read: Read, place: HeldPlace) -> str:
    initiative = replace(place.initiative, owners=read.owners)
    lines = list(lines_about(read))
    meant = "" if read.no_topic else _meant(read, place.estimating, initiative)
    if not lines:
        whose = f", for {people.owners(initiative)}" if len(place.read) > 1 else ""
        return f"*Where things stand{whose}:* {meant}"
    told = [f"*{people.owners(initiative)} may read*", *lines, meant]
    return "\n".join(filter(None, told))


def lines_about(read: Read) -> Iterable[str]:
    """Yield every line that some owners may read about one person."""
    if read.account:
        yield from filter(None, [line(read.account)])
        if read.account.group in (Group.WORTH_A_TALK, Group.WORDS_NOT_PRACTICE):
            yield from filter(None, [surer([read.account])])
    if read.talk:
        yield talk_line(read.talk)
    if read.wish:
        yield wish_line(read.wish)
    if read.barrier:
        yield barriers.line(read.barrier)
    if read.paused:
        yield pauses.line(read.paused)
    if read.no_topic:
        yield topic_line([read.no_topic])


def _meant(read: Read, estimating: Estimating, initiative: Initiative) -> str:
    """Return what the reading means for the person, in one or two sentences."""
    who = people.owners(initiative)
    alone = f"{who} {people.does(initiative, 'read')} your answers alone."
    if estimating is Estimating.NOT_ME:
        return f"You asked not to be estimated: {alone}"
    if estimating is Estimating.NOT_HERE or read.account is None:
        return f"Nothing is estimated about single people here: {alone}"
    return meaning(read.account, who)


def meaning(account: Account, who: str) -> str:
    """Return what the person reads about their own group; `who` leads it (safe in mrkdwn)."""
    match account.group:
        case Group.WORTH_A_TALK:
            return f"Your answers suggest this isn't working for you yet. {who} may offer to talk."
        case Group.WORDS_NOT_PRACTICE:
            return (
                f"You've said it's useful, and {_undone(account)}. If something is in the way, "
                "you can say so here."
            )
        case Group.NOT_HEARD:
            left = count(account.open_check_ins, "check-in")
            return f"You've left {left} open. That's fine; nothing is concluded from it."
        case Group.WITH_YOU:
            return "Your answers are positive. Thank you."
        case _:
            return "Too little to go on, so the app concludes nothing."


def _undone(account: Account) -> str:
    number = sum(isinstance(one, Did) and one.event in UNDONE for one in account.facts)
    if not number:
        return "not every step you chose happened"
    return f"{count(number, 'step')} you chose didn't happen"


def buttons(place: HeldPlace) -> list[Block]:
    """Return the buttons against what owners read: it is wrong, or nothing is to be estimated."""
    own, told = place.stakeholder, []
    spoken_of = any(read.no_topic is None for read in place.read)
    if place.initiative.status is not Status.RUNNING or not spoken_of:
        return []
    if any(_says_something(read) for read in place.read):
        told.append(button("That's wrong", Act.STANDING_WRONG, own.id))
    if any(_is_in_the_way(read) for read in place.read):
        told.append(tell_button(place.initiative))
    if place.estimating is Estimating.YES:
        told.append(button("Don't estimate me", Act.STANDING_NO_ESTIMATE, own.id))
    elif place.estimating is Estimating.NOT_ME:
        told.append(button("Estimate me again", Act.STANDING_ESTIMATE, own.id))
    return told


def _is_in_the_way(read: Read) -> bool:
    """Return whether something may be in the way of what they said, which they may want to tell."""
    return read.account is not None and read.account.group is Group.WORDS_NOT_PRACTICE


def _says_something(read: Read) -> bool:
    concluded = read.account is not None and read.account.group is not Group.TOO_EARLY
    return concluded or read.talk is not None or read.barrier is not None
