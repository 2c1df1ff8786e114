"""What people see of steps: the offer in a finished check-in, and what became of their own."""

from collections.abc import Sequence

from bot.domain.commitments import DATE_FIELD, LONGEST, WORDS_FIELD, Commitment, DueStep, Ending
from bot.domain.initiatives import Initiative, Stakeholder
from bot.domain.outbox import Kind
from bot.domain.steps import (
    ACT_LONGEST,
    ACTS,
    ACTS_FIELD,
    PLAN_FIELD,
    MySteps,
    Offered,
    StepAct,
    StepForm,
    StepOffer,
    StepPlace,
)
from bot.domain.words import first_line
from bot.views import people
from bot.views.commitments import answers
from bot.views.ids import Act, Form
from bot.views.inputs import tell_button
from bot.views.kit import (
    Block,
    Message,
    Modal,
    actions,
    bold,
    button,
    context,
    date_picker,
    day,
    divider,
    entry,
    mention,
    quoted,
    said,
    section,
    text_box,
)
from bot.views.notices import NOTICE
from bot.views.reasons import why_button

ALONE = "Nobody but you sees which step you choose, or how it goes."
NONE_OPEN = "You have no steps open."
WHAT_IT_IS = "A step is one thing you do by a day."
PLAN = "When and where will you do it?"
PLAN_HINT = "For you alone. Naming it helps, as in “After Tuesday's stand-up, at my desk”."
PAST_SHOWN, OPEN_SHOWN, PLACES_SHOWN = 5, 6, 5
"""How many of each `/buyin steps` shows."""

TOLD = {
    Ending.KEPT: "Done. Thank you.",
    Ending.PARTLY: "Partly done. Thank you for saying so.",
    Ending.NOT_KEPT: "It won't happen. Thank you for saying so; that's fine.",
    Ending.MISSED: "Its day has passed.",
}
PAST = {
    Ending.KEPT: "done",
    Ending.PARTLY: "partly done",
    Ending.NOT_KEPT: "didn't happen",
    Ending.MISSED: "its day passed without a word",
}


# --- in a finished check-in ----------------------------------------------------------------------


def offer(one: StepOffer, picked: int | None = None) -> list[Block]:
    """Return the offer in a finished check-in; `picked` is the act that a date is chosen for."""
    if one.taken:
        return _taken(one.taken, one.ask_id)
    if one.declined:
        return [section("OK, no step this time.")]
    act = next((act for act in one.acts if act.id == picked), None)
    alone = [context(ALONE)] if one.group_only else []
    return [*(_dates(one, act) if act else _acts(one)), *alone]


def _acts(one: StepOffer) -> list[Block]:
    row = [button(act.words, f"{Act.STEP_PICK}:{act.id}", one.ask_id) for act in one.acts]
    row += [
        button("My own…", Act.STEP_OWN, one.ask_id, accessibility_label="A step of my own"),
        button("Not now", Act.STEP_NOT_NOW, one.ask_id, accessibility_label="No step this time"),
    ]
    words = f"One thing you would do by *{day(one.days[-1])}*?"
    return [section(words), actions(row, f"step:{one.ask_id}:acts")]


def _dates(one: StepOffer, act: StepAct) -> list[Block]:
    row = [
        button(day(on), f"{Act.STEP_DATE}:{act.id}:{on.isoformat()}", one.ask_id) for on in one.days
    ]
    row.append(button("Back", Act.STEP_BACK, one.ask_id))
    return [section(f"{bold(act.words)}: by when?"), actions(row, f"step:{one.ask_id}:dates")]


def _taken(step: Commitment, ask_id: int) -> list[Block]:
    words = f"Your step by *{day(step.due_on)}*: {said(first_line(step.words, LONGEST))}"
    asks = "I'll ask you on the day how it went."
    if step.plan:
        return [section(f"{words}\n{said(first_line(step.plan, LONGEST))}\n{asks}")]
    if not step.is_open:
        return [section(words)]
    label = "When and where?"  # below and not beside: a phone would leave the words no room
    plan = button(label, f"{Act.STEP_PLAN}:{ask_id}", step.id, accessibility_label=PLAN)
    return [section(f"{words}\n{asks}"), actions([plan], f"step:{ask_id}:plan")]


