"""What owners set while an initiative runs: length of a round, questions, and a pause."""

from datetime import date, datetime

from bot.domain import owner_settings as rules
from bot.domain import questions
from bot.domain.calendars import MIDNIGHT, at_local, local_date
from bot.domain.initiatives import Initiative, Status
from bot.domain.owner_settings import OwnerSettings, PauseSet, RoundsSet
from bot.domain.people import Actor, Person
from bot.domain.questions import Questions
from bot.errors import FieldErrors, Refused
from bot.services import initiatives, people, stakeholders
from storage import audit, cycles, owner_settings, pacing
from storage import stakeholders as places
from storage.database import Tx

LENGTH, QUESTIONS, PAUSE, RESUME = "length", "questions", "pause", "resume"


def form(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> OwnerSettings:
    """Return how an initiative is set, for somebody who leads it.

    Raises:
        Refused: if the actor does not lead it, or it does not run.
    """
    initiative = running(tx, actor, initiative_id, now)
    until = initiative.halted_until(now)
    return OwnerSettings(
        initiative=initiative,
        today=local_date(now, initiative.tz),
        open=cycles.current(tx, initiative.id, now),
        paused_until=local_date(until, initiative.tz) if until else None,
        people=owner_settings.on_the_list(tx, initiative.id),
    )


def form_by_name(tx: Tx, actor: Actor, words: str, now: datetime) -> OwnerSettings:
    """Return the same of the running initiative that `words` name."""
    return form(tx, actor, initiatives.choose_led(tx, actor, words, now).id, now)


def set_rounds(
    tx: Tx, actor: Actor, initiative_id: int, days: int | None, asked: Questions, now: datetime
) -> RoundsSet:
    """Have the rounds from the next one on last `days` days and ask `asked`.

    The open round stays as it is, and so does everything that was asked in it.

    Raises:
        FieldErrors: if either is not one there is.
        Refused: as for `form`.
    """
    before, by = locked(tx, actor, initiative_id, now)
    if wrong := rules.check_rounds(days, asked):
        raise FieldErrors(wrong)
    changes: dict[str, tuple[str, object]] = {}
    if days != before.cycle_days:
        changes["cycle_days"] = (LENGTH, days)
    if set(asked) != set(before.questions):
        changes["questions"] = (QUESTIONS, questions.written(asked))
    for column, (kind, value) in changes.items():
        owner_settings.change(tx, initiative_id, **{column: value})
        owner_settings.note(tx, before, by, kind, str(value or "all"), now)
        _record(tx, before, actor, f"initiatives.{kind}", now)
    if changes:
        cycles.wake(tx, initiative_id, now)
    return RoundsSet(form(tx, actor, initiative_id, now), changed=bool(changes))


def pause(tx: Tx, actor: Actor, initiative_id: int, until: date | None, now: datetime) -> PauseSet:
    """Ask nobody anything before the local day `until`; what is open may still be answered.

    Raises:
        FieldErrors: if the day is missing, not ahead or too far away.
        Refused: as for `form`.
    """
    initiative, by = locked(tx, actor, initiative_id, now)
    if wrong := rules.check_pause(until, local_date(now, initiative.tz)):
        raise FieldErrors(wrong)
    assert until is not None  # noqa: S101 - checked above
    ends = at_local(until, MIDNIGHT, initiative.tz)
    if initiative.halted_until(now) == ends:
        return PauseSet(initiative, until, changed=False)
    since = initiative.halt.since if initiative.halt and initiative.halt.holds(now) else now
    owner_settings.change(tx, initiative_id, halted_at=since, halted_until=ends)
    owner_settings.drop_asking(tx, initiative_id, now)
    pacing.reopen_asks(tx, owner_settings.offered_elsewhere(tx, initiative_id))
    _decide_again(tx, initiative_id, now)
    owner_settings.note(tx, initiative, by, PAUSE, until.isoformat(), now)
    _record(tx, initiative, actor, "initiatives.pause", now)
    return PauseSet(initiatives.load(tx, initiative_id), until, changed=True)


def resume(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> PauseSet:
    """Go on asking now; when nothing was paused that changes nothing.

    Raises:
        Refused: as for `form`.
    """
    initiative, by = locked(tx, actor, initiative_id, now)
    if initiative.halted_until(now) is None:
        return PauseSet(initiative, None, changed=False)
    owner_settings.change(tx, initiative_id, halted_until=now)
    _decide_again(tx, initiative_id, now)
    owner_settings.note(tx, initiative, by, RESUME, "", now)
    _record(tx, initiative, actor, "initiatives.resume", now)
    return PauseSet(initiatives.load(tx, initiative_id), None, changed=True)


def running(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> Initiative:
    """Return a running initiative that `actor` leads.

    Raises:
        Refused: if they do not, or it does not run.
    """
    initiative = initiatives.led(tx, actor, initiative_id, now)
    if initiative.status is Status.RUNNING:
        return initiative
    name = initiatives.named(initiative)
    if initiative.status is Status.ENDED:
        raise Refused(f"{name} has ended, so there is nothing to set any more.")
    raise Refused(f"{name} hasn't started. Press *Edit* in my message about it.")


def locked(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> tuple[Initiative, Person]:
    """Return a running initiative that `actor` leads, kept as it is until `tx` ends, and them.

    Raises:
        Refused: as for `running`.
    """
    running(tx, actor, initiative_id, now)
    cycles.lock(tx, initiative_id)
    initiative = running(tx, actor, initiative_id, now)  # as it is now that nobody changes it
    return initiative, people.person(tx, actor, now)


def _decide_again(tx: Tx, initiative_id: int, now: datetime) -> None:
    """Have the clock look at everybody, also at what other initiatives may send them now.

    Open check-ins are drawn again: they say that asking rests.
    """
    held = stakeholders.of_initiative(tx, initiative_id)
    places.decide_again(tx, [place.person.id for place in held], now)
    stakeholders.redraw(tx, held, now)


def _record(tx: Tx, initiative: Initiative, actor: Actor, what: str, now: datetime) -> None:
    who = (initiative.workspace_id, actor.slack_user_id)
    audit.record(tx, *who, what, "initiative", initiative.id, now)
