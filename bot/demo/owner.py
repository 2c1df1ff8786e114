"""What the demo's owner does: launches, answers what she is told, posts, keeps a step, talks."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import timedelta

from bot.demo.cast import CHANNEL, OWNER, OWNER_PERSONA, STAKEHOLDERS
from bot.demo.stage import Stage
from bot.demo.transcript import Transcript
from bot.domain.calendars import add_working_days, local_date
from bot.playground import Message
from bot.views.ids import Act

SOON, LATER = timedelta(hours=1), timedelta(hours=4)
"""How long after a message she does something about it."""

Deed = Callable[[], Awaitable[None]]

WHAT = {
    "name": "Shelf labels",
    "why": (
        "Returns take nine days because half of the labels are typed by hand. Sasha, who heads "
        "operations, asked for five days by the summer."
    ),
    "benefit": "No more retyping: about 40 minutes less a day for each of you.",
    "milestone": "Scanners on the floor",
    "milestone_on": "2026-05-12",
    "needed": "label 20 shelves",
}
ACTS = "Label one shelf\nShow a colleague how it works"
STEP = "Get the scanners' batteries tested on the floor"
POSTS = (
    {
        "moved": "The first 60 shelves are labelled, and the scanners read every one of them.",
        "changed": "Nobody has to label at the start of a shift: you told me when it hurts.",
        "next": "Twelve spare batteries are charged every night.",
    },
    {
        "moved": "150 shelves are labelled, 40 of them by people I never asked.",
        "changed": "Nobody labels in the morning any more: one of you told me that it never works.",
        "next": "We count together how long returns take now.",
    },
    {
        "moved": "300 of 400 shelves are labelled; returns take seven days instead of nine.",
        "changed": "The last aisle waits until after the stocktaking, as you asked.",
        "next": "Everyone tries a scanner on the floor before we buy them.",
    },
)
ANSWER = "From 17 March on stocktaking on Tuesdays is no longer yours."
HOURS = "Tue 10-12, Thu 14-16"
LEARNED = {
    "barrier": "No time",
    "words": "The last hour of a shift works; mornings never do.",
}
REPLIES = {
    "20 minutes": Act.INPUT_USED,
    "batteries": Act.INPUT_PARTLY,
}


class Owner:
    """Dana Demo, who leads the initiative."""

    def __init__(self, stage: Stage, transcript: Transcript) -> None:
        self._stage = stage
        self._transcript = transcript
        self._person = stage.person(OWNER)
        self._done: set[str] = set()
        self._posts = iter(POSTS)

    async def launch(self) -> None:
        """Fill in both forms, read the summary and the preview, and start."""
        self._did("types /buyin new and fills in what it is and who is asked")
        await self._command("new")
        await self._submit(WHAT)
        await self._submit(
            {
                "people": [persona.user_id for persona in STAKEHOLDERS],
                "channel": CHANNEL,
                "shown": "named",
                "first_on": "2026-03-05",
                "fair": ["yes"],
            }
        )
        for message in self._transcript.news(self._person):
            self._transcript.saw(OWNER_PERSONA, self._person, message, self._stage.clock.now())
        self._did("looks at the preview, promises a step of her own and presses *Start*")
        await self._click(self._person.dm[-1], action_id=Act.DRAFT_PREVIEW)
        await self._submit({"promise": STEP, "promise_on": "2026-03-12", "acts": ACTS})

    def plans(self) -> Iterator[tuple[timedelta, Deed]]:
        """Yield what she does by herself and how long after the launch."""
        yield timedelta(days=7, hours=2), self._guess
        yield timedelta(days=14, hours=4), self._steps
        yield timedelta(days=14, hours=5), self._post

    def reactions(self, message: Message, labels: list[str]) -> Iterator[tuple[timedelta, Deed]]:
        """Yield what she does about a message with buttons called `labels`, and how much later."""
        if "Using it" in labels:
            yield SOON, lambda: self._reply(message)
        if "It won't happen" in labels:
            yield SOON, lambda: self._keep(message)
        if "Answer them" in labels and self._first_time("answer"):
            yield SOON, lambda: self._answer(message)
        if "Plan talks" in labels and self._first_time("talk"):
            yield SOON, lambda: self._offer_talk(message)
        if "We met" in labels:
            yield SOON, lambda: self._note_talk(message)
        if "Write it" in labels or "Tell the team" in labels:
            yield LATER, self._post

    def _first_time(self, what: str) -> bool:
        first = what not in self._done
        self._done.add(what)
        return first

    async def _guess(self) -> None:
        self._did("types /buyin status and guesses that 9 find it useful")
        await self._command("status")
        await self._click(self._person.inbox[-1], action_id=Act.GUESS_OPEN)
        await self._submit({"useful_count": "9"})

    async def _steps(self) -> None:
        self._did("types /buyin steps and reads what became of those that people chose")
        await self._command("steps")

    async def _post(self) -> None:
        post = next(self._posts, None)
        if post is None:
            return
        self._did("types /buyin post, reads the preview and posts")
        await self._command("post")
        next_on = add_working_days(local_date(self._stage.clock.now(), OWNER_PERSONA.tz), 5)
        await self._submit({**post, "next_on": next_on.isoformat()})
        await self._submit({})

    async def _reply(self, message: Message) -> None:
        for block in message.blocks:
            words = str(block.get("text", {}).get("text", ""))
            found = next((reply for start, reply in REPLIES.items() if start in words), None)
            after = message.blocks[message.blocks.index(block) + 1 :]
            row = next((one for one in after if one["type"] == "actions"), None)
            if found and row:
                label = "Using it" if found == Act.INPUT_USED else "Partly"
                self._did(f"answers what she was told: *{label}*")
                await self._click(message, action_id=found, block_id=row["block_id"])

    async def _keep(self, message: Message) -> None:
        self._did("presses *Done* about her own step")
        await self._click(message, action_id=Act.COMMITMENT_KEPT)

    async def _answer(self, message: Message) -> None:
        self._did(f"answers everyone who has no time: “{ANSWER}”")
        await self._click(message, action_id=Act.BARRIER_ANSWER)
        await self._submit({"words": ANSWER})

    async def _offer_talk(self, message: Message) -> None:
        self._did(f"types /buyin hours {HOURS}, plans talks and offers one")
        await self._command(f"hours {HOURS}")
        await self._click(message, action_id=Act.TALK_PLAN)
        await self._click(None, action_id=Act.TALK_OFFER)

    async def _note_talk(self, message: Message) -> None:
        self._did(f"presses *We met* and notes what she heard: “{LEARNED['words']}”")
        await self._click(message, action_id=Act.TALK_MET)
        await self._click(message, action_id=Act.TALK_LEARNED)
        await self._submit(LEARNED)

    async def _command(self, words: str) -> None:
        await self._person.slash("/buyin", words)
        await self._stage.settle()

    async def _click(
        self, message: Message | None, action_id: str, block_id: str | None = None
    ) -> None:
        await self._person.click(message, action_id=action_id, block_id=block_id)
        await self._stage.settle()

    async def _submit(self, values: Mapping[str, object]) -> None:
        await self._person.submit(dict(values))
        await self._stage.settle()

    def _did(self, what: str) -> None:
        self._transcript.did(OWNER_PERSONA, what, self._stage.clock.now())
