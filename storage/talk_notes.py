"""What was noted after talks, and what those it is about put right."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, insert, select

from bot.domain.conversations import Conversation
from bot.domain.people import Person
from storage import tables, texts
from storage.conversations import people_of
from storage.database import Tx
from storage.people import to_person

_note = cast(Table, tables.ConversationNote.__table__)


@dataclass(frozen=True, slots=True)
class NoteRow:
    """What was noted of a talk; `kind` is note or correction.

    `about_id` is the person whom alone a note of a group session is about.
    """

    talk_id: int
    author: Person
    kind: str
    barrier: str | None
    words: str
    noted_at: datetime
    about_id: int | None = None


def add_note(
    tx: Tx,
    talk: Conversation,
    author: Person,
    kind: str,
    words: str,
    now: datetime,
    barrier: str | None = None,
    commitment_id: int | None = None,
    about: Person | None = None,
) -> None:
    """Append what was learned in a talk, or what somebody puts right; "" keeps no text.

    `about` is the one of a group session whom alone it is about. Words about one person are theirs
    to have erased, whoever wrote them down.
    """
    whose = (about or talk.guest or author).id
    words_id = texts.keep(tx, talk.workspace_id, whose, words, now) if words else None
    values = {"workspace_id": talk.workspace_id, "conversation_id": talk.id}
    added = insert(_note).values(**values, author_id=author.id, barrier=barrier, noted_at=now)
    about_id = about.id if about else None
    told = {"kind": kind, "about_id": about_id, "words_id": words_id}
    tx.execute(added.values(**told, commitment_id=commitment_id))


def notes(tx: Tx, talk_ids: Collection[int]) -> dict[int, list[NoteRow]]:
    """Return what was noted of talks, oldest first."""
    if not talk_ids:
        return {}
    statement = select(_note).where(_note.c.conversation_id.in_(talk_ids))
    rows = tx.execute(statement.order_by(_note.c.id)).all()
    words = texts.words_of(tx, [row.words_id for row in rows])
    authors = {row.id: to_person(row) for row in tx.execute(people_of({r.author_id for r in rows}))}
    found: dict[int, list[NoteRow]] = defaultdict(list)
    for row in rows:
        told, author = words.get(row.words_id, ""), authors[row.author_id]
        talk_id, about_id = row.conversation_id, row.about_id
        one = NoteRow(talk_id, author, row.kind, row.barrier, told, row.noted_at, about_id)
        found[talk_id].append(one)
    return found
