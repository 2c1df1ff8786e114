"""What an owner reads about talks: whom one could help and why, and what became of the others."""

from datetime import date

from bot.domain.calendars import local_date
from bot.domain.conversations import Conversation, HeldTalk, State
from bot.domain.initiatives import Initiative
from bot.domain.people import Person
from bot.domain.talk_plans import Pick, SessionForm, TalkPlan
from bot.domain.todos import TalksAsked
from bot.views import standings, talk_notes
from bot.views.conversations import MINUTES
from bot.views.ids import Act, Form
from bot.views.kit import (
    Block,
    Modal,
    actions,
    bold,
    button,
    context,
    count,
    day,
    divider,
    entry,
    mention,
    plain,
    section,
)
from bot.views.notices import NOTICE
from bot.views.talk_lines import slot_words

SPONSOR = "sponsor"
"""Block id of the form field."""

QUESTIONS = (
    "What's hardest in your work right now?",
    "What would need to be true for this to help?",
    "What are we missing?",
)
NOBODY = "Nobody to offer a talk to at the moment: either nothing calls for one, or it is too soon."
FULL = (
    f"Your talks for this week are planned: four of {MINUTES} are enough beside everything else. "
    "Who waits longest is offered the next."
)
FINE = "It's an offer: “no” is fine, and nothing is concluded from it."


def plan(one: TalkPlan, offered: Person | None = None) -> Modal:
    """Return whom a talk could help, what is under way and what is over."""
    blocks: list[Block] = [section(_head(one))]
    if offered:
        blocks.insert(0, section(_offered(offered)))
    for pick in one.picks:
        blocks += _pick(pick)
    if one.more and one.picks:
        blocks.append(context(f"{count(one.more, 'other')} after that, who waits longest first."))
    if one.picks:
        asked = "\n".join(f"• “{words}”" for words in QUESTIONS)
        blocks.append(section(f"*To begin with, you could ask*\n{asked}"))
    if one.may_invite:
        words = "*People who took steps* can be asked for their advice, together."
        plans = button("Plan a session", Act.SESSION_PLAN, one.initiative.id)
        blocks += [section(words), actions([plans])]
    if one.may_call:
        blocks += _call(one)
    blocks += _under_way(one)
    if one.over:
        blocks += [divider(), section("*The last ones*")]
        blocks += [block for held in one.over for block in talk_notes.blocks(held)]
    return Modal(Form.TALK_PLAN, "Talks", tuple(blocks), close="Close")


def _head(one: TalkPlan) -> str:
    about = f"About {bold(one.initiative.name)}."
    if one.picks:
        return f"{about} *{worth(len(one.picks))}* {FINE}"
    return f"{about} {FULL if one.more and not one.room else NOBODY}"


def _call(one: TalkPlan) -> list[Block]:
    words = (
        "*Everyone in group figures* can get one general offer of a talk, at most every six weeks. "
        "You're not told who gets it; who asks you for a talk then gives their name."
    )
    offers = button("Offer it to all of them", Act.TALK_CALL, one.initiative.id)
    return [section(words), actions([offers])]


def session_form(one: SessionForm) -> Modal:
    """Return who would be invited together and to when, before anybody is."""
    names = "\n".join(f"• {mention(who.slack_user_id)}" for who in one.people)
    when = slot_words(one.slot.starts_at, one.owner.tz)
    words = (
        f"About {bold(one.initiative.name)}: *{when}* suits most of you. Each of them took a step "
        f"lately; each gets an invitation among their other messages and sees this list.\n{names}"
    )
    about = str(one.initiative.id)
    title = "A session"
    return Modal(
        Form.SESSION_INVITE, title, (section(words),), submit="Invite them", metadata=about
    )


def session_invited(one: SessionForm) -> Modal:
    """Return what the form turns into."""
    words = (
        f"Invited: {count(len(one.people), 'person', 'people')}. The day before I tell you if "
        "fewer than two come; otherwise those who come are reminded."
    )
    return Modal(NOTICE, "Thank you", (section(words),), close="Close")


def sponsor_form(stakeholder_id: int) -> Modal:
    """Return the form to have somebody else talk with them: a sponsor, say."""
    words = (
        "They're asked first whether they can, without a name. They learn whom they talk with "
        "once a time is agreed."
    )
    element = {"type": "users_select", "placeholder": plain("Pick a colleague")}
    return Modal(
        Form.TALK_SPONSOR,
        "By somebody else",
        (section(words), entry(SPONSOR, "Who could talk with them?", element)),
        submit="Ask them",
        metadata=str(stakeholder_id),
    )


def sponsor_asked(initiative: str) -> Modal:
    """Return what the form turns into."""
    words = f"Asked. Once they can, the offer goes out; the plan for {bold(initiative)} shows it."
    return Modal(NOTICE, "Thank you", (section(words),), close="Close")


def worth(number: int) -> str:
    """Return how many people a talk could help."""
    if number == 1:
        return f"One person is worth {MINUTES} this week."
    words = {2: "Two", 3: "Three", 4: "Four"}.get(number, str(number))
    return f"{words} people are worth an hour this week."


def _offered(person: Person) -> str:
    who = mention(person.slack_user_id)
    return (
        f"Offered: {who} gets three times that suit you both, at once if they asked for a talk, "
        "else within two weeks or so."
    )


def _pick(pick: Pick) -> list[Block]:
    own = pick.candidate.stakeholder_id
    return [
        section(_why(pick)),
        actions(
            [
                button("Offer a talk", Act.TALK_OFFER, own),
                button("By somebody else…", Act.TALK_SPONSOR, own),
            ],
            f"talk.pick.{own}",
        ),
    ]


def _why(pick: Pick) -> str:
    """Return what somebody said, in the very words in which they read it themselves."""
    if pick.asked_on:
        return (
            f"{mention(pick.person.slack_user_id)} asked to talk with you ({day(pick.asked_on)})."
        )
    if pick.wish:
        return standings.wish_line(pick.wish)
    if pick.talk:
        return standings.talk_line(pick.talk)
    told = standings.line(pick.account) if pick.account else ""
    return told or mention(pick.person.slack_user_id)


def _under_way(one: TalkPlan) -> list[Block]:
    if not one.under_way:
        return []
    blocks: list[Block] = [divider(), section("*Under way*")]
    for held in one.under_way:
        blocks += _open(held)
    return blocks


def _open(held: HeldTalk) -> list[Block]:
    talk = held.talk
    if talk.state is State.AGREED:
        return talk_notes.blocks(held)
    return talk_notes.waiting(held)


# --- in the digest ------------------------------------------------------------------------------


def asked_blocks(todo: TalksAsked, initiative: Initiative) -> list[Block]:
    """Return who would like to talk; they gave their names with it."""
    lines = [f"• {talk_notes.line(HeldTalk(one, _on(one, initiative)))}" for one in todo.talks[:3]]
    more = len(todo.talks) - len(lines)
    if more > 0:
        lines.append(f"• and {count(more, 'other')}")
    plans = button("Offer them times", Act.TALK_PLAN, initiative.id)
    return [section("\n".join(["*Somebody would like to talk*", *lines])), actions([plans])]


def _on(talk: Conversation, initiative: Initiative) -> date:
    return local_date(talk.made_at, initiative.tz)


def prompt_blocks(number: int, initiative_id: int) -> list[Block]:
    """Return the prompt in a digest below those who are worth a talk; [] of nobody."""
    if not number:
        return []
    plans = button("Plan talks", Act.TALK_PLAN, initiative_id)
    return [section(f"{worth(number)} {FINE}"), actions([plans])]
