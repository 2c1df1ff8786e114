"""Moving the date of the next milestone, or keeping it: with a reason that everybody reads."""

from datetime import date, datetime

from bot.domain import milestones as rules
from bot.domain.calendars import local_date
from bot.domain.initiatives import Initiative, Status
from bot.domain.milestones import DateDecided, DateForm, Decided
from bot.domain.pauses import MoreTime
from bot.domain.people import Actor
from bot.domain.words import cleaned
from bot.errors import FieldErrors, Refused
from bot.services import initiatives
from storage import audit, pauses, people, plans, texts
from storage.database import Tx

GONE = "That isn't there any more, so nothing was changed. `/buyin status` shows what is."
NOT_RUNNING = "That initiative isn't running any more, so nothing was changed."
NO_DATE = "There is no date ahead that could be moved, so nothing was changed."
SETTLED = {
    Decided.MOVED: "The date was moved already, so nothing was changed.",
    Decided.KEPT: "The date was kept already, with its reason, so nothing was changed.",
}


def form(tx: Tx, actor: Actor, step_back_id: int, now: datetime) -> DateForm:
    """Return what an owner fills in about the date.

    Raises:
        Refused: if they do not lead it, it is not running, has no date ahead, or it was decided.
    """
    initiative, advice, outcome = _advice(tx, actor, step_back_id, now)
    if outcome is not None:
        raise Refused(SETTLED[Decided(outcome)])
    return DateForm(initiative, advice, _ahead(initiative, now))


def move(
    tx: Tx, actor: Actor, step_back_id: int, on: date | None, why: str, now: datetime
) -> DateDecided:
    """Move the date to `on` (local to the initiative); once it is decided, again changes nothing.

    Raises:
        Refused: as for `form`, but for a form that was sent twice.
        FieldErrors: if the date or the reason needs mending.
    """
    initiative, _, outcome = _advice(tx, actor, step_back_id, now)
    if outcome is not None:
        return _again(initiative, outcome)
    kept, today = cleaned(why), local_date(now, initiative.tz)
    wrong = rules.check(on, _ahead(initiative, now), kept, today)
    if wrong or on is None:
        raise FieldErrors(wrong)
    plans.move_milestone(tx, initiative.id, on, now)
    _settle(tx, actor, initiative, step_back_id, Decided.MOVED, kept, now)
    return DateDecided(initiatives.load(tx, initiative.id), Decided.MOVED, on)


def keep(tx: Tx, actor: Actor, step_back_id: int, why: str, now: datetime) -> DateDecided:
    """Keep the date, with the reason; once it is decided, again changes nothing.

    Raises:
        Refused: as for `form`, but for a form that was sent twice.
        FieldErrors: if the reason needs mending.
    """
    initiative, _, outcome = _advice(tx, actor, step_back_id, now)
    if outcome is not None:
        return _again(initiative, outcome)
    kept, on = cleaned(why), _ahead(initiative, now)
    if wrong := rules.check_why(kept):
        raise FieldErrors(wrong)
    _settle(tx, actor, initiative, step_back_id, Decided.KEPT, kept, now)
    return DateDecided(initiative, Decided.KEPT, on)


def _again(initiative: Initiative, outcome: str) -> DateDecided:
    on = initiative.plan.milestone_on
    if on is None:
        raise Refused(GONE)
    return DateDecided(initiative, Decided(outcome), on, changed=False)


def _advice(
    tx: Tx, actor: Actor, step_back_id: int, now: datetime
) -> tuple[Initiative, MoreTime, str | None]:
    told = pauses.told(tx, step_back_id)
    if told is None or told.more_time is None:
        raise Refused(GONE)
    initiative = initiatives.led(tx, actor, told.initiative_id, now)
    if initiative.status is not Status.RUNNING:
        raise Refused(NOT_RUNNING)
    return initiative, told.more_time, told.outcome


def _ahead(initiative: Initiative, now: datetime) -> date:
    on = initiative.plan.milestone_on
    if on is None or on <= local_date(now, initiative.tz):
        raise Refused(NO_DATE)
    return on


def _settle(
    tx: Tx,
    actor: Actor,
    initiative: Initiative,
    step_back_id: int,
    decided: Decided,
    why: str,
    now: datetime,
) -> None:
    where, who = initiative.workspace_id, actor.slack_user_id
    owner = people.by_slack_ids(tx, where, [who])[who]
    words_id = texts.keep(tx, where, owner.id, why, now)
    pauses.settle(tx, step_back_id, decided.value, words_id, now)
    audit.record(tx, where, who, f"milestones.{decided.value}", "step_back", step_back_id, now)
