"""What became of a talk: saying how it went, noting what was learned, and putting that right."""

from bot.domain.commitments import DATE_FIELD
from bot.domain.commitments import WORDS_FIELD as STEP_FIELD
from bot.domain.conversations import Event
from bot.services import talk_notes
from bot.views import talk_notes as views
from bot.views.ids import Act, Form
from handlers import talk_lists
from handlers.context import Context, Done, update
from handlers.payloads import Click, Submission
from handlers.router import Router
from handlers.values import number

HOW = {
    Act.TALK_MET: Event.MET,
    Act.TALK_BOOKED: Event.BOOKED,
    Act.TALK_COULD_NOT: Event.COULD_NOT,
    Act.TALK_DONT_WANT: Event.DONT_WANT,
}


def register(router: Router) -> None:
    """Enter this subject's clicks and modals."""
    for action_id in HOW:
        router.click(action_id, tell_how)
    router.click(Act.TALK_LEARNED, learned_form)
    router.submission(Form.TALK_LEARNED, learned)
    router.click(Act.TALK_CORRECT, correct_form)
    router.submission(Form.TALK_CORRECT, correct)


async def tell_how(ctx: Context, click: Click) -> Done:
    """Save how it went, and say so in place of the buttons."""
    card = await ctx.database.write(
        talk_notes.tell_how,
        click.actor,
        number(click.value),
        HOW[click.action_id],
        ctx.clock.now(),
    )
    return talk_lists.answered(ctx, click, views.told_how(card))


async def learned_form(ctx: Context, click: Click) -> Done:
    """Open the form for what was learned."""
    form = await ctx.database.read(
        talk_notes.learned_form, click.actor, number(click.value), ctx.clock.now()
    )
    return Done(after=lambda: ctx.open_above(click, views.learned_form(form)))


async def learned(ctx: Context, submission: Submission) -> Done:
    """Keep what was learned."""
    fields = submission.fields
    about = fields.text(views.ABOUT)
    form = await ctx.database.write(
        talk_notes.note,
        submission.actor,
        number(submission.metadata),
        fields.text(views.WORDS),
        fields.text(views.BARRIER),
        (fields.text(STEP_FIELD), fields.date(DATE_FIELD)),
        submission.key,
        ctx.clock.now(),
        "" if about == views.EVERYBODY else about,
    )
    return update(views.learned(form))


async def correct_form(ctx: Context, click: Click) -> Done:
    """Open the form to put a note right."""
    talk_id, alone = _talk_and_whom(click.value)
    card, note = await ctx.database.read(
        talk_notes.correct_form, click.actor, talk_id, ctx.clock.now(), alone
    )
    return Done(after=lambda: ctx.open_above(click, views.correct_form(card, note)))


async def correct(ctx: Context, submission: Submission) -> Done:
    """Keep what somebody puts right about a note."""
    talk_id, alone = _talk_and_whom(submission.metadata)
    card = await ctx.database.write(
        talk_notes.correct,
        submission.actor,
        talk_id,
        submission.fields.text(views.WORDS),
        submission.key,
        ctx.clock.now(),
        alone,
    )
    return update(views.corrected(card))


def _talk_and_whom(value: str) -> tuple[int, bool]:
    """Return which talk a note is about, and whether it is about one of many alone."""
    talk_id, _, whom = value.partition(":")
    return number(talk_id), whom == views.ALONE
