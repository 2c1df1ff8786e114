"""Dry runs: `/buyin plan` for those who lead, `/buyin plan me` for oneself."""

import asyncio
from collections.abc import Sequence
from functools import partial

from bot.domain import planned, weeks_ahead
from bot.domain.initiatives import Initiative, Status
from bot.domain.planned import PersonFacts
from bot.domain.weeks_ahead import InitiativePlan
from bot.services import plans
from bot.views import plans as views
from handlers.context import Context, Done
from handlers.payloads import Command
from handlers.router import Router

ME = "me"

AT_ONCE = 100
"""People read in one transaction, so that nobody else waits long."""


def register(router: Router) -> None:
    """Enter this subject's command."""
    one_at_a_time = asyncio.Lock()
    router.command("plan", partial(plan, one_at_a_time))


async def plan(one_at_a_time: asyncio.Lock, ctx: Context, command: Command) -> Done:
    """Answer `/buyin plan [name]` and `/buyin plan me`; who leads nothing reads their own."""
    words = command.rest.strip()
    if words.casefold() == ME or (
        not words and not await ctx.database.read(plans.leads_any, command.actor)
    ):
        return Done(after=lambda: _mine(ctx, command))
    now = ctx.clock.now()
    initiative, people = await ctx.database.read(plans.led, command.actor, words, now)
    if initiative.status is Status.DRAFT:
        known = await ctx.database.read(plans.of_draft, command.actor, initiative.id, now)
        return Done(after=lambda: _draft(one_at_a_time, ctx, command, initiative, known))
    return Done(after=lambda: _led(one_at_a_time, ctx, command, initiative, people))


async def _mine(ctx: Context, command: Command) -> None:
    known = await ctx.read_own(plans.mine, command.actor)
    found = await asyncio.to_thread(planned.mine, known, ctx.clock.now())
    await ctx.tell(command.address, views.mine(found))


async def _led(
    one_at_a_time: asyncio.Lock,
    ctx: Context,
    command: Command,
    initiative: Initiative,
    people: Sequence[int],
) -> None:
    async with one_at_a_time:  # a thousand people take seconds, and others click meanwhile
        found = await of_initiative(ctx, initiative, people)
    await ctx.tell(command.address, views.of_initiative(found))


async def _draft(
    one_at_a_time: asyncio.Lock,
    ctx: Context,
    command: Command,
    draft: Initiative,
    known: Sequence[PersonFacts],
) -> None:
    settings = await ctx.database.read(plans.settings_of, draft)
    work = weeks_ahead.of_initiative
    async with one_at_a_time:
        found = await asyncio.to_thread(work, draft, settings, known, ctx.clock.now())
    await ctx.tell(command.address, views.of_initiative(found))


async def of_initiative(
    ctx: Context, initiative: Initiative, people: Sequence[int]
) -> InitiativePlan:
    """Work out the next weeks of an initiative, off the event loop."""
    now = ctx.clock.now()
    settings = await ctx.database.read(plans.settings_of, initiative)
    known: list[PersonFacts] = []
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        known += await ctx.database.read(plans.of_people, some, now)
    return await asyncio.to_thread(weeks_ahead.of_initiative, initiative, settings, known, now)
