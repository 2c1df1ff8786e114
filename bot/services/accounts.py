"""Accounts: what owners may read about single people, gathered for owners and for that person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain import accounts, talks
from bot.domain.accounts import Account, Group
from bot.domain.calendars import local_date
from bot.domain.figures import Someone, Told
from bot.domain.initiatives import Initiative
from bot.domain.people import Person
from bot.domain.states import Judged
from bot.domain.talks import Talk
from bot.services import standings
from bot.services.standings import Explained
from storage.database import Tx


@dataclass(frozen=True, slots=True, repr=False)
class Own:
    """What owners may read of one person: an account, or a low answer, or neither."""

    account: Account | None
    talk: Talk | None


def judged(
    tx: Tx, initiative: Initiative, since: datetime, now: datetime
) -> dict[int, Judged] | None:
    """Return what is concluded about everyone with an estimate; None where there are none at all.

    By stakeholder id, from what was said and done since `since` (aware).
    """
    if not standings.are_on(tx, initiative.workspace_id):
        return None
    return standings.of_initiative(tx, initiative, since, now)


def of_people(
    tx: Tx,
    initiative: Initiative,
    named: Mapping[int, tuple[Person, Group]],
    known: Mapping[int, Judged] | None,
    since: datetime,
    now: datetime,
) -> dict[int, Account]:
    """Return the accounts of a handful of people, by stakeholder id like `named` and `known`.

    `known` is what `judged` returned.
    """
    if not named:
        return {}
    why = standings.explained(tx, initiative, list(named), since, now, known)
    return {
        one: _account(person, group, why[one], initiative, now)
        for one, (person, group) in named.items()
        if one in why
    }


def of_one(
    tx: Tx,
    initiative: Initiative,
    someone: Someone,
    low: Sequence[Told] | None,
    undone: bool,
    since: datetime,
    now: datetime,
) -> Own:
    """Return what owners who lead since `since` (aware) may read of one person.

    `low` are their last answers that are low ones, None before the first round has closed;
    `undone` is whether they left a step undone lately.
    """
    one = someone.stakeholder_id
    why = standings.explained(tx, initiative, [one], since, now).get(one)
    known = {one: why.judged} if why else {}
    heard = talks.heard_by_name([someone], low or (), since)
    doubted = talks.in_doubt(heard) | ({one} if undone else set())
    found = accounts.grouped([someone], known, doubted, 0)
    group = next((group for group, number in found.numbers.items() if number), Group.TOO_EARLY)
    if low is None:
        group = Group.TOO_EARLY
    talk = talks.worth_a_talk(heard if accounts.stands_alone(known.get(one)) else [], initiative.tz)
    account = _account(someone.person, group, why, initiative, now) if why else None
    return Own(account, next(iter(talk), None))


def _account(
    person: Person, group: Group, why: Explained, initiative: Initiative, now: datetime
) -> Account:
    tz = initiative.tz
    told = accounts.account(person, group, local_date(now, tz), why.explanation, why.facts, tz)
    return replace(told, open_check_ins=why.open_asks)
