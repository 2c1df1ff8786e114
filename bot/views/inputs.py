"""What people see of telling the owners something, and of what becomes of it."""

from collections.abc import Sequence

from bot.domain.initiatives import Initiative
from bot.domain.inputs import (
    About,
    Input,
    OpenInput,
    Outcome,
    Replied,
    ReplyTold,
    TellForm,
)
from bot.domain.people import Person
from bot.domain.words import LONGEST
from bot.views.ids import Act, Form
from bot.views.kit import (
    Block,
    Message,
    Modal,
    actions,
    bold,
    button,
    context,
    entry,
    listed,
    option,
    plain,
    quoted,
    radio,
    said,
    section,
    shortened,
    text_box,
)
from bot.views.notices import NOTICE

WORDS, NAMED = "words", "named"
"""Block ids of the form fields."""

SHOWN = 3
"""How many of the things people told are listed at once."""

EXCERPT = 400
"""How many characters of each are listed; *Read it all* shows the rest."""

OUTCOMES = {
    Outcome.USED: "using it",
    Outcome.PARTLY: "using it in part",
    Outcome.NOT_USED: "not now",
}
WITH, WITHOUT = option("With my name", "named"), option("Without my name", "nameless")


def verbatim(words: str) -> Block:
    """Return typed words in full (at most 3,000 characters) as plain text: nothing is markup."""
    return {"type": "section", "text": plain(words)}


def leads(initiative: Initiative) -> str:
    """Return the plain names of the people who lead an initiative, for labels."""
    names = listed([owner.name for owner in initiative.owners if owner.name])
    return shortened(names, 50) or "the lead"


def tell_button(initiative: Initiative) -> Block:
    """Return the button *Tell {owner} something*."""
    return button(f"Tell {leads(initiative)} something", Act.INPUT_TELL, initiative.id)


def tell_form(form: TellForm) -> Modal:
    """Return the form to tell the owners something, with or without one's name."""
    blocks = (
        section(f"About {bold(form.initiative.name)}. You'll be told what becomes of it."),
        entry(WORDS, "What should they know?", text_box(lines=True, limit=LONGEST)),
        _signed(form),
    )
    about = str(form.initiative.id)
    return Modal(Form.INPUT_TELL, "In your own words", blocks, submit="Send", metadata=about)


def wrong_form(form: TellForm) -> Modal:
    """Return the form to say that what owners read about oneself is wrong."""
    who = said(leads(form.initiative))
    words = (
        f"About {bold(form.initiative.name)}: {who} gets to know that what stands here about you "
        "isn't right, and you'll be told what becomes of it. Words are welcome, not needed."
    )
    blocks = (
        section(words),
        entry(WORDS, "How is it really?", text_box(lines=True, limit=LONGEST), optional=True),
        _signed(form),
    )
    about = str(form.stakeholder_id)
    return Modal(Form.STANDING_WRONG, "That's wrong", blocks, submit="Send", metadata=about)


def _signed(form: TellForm) -> Block:
    """Return the choice to leave one's name out, where that hides anything."""
    who = leads(form.initiative)
    if not form.may_be_nameless:
        return context(f"{said(who)} will see your name with it.")
    choice = radio([WITH, WITHOUT], WITHOUT if form.nameless_first else WITH)
    hint = (
        f"Without your name, {who} can't see who wrote it. "
        "Whoever runs the server could still find it in the database."
    )
    return entry(NAMED, "Sent", choice, hint=hint)


def told(initiative: Initiative, named: bool) -> Modal:
    """Return what the form turns into once it is sent."""
    who = said(leads(initiative))
    name = "with your name" if named else "without your name"
    words = (
        f"Sent {name}. {who} reads it in the next summary, and you'll be told what becomes of it. "
        "Until then it stands in `/buyin me`."
    )
    return Modal(NOTICE, "Thank you", (section(words),), close="Close")


def input_blocks(inputs: Sequence[OpenInput]) -> tuple[Block, ...]:
    """Return what people told an owner, each with its three replies; at most three at once."""
    blocks: list[Block] = []
    for one in inputs[:SHOWN]:
        words = f":\n{excerpt(one.words)}" if one.words else "."
        blocks.append(section(f"{_from(one)}{words}"))
        blocks.append(actions(_replies(one)))
    more = len(inputs) - SHOWN
    if more > 0:
        blocks.append(context(f"{more} more once you've replied to these."))
    return tuple(blocks)


def excerpt(words: str) -> str:
    """Return the beginning of what somebody told, as a quotation; nothing needs to be added to
    *That's wrong*."""
    return quoted(shortened(words, EXCERPT)) if words else ">That's wrong."


