"""What owners set while an initiative runs: rounds, a pause, who is asked and who leads it."""

from collections.abc import Sequence

from bot.domain.initiatives import Initiative
from bot.domain.owner_settings import Field
from bot.domain.questions import ALWAYS, Question
from bot.services import on_the_list, owner_settings, owners, people
from bot.views import owner_settings as views
from bot.views.ids import Act, Form
from bot.views.kit import Modal
from handlers import context, home, picks
from handlers.context import Context, Done
from handlers.payloads import Click, Command, Submission
from handlers.router import Router
from handlers.values import number


def register(router: Router) -> None:
    """Enter this subject's command, clicks and modals."""
    router.command("edit", open_by_command)
    router.click(Act.OWNER_SETTINGS, open_by_click)
    router.click(Act.OWNER_PAUSE, open_pause)
    router.click(Act.OWNER_RESUME, resume)
    router.click(Act.OWNER_PEOPLE, open_people)
    router.click(Act.OWNER_OWNERS, open_owners)
    router.click(Act.OWNER_LEAVE, leave)
    router.submission(Form.OWNER_SETTINGS, set_rounds)
    router.submission(Form.OWNER_PAUSE, pause)
    router.submission(Form.OWNER_PEOPLE, change_people)
    router.submission(Form.OWNER_OWNERS, change_owners)


# --- opening the forms ----------------------------------------------------------------------------


async def open_by_command(ctx: Context, command: Command) -> Done:
    """Answer `/buyin edit [name]`."""
    settings = await ctx.database.read(
        owner_settings.form_by_name, command.actor, command.rest, ctx.clock.now()
    )
    return Done(after=lambda: ctx.open(command.trigger_id, views.form(settings)))


async def open_by_click(ctx: Context, click: Click) -> Done:
    """Open the settings of an initiative."""
    settings = await ctx.database.read(
        owner_settings.form, click.actor, number(click.value), ctx.clock.now()
    )
    return _above(ctx, click, views.form(settings))


async def open_pause(ctx: Context, click: Click) -> Done:
    """Ask until when nobody is asked."""
    settings = await ctx.database.read(
        owner_settings.form, click.actor, number(click.value), ctx.clock.now()
    )
    return _above(ctx, click, views.pause_form(settings))


async def open_people(ctx: Context, click: Click) -> Done:
    """Show who is asked, and ask who else is to be, or not any more."""
    listing = await ctx.database.read(
        on_the_list.form, click.actor, number(click.value), ctx.clock.now()
    )
    return _above(ctx, click, views.people_form(listing))


async def open_owners(ctx: Context, click: Click) -> Done:
    """Show who leads it, and ask who is to."""
    initiative = await ctx.database.read(
        owners.form, click.actor, number(click.value), ctx.clock.now()
    )
    return _above(ctx, click, views.owners_form(initiative))


def _above(ctx: Context, click: Click, modal: Modal) -> Done:
    return Done(after=lambda: ctx.open_above(click, modal))


# --- what was chosen ------------------------------------------------------------------------------


async def set_rounds(ctx: Context, form: Submission) -> Done:
    """Set how long rounds last and what they ask."""
    days = form.fields.text(Field.LENGTH)
    chosen = (ALWAYS.value, *form.fields.chosen(Field.QUESTIONS))
    asked = tuple(question for question in Question if question.value in chosen)
    done = await ctx.database.write(
        owner_settings.set_rounds,
        form.actor,
        number(form.metadata),
        number(days) if days else None,
        asked,
        ctx.clock.now(),
    )
    return _saved(ctx, form, done.settings.initiative, views.rounds_set(done))


async def pause(ctx: Context, form: Submission) -> Done:
    """Pause an initiative until a day."""
    until = form.fields.date(Field.UNTIL)
    done = await ctx.database.write(
        owner_settings.pause, form.actor, number(form.metadata), until, ctx.clock.now()
    )
    return _saved(ctx, form, done.initiative, views.pause_set(done))


async def resume(ctx: Context, click: Click) -> Done:
    """Go on asking."""
    now = ctx.clock.now()
    done = await ctx.database.write(owner_settings.resume, click.actor, number(click.value), now)

    async def after() -> None:
        ctx.wake_sender()
        if click.callback_id == Form.OWNER_SETTINGS and click.view_id:
            settings = await ctx.database.read(
                owner_settings.form, click.actor, done.initiative.id, now
            )
            await ctx.gateway.update_view(click.view_id, views.form(settings).payload())
        else:
            await ctx.reply(click, views.resumed(done))
        await home.redraw(ctx, click.actor)

    return Done(after=after)


async def change_people(ctx: Context, form: Submission) -> Done:
    """Add people and take people off the list."""
    add, remove = form.fields.chosen(Field.ADD), form.fields.chosen(Field.REMOVE)
    if unknown := await _unknown(ctx, form, add):
        return _look_up(ctx, form, Field.ADD, unknown)
    done = await ctx.database.write(
        on_the_list.change, form.actor, number(form.metadata), add, remove, ctx.clock.now()
    )
    return _saved(ctx, form, done.initiative, views.list_changed(done))


async def change_owners(ctx: Context, form: Submission) -> Done:
    """Change who leads it."""
    about, *shown = form.metadata.split(":")
    chosen = form.fields.chosen(Field.OWNERS)
    if unknown := await _unknown(ctx, form, chosen):
        return _look_up(ctx, form, Field.OWNERS, unknown)
    done = await ctx.database.write(
        owners.change, form.actor, number(about), shown, chosen, ctx.clock.now()
    )
    return _saved(ctx, form, done.initiative, views.owners_changed(done))


async def leave(ctx: Context, click: Click) -> Done:
    """Take oneself out of those who lead it."""
    done = await ctx.database.write(owners.leave, click.actor, number(click.value), ctx.clock.now())

    async def after() -> None:
        ctx.wake_sender()
        await ctx.reply(click, views.left(done))
        await home.redraw(ctx, click.actor)

    return Done(after=after)


async def _unknown(ctx: Context, form: Submission, chosen: Sequence[str]) -> list[str]:
    """Return whom the people directory does not know yet."""
    known = await ctx.database.read(people.by_slack_ids, form.actor.workspace_id, chosen)
    return [one for one in chosen if one not in known]


def _look_up(ctx: Context, form: Submission, field: str, unknown: Sequence[str]) -> Done:
    async def after() -> None:
        profiles = await picks.profiles_of(ctx.gateway, unknown)
        now = ctx.clock.now()
        await ctx.database.write(people.learn, form.actor.workspace_id, profiles, now)

    shown = context.errors({field: views.looking_up()})
    return Done(after=after, response=shown.response)


def _saved(ctx: Context, form: Submission, initiative: Initiative, told: Modal) -> Done:
    """Show what became of it, and draw again what stands below and the Home."""

    async def after() -> None:
        ctx.wake_sender()
        leads = form.actor.slack_user_id in {one.slack_user_id for one in initiative.owners}
        if form.root_view_id != form.view_id and leads:
            settings = await ctx.database.read(
                owner_settings.form, form.actor, initiative.id, ctx.clock.now()
            )
            below = views.form(settings).payload()
            await ctx.gateway.update_view(form.root_view_id, below)
        await home.redraw(ctx, form.actor)

    return Done(after=after, response=context.update(told).response)
