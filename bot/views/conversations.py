"""What both sides of a talk see: the invitation, the times, the card, and how it went.

An invitation tells nothing but what its reader said themselves, and "no" is as easy as yes.
"""

from bot.domain.calendars import zone
from bot.domain.conversations import (
    Call,
    Card,
    Conversation,
    HostAsked,
    Offer,
    Origin,
    State,
)
from bot.domain.conversations import Form as TalkForm
from bot.domain.meetings import Meeting, uid
from bot.domain.outbox import Kind
from bot.domain.people import Person
from bot.domain.slots import Slot
from bot.domain.talk_hours import LENGTH
from bot.views import invites, people
from bot.views.ids import Act, Form
from bot.views.inputs import leads, tell_button
from bot.views.kit import (
    Block,
    Message,
    Modal,
    actions,
    bold,
    button,
    confirm,
    context,
    entry,
    listed,
    mention,
    option,
    plain,
    said,
    section,
)
from bot.views.notices import NOTICE
from bot.views.reasons import why_button
from bot.views.talk_lines import slot_words

MINUTES = f"{int(LENGTH.total_seconds() // 60)} minutes"
NO_IS_FINE = "“No” is fine and isn't held against you."
TIME = "time"
"""Block id of the form field."""

NO_TIME = "I found no time in the next three weeks that suits you both."
TAKEN = "That time is gone: somebody was faster, or it has passed. These are free:"

ANSWERED = {
    State.DECLINED: "OK, no talk about {about}. That's fine, and nothing is concluded from it.",
    State.NOT_NOW: "OK, no talk about {about} now. Should it suit you later: `/buyin talks`.",
    State.BY_MESSAGE: "OK, by message: write about {about} whenever it suits you.",
}
OLD_FILE = "a calendar file from before is out of date."
FEW = "Too few can come, so it's off"
SAID_YES = "Thank you. About {about}, you get the time and the name once they agree to one."
SAID_NO = "OK, no talk about {about} this time. That's fine."
OVER = "This offer of a talk about {about} is over, and nothing is concluded from it."

# --- the invitation ------------------------------------------------------------------------------


def offer(one: Offer) -> Message:
    """Return an invitation as it is now: with times to tap, or what became of it."""
    if one.talk.state is not State.OFFERED:
        return _answered(one)
    opening = _opening(one)
    words = f"{opening} {NO_IS_FINE}"
    hint = TAKEN if one.taken else f"One tap agrees. Times are in your zone, {one.own.person.tz}."
    times = [section(words), context(hint)] if one.slots else [section(f"{words}\n{NO_TIME}")]
    if one.slots:
        times.append(actions(_times(one), f"talk.{one.talk.id}.times"))
    row_id = f"talk.{one.talk.id}" if one.give_id is None else f"give.{one.give_id}"
    blocks = (*times, actions(_instead(one), row_id), context(_seen(one)))
    return Message(words, blocks)


def _opening(one: Offer) -> str:
    name, host = bold(one.initiative.name), name_of(one.talk.host)
    if one.talk.origin is Origin.ASKED:
        return f"You asked to talk about {name}. {host} has {MINUTES} for you."
    owner = name_of(one.talk.offered_by)
    why = "to hear why, not to persuade you"
    if one.talk.by_sponsor:
        wish = f"{owner} offers you {MINUTES} with {host}, {why}"
        secret = f"{host} learns that it's you only if you say yes."
        return f"{_doubt(one)}{wish}. {secret}"
    return f"{_doubt(one)}{owner} would like {MINUTES} {why}."


def _doubt(one: Offer) -> str:
    name = bold(one.initiative.name)
    if one.unsure:
        return f"You weren't sure {name} will work here. "
    return f"Your answers leave open whether {name} works for you. "


def name_of(person: Person | None) -> str:
    """Return a name, safe inside mrkdwn."""
    return said(person.name) if person and person.name else "Somebody"


def _times(one: Offer) -> list[Block]:
    return [
        button(
            slot_words(slot.starts_at, one.own.person.tz),
            f"{Act.TALK_ACCEPT}:{place}",
            _value(one.talk, slot),
            accessibility_label=f"Talk on {slot_words(slot.starts_at, one.own.person.tz)}",
        )
        for place, slot in enumerate(one.slots)
    ]


