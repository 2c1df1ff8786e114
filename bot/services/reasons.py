"""Why a message came: read for whoever got it, and nobody else."""

from datetime import datetime

from bot.domain import caps, reasons
from bot.domain.calendars import local_date
from bot.domain.gives import GiveKind
from bot.domain.initiatives import Initiative, Stakeholder, Status
from bot.domain.inputs import Input, Outcome
from bot.domain.outbox import COUNTED, Kind
from bot.domain.pacing_facts import Asked, Facts
from bot.domain.people import Actor
from bot.domain.reasons import CheckInTimes, Reasons
from bot.errors import Refused
from bot.services import initiatives, pacing_settings, stakeholders
from storage import commitments, gives, inputs, outbox
from storage import reasons as rows
from storage.database import Tx

SELF = "self"
"""Where a check-in comes from that the person opened themselves."""


def why(tx: Tx, actor: Actor, kind: Kind, subject_id: int, now: datetime) -> Reasons:
    """Return why `actor` got the message of `kind` about `subject_id`.

    Raises:
        Refused: if the message is not theirs, or is no message that people are sent.
    """
    own = stakeholders.own_place(tx, actor, _place_of(tx, kind, subject_id))
    initiative = initiatives.load(tx, own.initiative_id)
    settings = pacing_settings.of(tx, own.workspace_id)
    row, tz = rows.of_place(tx, own.id), own.person.tz
    give = gives.get(tx, subject_id) if kind is Kind.GIVE else None
    told = _used(tx, own) if give and give[0].kind is GiveKind.INPUT_CHANGE else None
    return Reasons(
        kind=kind,
        stakeholder=own,
        initiative=initiative,
        added_by=rows.added_by(tx, own.id),
        today=local_date(now, tz),
        messages=len(outbox.counted_moments(tx, own.person.id, now - caps.LONGEST)),
        most=settings.per_month,
        fewer=row.fewer,
        check_in=_check_in(tx, subject_id, tz) if kind in (Kind.ASK, Kind.REMINDER) else None,
        next_on=reasons.next_on(_facts(own, initiative, row), settings, now),
        left_open=row.misses,
        give=give[0].kind if give else None,
        told=told.words if told else "",
    )


def _place_of(tx: Tx, kind: Kind, subject_id: int) -> int:
    found: int | None = None
    if kind in (Kind.ASK, Kind.REMINDER):
        ask = rows.of_ask(tx, subject_id)
        found = ask.stakeholder_id if ask else None
    elif kind is Kind.GIVE:
        give = gives.get(tx, subject_id)
        found = give[1] if give else None
    elif kind is Kind.PAUSE_NOTE:
        found = rows.place_of_pause(tx, subject_id)
    elif kind is Kind.STEP_DUE:
        step = commitments.get(tx, subject_id)
        found = step.stakeholder_id if step else None
    elif kind in COUNTED:
        found = subject_id
    if found is None:
        raise Refused(stakeholders.NOT_YOURS)
    return found


def _check_in(tx: Tx, ask_id: int, tz: str) -> CheckInTimes | None:
    ask = rows.of_ask(tx, ask_id)
    if ask is None:
        return None
    before = local_date(ask.before, tz) if ask.before else None
    return CheckInTimes(local_date(ask.opened_at, tz), before, ask.origin == SELF)


def _used(tx: Tx, own: Stakeholder) -> Input | None:
    """Return the last thing they told the owners that is used, at least in part."""
    used = (Outcome.USED, Outcome.PARTLY)
    told = inputs.of_giver(tx, own.person.id, own.initiative_id)
    return next(
        (one for one in reversed(told) if one.reply and one.reply.outcome in used and one.words),
        None,
    )


def _facts(own: Stakeholder, initiative: Initiative, row: rows.Row) -> Facts:
    return Facts(
        seed=str(own.id),
        tz=own.person.tz,
        first_date=row.first_date or local_date(initiative.created_at, initiative.tz),
        running=initiative.status is Status.RUNNING,
        place=own.place,
        person_stopped=own.person.stopped,
        person_gone=own.person.is_deleted,
        snoozed_until=own.snoozed_until,
        paused_until=own.paused_until,
        halt=initiative.halt,
        cycle_days=row.cycle_days,
        asked=Asked(answered=False, delivered_at=None) if row.in_round else None,
        last_week=row.last_week,
        misses=row.misses,
        fewer=row.fewer,
    )
