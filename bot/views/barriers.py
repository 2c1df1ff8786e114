"""What people see of what gets in the way: the question, what owners read, and what comes of it."""

from bot.domain.barriers import (
    ADVICE,
    FEW_WORDS,
    LABELS,
    LONGEST,
    SENSITIVE,
    Barrier,
    BarrierFact,
    BarrierForm,
    BarrierQuestion,
    Event,
    HeldBarrier,
    InTheWay,
    Named,
    Obstacle,
    ReplyKind,
    SayForm,
    Verdict,
)
from bot.domain.calendars import local_date
from bot.domain.gives import Given
from bot.domain.initiatives import GROUP_MINIMUM, Initiative, Place, Stakeholder, Status
from bot.domain.outbox import Kind
from bot.views import people
from bot.views.ids import Act, Form
from bot.views.inputs import leads, tell_button
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
    day,
    entry,
    mention,
    option,
    plain,
    quoted,
    said,
    section,
    shortened,
    text_box,
)
from bot.views.notices import NOTICE
from bot.views.reasons import why_button

WHAT, WORDS, NAMED = "what", "words", "named"
"""Block ids of the form fields."""

EARLIER = 5
"""How many things that somebody named before are listed to them."""

WITHOUT = "Without your name"
PLACEHOLDER = "Pick the biggest one"
HIDDEN = f"only in numbers of at least {GROUP_MINIMUM} people"


# --- in the check-in -----------------------------------------------------------------------------


def question(asked: BarrierQuestion) -> list[Block]:
    """Return the question in a finished check-in, or what was chosen."""
    row = [_select(asked), *_more(asked)]
    return [section(_words(asked)), actions(row, f"ask:{asked.ask_id}:way:{asked.revision}")]


def _words(asked: BarrierQuestion) -> str:
    who, reads = people.owners(asked.initiative), people.does(asked.initiative, "read")
    if asked.chosen is None:
        if asked.group_only:
            return f"*What gets in the way most?* {who} {reads} it {HIDDEN}, without your name."
        return (
            f"*What gets in the way most?* {who} {reads} it with your name; what is marked "
            f"*{WITHOUT}* counts {HIDDEN}."
        )
    if asked.chosen is Barrier.RATHER_NOT_SAY:
        return "Saved. Nothing is passed on."
    told = f"Saved: *{LABELS[asked.chosen]}*. {who} {reads} this"
    return f"{told} with your name." if asked.named else f"{told} {HIDDEN}, without your name."


def _select(asked: BarrierQuestion) -> Block:
    options, chosen = _options(group_only=asked.group_only), asked.chosen
    return {
        "type": "static_select",
        "action_id": f"{Act.BARRIER_PICK}:{asked.ask_id}",
        "placeholder": plain(PLACEHOLDER),
        "options": list(options.values()),
        **({"initial_option": options[chosen]} if chosen else {}),
    }


def _options(*, group_only: bool) -> dict[Barrier, Block]:
    hidden = frozenset() if group_only else SENSITIVE
    return {
        code: option(LABELS[code], code.value, WITHOUT if code in hidden else None)
        for code in Barrier
    }


def _more(asked: BarrierQuestion) -> list[Block]:
    if asked.chosen is None or asked.chosen is Barrier.RATHER_NOT_SAY or asked.group_only:
        return []
    if not asked.named:
        label = f"Yes, tell {leads(asked.initiative)} it's me"
        return [button(label, Act.BARRIER_NAME, asked.ask_id)]
    label = "Change the words" if asked.has_words else "Add a few words"
    return [button(label, Act.BARRIER_WORDS, asked.ask_id)]


def words_form(asked: BarrierQuestion) -> Modal:
    """Return the form for a few words beside what was picked."""
    who, reads = people.owners(asked.initiative), people.does(asked.initiative, "read")
    box = text_box(limit=FEW_WORDS)
    picked = LABELS[asked.chosen] if asked.chosen else ""
    blocks = (
        section(f"In the way: *{picked}*. {who} {reads} this with your name."),
        entry(WORDS, "What would help?", box, hint="A line is enough."),
    )
    about = str(asked.ask_id)
    return Modal(Form.BARRIER_WORDS, "In your own words", blocks, submit="Send", metadata=about)


def words_kept(asked: BarrierQuestion) -> Modal:
    """Return what the form turns into once the words are kept."""
    who, reads = people.owners(asked.initiative), people.does(asked.initiative, "read")
    words = f"Kept: {who} {reads} it in the next summary, and you get the answer if there is one."
    return Modal(NOTICE, "Thank you", (section(words),), close="Close")


# --- of their own accord -------------------------------------------------------------------------


def say_button(stakeholder_id: int) -> Block:
    """Return the button to say what gets in the way without being asked."""
    return button("Something's in my way", Act.BARRIER_SAY, stakeholder_id)


