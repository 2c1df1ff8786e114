"""Drafts: `/buyin new`, its two forms, and the buttons of *Draft saved*."""

from functools import partial

from bot.domain.commitments import DATE_FIELD, WORDS_FIELD
from bot.domain.drafts import (
    Draft,
    Field,
    OwnStep,
    Picks,
    Preview,
    Reference,
    What,
    Who,
    earliest_first_date,
)
from bot.domain.initiatives import Visibility
from bot.domain.people import Actor
from bot.domain.steps import ACTS_FIELD
from bot.domain.words import cleaned
from bot.errors import StaleForm
from bot.services import drafts, people
from bot.views import drafts as views
from bot.views import introductions, launches, pulses
from bot.views.ids import Act, Form
from bot.views.kit import Modal
from handlers import context, home, picks
from handlers.context import Context, Done
from handlers.payloads import Click, Command, Fields, Submission
from handlers.picks import UserGroups
from handlers.router import Router
from handlers.values import number


def register(router: Router) -> None:
    """Serve `/buyin new`, the forms of a draft and its buttons."""
    groups = UserGroups()
    router.command("new", partial(_new, groups))
    router.click(Act.INITIATIVE_NEW, partial(_new, groups))
    router.click(Act.DRAFT_EDIT, partial(_edit, groups))
    router.click(Act.DRAFT_PREVIEW, _preview)
    router.click(Act.DRAFT_DISCARD, _discard)
    router.submission(Form.DRAFT_WHAT, partial(_what, groups))
    router.submission(Form.DRAFT_WHO, partial(_who, groups))
    router.submission(Form.DRAFT_START, _start)


async def look_up_waiting(ctx: Context, workspace_id: int) -> None:
    """Look up whom drafts would ask that were saved just before the process stopped."""
    for draft in await ctx.database.read(drafts.not_looked_up, workspace_id):
        await _look_up(ctx, draft)


async def _new(groups: UserGroups, ctx: Context, asked: Command | Click) -> Done:
    unfinished = await ctx.database.write(drafts.unfinished, asked.actor, ctx.clock.now())
    form = views.what_form(None, What(), unfinished=unfinished)

    async def after() -> None:
        await ctx.open(asked.trigger_id, form)
        await read_ahead(groups, ctx, asked.actor)

    return Done(after=after)


async def _edit(groups: UserGroups, ctx: Context, click: Click) -> Done:
    draft = await _open_draft(ctx, click.actor, number(click.value))
    form = views.what_form(draft.reference, views.typed_what(draft.initiative))

    async def after() -> None:
        if click.view_id and click.callback_id == Form.DRAFT_WHAT:
            # Slack keeps what fields show as long as their ids stay: clear them first
            await ctx.gateway.update_view(click.view_id, views.opening(draft.initiative).payload())
            await ctx.gateway.update_view(click.view_id, form.payload())
        else:
            await ctx.open(click.trigger_id, form)
        await read_ahead(groups, ctx, click.actor)

    return Done(after=after)


async def _what(groups: UserGroups, ctx: Context, form: Submission) -> Done:
    seen, typed = _seen(form.metadata), _typed_what(form.fields)
    now = ctx.clock.now()
    try:
        draft = await ctx.database.write(
            drafts.save_what, form.actor, seen, typed, form.view_id, form.key, now
        )
    except StaleForm:
        assert seen  # noqa: S101 - a new draft cannot be stale
        newer = await _open_draft(ctx, form.actor, seen.id)
        return context.update(views.what_form(newer.reference, typed, changed=True))
    return context.update(_who_form(groups, ctx, draft, views.typed_who(draft)))


async def _who(groups: UserGroups, ctx: Context, form: Submission) -> Done:
    seen = _seen(form.metadata)
    assert seen  # noqa: S101 - we wrote it
    before = await _open_draft(ctx, form.actor, seen.id)
    typed = _typed_who(form.fields, before.picks)
    try:
        saved = await ctx.database.write(
            drafts.save_who, form.actor, seen, typed, form.key, ctx.clock.now()
        )
    except StaleForm:
        return context.update(_who_form(groups, ctx, before, typed, changed=True))
    shown = context.update(views.looking_up(saved.draft.initiative))
    if not saved.first_time:
        return shown
    return Done(after=lambda: _look_up(ctx, saved.draft), response=shown.response)


async def _look_up(ctx: Context, draft: Draft) -> None:
    """Ask Slack whom the picks come down to, and tell the owner."""
    workspace_id = draft.initiative.workspace_id
    members = await picks.members_of(ctx.gateway, draft.picks)
    unknown = await ctx.database.read(drafts.strangers, workspace_id, members)
    profiles = await picks.profiles_of(ctx.gateway, unknown)
    now = ctx.clock.now()
    if profiles:
        await ctx.database.write(people.learn, workspace_id, profiles, now)
    await ctx.database.write(drafts.expanded, draft.reference, members, now)
    ctx.wake_sender()


