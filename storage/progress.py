"""Progress posts and their drafts, in the database."""

import functools
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, Select, bindparam, delete, func, insert, select, update

from bot.domain.people import Person
from bot.domain.progress import PostKind, Written
from storage import gives, tables, texts
from storage.database import Tx
from storage.people import to_person
from storage.results import rows_changed


@dataclass(frozen=True, slots=True)
class Row:
    """A post or draft as it is stored."""

    id: int
    initiative_id: int
    author: Person
    written: Written
    posted_at: datetime | None


def save_draft(tx: Tx, author: Person, initiative_id: int, written: Written, now: datetime) -> int:
    """Keep what an owner wrote in place of their earlier draft; return its new id.

    Every draft gets an id of its own, so that an old preview can never post newer words.
    """
    post = tables.ProgressPost
    draft_id = _add(tx, author, initiative_id, PostKind.POST, written, None, now)
    older = delete(post).where(
        post.initiative_id == initiative_id,
        post.author_id == author.id,
        post.posted_at.is_(None),  # one statement: it may be posted at this very moment
        post.id != draft_id,
    )
    gone = tx.execute(older.returning(post.moved_id, post.changed_id, post.next_id)).all()
    texts.forget(tx, [text_id for row in gone for text_id in row])
    return draft_id


def written_already(
    tx: Tx, author_id: int, initiative_id: int, written: Written, since: datetime
) -> int | None:
    """Return the author's newest post or draft if it says the same and is no older than `since`."""
    newest = tx.scalars(
        select(tables.ProgressPost.id)
        .where(
            tables.ProgressPost.initiative_id == initiative_id,
            tables.ProgressPost.author_id == author_id,
            tables.ProgressPost.kind == PostKind.POST.value,
            tables.ProgressPost.created_at >= since,
        )
        .order_by(tables.ProgressPost.id.desc())
        .limit(1)
    ).one_or_none()
    found = get(tx, newest) if newest is not None else None
    return found.id if found and found.written == written else None


def draft_of(tx: Tx, author_id: int, initiative_id: int) -> Written:
    """Return what an owner wrote and has not posted yet; empty if there is nothing."""
    post = tables.ProgressPost
    newest = tx.scalars(
        select(post.id)
        .where(
            post.initiative_id == initiative_id,
            post.author_id == author_id,
            post.posted_at.is_(None),
        )
        .order_by(post.id.desc())
        .limit(1)
    ).one_or_none()
    found = get(tx, newest) if newest is not None else None
    return found.written if found else Written()


def get(tx: Tx, post_id: int) -> Row | None:
    """Return one post or draft, or None if there is none with this id."""
    row = tx.execute(
        select(tables.ProgressPost, tables.Person)
        .join(tables.Person, tables.Person.id == tables.ProgressPost.author_id)
        .where(tables.ProgressPost.id == post_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return None
    post: tables.ProgressPost = row[0]
    words = texts.words_of(tx, [post.moved_id, post.changed_id, post.next_id])
    author = to_person(row[1])
    return Row(post.id, post.initiative_id, author, _written(post, words), post.posted_at)


def mark_posted(tx: Tx, post_id: int, now: datetime) -> bool:
    """Turn a draft into a post; return False if it is gone."""
    draft = update(tables.ProgressPost).where(tables.ProgressPost.id == post_id)
    return rows_changed(tx.execute(draft.values(posted_at=now))) == 1


def add_nothing_new(tx: Tx, author: Person, initiative_id: int, now: datetime) -> int:
    """Append the word that there is nothing new; return its id."""
    return _add(tx, author, initiative_id, PostKind.NOTHING_NEW, Written(), now, now)


def last_word(tx: Tx, initiative_id: int) -> datetime | None:
    """Return when an owner last posted, or said there is nothing new."""
    post = tables.ProgressPost
    newest = select(func.max(post.posted_at)).where(post.initiative_id == initiative_id)
    return tx.scalars(newest).one()


def since(tx: Tx, initiative_id: int, person_id: int, after: datetime, limit: int) -> list[Written]:
    """Return the newest `limit` posts after `after`, newest first.

    What the person was sent of them on its own is left out.
    """
    wanted = {
        "initiative_id": initiative_id,
        "person_id": person_id,
        "after": after,
        "limit": limit,
    }
    rows = tx.scalars(_since(), wanted).all()
    ids = [text_id for row in rows for text_id in (row.moved_id, row.changed_id, row.next_id)]
    words = texts.words_of(tx, ids)
    return [_written(row, words) for row in rows]


@functools.cache  # built once: it is read after every tap
def _since() -> Select[tables.ProgressPost]:
    post = tables.ProgressPost
    return (
        select(post)
        .where(
            post.initiative_id == bindparam("initiative_id"),
            post.kind == PostKind.POST.value,
            post.posted_at > bindparam("after"),
            ~gives.was_given(bindparam("person_id", type_=BigInteger), post.id),
        )
        .order_by(post.posted_at.desc(), post.id.desc())
        .limit(bindparam("limit"))
        .execution_options(populate_existing=True)
    )


def milestone_at(tx: Tx, initiative_id: int, moment: datetime) -> date | None:
    """Return the date of the next milestone as the plan said it at `moment`."""
    plan = tables.PlanVersion
    return tx.scalars(
        select(plan.milestone_on)
        .where(plan.initiative_id == initiative_id, plan.created_at <= moment)
        .order_by(plan.number.desc())
        .limit(1)
    ).one_or_none()


def _add(
    tx: Tx,
    author: Person,
    initiative_id: int,
    kind: PostKind,
    written: Written,
    posted_at: datetime | None,
    now: datetime,
) -> int:
    def keep(words: str) -> int | None:
        return texts.keep(tx, author.workspace_id, author.id, words, now) if words else None

    statement = insert(tables.ProgressPost).values(
        workspace_id=author.workspace_id,
        initiative_id=initiative_id,
        author_id=author.id,
        kind=kind.value,
        moved_id=keep(written.moved),
        changed_id=keep(written.changed),
        next_id=keep(written.next),
        next_on=written.next_on,
        created_at=now,
        posted_at=posted_at,
    )
    return tx.scalars(statement.returning(tables.ProgressPost.id)).one()


def _written(row: tables.ProgressPost, words: dict[int, str]) -> Written:
    return Written(
        moved=words.get(row.moved_id or 0, ""),
        changed=words.get(row.changed_id or 0, ""),
        next=words.get(row.next_id or 0, ""),
        next_on=row.next_on,
    )