def whole(one: OpenInput) -> Modal:
    """Return everything somebody wrote, as they wrote it."""
    heading = section(f"{_from(one)}:")
    return Modal(NOTICE, "In their own words", (heading, verbatim(one.words)), close="Close")


def reason_form(one: OpenInput) -> Modal:
    """Return the form that asks why something is not used now."""
    return Modal(
        Form.INPUT_NOT_NOW,
        "Not now, because…",
        (
            section(excerpt(one.words)),
            entry(
                WORDS,
                "Not now, because…",
                text_box(lines=True, limit=LONGEST),
                hint=f"{_who(one.giver)} gets this, word for word.",
            ),
        ),
        submit="Send",
        metadata=str(one.id),
    )


def words_form(one: OpenInput, outcome: Outcome) -> Modal:
    """Return the form that adds words to a reply that is already saved."""
    label = f"You're {OUTCOMES[outcome]}. A line about it"
    return Modal(
        Form.INPUT_WORDS,
        "Add a line",
        (
            section(excerpt(one.words)),
            entry(WORDS, label, text_box(lines=True, limit=LONGEST), optional=True),
        ),
        submit="Send",
        metadata=f"{one.id}:{outcome.value}",
    )


def replied(result: Replied) -> Message:
    """Return the owner's confirmation of a tap, with a way to add a line to it."""
    words = _saved(result)
    value = f"{result.input_id}:{result.reply.outcome.value}"
    add = button("Add a line", Act.INPUT_WORDS, value)
    return Message(words, (section(words), actions([add])))


def saved(result: Replied) -> Modal:
    """Return what a form for a reply turns into once it is sent."""
    return Modal(NOTICE, "Thank you", (section(_saved(result)),), close="Close")


def _saved(result: Replied) -> str:
    outcome = OUTCOMES[result.reply.outcome]
    if not result.changed:
        return f"That's what you said already: {outcome}. Nothing was sent again."
    return f"Saved: {outcome}. They read it at the next full hour."


def reply_message(told: ReplyTold) -> Message:
    """Return what the giver reads once an owner replied."""
    who = said(told.replied_by.name or leads(told.initiative))
    about = f"You told {who} {_that(told.about, bold(told.initiative.name))}:"
    answer = f"{who}: *{OUTCOMES[told.reply.outcome]}*{_because(told)}"
    blocks = [
        section(f"{about}\n{excerpt(told.words)}"),
        section(answer),
    ]
    if told.reply.words:
        blocks.append(verbatim(told.reply.words))
    if not told.named:
        blocks.append(context(f"Your name was left out: {who} doesn't see who wrote it."))
    text = f"What became of what you told {who}: {OUTCOMES[told.reply.outcome]}"
    return Message(text, tuple(blocks))


def _that(about: About, name: str) -> str:
    if about is About.STANDING:
        return f"that what they read about you isn't right ({name})"
    return f"about {name}"


def told_on(one: Input, who: str, day: str) -> str:
    """Return what stands above something that was told to `who` (safe in mrkdwn) on a day."""
    wrong = " that what they read about you isn't right" if one.about is About.STANDING else ""
    return f"You told {who} on {day}{wrong}:"


def mine(inputs: Sequence[Input]) -> tuple[Block, ...]:
    """Return what a person told owners and what became of it, for that person's eyes."""
    return tuple(section(_mine(one)) for one in inputs)


def _mine(one: Input) -> str:
    name = "with your name" if one.named else "without your name"
    became = "no reply yet"
    if one.reply:
        became = f"reply: *{OUTCOMES[one.reply.outcome]}*"
        if one.reply.words:
            became += f" {said(shortened(one.reply.words, 400))}"
    return f"{excerpt(one.words)}\nSent {name}; {became}"


def _because(told: ReplyTold) -> str:
    if not told.reply.words:
        return "."
    return ", because:" if told.reply.outcome is Outcome.NOT_USED else ":"


def _replies(one: OpenInput) -> list[Block]:
    buttons = [
        button("Using it", Act.INPUT_USED, one.id),
        button("Partly", Act.INPUT_PARTLY, one.id),
        button("Not now, because…", Act.INPUT_NOT_NOW, one.id),
    ]
    if len(one.words) > EXCERPT:
        buttons.append(button("Read it all", Act.INPUT_READ, one.id))
    return buttons


def _from(one: OpenInput) -> str:
    who = said(one.giver.name) if one.giver else "Somebody"
    nameless = "" if one.giver else ", without their name"
    if one.about is About.STANDING:
        return f"{who} says{nameless and f'{nameless},'} that what you read about them isn't right"
    return f"{who} told you{nameless}"


def _who(giver: Person | None) -> str:
    return giver.name if giver and giver.name else "Whoever told you"