# --- forms ---------------------------------------------------------------------------------------


def own_form(form: StepForm, metadata: str) -> Modal:
    """Return the form for a step of one's own; `metadata` comes back with it."""
    return Modal(
        Form.STEP_OWN,
        "A step of your own",
        (
            section(f"For {bold(form.initiative.name)}. {_seen(form.place, form.initiative)}"),
            entry(WORDS_FIELD, "One thing you will do", text_box(limit=LONGEST)),
            entry(DATE_FIELD, "By when", date_picker(form.day)),
            _plan_entry(""),
        ),
        submit="Save",
        metadata=metadata,
    )


def plan_form(step: Commitment, metadata: str) -> Modal:
    """Return the form for when and where; `metadata` comes back with it."""
    about = f"By *{day(step.due_on)}*:\n{quoted(step.words)}"
    blocks = section(about), _plan_entry(step.plan)
    return Modal(Form.STEP_PLAN, "When and where?", blocks, submit="Save", metadata=metadata)


def _plan_entry(initial: str) -> Block:
    box = text_box(limit=LONGEST, initial=initial)
    return entry(PLAN_FIELD, PLAN, box, hint=PLAN_HINT, optional=True)


def acts_form(one: Offered) -> Modal:
    """Return the form in which an owner writes what people could do."""
    words = (
        f"After a check-in, people may choose one of these for {bold(one.initiative.name)}, with a "
        "date. Small and concrete is best."
    )
    return Modal(
        Form.STEP_ACTS,
        "What people could do",
        (section(words), acts_entry("\n".join(act.words for act in one.acts))),
        submit="Save",
        metadata=str(one.initiative.id),
    )


def acts_entry(initial: str) -> Block:
    """Return the field for what people could do."""
    return entry(
        ACTS_FIELD,
        "What people could do",
        text_box(limit=ACTS * (ACT_LONGEST + 25), lines=True, initial=initial),
        hint=f"At most {ACTS}, one a line, such as: Label one shelf. Tell a colleague about it.",
        optional=True,
    )


def acts_saved(one: Offered) -> Modal:
    """Return what that form turns into."""
    told = "\n".join(f"• {said(act.words)}" for act in one.acts)
    words = f"People may choose from now on:\n{told}" if told else "Nothing of yours is offered."
    return Modal(NOTICE, "Saved", (section(words),), close="Close")


def chosen(initiative: Initiative) -> Modal:
    """Return what the form for a step of one's own turns into where nothing else shows it."""
    words = f"Saved for {bold(initiative.name)}. I'll ask you on the day how it went."
    return Modal(NOTICE, "Your step", (section(words),), close="Close")


# --- on the day ----------------------------------------------------------------------------------


def due_message(step: DueStep) -> Message:
    """Return the question how a step went."""
    when = "today" if step.is_today else f"by {day(step.commitment.due_on)}"
    opening = f"{bold(step.initiative.name)}: you chose to do this {when}. How did it go?"
    row = [*answers(step.commitment), why_button(Kind.STEP_DUE, step.commitment.id)]
    return Message(
        f"{opening} {said(step.commitment.words)}",
        (
            section(f"{opening}\n{_quoted(step.commitment)}"),
            actions(row, f"step.{step.commitment.id}"),
            context(f"Any answer is fine. {_seen(step.place, step.initiative)}"),
        ),
    )


def told_message(step: DueStep) -> Message:
    """Return what the question turns into once it is answered, with a way back."""
    one, about = step.commitment, step.initiative
    row = [button("Change", Act.COMMITMENT_CHANGE, one.id)]
    if one.ending in (Ending.NOT_KEPT, Ending.PARTLY):
        row.append(tell_button(about))
    how = f"New date: {day(one.due_on)}. I'll ask you again then."
    if one.ending:
        how = TOLD.get(one.ending, how)
    blocks = (
        section(f"{bold(about.name)}: {said(first_line(one.words, LONGEST))}\n*{how}*"),
        actions(row, f"step.{one.id}"),
        context(_seen(step.place, about)),
    )
    return Message(f"Saved. {how}", blocks)


