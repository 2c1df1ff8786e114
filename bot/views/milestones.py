"""The forms about the date of the next milestone."""

from bot.domain.milestones import LATER, WHY_LONGEST, DateDecided, DateForm, Decided, Field
from bot.views.ids import Form
from bot.views.kit import (
    Block,
    Modal,
    bold,
    date_picker,
    day,
    entry,
    section,
    shortened,
    text_box,
)
from bot.views.notices import NOTICE

NAME_LONGEST = 300
TOLD = "Everyone asked reads it with their next check-in, word for word."


def move_form(form: DateForm) -> Modal:
    """Return the form to move the date: two weeks later unless the owner says otherwise."""
    fields = (
        entry(Field.ON, "New date", date_picker(form.on + LATER)),
        _why("Why is it moved?", "Because several of you had no time, …"),
    )
    title = "Move the date"
    words = f"{_quiet(form)} {_what(form)} is planned for {day(form.on)}."
    about = str(form.advice.id)
    return Modal(Form.DATE_MOVE, title, (section(words), *fields), submit="Move", metadata=about)


def keep_form(form: DateForm) -> Modal:
    """Return the form to keep the date and say why."""
    words = f"{_quiet(form)} {_what(form)} stays on {day(form.on)}."
    fields = (section(words), _why("Why does it stay?", "Because the old system is off by then, …"))
    about = str(form.advice.id)
    return Modal(Form.DATE_KEEP, "Keep the date", fields, submit="Keep", metadata=about)


def decided(done: DateDecided) -> Modal:
    """Return what either form turns into."""
    plan = done.initiative.plan
    what = bold(shortened(plan.milestone, NAME_LONGEST)) if plan.milestone else "The milestone"
    moved = "is now planned for" if done.decided is Decided.MOVED else "stays on"
    words = f"{what} {moved} {day(done.on)}. Everyone asked reads why with their next check-in."
    if not done.changed:
        words = f"That was decided before: {what} {moved} {day(done.on)}. Nothing was changed."
    return Modal(NOTICE, "Thank you", (section(words),), close="Close")


def _why(label: str, placeholder: str) -> Block:
    box = text_box(limit=WHY_LONGEST, placeholder=placeholder)
    return entry(Field.WHY, label, box, hint=TOLD)


def _quiet(form: DateForm) -> str:
    return f"{form.advice.quiet} of {form.advice.asked} are quiet."


def _what(form: DateForm) -> str:
    name = form.initiative.plan.milestone
    return bold(shortened(name, NAME_LONGEST)) if name else "The next milestone"
