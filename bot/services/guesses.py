"""Guesses: before the first round closes an owner may note, privately, what they expect."""

from datetime import datetime

from bot.domain.guesses import GUESS_FIELD, Guess, GuessForm
from bot.domain.initiatives import Initiative, Status
from bot.domain.people import Actor, Person
from bot.errors import FieldErrors, Refused
from bot.services import initiatives
from storage import audit, digests, figures, received
from storage.database import Tx

NOT_RUNNING = "A guess fits while the first round is open; this initiative isn't running."
TOO_LATE = "The first round has closed, so a guess would come too late. Nothing was changed."
ONCE = "You already guessed {useful}. It stands, and the summary after round 1 shows it."
NUMBER = "A whole number from 0 to {asked}, please."


def form(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> GuessForm:
    """Return what the owner who acts may guess.

    Raises:
        Refused: if they do not lead it, it does not run, round 1 closed, or they guessed.
    """
    initiative, owner = _led(tx, actor, initiative_id, now)
    _not_yet(tx, initiative, owner)
    return GuessForm(initiative, _asked(tx, initiative_id))


def guess(tx: Tx, actor: Actor, initiative_id: int, typed: str, key: str, now: datetime) -> Guess:
    """Keep how many the owner expects to find it useful; the same `key` again keeps nothing.

    Raises:
        Refused: as for `form`.
        FieldErrors: if `typed` is no number from 0 to everyone asked.
    """
    initiative, owner = _led(tx, actor, initiative_id, now)
    asked = _asked(tx, initiative_id)
    if not received.first_time(tx, actor.workspace_id, key, now):
        return Guess(digests.guess_of(tx, initiative_id, owner.id) or 0, asked)
    _not_yet(tx, initiative, owner)
    if not (typed.isascii() and typed.isdigit() and len(typed) < 6 and int(typed) <= asked):
        raise FieldErrors({GUESS_FIELD: NUMBER.format(asked=asked)})
    useful = int(typed)
    digests.add_guess(tx, initiative.workspace_id, initiative_id, owner.id, useful, now)
    who = initiative.workspace_id, actor.slack_user_id, "guesses.guessed"
    audit.record(tx, *who, "initiative", initiative_id, now)
    return Guess(useful, asked)


def _led(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> tuple[Initiative, Person]:
    initiative = initiatives.led(tx, actor, initiative_id, now)
    if initiative.status is not Status.RUNNING:
        raise Refused(NOT_RUNNING)
    by_slack_id = {owner.slack_user_id: owner for owner in initiative.owners}
    return initiative, by_slack_id[actor.slack_user_id]


def _not_yet(tx: Tx, initiative: Initiative, owner: Person) -> None:
    if any(cycle.closed_at for cycle in figures.cycles_of(tx, initiative.id)):
        raise Refused(TOO_LATE)
    useful = digests.guess_of(tx, initiative.id, owner.id)
    if useful is not None:
        raise Refused(ONCE.format(useful=useful))


def _asked(tx: Tx, initiative_id: int) -> int:
    people = figures.people_of(tx, initiative_id)
    return sum(not one.place.is_gone for one in people)
