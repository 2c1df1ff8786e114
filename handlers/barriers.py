"""What gets in the way: picks, a few words, what owners answer, and whether it is solved."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.barriers import Barrier, BarrierForm
from bot.domain.people import Actor
from bot.errors import Refused
from bot.services import barriers, obstacles, pulses
from bot.views import barriers as views
from bot.views.ids import Act, Form
from bot.views.kit import Modal
from handlers import redraw
from handlers.context import Context, Done, update
from handlers.payloads import Click, Submission
from handlers.redraw import Redraws, Wanted
from handlers.router import Handler, Router
from handlers.values import BROKEN, number
from storage.database import Tx

Reply = Callable[[Tx, Actor, tuple[int, Barrier], str, str, datetime], BarrierForm]


def register(router: Router) -> None:
    """Enter this subject's clicks and modals."""
    picks = Picks(redraw.of(router))
    router.click(Act.BARRIER_PICK, picks.pick)
    router.click(Act.BARRIER_NAME, picks.give_name)
    router.click(Act.BARRIER_SAY, open_say)
    router.submission(Form.BARRIER_SAY, say)
    router.click(Act.BARRIER_WORDS, open_words)
    router.submission(Form.BARRIER_WORDS, add_words)
    router.click(Act.BARRIER_ANSWER, open_form(views.answer_form))
    router.submission(Form.BARRIER_ANSWER, reply(obstacles.answer, views.answered))
    router.click(Act.BARRIER_CLOSE, open_form(views.close_form))
    router.submission(Form.BARRIER_CLOSE, reply(obstacles.close, views.closed))
    router.click(Act.BARRIER_SOLVED, solved)
    router.click(Act.BARRIER_NOT_SOLVED, not_solved)
    router.click(Act.BARRIER_GONE, gone)


class Picks:
    """Clicks on the question, after which the check-in is drawn again."""

    def __init__(self, redraws: Redraws) -> None:
        self._redraws = redraws

    async def pick(self, ctx: Context, click: Click) -> Done:
        """Save what was picked."""
        ask_id, code = number(click.argument), _code(click.value)
        await ctx.database.write(
            barriers.pick, click.actor, ask_id, code, click.key, ctx.clock.now()
        )
        return self._drawn(ctx, click, ask_id)

    async def give_name(self, ctx: Context, click: Click) -> Done:
        """Let owners read it with the name."""
        ask_id = number(click.value)
        await ctx.database.write(
            barriers.give_name, click.actor, ask_id, click.key, ctx.clock.now()
        )
        return self._drawn(ctx, click, ask_id)

    def _drawn(self, ctx: Context, click: Click, ask_id: int) -> Done:
        return Done(after=lambda: self._redraws.draw(ctx, Wanted(ask_id, click)))


async def open_say(ctx: Context, click: Click) -> Done:
    """Open the form to say what gets in the way."""
    form = await ctx.database.read(barriers.say_form, click.actor, number(click.value))
    return Done(after=lambda: ctx.open_above(click, views.say_form(form)))


async def say(ctx: Context, submission: Submission) -> Done:
    """Keep what gets in the way."""
    fields = submission.fields
    named = "named" in fields.chosen(views.NAMED)
    form = await ctx.database.write(
        barriers.say,
        submission.actor,
        number(submission.metadata),
        (fields.text(views.WHAT), fields.text(views.WORDS), named),
        submission.key,
        ctx.clock.now(),
    )
    return update(views.say_kept(form))


async def open_words(ctx: Context, click: Click) -> Done:
    """Open the form for a few words."""
    asked = await ctx.database.read(barriers.words_form, click.actor, number(click.value))
    return Done(after=lambda: ctx.open_above(click, views.words_form(asked)))


async def add_words(ctx: Context, submission: Submission) -> Done:
    """Keep the words."""
    now = ctx.clock.now()
    asked = await ctx.database.write(
        barriers.add_words,
        submission.actor,
        number(submission.metadata),
        submission.fields.text(views.WORDS),
        submission.key,
        now,
    )
    await ctx.database.write(pulses.show_elsewhere, asked.ask_id, now)
    return update(views.words_kept(asked))


def open_form(view: Callable[[BarrierForm], Modal]) -> Handler[Click]:
    """Return the handler that opens an owner's form about one thing in the way."""

    async def show(ctx: Context, click: Click) -> Done:
        about = _about(click.value)
        form = await ctx.database.read(obstacles.form, click.actor, *about, ctx.clock.now())
        return Done(after=lambda: ctx.open_above(click, view(form)))

    return show


def reply(work: Reply, view: Callable[[BarrierForm], Modal]) -> Handler[Submission]:
    """Return the handler that keeps what an owner wrote."""

    async def keep(ctx: Context, submission: Submission) -> Done:
        done = await ctx.database.write(
            work,
            submission.actor,
            _about(submission.metadata),
            submission.fields.text(views.WORDS),
            submission.key,
            ctx.clock.now(),
        )
        return update(view(done))

    return keep


async def solved(ctx: Context, click: Click) -> Done:
    """It is solved, for this person."""
    return await _said(ctx, click, is_solved=True)


async def not_solved(ctx: Context, click: Click) -> Done:
    """It is not solved yet."""
    return await _said(ctx, click, is_solved=False)


async def _said(ctx: Context, click: Click, *, is_solved: bool) -> Done:
    verdict = await ctx.database.write(
        barriers.verdict, click.actor, number(click.value), is_solved, ctx.clock.now()
    )
    message = views.said_whether(verdict)
    return Done(after=lambda: ctx.reply(click, message, replace_original=True))


async def gone(ctx: Context, click: Click) -> Done:
    """It is not in the way any more."""
    verdict = await ctx.database.write(
        barriers.gone, click.actor, number(click.value), ctx.clock.now()
    )
    message = views.said_whether(verdict)
    return Done(after=lambda: ctx.reply(click, message))


def _about(value: str) -> tuple[int, Barrier]:
    initiative_id, _, code = value.partition(":")
    return number(initiative_id), _code(code)


def _code(value: str) -> Barrier:
    if value not in list(Barrier):
        raise Refused(BROKEN)
    return Barrier(value)