def say_form(form: SayForm) -> Modal:
    """Return the form to say what gets in the way."""
    options = _options(group_only=form.group_only)
    chosen = {"initial_option": options[form.chosen]} if form.chosen else {}
    select = {
        "type": "static_select",
        "placeholder": plain(PLACEHOLDER),
        "options": list(options.values()),
        **chosen,
    }
    named = () if form.group_only else _with_name(form.initiative)
    blocks = section(_passed_on(form)), entry(WHAT, "What gets in the way most?", select), *named
    title, about = "In my way", str(form.stakeholder_id)
    return Modal(Form.BARRIER_SAY, title, blocks, submit="Send", metadata=about)


def _passed_on(form: SayForm) -> str:
    name, who = bold(form.initiative.name), people.owners(form.initiative)
    reads = people.does(form.initiative, "read")
    if form.group_only:
        return f"About {name}. {who} {reads} it {HIDDEN}, without your name."
    return (
        f"About {name}. {who} {reads} it with your name; what is marked *{WITHOUT}* counts "
        f"{HIDDEN}."
    )


def _with_name(initiative: Initiative) -> tuple[Block, ...]:
    tick = option(f"Tell {leads(initiative)} it's me, whatever I picked", "named")
    hint = "Passed on with your name only."
    return (
        entry(WORDS, "What would help?", text_box(limit=FEW_WORDS), hint=hint, optional=True),
        entry(NAMED, "Your name", checkboxes([tick]), optional=True),
    )


def say_kept(form: SayForm) -> Modal:
    """Return what the form turns into once it is kept."""
    if form.chosen is Barrier.RATHER_NOT_SAY:
        words = "Kept. Nothing is passed on."
    else:
        who, reads = people.owners(form.initiative), people.does(form.initiative, "read")
        how = "with your name" if form.named else f"{HIDDEN}, without your name"
        words = f"Kept: {who} {reads} it {how}."
    return Modal(NOTICE, "Thank you", (section(words),), close="Close")


# --- about one person ----------------------------------------------------------------------------


def line(named: Named) -> str:
    """Return what somebody named and when, as owners and that person alike read it."""
    who, what, on = mention(named.person.slack_user_id), LABELS[named.code], day(named.on)
    if named.again:
        told = f"{who} said on {on} that it isn't solved yet: *{what}*"
    else:
        told = f"{who} named *{what}* on {on}"
    words = f":\n{quoted(named.words)}" if named.words else "."
    return f"{told}{words}"


def sentence(named: Named) -> str:
    """Return the same in a sentence beside somebody's answers."""
    how = "Said that it isn't solved yet" if named.again else "Named what gets in the way"
    return f"{how}: *{LABELS[named.code]}*, on {day(named.on)}."


# --- what owners read ----------------------------------------------------------------------------


def in_the_way_blocks(todo: InTheWay, initiative: Initiative) -> list[Block]:
    """Return what gets in people's way, each with what to do about it."""
    blocks = [block for one in todo.obstacles for block in _obstacle(one, initiative)]
    if todo.more:
        blocks.append(context(f"{count(todo.more, 'other thing')} in the way."))
    return blocks


def _obstacle(one: Obstacle, initiative: Initiative) -> list[Block]:
    lines = [f"*In the way: {LABELS[one.code]}*", *(f"• {line(named)}" for named in one.people)]
    more = one.number - len(one.people)
    if more > 0:
        lines.append(f"• and {more} more")
    if one.at_least:
        besides = "more people" if one.number else "people"
        lines.append(f"• at least {one.at_least} {besides}, without their names")
    answered = f"Answered on {day(one.answered_on)}." if one.answered_on else ""
    lines.append(answered or ADVICE[one.code])
    about = f"{initiative.id}:{one.code.value}"
    style = None if one.answered_on else "primary"
    label = "Answer again" if one.answered_on else "Answer them"
    row = [
        button(label, Act.BARRIER_ANSWER, about, style=style),
        button("It's solved", Act.BARRIER_CLOSE, about),
    ]
    return [section("\n".join(lines)), actions(row)]


def answer_form(form: BarrierForm) -> Modal:
    """Return the form for one answer to all who named something."""
    words = (
        f"About {bold(form.initiative.name)}: one answer to everyone who named "
        f"*{LABELS[form.code]}*, with or without their name. Each gets it once, between check-ins, "
        "in their own hours. I don't show who."
    )
    hint = f"{ADVICE[form.code]} Or say what you can't change, and why."
    box = text_box(limit=LONGEST, lines=True)
    blocks = section(words), entry(WORDS, "What will you do about it?", box, hint=hint)
    return _form(Form.BARRIER_ANSWER, "Your answer", blocks, form, "Send")


def close_form(form: BarrierForm) -> Modal:
    """Return the form that calls something solved."""
    words = (
        f"About {bold(form.initiative.name)}: everyone who named *{LABELS[form.code]}* is asked "
        "whether it really is solved. Who says not yet is listed here again."
    )
    box = text_box(limit=LONGEST, lines=True)
    blocks = section(words), entry(WORDS, "What changed?", box, optional=True)
    return _form(Form.BARRIER_CLOSE, "Is it solved?", blocks, form, "It's solved")


