"""Modals, fields, menus, the Home tab, slash commands."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

from .conftest import Opening
from .sample import Sample


async def open_form(page: Page) -> Locator:
    """Open the form by the slash command; the dialog."""
    field = page.locator("#composer-field")
    await field.fill("/sample form")
    await field.press("Enter")
    dialog = page.get_by_role("dialog", name="A new initiative")
    await expect(dialog).to_be_visible()
    return dialog


async def test_an_error_on_a_field_and_its_mending(open_as: Opening, sample: Sample) -> None:
    page = await open_as("U0DANA")
    dialog = await open_form(page)
    name = dialog.get_by_label("Name", exact=True)
    await expect(name).to_be_focused()
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_contain_text("Please complete this required field.")
    await name.fill("taken")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_contain_text("There is one of that name already.")
    await expect(name).to_be_focused()
    await expect(name).to_have_attribute("aria-invalid", "true")
    await name.fill("Shelf labels")
    await name.press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(page.locator("#composer-field")).to_be_focused()
    await expect(page.locator(".message").last).to_contain_text("Saved “Shelf labels”.")


async def test_states_arrive_as_slack_sends_them(open_as: Opening, sample: Sample) -> None:
    page = await open_as("U0DANA")
    dialog = await open_form(page)
    await dialog.get_by_label("Name", exact=True).fill("Shelf labels")
    await dialog.get_by_label("Why now?").fill("Returns\ntake nine days")
    people = dialog.get_by_role("combobox", name="Who")
    await people.click()
    await page.get_by_role("option", name="emil Emil Demo").click()
    await people.fill("fay")
    await expect(page.locator(".popup [role=option]:visible")).to_have_count(1)
    await people.press("Enter")
    await people.press("Escape")
    await dialog.get_by_role("combobox", name="Channel").click()
    await page.get_by_role("option", name="#shelves").click()
    await dialog.get_by_label("First day").fill("2026-03-12")
    await dialog.get_by_label("How many").fill("12")
    await dialog.get_by_label("E-mail").fill("dana@example.com")
    await dialog.get_by_label("Link").fill("https://example.com/")
    await dialog.get_by_label("Group only").check()
    await dialog.get_by_label("Tuesday").check()
    upload = {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"plan"}
    await dialog.get_by_label("Files").set_input_files(upload)  # type: ignore[arg-type]
    await expect(dialog.locator(".files")).to_contain_text("plan.txt")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    body = sample.last("view_submission")
    values = {block: state["value"] for block, state in body["view"]["state"]["values"].items()}
    assert [file["name"] for file in values.pop("files")["files"]] == ["plan.txt"]
    text = {"type": "plain_text", "emoji": True}
    assert values == {
        "name": {"type": "plain_text_input", "value": "Shelf labels"},
        "why": {"type": "plain_text_input", "value": "Returns\ntake nine days"},
        "people": {"type": "multi_users_select", "selected_users": ["U0EMIL", "U0FAY"]},
        "place": {"type": "conversations_select", "selected_conversation": "C0002"},
        "first": {"type": "datepicker", "selected_date": "2026-03-12"},
        "count": {"type": "number_input", "value": "12"},
        "mail": {"type": "email_text_input", "value": "dana@example.com"},
        "link": {"type": "url_text_input", "value": "https://example.com/"},
        "shown": {
            "type": "radio_buttons",
            "selected_option": {"text": {**text, "text": "Group only"}, "value": "group"},
        },
        "days": {
            "type": "checkboxes",
            "selected_options": [{"text": {**text, "text": "Tuesday"}, "value": "tuesday"}],
        },
    }


async def test_a_button_in_a_modal_changes_it_and_keeps_what_was_typed(
    open_as: Opening, sample: Sample
) -> None:
    page = await open_as("U0DANA")
    dialog = await open_form(page)
    await dialog.get_by_label("Name", exact=True).fill("Half a na")
    more = dialog.get_by_role("button", name="Show more")
    await more.click()
    await expect(dialog.get_by_label("A second field")).to_be_visible()
    await expect(dialog.get_by_label("Name", exact=True)).to_have_value("Half a na")
    await expect(more).to_be_focused()
    state = sample.last("block_actions")["view"]["state"]["values"]
    assert state["name"]["value"]["value"] == "Half a na"
    await page.reload()
    await expect(page.get_by_role("dialog").get_by_label("Name", exact=True)).to_have_value(
        "Half a na"
    )


async def test_push_close_and_clear(open_as: Opening) -> None:
    page = await open_as("U0DANA")
    dialog = await open_form(page)
    await dialog.get_by_role("button", name="Go deeper").click()
    deeper = page.get_by_role("dialog", name="One level deeper")
    await expect(deeper).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_visible()
    await dialog.get_by_label("Name", exact=True).fill("push")
    await dialog.get_by_role("button", name="Save").click()
    await deeper.get_by_role("button", name="Done").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_the_keyboard_stays_in_a_modal(open_as: Opening) -> None:
    page = await open_as("U0DANA")
    dialog = await open_form(page)
    for _ in range(25):
        await page.keyboard.press("Tab")
        assert await dialog.evaluate("dialog => dialog.contains(document.activeElement)")
    await dialog.get_by_label("Name", exact=True).focus()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_menus_in_a_message(open_as: Opening, sample: Sample) -> None:
    page = await open_as("U0DANA")
    kitchen = page.locator(".message", has_text="All blocks")
    await kitchen.get_by_role("combobox", name="Choose one").click()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(kitchen.get_by_role("combobox", name="Choose one")).to_have_value("A little")
    await kitchen.get_by_role("combobox", name="A city").click()
    await expect(page.get_by_text("Type 2 or more characters")).to_be_visible()
    await page.keyboard.type("ber")
    await page.get_by_role("option", name="Bergen").click()
    await expect(kitchen.get_by_role("combobox", name="A city")).to_have_value("Bergen")
    await kitchen.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Remove").click()
    await page.wait_for_timeout(200)
    actions = [body["actions"][0] for body in sample.payloads if body["type"] == "block_actions"]
    assert [action["type"] for action in actions] == [
        "static_select",
        "external_select",
        "overflow",
    ]
    assert actions[1]["selected_option"]["value"] == "bergen"
    state = sample.last("block_actions")["state"]["values"]["pickers"]
    assert state["static"]["selected_option"]["value"] == "a little"
    assert state["day"] == {"type": "datepicker", "selected_date": "2026-03-05"}
    assert state["moment"] == {"type": "datetimepicker", "selected_date_time": 1772438700}


async def test_moments_are_in_the_persons_zone(open_as: Opening, sample: Sample) -> None:
    page = await open_as("U0DANA")
    moment = page.locator(".message input[type=datetime-local]")
    await expect(moment).to_have_value("2026-03-02T09:05")
    await moment.fill("2026-07-01T12:00")
    await moment.blur()
    await page.wait_for_timeout(200)
    action = sample.last("block_actions")["actions"][0]
    assert action["selected_date_time"] == 1782900000  # noon in Berlin in summer is 10:00 UTC


async def test_the_home_tab(open_as: Opening, sample: Sample) -> None:
    page = await open_as("U0DANA")
    await page.get_by_role("link", name="Home", exact=True).click()
    home = page.get_by_role("region", name="Home")
    await expect(home).to_contain_text("Nothing is open for you.")
    await home.get_by_role("button", name="Open the form").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert sample.last("block_actions")["view"]["type"] == "home"
    await page.keyboard.press("Escape")
    await page.reload()
    await expect(page.get_by_role("region", name="Home")).to_contain_text("Nothing is open")


async def test_hints_for_slash_commands(open_as: Opening) -> None:
    page = await open_as("U0DANA")
    field = page.locator("#composer-field")
    await field.press_sequentially("/sa")
    hints = page.get_by_role("listbox", name="Commands")
    await expect(hints).to_contain_text("Try the sample")
    await expect(hints.get_by_role("option")).to_have_count(3)
    await field.press("ArrowDown")
    await field.press("ArrowDown")
    await field.press("ArrowDown")
    await field.press("Tab")
    await expect(field).to_have_value("/sample hello ")
    await field.press("Enter")
    await expect(page.locator(".message").last).to_contain_text("You typed hello")
    await expect(page.locator(".message").last).to_contain_text("Only visible to you")
    await field.fill("/nothing")
    await field.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text(["/nothing is not a command here."])
