"""What owners read about asking that stopped, and what they answer to it."""

from datetime import datetime

from bot.domain.asking import Asking, Owed
from bot.domain.calendars import local_date
from bot.domain.initiatives import Initiative, Place, Status
from bot.domain.pacing import owes
from bot.domain.pacing_facts import Facts
from bot.domain.pauses import Answer, Answered, Quiet
from bot.domain.people import Actor
from bot.errors import Refused
from bot.services import initiatives, owner_lines, pacing_settings, pauses, stakeholders
from storage import audit, digests, pacing_known
from storage import pauses as rows
from storage import stakeholders as places
from storage.database import Tx

GONE = "That isn't there any more, so nothing was changed. `/buyin status` shows what is."
NOT_RUNNING = "That initiative isn't running any more, so nothing was changed: nobody is asked."


def of_initiative(tx: Tx, initiative: Initiative, now: datetime) -> Asking:
    """Return what is known about asking that stopped in a running initiative."""
    if initiative.status is not Status.RUNNING:
        return Asking()
    stillness = pauses.of_initiative(tx, initiative.id, now)
    lacking = len(owner_lines.lacking(tx, initiative, now))
    return Asking(stillness, _owed(tx, initiative, now), lacking)


def _owed(tx: Tx, initiative: Initiative, now: datetime) -> Owed | None:
    debt = pacing_known.debts(tx, [initiative.id]).get(initiative.id, pacing_known.Debt())
    settings = pacing_settings.of(tx, initiative.workspace_id)
    today = local_date(now, initiative.tz)
    waiting = Facts("", initiative.tz, first_date=today, waiting_since=debt.waiting_since)
    if debt.waiting_since and owes(waiting, settings, now):
        return Owed(settings.debt_days)
    return Owed() if debt.unshared >= settings.debt_rounds else None


def answer(tx: Tx, actor: Actor, step_back_id: int, said: Answer, now: datetime) -> Answered:
    """Take what an owner will do about somebody whom nobody asks; the same again changes nothing.

    The pause goes on, unless they take the person off the list.

    Raises:
        Refused: if it is not there (for them), or they do not lead a running initiative.
    """
    told = rows.told(tx, step_back_id)
    quiet = told.quiet if told else None
    if told is None or quiet is None:
        raise Refused(GONE)
    initiative = _led(tx, actor, told.initiative_id, now)
    own = places.load(tx, quiet.stakeholder_id)
    if own is None or own.group_only or not _may_read(tx, actor, initiative, quiet):
        raise Refused(GONE)
    if own.place is Place.OFF or told.outcome == said.value:
        held = Answer.OFF if own.place is Place.OFF else said
        return Answered(initiative, quiet, held, changed=False)
    rows.answer(tx, step_back_id, said.value)
    if said is Answer.OFF and not own.place.is_gone:
        stakeholders.take_off(tx, own, actor, now)
    who, what = actor.slack_user_id, f"pauses.{said.value}"
    audit.record(tx, initiative.workspace_id, who, what, "step_back", step_back_id, now)
    return Answered(initiative, quiet, said, changed=True)


def _led(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> Initiative:
    initiative = initiatives.led(tx, actor, initiative_id, now)
    if initiative.status is not Status.RUNNING:
        raise Refused(NOT_RUNNING)
    return initiative


def _may_read(tx: Tx, actor: Actor, initiative: Initiative, quiet: Quiet) -> bool:
    """Return whether it happened since the actor leads: who came later reads none of it."""
    by_id = {one.id: one.slack_user_id for one in initiative.owners}
    leads = digests.leads_of(tx, initiative.id)
    mine = [lead for lead in leads if by_id.get(lead.person_id) == actor.slack_user_id]
    return any(lead.since <= quiet.since for lead in mine)
