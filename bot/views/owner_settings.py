"""What owners see where they set an initiative that runs, and what became of it."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.domain.calendars import last_day
from bot.domain.cycles import Cycle
from bot.domain.drafts import Skip
from bot.domain.initiatives import Initiative, Visibility
from bot.domain.owner_settings import (
    LENGTHS,
    MOST_OWNERS,
    MOST_PICKED,
    Field,
    ListChanged,
    OnTheList,
    OwnerNote,
    OwnersChanged,
    OwnerSettings,
    PauseSet,
    RoundsSet,
)
from bot.domain.people import Person
from bot.domain.questions import OPTIONAL, Question
from bot.views import people
from bot.views.ids import Act, Form
from bot.views.kit import (
    Block,
    Message,
    Modal,
    actions,
    bold,
    button,
    checkboxes,
    context,
    count,
    date_picker,
    day,
    divider,
    entry,
    listed,
    option,
    plain,
    radio,
    said,
    section,
)
from bot.views.notices import NOTICE

USUAL_PAUSE = timedelta(days=14)
NAMED = 10
"""How many people one line names."""

ASKED = {
    Question.SURE: "How sure are you that it will work here?",
    Question.EFFORT: "How much do you plan to do for it in the next two weeks?",
}
LEFT_OUT = {
    Skip.OWNER: "leads it",
    Skip.BOT: "is an app",
    Skip.LEFT: "has left",
}


def open_button(initiative: Initiative) -> Block:
    """Return the button that opens the settings of an initiative."""
    return button("Settings", Act.OWNER_SETTINGS, initiative.id)


def resume_button(initiative: Initiative) -> Block:
    """Return the button that ends the pause of an initiative."""
    return button("Resume asking", Act.OWNER_RESUME, initiative.id)


# --- rounds and questions -------------------------------------------------------------------------


def form(settings: OwnerSettings) -> Modal:
    """Return the settings of an initiative; what holds now is filled in."""
    initiative = settings.initiative
    lengths = [option(_weeks(days), days) for days in LENGTHS]
    chosen = next((one for one in lengths if one["value"] == str(initiative.cycle_days)), None)
    questions = [option(ASKED[one], one.value) for one in OPTIONAL]
    asked = [one for one in questions if one["value"] in initiative.questions]
    blocks = (
        section(_now(settings)),
        actions(_more(settings), f"owner.more.{initiative.id}"),
        divider(),
        entry(Field.LENGTH, "A round lasts", radio(lengths, chosen), hint=_holds(settings)),
        entry(
            Field.QUESTIONS,
            "Besides how useful it is, ask",
            checkboxes(questions, asked),
            hint="How useful it is, is always asked, and at least one of these.",
            optional=True,  # so that we can say what is missing
        ),
    )
    about = str(initiative.id)
    return Modal(Form.OWNER_SETTINGS, "Settings", blocks, submit="Save", metadata=about)


def _now(settings: OwnerSettings) -> str:
    initiative, running = settings.initiative, settings.open
    number = count(settings.people, "person", "people")
    leads = f"{people.owners(initiative)} {people.does(initiative, 'lead')} it"
    lines = [bold(initiative.name), f"{number} on the list · {leads}"]
    if settings.paused_until:
        lines.append(f"*Paused:* nobody is asked before {day(settings.paused_until)}.")
    if running:
        lines.append(f"Round {running.number} is open until {_last(running, initiative)}.")
    return "\n".join(lines)


def _more(settings: OwnerSettings) -> list[Block]:
    initiative = settings.initiative
    pause = button("Pause asking", Act.OWNER_PAUSE, initiative.id)
    if settings.paused_until:
        later = button("Move the date", Act.OWNER_PAUSE, initiative.id)
        rests = [resume_button(initiative), later]
    else:
        rests = [pause]
    return [
        button("Who is asked", Act.OWNER_PEOPLE, initiative.id),
        button("Who leads it", Act.OWNER_OWNERS, initiative.id),
        *rests,
    ]


def _holds(settings: OwnerSettings) -> str:
    if settings.open is None:
        return "Holds from the first round on."
    last = _last(settings.open, settings.initiative)
    return f"Holds from the next round on. Round {settings.open.number} stays open until {last}."


def _last(cycle: Cycle, initiative: Initiative) -> str:
    return day(last_day(cycle.closes_at, initiative.tz))


def _weeks(days: int) -> str:
    return count(days // 7, "week")


def rounds_set(done: RoundsSet) -> Modal:
    """Return what the form turns into once it is saved."""
    initiative, running = done.settings.initiative, done.settings.open
    if not done.changed:
        return _told("Nothing was different, so nothing changed.")
    asked = listed([SHORTLY[one] for one in initiative.questions])
    first = f"From round {running.number + 1} on" if running else "From the first round on"
    words = f"Saved. {first}, a round lasts {_weeks(initiative.cycle_days)} and asks {asked}."
    if running:
        words += f" Round {running.number} stays as it is."
    return _told(words)


SHORTLY = {
    Question.USEFUL: "how useful it is",
    Question.SURE: "how sure people are",
    Question.EFFORT: "what they plan to do",
}


# --- a pause --------------------------------------------------------------------------------------


def pause_form(settings: OwnerSettings) -> Modal:
    """Return the form that asks until when nobody is asked."""
    initiative = settings.initiative
    words = (
        f"While {bold(initiative.name)} is paused nobody is asked or reminded, and no news goes to "
        "single people. What is open may still be answered; leaving it open counts for nothing. "
        "Rounds go on by the calendar."
    )
    until = settings.paused_until or settings.today + USUAL_PAUSE
    blocks = (
        section(words),
        entry(
            Field.UNTIL,
            "Nobody is asked before",
            date_picker(until),
            hint="Asking goes on by itself on that day. People see the date in their open "
            "check-ins and in /buyin me.",
        ),
    )
    about = str(initiative.id)
    return Modal(Form.OWNER_PAUSE, "Pause asking", blocks, submit="Pause", metadata=about)


def pause_set(done: PauseSet) -> Modal:
    """Return what the form turns into once asking is paused."""
    return _told(_pause_words(done))


def resumed(done: PauseSet) -> Message:
    """Return the answer to *Resume asking*."""
    words = _pause_words(done)
    return Message(words, (section(words),))


def _pause_words(done: PauseSet) -> str:
    name = bold(done.initiative.name)
    if done.until is None:
        if not done.changed:
            return f"{name} isn't paused, so nothing changed."
        return f"Asking about {name} goes on, for everybody in their own working hours."
    again = "" if done.changed else " That was so already."
    return f"Nobody is asked about {name} before {day(done.until)}.{again}"


def paused_line(initiative: Initiative, until: date) -> str:
    """Return that nobody is asked for a while, for those who lead it."""
    return f"*Paused:* nobody is asked about {bold(initiative.name)} before {day(until)}."


# --- who is asked ---------------------------------------------------------------------------------


def people_form(listing: OnTheList) -> Modal:
    """Return the form that adds people and takes people off."""
    initiative = listing.initiative
    number = count(listing.people, "person", "people")
    names = [said(person.name or "Somebody") for person in listing.first]
    more = listing.people - len(names)
    names += [f"{more} more"] if more else []
    told = f"*{number} on the list of* {bold(initiative.name)}"
    picked = {"max_selected_items": MOST_PICKED}
    blocks = (
        section(f"{told}\n{listed(names)}" if names else told),
        entry(
            Field.ADD,
            "Add",
            _users("Pick people") | picked,
            hint="They get an introduction first, in their own hours, and check-ins from the next "
            "working day on.",
            optional=True,
        ),
        entry(
            Field.REMOVE,
            "Take off the list",
            _users("Pick people") | picked,
            hint="They get no further message about it, also none that says so; /buyin me tells "
            "them. What is open for them ends.",
            optional=True,
        ),
    )
    about = str(initiative.id)
    return Modal(Form.OWNER_PEOPLE, "Who is asked", blocks, submit="Save", metadata=about)


def _users(placeholder: str) -> Block:
    return {"type": "multi_users_select", "placeholder": plain(placeholder)}


def list_changed(done: ListChanged) -> Modal:
    """Return what the form turns into: who was added, taken off and left out."""
    lines = []
    if done.added:
        lines.append(f"*Added:* {_names(done.added)}. An introduction comes first.")
    if done.back:
        lines.append(f"*On the list again:* {_names(done.back)}.")
    if done.removed:
        lines.append(f"*Off the list:* {_names(done.removed)}. They get no further message.")
    if done.already:
        was = "was" if done.already == 1 else "were"
        number = count(done.already, "person", "people")
        lines.append(f"{number} {was} on the list already; nothing changed for them.")
    lines += [_skipped(reason, name) for reason, name in done.skipped[:NAMED]]
    return _told("\n".join(lines) or "Nothing changed.")


def _skipped(reason: Skip, name: str) -> str:
    who = said(name) if name else "Somebody"
    return f"{who} {LEFT_OUT.get(reason, 'is unknown to Slack')}, so isn't asked."


def looking_up() -> str:
    """Return what stands under a field while somebody picked is looked up."""
    return "I'm just looking up somebody you picked. Press the button again in a few seconds."


# --- who leads it ---------------------------------------------------------------------------------


def owners_form(initiative: Initiative) -> Modal:
    """Return the form that says who leads an initiative."""
    shown = [owner.slack_user_id for owner in initiative.owners]
    named = initiative.visibility is Visibility.NAMED
    reads = (
        "Whoever you add reads what people answer by name from the next round on, because its "
        "check-ins name them."
    )
    blocks = (
        section(f"*Who leads* {bold(initiative.name)}"),
        entry(
            Field.OWNERS,
            "Led by",
            _users("Pick people") | {"initial_users": shown, "max_selected_items": MOST_OWNERS},
            hint="Who leads it gets the summaries and isn't asked. To hand it over, add somebody, "
            "and take yourself out once they read what people answer.",
        ),
        context(f"I tell whoever you add or take out. {reads if named else ''}".strip()),
    )
    about = ":".join([str(initiative.id), *shown])
    return Modal(Form.OWNER_OWNERS, "Who leads it", blocks, submit="Save", metadata=about)


def owners_changed(done: OwnersChanged) -> Modal:
    """Return what the form turns into."""
    lines = []
    name = bold(done.initiative.name)
    if done.added:
        lead = "leads" if len(done.added) == 1 else "lead"
        lines.append(f"{_names(done.added)} now {lead} {name}, and I tell them. {_reads(done)}")
    if done.removed:
        lead, read = ("leads", "reads") if len(done.removed) == 1 else ("lead", "read")
        lines.append(f"{_names(done.removed)} no longer {lead} {name} and {read} nothing of it.")
    return _told("\n".join(lines) or "Nothing was different, so nothing changed.")


def _reads(done: OwnersChanged) -> str:
    if not done.by_name:
        return "They read group figures, as you do."
    start = day(done.reads_from) if done.reads_from else "now"
    return f"What people answer by name they read from {start} on, nothing from before."


def note(told: OwnerNote) -> Message:
    """Return the message to who leads an initiative from now on, or no longer does."""
    name, by = bold(told.initiative.name), said(told.by) if told.by else "Somebody"
    if not told.leads:
        words = f"{by} took you out of those who lead {name}. You get no more summaries of it."
        return Message(words, (section(words),))
    words = (
        f"{by} asked you to lead {name}. I ask the people it touches now and then, and tell those "
        "who lead it where it is and what to do next."
    )
    blocks = (
        section(words),
        section(_what_they_read(told)),
        actions(
            [
                button("Status", Act.DIGEST_STATUS, told.initiative.id, style="primary"),
                button("Not me", Act.OWNER_LEAVE, told.initiative.id),
            ],
            f"owner.note.{told.initiative.id}",
        ),
        context("You get this because somebody who leads it added you."),
    )
    return Message(words, blocks)


def _what_they_read(told: OwnerNote) -> str:
    if told.initiative.visibility is Visibility.GROUP:
        return "You read totals of at least 5 people, nobody's own answers."
    start = day(told.reads_from) if told.reads_from else "now"
    return (
        f"What people answer with their names you read from {start} on, because their check-ins "
        "name you from then on. Nothing from before; totals you read at once."
    )


def left(done: OwnersChanged) -> Message:
    """Return the answer to *Not me*."""
    words = f"OK, you don't lead {bold(done.initiative.name)}; the others who lead it can see that."
    return Message(words, (section(words),))


def _names(people_: Sequence[Person]) -> str:
    first = [said(person.name or "Somebody") for person in people_[:NAMED]]
    more = len(people_) - len(first)
    return listed([*first, f"{more} more"] if more else first)


def _told(words: str) -> Modal:
    return Modal(NOTICE, "Settings", (section(words),), close="Close")
