"""Choices over all initiatives, choices at one place, and `/buyin me`."""

from bot.domain.people import Choice, Settled
from bot.services import held, initiatives, introductions, less, people, stakeholders
from bot.services.stakeholders import Chosen
from bot.views import held as held_views
from bot.views import introductions as introduction_views
from bot.views import notices
from bot.views import people as views
from bot.views.ids import Act
from bot.views.kit import Message
from handlers import home, settings
from handlers.context import Context, Done
from handlers.payloads import Click, Command
from handlers.router import Router
from handlers.values import number

REDRAWN = ("home", "settings", "me", "introduction")
"""What shows a choice by being drawn again; what it did besides needs words of its own."""


def register(router: Router) -> None:
    """Enter this subject's commands and clicks."""
    router.command("me", me)
    router.command("stop", stop_command)
    router.command("resume", resume_command)
    router.click(Act.PEOPLE_ME, me_page)
    router.click(Act.PEOPLE_STOP, stop)
    router.click(Act.PEOPLE_RESUME, resume)
    router.click(Act.PEOPLE_GROUP_ONLY, group_only)
    router.click(Act.PLACE_GROUP_ONLY, group_only_here)
    router.click(Act.PLACE_NOT_MY_TOPIC, not_my_topic)
    router.click(Act.PLACE_RESUME, ask_again)
    router.click(Act.STANDING_NO_ESTIMATE, no_estimate)
    router.click(Act.STANDING_ESTIMATE, estimate)


# --- commands ---------------------------------------------------------------------------------


async def me(ctx: Context, command: Command) -> Done:
    """Show everything held about the person, to them alone."""
    about = await ctx.read_own(held.about, command.actor)
    return Done(after=lambda: ctx.tell(command.address, held_views.me(about)))


async def stop_command(ctx: Context, command: Command) -> Done:
    """No more messages, from any initiative."""
    settled, off = await ctx.database.write(less.stop_all, command.actor, ctx.clock.now())
    ctx.wake_sender()
    return Done(after=lambda: ctx.tell(command.address, views.stopped(settled, off)))


async def resume_command(ctx: Context, command: Command) -> Done:
    """Messages again."""
    settled = await ctx.database.write(people.resume_all, command.actor, ctx.clock.now())
    return Done(after=lambda: ctx.tell(command.address, views.resumed(settled)))


# --- clicks over all initiatives --------------------------------------------------------------


async def stop(ctx: Context, click: Click) -> Done:
    """No more messages, from any message or the Home."""
    settled, off = await ctx.database.write(less.stop_all, click.actor, ctx.clock.now())
    message = views.stopped(settled, off)
    done = _settled(ctx, click, settled, message)
    if not off or click.block_id.partition(".")[0] not in REDRAWN:
        return done

    async def show() -> None:
        await ctx.reply(click, message)
        if done.after:
            await done.after()

    return Done(after=show)


async def resume(ctx: Context, click: Click) -> Done:
    """Messages again."""
    settled = await ctx.database.write(people.resume_all, click.actor, ctx.clock.now())
    return _settled(ctx, click, settled, views.resumed(settled))


async def group_only(ctx: Context, click: Click) -> Done:
    """Only in group figures, everywhere."""
    settled = await ctx.database.write(people.go_group_only, click.actor, ctx.clock.now())
    return _settled(ctx, click, settled, views.grouped(settled))


async def me_page(ctx: Context, click: Click) -> Done:
    """Show another page of what is held, or open it from the Home."""
    page = number(click.value)
    if click.block_id.startswith("home."):
        about = await ctx.read_own(held.about, click.actor)
        return Done(after=lambda: ctx.open(click.trigger_id, held_views.me_modal(about, page)))
    return Done(after=lambda: _redraw_me(ctx, click, page))


# --- clicks about one initiative --------------------------------------------------------------


async def group_only_here(ctx: Context, click: Click) -> Done:
    """Only in group figures, in one initiative."""
    return await _choose(ctx, click, Choice.GROUP_ONLY)


async def not_my_topic(ctx: Context, click: Click) -> Done:
    """Never again about this one."""
    return await _choose(ctx, click, Choice.NOT_MY_TOPIC)


async def ask_again(ctx: Context, click: Click) -> Done:
    """Ask me after all."""
    return await _choose(ctx, click, Choice.RESUME)


async def no_estimate(ctx: Context, click: Click) -> Done:
    """Nothing is to be estimated about them, in one initiative."""
    return await _choose(ctx, click, Choice.NO_ESTIMATE)


async def estimate(ctx: Context, click: Click) -> Done:
    """Estimate me again."""
    return await _choose(ctx, click, Choice.ESTIMATE)


async def _choose(ctx: Context, click: Click, choice: Choice) -> Done:
    chosen: Chosen = await ctx.database.write(
        stakeholders.choose, click.actor, number(click.value), choice, ctx.clock.now()
    )
    about = await ctx.database.read(initiatives.load, chosen.stakeholder.initiative_id)
    words = {
        Choice.GROUP_ONLY: views.grouped_here(about, chosen.changed),
        Choice.NOT_MY_TOPIC: views.not_my_topic(about),
        Choice.RESUME: views.asked_again(about),
        Choice.NO_ESTIMATE: views.no_estimate(about, chosen.changed),
        Choice.ESTIMATE: views.estimate(about, chosen.changed),
    }
    return _answer(ctx, click, notices.refused(words[choice]))


# --- where an answer is shown -----------------------------------------------------------------


def _settled(ctx: Context, click: Click, settled: Settled, message: Message) -> Done:
    if settled.changed:
        ctx.wake_sender()
    return _answer(ctx, click, message)


def _answer(ctx: Context, click: Click, message: Message) -> Done:
    """Redraw what was clicked on, so that it shows the new state; elsewhere say it."""
    ctx.wake_sender()
    surface, _, rest = click.block_id.partition(".")
    if surface == "home":
        return Done(after=lambda: home.redraw(ctx, click.actor))
    if surface == "settings":
        return Done(after=lambda: settings.redraw(ctx, click))
    if surface == "me":
        page = int(rest.partition(".")[0]) if rest[:1].isdigit() else 0
        return Done(after=lambda: _redraw_me(ctx, click, page))
    if surface == "introduction":
        return Done(after=lambda: _redraw_introduction(ctx, click, number(rest)))
    instead = surface in ("why", "pause")  # nothing else in it is left to do
    return Done(after=lambda: ctx.reply(click, message, replace_original=instead))


async def _redraw_me(ctx: Context, click: Click, page: int) -> None:
    about = await ctx.read_own(held.about, click.actor)
    if click.view_id:
        await ctx.gateway.update_view(click.view_id, held_views.me_modal(about, page).payload())
        await home.redraw(ctx, click.actor)
    else:
        message = held_views.me(about, page)
        await ctx.tell(click.address, message, replace_original=True)


async def _redraw_introduction(ctx: Context, click: Click, stakeholder_id: int) -> None:
    intro = await ctx.database.read(introductions.own, click.actor, stakeholder_id, ctx.clock.now())
    message = introduction_views.introduction(intro)
    await ctx.tell(click.address, message, replace_original=True)
