"""What people see of progress: the owner's form and preview, and the post in the channel."""

from bot.domain.initiatives import Initiative
from bot.domain.progress import LONGEST, Post, PostForm, WaitingPost, Written
from bot.views.ids import Act, Form
from bot.views.inputs import leads, tell_button, verbatim
from bot.views.kit import (
    Block,
    Message,
    Modal,
    actions,
    bold,
    button,
    context,
    date_picker,
    day,
    entry,
    header,
    said,
    section,
    text_box,
)
from bot.views.notices import NOTICE

MOVED, CHANGED, NEXT, NEXT_ON = "moved", "changed", "next", "next_on"
"""Block ids of the form fields."""

NO_CHANNEL = (
    "This initiative has no channel, so nothing is posted in one. "
    "Everyone asked gets it with their next check-in."
)


def form(form: PostForm) -> Modal:
    """Return the form for a post, filled with what was written before."""
    written = form.written
    where = _where(form.initiative)
    blocks = (
        section(f"News on {bold(form.initiative.name)}. {where}"),
        entry(MOVED, "What moved", _box(MOVED, written), optional=True),
        entry(
            CHANGED,
            "What changed because of the people asked",
            _box(CHANGED, written),
            hint="“Nothing yet, because …” is an answer.",
        ),
        entry(
            NEXT,
            "What you'll do next",
            _box(NEXT, written),
            hint="With a date it's a promise: I'll ask you on the day, and everyone asked reads "
            "how it went.",
            optional=True,
        ),
        entry(NEXT_ON, "By when", date_picker(written.next_on), optional=True),
    )
    return Modal(
        Form.PROGRESS_WRITE,
        "News for the team",
        blocks,
        submit="Preview",
        metadata=str(form.initiative.id),
    )


def preview(post: Post) -> Modal:
    """Return the post as the channel will show it, with a way back to the form."""
    edit = button("Edit", Act.PROGRESS_EDIT, post.id)
    below = f"Below it, a button: *Tell {said(leads(post.initiative))} something*"
    return Modal(
        Form.PROGRESS_POST,
        "This is the post",
        (*_body(post), context(below), context(_where(post.initiative)), actions([edit])),
        submit="Post" if post.initiative.channel_id else "Send",
        metadata=str(post.id),
    )


def posted(post: Post) -> Modal:
    """Return what the preview turns into once it is posted."""
    words = NO_CHANNEL
    if post.initiative.channel_id:
        words = (
            f"On its way to <#{post.initiative.channel_id}>. Everyone asked also gets it with "
            "their next check-in."
        )
    return Modal(NOTICE, "Thank you", (section(words),), close="Close")


def post_message(post: Post) -> Message:
    """Return the post as the channel reads it."""
    text = f"News on {said(post.initiative.name)} from {said(post.author.name)}"
    return Message(text, (*_body(post), actions([tell_button(post.initiative)])))


def waiting_message(waiting: WaitingPost) -> Message:
    """Return what the author reads when a post is not in the initiative's channel, and why."""
    about, reason = waiting.post.initiative, waiting.reason
    where = f"<#{about.channel_id}>" if about.channel_id else "the channel"
    name = bold(about.name)
    if not reason:
        words = (
            f"Progress posts wait: I'm not in {where} yet. Type `/invite @Buy-in` there, and your "
            f"post on {name} goes out by itself."
        )
    elif reason == "missing_ability":
        words = (
            f"Your post on {name} waits: I'm not allowed to write in {where}. Ask a Slack admin to "
            "allow it within a day, and it goes out by itself."
        )
    else:
        why, what = _refused(reason, where)
        words = (
            f"Your post on {name} is not in {where}: {why}. {what} Everyone asked still gets it "
            "with their next check-in."
        )
    return Message(words, (section(words),))


def _refused(reason: str, where: str) -> tuple[str, str]:
    """Return why a post was refused, and what to do."""
    again = "then write it again with `/buyin post`."
    if reason == "is_archived":
        return "the channel is archived", f"Unarchive it, {again}"
    if reason.startswith("restricted_action"):
        return "only some people may post there", f"Ask a Slack admin to let me post, {again}"
    if reason == "gave_up":
        return "Slack took nothing from me for a whole day", f"Check that {where} works, {again}"
    if reason.startswith("not_prepared"):
        return "something broke on my side", f"Tell whoever runs Buy-in for you, {again}"
    code = f"Slack refused it ({said(reason)})"
    return code, f"Ask a Slack admin what that means in {where}, {again}"


def overdue_blocks(initiative: Initiative) -> tuple[Block, ...]:
    """Return the digest's offer to write a post after two weeks without one."""
    words = f"The team hasn't heard from you about {bold(initiative.name)} for two weeks."
    buttons = [
        button("Write it", Act.PROGRESS_NEW, initiative.id),
        button("Nothing new this time", Act.PROGRESS_NOTHING_NEW, initiative.id),
    ]
    return (section(words), actions(buttons))


def nothing_new(initiative: Initiative) -> Message:
    """Return the confirmation that there is nothing new."""
    words = f"Noted: nothing new on {bold(initiative.name)}. I'll ask again in two weeks."
    return Message(words, (section(words),))


def _body(post: Post) -> tuple[Block, ...]:
    written = post.written
    by = f" (by {day(written.next_on)})" if written.next_on else ""
    parts = [
        ("What moved", written.moved),
        ("What changed because of you", written.changed),
        (f"Next{by}", written.next or ("See the date." if by else "")),
    ]
    blocks = [
        header(post.initiative.name),
        context(f"From {said(post.author.name)}, who leads it"),
    ]
    for title, words in parts:
        if words:
            blocks += [section(f"*{title}*"), verbatim(words)]
    if post.part and post.part.is_public:
        thanks = f"{post.part.answered} of {post.part.invited} answered last round. Thank you."
        blocks.append(section(thanks))
    return tuple(blocks)


def _box(name: str, written: Written) -> Block:
    return text_box(lines=True, limit=LONGEST[name], initial=getattr(written, name))


def _where(initiative: Initiative) -> str:
    if not initiative.channel_id:
        return NO_CHANNEL
    channel = f"<#{initiative.channel_id}>"
    return f"It goes to {channel}; everyone asked also gets it with their next check-in."