async def _preview(ctx: Context, click: Click) -> Done:
    shown = await ctx.database.read(
        drafts.preview, click.actor, number(click.value), ctx.clock.now()
    )
    form = _start_form(shown, click.channel_id or "", click.message_ts or "")
    return Done(after=lambda: ctx.open(click.trigger_id, form))


async def _start(ctx: Context, form: Submission) -> Done:
    seen = _seen(form.metadata)
    assert seen  # noqa: S101 - we wrote it
    channel, ts = form.metadata.split(":")[2:4]
    fields = form.fields
    words, acts = cleaned(fields.text(WORDS_FIELD)), cleaned(fields.text(ACTS_FIELD))
    step = OwnStep(words, fields.date(DATE_FIELD), acts)
    now = ctx.clock.now()
    try:
        launch = await ctx.database.write(drafts.start, form.actor, seen, step, form.key, now)
    except StaleForm:
        newer = await ctx.database.read(drafts.preview, form.actor, seen.id, now)
        return context.update(_start_form(newer, channel, ts, step, changed=True))

    async def after() -> None:
        ctx.wake_sender()
        if channel and ts:
            message = launches.started_message(launch)
            await ctx.gateway.update(channel, ts, message.text, list(message.blocks))
        await home.redraw(ctx, form.actor)

    return Done(after=after, response=context.update(launches.started(launch)).response)


async def _discard(ctx: Context, click: Click) -> Done:
    gone = await ctx.database.write(
        drafts.discard, click.actor, number(click.value), ctx.clock.now()
    )

    async def after() -> None:
        await ctx.tell(click.address, views.discarded(gone), replace_original=True)
        await home.redraw(ctx, click.actor)

    return Done(after=after)


async def _open_draft(ctx: Context, actor: Actor, initiative_id: int) -> Draft:
    return await ctx.database.read(drafts.open_draft, actor, initiative_id, ctx.clock.now())


async def read_ahead(groups: UserGroups, ctx: Context, actor: Actor) -> None:
    """Read what the second form needs from Slack while the first is filled in."""
    now = ctx.clock.now()
    await groups.refresh(ctx.gateway, actor.workspace_id, now)
    me = actor.slack_user_id
    known = await ctx.database.read(people.by_slack_ids, actor.workspace_id, [me])
    if me not in known or not known[me].name:
        profiles = await picks.profiles_of(ctx.gateway, [me])
        await ctx.database.write(people.learn, actor.workspace_id, profiles, now)


def _who_form(
    groups: UserGroups, ctx: Context, draft: Draft, typed: Who, *, changed: bool = False
) -> Modal:
    initiative = draft.initiative
    earliest = earliest_first_date(ctx.clock.now(), initiative.tz)
    known = groups.known(initiative.workspace_id)
    return views.who_form(draft.reference, typed, earliest, known, changed=changed)


def _start_form(
    shown: Preview, channel: str, ts: str, step: OwnStep | None = None, *, changed: bool = False
) -> Modal:
    return launches.start_form(
        shown.launch,
        introductions.introduction(shown.introduction),
        pulses.check_in(shown.check_in),
        views.metadata(shown.seen, channel, ts),
        step=step,
        changed=changed,
    )


def _seen(metadata: str) -> Reference | None:
    """Return the draft and revision that a form belongs to; None for a new one."""
    if not metadata:
        return None
    initiative_id, revision = metadata.split(":")[:2]
    return Reference(number(initiative_id), number(revision))


def _typed_what(fields: Fields) -> What:
    return What(
        name=" ".join(cleaned(fields.text(Field.NAME)).split()),
        why=cleaned(fields.text(Field.WHY)),
        benefit=cleaned(fields.text(Field.BENEFIT)),
        milestone=" ".join(cleaned(fields.text(Field.MILESTONE)).split()),
        milestone_on=fields.date(Field.MILESTONE_ON),
        needed=" ".join(cleaned(fields.text(Field.NEEDED)).split()),
    )


def _typed_who(fields: Fields, before: Picks) -> Who:
    """Return step two; groups keep standing where the form could not offer them."""
    offered = Field.GROUPS in fields.values
    chosen = fields.text(Field.VISIBILITY)
    return Who(
        picks=Picks(
            people=fields.chosen(Field.PEOPLE),
            channels=fields.chosen(Field.CHANNELS),
            groups=fields.chosen(Field.GROUPS) if offered else before.groups,
        ),
        channel_id=fields.one(Field.CHANNEL),
        visibility=Visibility(chosen) if chosen else None,
        first_on=fields.date(Field.FIRST_ON),
        fair=bool(fields.chosen(Field.FAIR)),
    )