def _quoted(step: Commitment) -> str:
    return "\n".join(filter(None, [quoted(step.words), step.plan and quoted(step.plan)]))


def _seen(place: Stakeholder | None, initiative: Initiative) -> str:
    if place is not None and place.group_only:
        return ALONE
    who = people.owners(initiative)
    return f"{who} may read, with your name, what you chose and what became of it."


# --- what one has --------------------------------------------------------------------------------


def mine(held: MySteps) -> Message:
    """Return a person's steps, and for who leads something what they offer others."""
    chosen = [one for one in held.steps if one.place]
    promised = [one for one in held.steps if not one.place]
    still = [one for one in chosen if one.commitment.is_open]
    blocks = [context("Only you see this.")]
    if not still and not promised:
        blocks.append(section(NONE_OPEN if chosen else f"{NONE_OPEN} {WHAT_IT_IS}"))
    for one in still[:OPEN_SHOWN]:
        blocks += _open(one)
    over = [one for one in chosen if not one.commitment.is_open]
    if over:
        lines = [_line(one.commitment, one.initiative) for one in over[-PAST_SHOWN:]]
        blocks.append(section("\n".join(["*Before*", *lines])))
    blocks += _promised(promised[-PAST_SHOWN:])
    blocks += _more(held)
    return Message("Your steps. Only you see this.", tuple(blocks))


def _open(one: DueStep) -> list[Block]:
    step = one.commitment
    words = f"{bold(one.initiative.name)}, by *{day(step.due_on)}*:\n{_quoted(step)}"
    row = answers(step)
    if not step.plan:
        label = "When and where?"
        row.append(button(label, Act.STEP_PLAN, step.id, accessibility_label=PLAN))
    return [section(words), actions(row, f"step.{step.id}")]


def _promised(steps: Sequence[DueStep]) -> list[Block]:
    """Return what an owner promised; everyone asked reads of it, so it is told as they do."""
    blocks = [section("*What you promised as the one who leads it*")] if steps else []
    for one in steps:
        tell = button("Say how it went", Act.DIGEST_STEP, one.commitment.id)
        words = _line(one.commitment, one.initiative)
        blocks.append(section(words, tell if one.commitment.is_open else None))
    return blocks


def _more(held: MySteps) -> list[Block]:
    free: list[StepPlace] = [one for one in held.places if one.may_choose][:PLACES_SHOWN]
    blocks: list[Block] = [
        section(
            f"A step of your own for {bold(one.initiative.name)}?",
            button("Choose one", Act.STEP_NEW, one.place.id),
        )
        for one in free
    ]
    for led in held.led[:PLACES_SHOWN]:
        told = "".join(f"\n• {said(act.words)}" for act in led.acts) or " nothing yet."
        words = f"What people could do for {bold(led.initiative.name)}:{told}"
        blocks.append(section(words, button("Change", Act.STEP_ACTS, led.initiative.id)))
        blocks += _of_others(led)
    return [divider(), *blocks] if blocks else []


def _of_others(led: Offered) -> list[Block]:
    """Return the steps that people chose by name, in the words that each reads in `/buyin me`."""
    lines = [f"• {mention(one.person.slack_user_id)}: {line(one)}" for one in led.steps]
    if led.more:
        lines.append(f"• and {led.more} more")
    return [section("\n".join(["*Chosen with a name, newest first*", *lines]))] if lines else []


def _line(step: Commitment, initiative: Initiative) -> str:
    return f"• {bold(initiative.name)}: {line(step)}"


def line(step: Commitment) -> str:
    """Return a step and what became of it, as whoever chose it and owners alike read it."""
    words = said(first_line(step.words, 120).removesuffix("."))  # the sentence goes on
    became = PAST.get(step.ending, "open") if step.ending else "open"
    return f"{words}, by {day(step.due_on)}: {became}"


def own_line(step: Commitment) -> str:
    """Return the same with what only they read: when and where."""
    plan = f" (for you alone: {said(first_line(step.plan, 120))})" if step.plan else ""
    return f"{line(step)}{plan}"
