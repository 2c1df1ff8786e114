"""Somebody's own talks as `/buyin talks` lists them, each with what its message offers to do."""

from dataclasses import replace

from bot.domain.conversations import Card, Event, HeldTalk, Offer, State
from bot.domain.conversations import Form as TalkForm
from bot.domain.talk_plans import MyTalks
from bot.views import conversations, people, talk_notes
from bot.views.ids import Act
from bot.views.inputs import leads
from bot.views.kit import Block, Message, actions, bold, button, context, count, divider, section

LISTED = "talks."
"""What the ids of rows in the list begin with, so that a click draws the list again."""

ALONE = "Only you see this."
NOTHING = "No talk is offered to you or agreed on at the moment."
TAKEN_BACK = "Taken back; nobody is asked any more."


def mine(one: MyTalks, answer: str = "") -> Message:
    """Return somebody's own talks; `answer` is what became of the last click in it."""
    told = [*map(_own, one.talks), *map(conversations.host_asked, one.asked)]
    blocks: list[Block] = [context(ALONE)]
    if answer and answer not in {each.text for each in told}:
        blocks += [section(answer), divider()]
    for each in told:
        blocks += [_in_list(block) for block in each.blocks]
    if one.more:
        blocks.append(context(f"{count(one.more, 'other')} later: they come up here in turn."))
    if not told:
        blocks.append(section(NOTHING))
    blocks += _may_ask(one)
    plans = [
        button(f"Talks about {about.name}", f"{Act.TALK_PLAN}:{about.id}", about.id)
        for about in one.leads
    ][:5]
    if plans:
        blocks.append(actions(plans, "talk.plans"))
    return Message(f"Your talks. {ALONE}", tuple(blocks))


def _may_ask(one: MyTalks) -> list[Block]:
    row = [
        button(f"Ask {leads(about)} for a chat", f"{Act.TALK_ASK}:{place}", place)
        for place, about in one.may_ask
    ][:5]
    if not row:
        return []
    hint = "They read, with your name, that you'd like to talk. Nothing else follows from it."
    return [actions(row, f"{LISTED}ask"), context(hint)]


def _in_list(block: Block) -> Block:
    return block | {"block_id": f"{LISTED}{block['block_id']}"} if "block_id" in block else block


def _own(one: Offer | Card | HeldTalk) -> Message:
    if isinstance(one, Offer):
        return conversations.offer(one)
    if isinstance(one, HeldTalk):
        return _offered(one)
    if one.talk.state is State.ASKED:
        return _wished(one)
    if one.over:
        told = one.said is Event.MET
        return talk_notes.told_how(one) if told else talk_notes.after(one)
    return _brief(conversations.session(one) if _is_invited(one) else conversations.card(one))


def _is_invited(one: Card) -> bool:
    return one.talk.form is TalkForm.GROUP and not one.is_host


def _offered(one: HeldTalk) -> Message:
    """Return what waits for somebody else; the host can take it back."""
    return Message(talk_notes.line(one), tuple(talk_notes.waiting(one)))


def _wished(one: Card) -> Message:
    who, about = people.owners(one.initiative), bold(one.initiative.name)
    words = f"You asked {who} for a talk about {about}. Times come as a message from me."
    return Message(words, (section(words),))


def _brief(message: Message) -> Message:
    """Return a card without small print and without links, which its own message has."""
    blocks = [block for block in message.blocks if block["type"] != "context"]
    return replace(message, blocks=tuple(_without_links(block) for block in blocks))


def _without_links(block: Block) -> Block:
    if block["type"] != "actions":
        return block
    return block | {"elements": [one for one in block["elements"] if "url" not in one]}


def asked(name: str, owners: str) -> Message:
    """Return the answer to asking for a chat; `owners` is safe inside mrkdwn."""
    words = (
        f"Done: {owners} reads that you'd like to talk about {bold(name)}. You get times to choose "
        "from once there are some."
    )
    return Message(words, (section(words),))
