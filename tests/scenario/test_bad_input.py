"""What must give a clear answer and change nothing; and what Slack sends twice."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from bot.playground.delivery import Delivery
from tests.scenario.conftest import both
from tests.scenario.office import HOSTILE, LEE, WHAT, Office, labels, read, shown

LONG = ("<!channel> مرحبا 🙂 *x* " * 150)[:3000]


async def test_what_is_not_for_them_changes_nothing(asked: Office) -> None:
    stranger, who, dana = asked.person(LEE), asked.person(1), asked.dana
    await asked.slash(stranger)
    await stranger.open_home()
    await asked.settle()
    before = await asked.rows()
    words = await asked.slash(who, "frobnicate <!channel>")
    assert "I don't know /buyin frobnicate. Nothing was changed." in words.replace("`", "")
    assert "/buyin status" in words
    for subcommand in ("status", "ask", "post", "end"):
        told = await asked.slash(who, f"{subcommand} Shelf labels")
        assert "You don't lead" in told, told
        assert who.view is None
    for subcommand in ("status", "ask", "post", "end"):
        assert "Shelf labels" in await asked.slash(dana, f"{subcommand} <!here> nothing")
    check_in = asked.check_in(who)
    for value in ("pulse.answer:useful:9", "pulse.answer:nonsense:1", "no.such:thing"):
        await changed_click(asked, value)
        await asked.settle()
        assert "another version" in who.dm[-1].text
    await changed_click(asked, "pulse.answer:useful:3", value="999999")
    await changed_click(asked, "pulse.answer:useful:3", value="not a number")
    await changed_click(asked, "pulse.answer:useful:3", user=LEE)
    await asked.settle()
    assert await asked.rows() == before
    assert "[Extremely]" in read(who, check_in)


async def changed_click(
    office: Office, action: str, value: str | None = None, user: str = "U1"
) -> Delivery:
    """Send a click that Slack would not: another id, another value, another person."""
    who = office.person(1)
    check_in = office.check_in(who)
    delivery = await who.click(check_in, text="More")
    await office.settle()
    await who.click(check_in, text="Less")
    await office.settle()
    payload = dict(delivery.payload)
    entry = dict(payload["actions"][0])
    entry["action_id"] = action
    entry["action_ts"] = f"{len(office.slack.deliveries)}.000001"
    entry["value"] = entry["value"] if value is None else value
    payload["actions"] = [entry]
    payload["user"] = {**payload["user"], "id": user}
    delivery.payload = payload
    again = await office.slack.redeliver(delivery)
    assert again.ok, again.error
    return again


async def test_clicks_on_what_is_over_change_nothing(asked: Office) -> None:
    who, left, dana = asked.person(1), asked.person(2), asked.dana
    check_in = asked.check_in(who)
    tap = await who.click(check_in, action_id="pulse.answer:useful:4")
    await asked.settle()
    await asked.move_to(datetime(2025, 3, 19, 3, tzinfo=UTC))  # the round has closed
    before = await asked.rows()
    assert "That round has closed, so nothing was saved" in await tap_late(asked, tap)
    assert await asked.rows() == before

    await asked.workspace.update_user(left.id, deleted=True)
    await asked.settle()
    before = await asked.rows()
    seen = len(asked.posts(left.id))
    old = asked.sent(left)[1]
    delivery = await left.click(old, text="Change") if "Change" in labels(old) else None
    assert delivery is None or delivery.ok
    assert await asked.rows() == before
    await asked.move_to(datetime(2025, 3, 24, 20, tzinfo=UTC))
    assert len(asked.posts(left.id)) == seen
    assert len(asked.posts(who.id)) == seen + 1

    check_in = asked.check_in(who)
    tap = await who.click(check_in, action_id="pulse.answer:useful:4")
    await asked.settle()
    await asked.slash(dana, "end")
    await asked.submit(dana, {"achieved": "All of it.", "changed": "The mornings."})
    await dana.close()
    before = await asked.rows()
    assert "That initiative has ended, so nothing was saved" in await tap_late(asked, tap)
    assert await asked.rows() == before


async def tap_late(office: Office, tap: Delivery) -> str:
    """Tap as somebody does whose Slack still shows the buttons; return what they read."""
    who = office.person(1)
    command = await who.slash("/buyin", "me")
    await office.settle()
    seen = len(who.dm)
    tap.payload = {
        **tap.payload,
        "actions": [{**tap.payload["actions"][0], "action_ts": f"{len(who.dm)}.5"}],
        "response_url": command.payload["response_url"],
    }
    assert (await office.slack.redeliver(tap)).ok
    await office.settle()
    return "".join(read(who, message) for message in who.dm[seen - 1 :])


@pytest.mark.parametrize("words", [HOSTILE, LONG], ids=["hostile", "3000"])
async def test_typed_words_harm_nobody(office: Office, words: str) -> None:
    """Every free-text field; the rules of the office look at all that was ever stored."""
    dana, who = office.dana, office.person(1)
    await office.slash(dana, "new")
    fields = {
        "name": words[:80],
        "why": words[:1000],
        "benefit": words[:1000],
        "milestone": words[:150],
        "milestone_on": date(2025, 5, 12),
        "needed": words[:300],
    }
    await office.submit(dana, fields)
    await office.submit(dana, office.who())
    await office.deliver()
    await dana.close()
    await office.click(dana, dana.dm[-1], "Preview and start")
    await office.submit(dana, {"promise": words[:300], "promise_on": date(2025, 3, 4)})
    await dana.close()
    await office.move_to(datetime(2025, 3, 5, 20, tzinfo=UTC))
    check_in = office.check_in(who)
    await office.click(who, check_in, "More")
    for named in ("With my name", "Without my name"):
        await office.click(who, check_in, "Tell Dana Demo something")
        await office.submit(who, {"words": words, "named": named})
        await who.close()
    await office.slash(who, "me")
    told = await office.slash(dana, "status")
    assert "told you" in told
    status = dana.inbox[-1]
    rows = [b["block_id"] for b in status.blocks if "Using it" in str(b.get("elements"))]
    if "Read it all" in labels(status):
        await office.click(dana, status, "Read it all", block_id=rows[0])
        await dana.close()
    await office.click(dana, status, "Using it", block_id=rows[0])
    await office.click(dana, dana.inbox[-1], "Add a line")
    await office.submit(dana, {"words": words})
    await dana.close()
    await office.click(dana, status, "Not now, because…", block_id=rows[1])
    await office.submit(dana, {"words": words})
    await dana.close()
    await office.slash(dana, "post")
    await office.submit(dana, dict.fromkeys(("moved", "changed", "next"), words[:500]))
    assert "This is the post" in shown(dana), shown(dana)
    await office.submit(dana)
    await dana.close()
    await office.pass_by(days=1)
    assert sum("became of" in args["text"] for args in office.posts(who.id)) == 2
    await office.slash(dana, "end")
    await office.submit(dana, {"achieved": words[:500], "changed": words[:500]})
    await dana.close()
    await office.pass_by(days=5)
    assert "has ended" in office.sent(office.person(2))[-1].text
    await office.slash(who, "me")
    await dana.open_home()
    await office.settle()


@both
async def test_what_slack_sends_twice_counts_once(asked: Office) -> None:
    who, dana = asked.person(1), asked.dana
    check_in = asked.check_in(who)
    await asked.answer(who, check_in, 4, 4, 4)
    await asked.click(who, check_in, "More")
    await asked.click(who, check_in, "Tell Dana Demo something")
    await asked.submit(who, {"words": "Twice?", "named": "With my name"})
    await who.close()
    await asked.slash(dana, "post")
    await asked.submit(dana, {"moved": "a", "changed": "b"})
    await asked.submit(dana)
    await dana.close()
    await asked.slash(dana, "new")
    await asked.submit(dana, {**WHAT, "name": "Another"})
    await asked.submit(dana, asked.who())
    await asked.deliver()
    await dana.close()
    await asked.workspace.update_user("U2", display_name="Renamed")
    await asked.settle()
    await asked.pass_by(hours=14)
    await asked.click(dana, [one for one in dana.dm if "Using it" in labels(one)][-1], "Using it")
    before, posts = await asked.rows(), len(asked.posts())
    settled = [one for one in asked.slack.deliveries if one.sent]
    for delivery in settled:
        again = await asked.slack.redeliver(delivery)
        assert again.ok, again.error
        await asked.settle()
    await asked.deliver()
    after = await asked.rows()
    assert after == before
    assert len(asked.posts()) == posts


@both
async def test_double_clicks_at_the_same_moment(asked: Office) -> None:
    people = [asked.person(number) for number in range(1, 7)]
    taps = [
        who.click(asked.check_in(who), action_id=f"pulse.answer:{question}:4")
        for who in people
        for question in ("useful", "sure", "effort")
        for _ in range(2)
    ]
    for delivery in await asyncio.gather(*taps):
        assert delivery.ok, delivery.error
    await asked.settle()
    assert (await asked.rows())["answer"] == 6 * 3
    for who in people:
        assert "Saved, thank you" in read(who, asked.check_in(who))