def _value(talk: Conversation, slot: Slot) -> str:
    return f"{talk.id}:{int(slot.starts_at.timestamp())}"


def _instead(one: Offer) -> list[Block]:
    row = [
        button("Other times…", Act.TALK_OTHER, one.talk.id),
        button("By message instead", Act.TALK_BY_MESSAGE, one.talk.id),
        button("Not now", Act.TALK_NOT_NOW, one.talk.id),
        button("No, thanks", Act.TALK_NO, one.talk.id),
    ]
    if one.give_id is not None:
        row.append(why_button(Kind.GIVE, one.give_id))
    return row


def _seen(one: Offer) -> str:
    who = name_of(one.talk.offered_by)
    return f"{who} sees what you answer here; `/buyin me` shows it, too."


def _answered(one: Offer) -> Message:
    words = ANSWERED.get(one.talk.state, OVER).format(about=bold(one.initiative.name))
    row = [tell_button(one.initiative)] if one.talk.state is State.BY_MESSAGE else []
    return Message(words, (section(words), *([actions(row)] if row else [])))


def times_form(one: Offer, form_id: str, metadata: str) -> Modal:
    """Return the form with more times; `metadata` comes back with it."""
    tz = one.own.person.tz
    return _times_form(one, tz, form_id, metadata, "Other times", "Agree")


def move_form(card: Card, one: Offer, metadata: str) -> Modal:
    """Return the form to move an agreed talk, in its reader's time."""
    return _times_form(one, card.reader.tz, Form.TALK_MOVE, metadata, "Another time", "Move")


def _times_form(one: Offer, tz: str, form_id: str, metadata: str, title: str, submit: str) -> Modal:
    about = f"About {bold(one.initiative.name)}, {MINUTES}."
    if not one.slots:
        return Modal(NOTICE, title, (section(f"{about} {NO_TIME}"),), close="Close")
    options = [option(slot_words(slot.starts_at, tz), _value(one.talk, slot)) for slot in one.slots]
    select = {"type": "static_select", "options": options, "placeholder": plain("Choose a time")}
    taken = [section(TAKEN)] if one.taken else []
    field = entry(TIME, f"Free for you both ({tz})", select)
    return Modal(form_id, title, (*taken, section(about), field), submit=submit, metadata=metadata)


def call(one: Call) -> Message:
    """Return a general offer, the same for everybody in group figures; nobody sees who reads it."""
    who, about = people.owners(one.initiative), bold(one.initiative.name)
    words = f"Talk to {who}? Whoever is asked about {about} can have {MINUTES}, if they like."
    reads = people.does(one.initiative, "read")
    tells = f"If you ask, {who} {reads} your name and can offer you times."
    ask = button(f"Ask {leads(one.initiative)} for a chat", Act.TALK_ASK, one.own.id)
    row = [ask, why_button(Kind.GIVE, one.give_id)]
    seen = f"Nobody is told who gets or reads this. {tells} Otherwise there is nothing to answer."
    return Message(words, (section(words), actions(row, f"give.{one.give_id}"), context(seen)))


# --- a group session ------------------------------------------------------------------------------


def session(one: Card) -> Message:
    """Return an invitation to a group session, or what its reader said to it."""
    mine = next((held for held in one.talk.group if held.person.id == one.reader.id), None)
    if one.talk.state is not State.AGREED or (mine and mine.comes):
        return card(one)
    agreed, about = meeting(one), bold(one.initiative.name)
    if mine and mine.comes is False:
        words = f"OK, you don't come to the talk about {about}. Nothing is concluded from it."
        again = button("I can come after all", Act.SESSION_YES, one.talk.id)
        return Message(words, (section(words), actions([again])))
    names = listed([mention(held.person.slack_user_id) for held in one.talk.group])
    words = (
        f"You each took a step for {about}. {name_of(one.talk.host)} would like your advice on "
        f"what comes next, together: {MINUTES}{_when(one, agreed)}."
    )
    listing = f"Everyone invited sees this list: {names}."
    row = [
        button("I'll come", Act.SESSION_YES, one.talk.id),
        button("No, thanks", Act.SESSION_NO, one.talk.id),
    ]
    row_id = f"talk.{one.talk.id}"
    if one.give_id is not None:
        row.append(why_button(Kind.GIVE, one.give_id))
        row_id = f"give.{one.give_id}"
    hint = "It takes place if at least two come. “No” is fine, and nothing is concluded from it."
    return Message(words, (section(words), section(listing), actions(row, row_id), context(hint)))


