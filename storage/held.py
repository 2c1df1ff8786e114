"""Everything the tables hold about one person, a query per table."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.domain.held import HeldCheckIn, HeldMessage, HeldStep
from bot.domain.outbox import Kind
from bot.domain.people import Choice, Setting
from bot.domain.pulses import Explain, Given, Question, Recorded
from storage import tables, texts
from storage.database import Tx
from storage.outbox import SPENT


def check_ins(tx: Tx, person_id: int) -> dict[int, list[HeldCheckIn]]:
    """Return every check-in of the person by stakeholder id, the newest first."""
    asks = tx.execute(
        select(tables.Ask.id, tables.Ask.stakeholder_id, tables.Ask.opened_at)
        .where(tables.Ask.stakeholder_id.in_(_places(person_id)))
        .order_by(tables.Ask.opened_at.desc(), tables.Ask.id.desc())
    ).all()
    given: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in tx.execute(_answers(person_id)):
        given[row.ask_id][row.question] = row  # the newest comes last and holds
    found: dict[int, list[HeldCheckIn]] = defaultdict(list)
    for ask in asks:
        found[ask.stakeholder_id].append(_check_in(ask.opened_at, given[ask.id]))
    return found


def _answers(person_id: int) -> Any:
    answer = tables.Answer
    return (
        select(answer.ask_id, answer.question, answer.value, answer.choice, answer.answered_at)
        .join(tables.Ask, tables.Ask.id == answer.ask_id)
        .where(tables.Ask.stakeholder_id.in_(_places(person_id)))
        .order_by(answer.id)
    )


def _places(person_id: int) -> Any:
    """Select the person's places: asks have an index by place, none by person."""
    return select(tables.Stakeholder.id).where(tables.Stakeholder.person_id == person_id)


def _check_in(opened_at: datetime, given: dict[str, Any]) -> HeldCheckIn:
    questions = {question.value for question in Question}
    explain = given.get("explain")
    return HeldCheckIn(
        opened_at=opened_at,
        answers={
            Question(name): Given(row.value, row.choice, row.answered_at)
            for name, row in given.items()
            if name in questions
        },
        dont_know="know" in given and given["know"].choice == Recorded.DONT_KNOW,
        explain=Explain(explain.choice) if explain and explain.choice else None,
    )


def choices(tx: Tx, person_id: int) -> dict[int, list[tuple[Choice, datetime]]]:
    """Return what the person chose by stakeholder id, the newest first."""
    table = tables.StakeholderChoice
    rows = tx.execute(
        select(table.stakeholder_id, table.kind, table.made_at)
        .join(tables.Stakeholder, tables.Stakeholder.id == table.stakeholder_id)
        .where(tables.Stakeholder.person_id == person_id)
        .order_by(table.id.desc())
    )
    found: dict[int, list[tuple[Choice, datetime]]] = defaultdict(list)
    for row in rows:
        found[row.stakeholder_id].append((Choice(row.kind), row.made_at))
    return found


def settings(tx: Tx, person_id: int) -> list[tuple[Setting, datetime]]:
    """Return what the person chose over all initiatives, the newest first."""
    table = tables.PersonSetting
    known = [setting.value for setting in Setting]
    rows = tx.execute(
        select(table.kind, table.set_at)
        .where(table.person_id == person_id, table.kind.in_(known))
        .order_by(table.id.desc())
    )
    return [(Setting(row.kind), row.set_at) for row in rows]


def messages(tx: Tx, person_id: int, since: datetime) -> list[HeldMessage]:
    """Return the messages since `since` that count for the cap, oldest first."""
    table = tables.Outbox
    rows = tx.execute(
        select(table.kind, table.sending_at)
        .where(
            table.person_id == person_id,
            table.sending_at >= since,
            table.counted.is_(True),
            table.state.in_([state.value for state in SPENT]),
        )
        .order_by(table.sending_at)
    )
    return [HeldMessage(Kind(row.kind), row.sending_at) for row in rows]


def posts(tx: Tx, person_id: int) -> dict[int, int]:
    """Return how many news posts the person wrote, by initiative id."""
    table = tables.ProgressPost
    rows = tx.execute(
        select(table.initiative_id, func.count())
        .where(table.author_id == person_id, table.kind == "post")
        .group_by(table.initiative_id)
    )
    return {row[0]: row[1] for row in rows}


def steps(tx: Tx, person_id: int) -> dict[int, list[HeldStep]]:
    """Return the steps the person promised as an owner, by initiative id."""
    table = tables.Commitment
    promised = select(table).where(table.person_id == person_id, table.stakeholder_id.is_(None))
    rows = tx.scalars(promised.order_by(table.id)).all()
    words = texts.words_of(tx, (row.words_id for row in rows))
    found: dict[int, list[HeldStep]] = defaultdict(list)
    for row in rows:
        found[row.initiative_id].append(HeldStep(words.get(row.words_id, ""), row.due_on))
    return found


def guesses(tx: Tx, person_id: int) -> dict[int, int]:
    """Return what the person guessed as an owner, by initiative id."""
    table = tables.OwnerGuess
    rows = tx.execute(
        select(table.initiative_id, table.useful_count).where(table.person_id == person_id)
    )
    return {row.initiative_id: row.useful_count for row in rows}
