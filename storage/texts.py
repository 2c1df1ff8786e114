"""Words that people typed; they live in one table so that erasing them is one statement."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, delete, insert, select

from storage.database import Tx
from storage.tables import FreeText

_text = cast(Table, FreeText.__table__)
_KEEP = insert(_text).returning(_text.c.id)
_WORDS = select(_text.c.id, _text.c.words).where(_text.c.id.in_(bindparam("ids", expanding=True)))


def keep(tx: Tx, workspace_id: int, author_id: int | None, words: str, now: datetime) -> int:
    """Store `words` and return their id; `author_id` is the person who can have them erased."""
    whose = {"workspace_id": workspace_id, "author_id": author_id}
    kept: int = tx.scalars(_KEEP, {**whose, "words": words, "created_at": now}).one()
    return kept


def words_of(tx: Tx, ids: Iterable[int | None]) -> dict[int, str]:
    """Return the words behind `ids` in one query; None and erased ones are left out."""
    wanted = {text_id for text_id in ids if text_id is not None}
    if not wanted:
        return {}
    return {row.id: row.words for row in tx.execute(_WORDS, {"ids": list(wanted)})}


def forget(tx: Tx, ids: Iterable[int | None]) -> None:
    """Delete the words behind `ids`, which no row names any more."""
    gone = {text_id for text_id in ids if text_id is not None}
    if gone:
        tx.execute(delete(FreeText).where(FreeText.id.in_(gone)))