def opens(one: Card) -> Message:
    """Return what begins the group message of those who come."""
    names = listed([mention(who.slack_user_id) for who in one.talk.coming])
    words = (
        f"It's time: {names}, this is about what comes next for {bold(one.initiative.name)}. "
        "I only open this conversation; I read nothing in it."
    )
    ids = tuple(who.slack_user_id for who in one.talk.coming)
    return Message(words, (section(words),), together=ids)


# --- a sponsor ----------------------------------------------------------------------------------


def host_asked(one: HostAsked) -> Message:
    """Return the question to a sponsor, or what became of it; it names nobody they'd talk with."""
    owner, about = name_of(one.owner), bold(one.initiative.name)
    if one.state is not State.HOST_ASKED:
        yes = one.state in (State.OFFERED, State.AGREED, State.HELD)
        words = (SAID_YES if yes else SAID_NO).format(about=about)
        return Message(words, (section(words),))
    words = (
        f"{owner} asks whether you would take {MINUTES} to hear somebody out about {about}: what "
        "is hard, and what would help. You learn who it is once they agree to a time of yours."
    )
    row = [
        button("Yes, I can", Act.TALK_HOST_YES, one.talk_id),
        button("Not this time", Act.TALK_HOST_NO, one.talk_id),
    ]
    hint = "`/buyin hours` says when people may have a talk with you. “No” is fine."
    return Message(words, (section(words), actions(row, f"talk.{one.talk_id}.host"), context(hint)))


# --- the card ------------------------------------------------------------------------------------


def meeting(card: Card) -> Meeting | None:
    """Return an agreed talk, or one called off, as calendars take it; None without a time."""
    talk = card.talk
    ends = talk.ends_at
    starts = talk.starts_at or (ends - LENGTH if ends else None)
    if starts is None or ends is None or card.changed_at is None:
        return None
    host, *others = [one.name for one in talk.coming] or [""]
    group = talk.form is TalkForm.GROUP
    title = f"{card.initiative.name}: {'what comes next' if group else listed([host, *others])}"
    return Meeting(
        uid=uid(card.team_id, talk.id),
        sequence=talk.sequence,
        changed_at=card.changed_at,
        starts_at=starts,
        ends_at=ends,
        title=title,
        organizer=host,
        attendees=tuple(others),
        cancelled=talk.state is State.CANCELLED,
    )


def card(one: Card) -> Message:
    """Return an agreed talk with what its reader may do about it, or that it was called off."""
    agreed = meeting(one)
    words = _card_words(one, agreed)
    if one.talk.state is not State.AGREED or agreed is None:
        return Message(words, (section(words),), meeting=agreed)
    row = [*invites.card_links(agreed), *_card_buttons(one)]
    blocks = (section(words), actions(row, f"talk.{one.talk.id}.card"), context(_why(one)))
    return Message(words, blocks, meeting=agreed)


def outdated(one: Card) -> Message:
    """Return what a message turns into that tells an earlier time: one line, nothing to click."""
    agreed = meeting(one)
    if one.talk.state is not State.CANCELLED:
        words = f"*Moved:* {_talk_words(one)} is{_when(one, agreed)} now; {OLD_FILE}"
    elif one.cancelled_by == one.reader:
        words = _card_words(one, agreed)
    else:
        words = f"*Called off:* {_talk_words(one)}{_when(one, agreed)}."
    return Message(words, (section(words),))


def _talk_words(one: Card) -> str:
    about = bold(one.initiative.name)
    if one.talk.form is TalkForm.GROUP:
        return f"the talk about {about}"
    return f"the talk with {other_of(one)} about {about}"


