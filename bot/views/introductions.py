"""What somebody reads before the first check-in, and what their choice there did."""

from bot.domain.initiatives import GROUP_MINIMUM, Place, Stakeholder, Visibility
from bot.domain.introductions import PROMISE, Introduction
from bot.domain.outbox import Kind
from bot.domain.words import first_line
from bot.views import people
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
    said,
    section,
    shortened,
)
from bot.views.reasons import why_button

LONGEST = 700
"""Characters shown of each of the owner's own texts: the message has to stay readable."""


def introduction(intro: Introduction) -> Message:
    """Return the introduction; after a choice it says so in place of the buttons."""
    owner, leads = people.owners(intro.initiative), people.does(intro.initiative, "lead")
    opening = (
        f"{owner} {leads} {bold(intro.initiative.name)}. You're one of the people it touches, so "
        "they would like to know how it works for you."
    )
    blocks = [section(opening), *_reasons(intro)]
    if is_open(intro.stakeholder):
        blocks += [section(f"*What to expect*\n{_expect(intro)}"), section(_promise(intro))]
    return Message(opening, (*blocks, *_choices(intro)))


def is_open(place: Stakeholder) -> bool:
    """Return whether the initiative may still write to the person."""
    return place.place is Place.ACTIVE and not place.person.stopped


def _reasons(intro: Introduction) -> list[Block]:
    plan = intro.initiative.plan
    parts = [
        ("Why now", plan.why),
        ("What gets better for you", plan.benefit),
        ("Needed in the next two weeks", plan.needed),
    ]
    blocks = [
        section(f"*{title}*\n{said(shortened(words, LONGEST))}") for title, words in parts if words
    ]
    if plan.milestone:
        when = f", {day(plan.milestone_on)}" if plan.milestone_on else ""
        milestone = said(shortened(plan.milestone, LONGEST))
        blocks.append(section(f"*Next milestone*\n{milestone}{when}"))
    return blocks


def _expect(intro: Introduction) -> str:
    owner = people.owners(intro.initiative)
    about = intro.initiative
    often = f"{people.taps(len(about.questions)).capitalize()} taps {people.often(about)}"
    lines = [f"{often}; answering is up to you.", _who_sees(intro)]
    if intro.stakeholder.group_only:
        lines.append(
            f"I suggest to {owner} what to do next, but never name you to them, unless you tell "
            "them something with your name."
        )
    else:
        lines.append(f"From the answers I suggest to {owner} whom to talk with.")
    lines.append("`/buyin me` shows everything I hold about you.")
    return "\n".join(f"• {line}" for line in lines)


def _who_sees(intro: Introduction) -> str:
    owner, sees = people.owners(intro.initiative), people.does(intro.initiative, "see")
    if not intro.stakeholder.group_only:
        return (
            f"{owner} {sees} your answers with your name. Everyone asked sees totals of at least "
            f"{GROUP_MINIMUM} people, nobody's name."
        )
    return (
        f"Your answers are shown only in totals of at least {GROUP_MINIMUM} people. To be honest: "
        "whoever runs the server this app is on could technically read its database."
    )


def _promise(intro: Introduction) -> str:
    owner = people.owners(intro.initiative)
    words = f"*{owner} {people.does(intro.initiative, 'promise')}* to use this {PROMISE}."
    if not intro.step:
        return words
    by = f" by {day(intro.step_on)}" if intro.step_on else ""
    return f"{words}\n*Their first step*{by}: {said(first_line(intro.step, LONGEST))}"


def _start(intro: Introduction) -> str:
    first = (
        f"The first check-in comes on {day(intro.first_on)} or soon after. "
        if intro.first_on
        else ""
    )
    return f"{first}You get at most {people.MOST} messages from me in 28 days, over everything."


def _choices(intro: Introduction) -> list[Block]:
    place = intro.stakeholder
    block_id = f"introduction.{place.id}"
    if place.person.stopped:
        return [section(people.STOPPED), actions([people.resume_button()], block_id)]
    if place.place is not Place.ACTIVE:
        again = button("Ask me after all", Act.PLACE_RESUME, place.id)
        return [section(_state(intro)), actions([again], block_id)]
    buttons = [
        tell_button(intro.initiative),
        button("Not my topic", Act.PLACE_NOT_MY_TOPIC, place.id),
        people.stop_button(),
        why_button(Kind.INTRODUCTION, place.id),
    ]
    start = context(_start(intro))
    if not place.group_only:
        return [actions([_group_only(intro), *buttons], block_id), start]
    return [*_chosen(intro), actions(buttons, block_id), start]


def _chosen(intro: Introduction) -> list[Block]:
    """Say that group figures were chosen; where they hold for all there was nothing to choose."""
    if intro.initiative.visibility is Visibility.GROUP:
        return []
    return [section(people.grouped_here(intro.initiative, changed=True))]


def _state(intro: Introduction) -> str:
    if intro.stakeholder.place is Place.NOT_MY_TOPIC:
        return people.not_my_topic(intro.initiative)
    return "You get no messages about this."


def _group_only(intro: Introduction) -> Block:
    return button(
        "Only in group figures",
        Act.PLACE_GROUP_ONLY,
        intro.stakeholder.id,
        confirm=people.confirm_group_only(intro.initiative),
    )
