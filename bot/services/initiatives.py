"""Initiatives: who leads what, and who may act for one."""

import html
from collections.abc import Collection, Sequence
from datetime import datetime

from bot.domain.initiatives import KEPT_AFTER_END, Initiative, Status
from bot.domain.people import Actor
from bot.errors import Refused
from storage import initiatives, people
from storage.database import Tx

GONE = "That initiative isn't there any more. `/buyin` shows what is open for you."


def load(tx: Tx, initiative_id: int) -> Initiative:
    """Return one initiative.

    Raises:
        Refused: if it is not there (any more).
    """
    found = initiatives.load_many(tx, [initiative_id])
    if initiative_id not in found:
        raise Refused(GONE)
    return found[initiative_id]


def load_many(tx: Tx, ids: Collection[int]) -> dict[int, Initiative]:
    """Return initiatives by id; ids that do not exist are left out."""
    return initiatives.load_many(tx, ids)


def led_by(tx: Tx, person_id: int) -> list[Initiative]:
    """Return what the person leads now: drafts, then running, then ended, newest first."""
    return initiatives.led_by(tx, person_id)


def led(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> Initiative:
    """Return the initiative if `actor` leads it now.

    Raises:
        Refused: if it is not there, or `actor` does not lead it.
    """
    initiative = load(tx, initiative_id)
    if initiative.workspace_id != actor.workspace_id:
        raise Refused(GONE)
    if actor.slack_user_id in {owner.slack_user_id for owner in initiative.owners}:
        return initiative
    if initiative.status is Status.DRAFT:
        raise Refused(GONE)
    raise Refused(f"Only the people who lead {named(initiative)} can do that.")


def choose_led(
    tx: Tx,
    actor: Actor,
    words: str,
    now: datetime,
    *,
    ended_too: bool = False,
    drafts_too: bool = False,
) -> Initiative:
    """Return the running initiative that a command is about.

    It is the only one that `actor` leads, or the only one whose name holds `words` (a whole name
    wins over a part of one; capitals do not matter). With `ended_too` it may also be one that
    ended less than 30 days ago, with `drafts_too` one that has not started, when no running one
    fits as well.

    Raises:
        Refused: if there is none, or it is not clear which; names those there are.
    """
    person = people.find(tx, actor)
    mine = initiatives.led_by(tx, person.id) if person else []
    choices = [one for one in mine if one.status is Status.RUNNING]
    if drafts_too:
        choices += [one for one in mine if one.status is Status.DRAFT]
    if ended_too:
        choices += [one for one in mine if _is_still_kept(one, now)]
    if not choices:
        raise Refused(_none_running(mine))
    fitting = matching(choices, words)
    fitting = [one for one in fitting if one.status is Status.RUNNING] or fitting
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(named(one) for one in fitting or choices)
    asked = "None of yours is called that." if not fitting else "You lead several."
    raise Refused(f"{asked} Add a part of the name to the command; there is: {names}.")


def _is_still_kept(one: Initiative, now: datetime) -> bool:
    """Return whether it ran and ended so lately that its numbers are there; not a discarded one."""
    return bool(one.started_at and one.ended_at and now - one.ended_at < KEPT_AFTER_END)


def matching(choices: Sequence[Initiative], words: str) -> list[Initiative]:
    """Return those of `choices` whose name is `words`, else those whose name holds them."""
    wanted = " ".join(words.split()).casefold()
    exact = [one for one in choices if one.name.casefold() == wanted]
    return exact or [one for one in choices if wanted in one.name.casefold()]


def named(initiative: Initiative) -> str:
    """Return the name in quotes, safe in a sentence that a refusal shows."""
    return f"“{html.escape(' '.join(initiative.name.split()), quote=False)}”"


def _none_running(mine: Sequence[Initiative]) -> str:
    drafts = [named(one) for one in mine if one.status is Status.DRAFT]
    if drafts:
        have = "hasn't" if len(drafts) == 1 else "haven't"
        press = "press *Preview and start* in the message I sent you."
        return f"{', '.join(drafts)} {have} started yet: {press}"
    ended = next((one for one in mine if one.started_at), None)
    if ended:
        return f"{named(ended)} has ended. `/buyin new` launches another."
    return "You don't lead an initiative here. `/buyin new` launches one."