def _card_words(one: Card, agreed: Meeting | None) -> str:
    other, about = other_of(one), bold(one.initiative.name)
    when = _when(one, agreed)
    if one.talk.state is State.CANCELLED:
        return _off(one, f"{_talk_words(one)}{when}")
    if one.talk.form is TalkForm.GROUP:
        return f"*Together:* you talk about {about}{when}. Coming so far: {other}."
    opening = "Moved" if one.moved else "Agreed"
    return f"*{opening}:* {all_of(one)} talk about {about}{when}."


def other_of(one: Card) -> str:
    """Return a mention of whom the reader talks with; in a group, of everybody who comes."""
    return listed(others_of(one)) or "Nobody else so far"


def all_of(one: Card) -> str:
    """Return everybody who talks, the reader last: `@Dana and you`."""
    return listed([*others_of(one), "you"])


def others_of(one: Card) -> list[str]:
    """Return mentions of whom the reader talks with."""
    if one.talk.form is TalkForm.GROUP:
        others = [who for who in one.talk.coming if who.id != one.reader.id]
    else:
        others = [one.with_whom] if one.with_whom else []
    return [mention(who.slack_user_id) for who in others]


def _off(one: Card, what: str) -> str:
    """Return that a talk does not take place; of two nobody reads why the other one can't."""
    if one.cancelled_by and one.cancelled_by.id == one.reader.id:
        return f"You called it off: {what}. Nothing is concluded from it."
    if one.talk.form is not TalkForm.GROUP:
        again = "" if one.is_host else " Would you like another? `/buyin talks` asks for one."
        return f"{what[0].upper()}{what[1:]} is off. Nothing is concluded from it.{again}"
    who = f"{name_of(one.cancelled_by)} called it off" if one.cancelled_by else FEW
    return f"{who}: {what}."


def _when(one: Card, agreed: Meeting | None) -> str:
    if agreed is None:
        return ""
    ends = agreed.ends_at.astimezone(zone(one.reader.tz))
    return f" on {slot_words(agreed.starts_at, one.reader.tz)}–{ends:%H:%M}"


def _card_buttons(one: Card) -> list[Block]:
    if one.talk.form is TalkForm.GROUP:
        return _session_buttons(one)
    asked = confirm(
        "Call it off?", "The other side is told. Nothing is concluded from it.", "Call it off"
    )
    return [
        button("Another time", Act.TALK_MOVE, one.talk.id),
        button("Call it off", Act.TALK_CANCEL, one.talk.id, confirm=asked),
    ]


def _session_buttons(one: Card) -> list[Block]:
    if not one.is_host:
        return [button("I can't come after all", Act.SESSION_NO, one.talk.id)]
    asked = confirm("Call it off?", "Everybody who comes is told.", "Call it off")
    return [button("Call it off", Act.SESSION_CANCEL, one.talk.id, confirm=asked)]


def _why(one: Card) -> str:
    if one.talk.form is TalkForm.GROUP:
        return "Everyone invited took a step for it. Where you meet is up to you all."
    if one.is_host:
        return "They expect to hear from you where. What you note afterwards, they read, too."
    return f"{name_of(one.talk.host)} tells you where. {notes_read(one)}"


def notes_read(one: Card) -> str:
    """Return who reads what is noted about a talk, for those it is about."""
    talk = one.talk
    reads = f"What {name_of(talk.host)} notes afterwards stands in `/buyin me`"
    if talk.by_sponsor:
        return f"{reads} for you and {name_of(talk.offered_by)}; you can put it right."
    return f"{reads}, and you can put it right."


def reminder(one: Card) -> Message:
    """Return the reminder before a talk."""
    agreed = meeting(one)
    words = f"Coming up: {all_of(one)} talk about {bold(one.initiative.name)}"
    words += f"{_when(one, agreed)}."
    row = actions(_card_buttons(one), f"talk.{one.talk.id}.card")
    return Message(words, (section(words), row, context(_why(one))))


def moved(one: Card) -> Modal:
    """Return what the form to move a talk turns into."""
    words = f"{_card_words(one, meeting(one))}\nYou both get a message with the new time."
    return Modal(NOTICE, "Moved", (section(words),), close="Close")