def _form(
    callback_id: str, title: str, blocks: tuple[Block, ...], form: BarrierForm, submit: str
) -> Modal:
    about = f"{form.initiative.id}:{form.code.value}"
    return Modal(callback_id, title, blocks, submit=submit, metadata=about)


def answered(form: BarrierForm) -> Modal:
    """Return what the form turns into once the answer is kept."""
    words = f"Kept. Everyone who named *{LABELS[form.code]}* gets it once, in their own hours."
    return Modal(NOTICE, "Thank you", (section(words),), close="Close")


def closed(form: BarrierForm) -> Modal:
    """Return what the form turns into once it is called solved."""
    words = f"Kept. Everyone who named *{LABELS[form.code]}* is asked whether it is solved."
    return Modal(NOTICE, "Thank you", (section(words),), close="Close")


# --- is it solved? -------------------------------------------------------------------------------


def solved_question(one: Given) -> Message:
    """Return the one message that asks whether something is solved."""
    what = LABELS[one.barrier] if one.barrier else ""
    who = people.owners(one.initiative)
    opening = (
        f"{bold(one.initiative.name)}: you said what gets in the way: *{what}*. {who} "
        f"{people.does(one.initiative, 'think')} it's solved."
    )
    words = f"\n{quoted(shortened(one.words, LONGEST))}" if one.words != what else ""
    row = [
        button("Yes, solved", Act.BARRIER_SOLVED, one.id, style="primary"),
        button("Not yet", Act.BARRIER_NOT_SOLVED, one.id),
        tell_button(one.initiative),
        why_button(Kind.GIVE, one.id),
    ]
    asked = "Is it, for you? Leaving this open is fine."
    blocks = section(f"{opening}{words}\n{asked}"), actions(row, f"give.{one.id}")
    return Message(f"{opening}{words} {asked}", blocks)


def said_whether(verdict: Verdict) -> Message:
    """Return what the message, or the button, turns into."""
    what, who = LABELS[verdict.code], people.owners(verdict.initiative)
    if verdict.solved:
        words = f"Saved: *{what}* isn't in your way any more."
    else:
        reads = people.does(verdict.initiative, "read")
        how = "with your name" if verdict.by_name else f"{HIDDEN}, without your name"
        words = f"Saved: *{what}* still is in the way. {who} {reads} it {how}."
    return Message(words, (section(words),))


# --- what the person reads in `/buyin me` --------------------------------------------------------


def mine(held: HeldBarrier, initiative: Initiative, tz: str) -> str:
    """Return what somebody named and what came of it, for that person's eyes."""
    fact = held.fact
    on = day(local_date(fact.at, tz))
    if fact.event is Event.SOLVED:
        solved = f"*What got in your way:* {LABELS[fact.code]}; solved, as you said on {on}."
        return f"{solved}{_before(held, tz)}"
    how = "with your name" if fact.by_name else "without your name"
    how = "and nothing is passed on" if fact.code is Barrier.RATHER_NOT_SAY else how
    told = f"*What gets in your way:* {LABELS[fact.code]} ({on}), {how}."
    words = f"\n{quoted(held.words)}" if held.words else ""
    return f"{told}{words}{_reply(held, initiative, tz)}{_before(held, tz)}"


def _before(held: HeldBarrier, tz: str) -> str:
    """Return what was named before; what was only said again of one thing is told once."""
    facts = [one for one in (held.fact, *held.earlier) if one.event is Event.NAMED]
    each = list(dict.fromkeys(f"{LABELS[one.code]} ({_day(one, tz)})" for one in facts))
    told = each[1:] if held.fact.event is Event.NAMED else each
    more = f" and {len(told) - EARLIER} more" if len(told) > EARLIER else ""
    return f"\nNamed before: {', '.join(told[:EARLIER])}{more}." if told else ""


def _day(fact: BarrierFact, tz: str) -> str:
    return day(local_date(fact.at, tz))


def _reply(held: HeldBarrier, initiative: Initiative, tz: str) -> str:
    if held.reply is None:
        return ""
    on, who = day(local_date(held.reply.at, tz)), people.owners(initiative)
    did = "answered" if held.reply.kind is ReplyKind.ANSWER else "called it solved"
    words = f": {said(shortened(held.reply_words, LONGEST))}" if held.reply_words else "."
    return f"\n{who} {did} on {on}{words}"


def own_buttons(
    held: HeldBarrier | None, place: Stakeholder, initiative: Initiative
) -> list[Block]:
    """Return the buttons to say that something is in the way, or is not any more."""
    if initiative.status is not Status.RUNNING or place.place is not Place.ACTIVE:
        return []
    if held is None or not held.fact.is_open:
        return [say_button(place.id)]
    gone = button("Not in my way any more", Act.BARRIER_GONE, place.id)
    return [gone, button("Something else is", Act.BARRIER_SAY, place.id)]
