"""A message, modal or Home tab as the plain text a person would read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .forms import STATE_FIELD, initial_state, options_of
from .model import Json, Message, Team, View
from .mrkdwn import channel_name, date_text, group_name, readable, user_name


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads for one person: their time zone, what they entered."""

    team: Team
    viewer: str | None = None

    def message(self, message: Message) -> str:
        """A message: its blocks, or its text when it has none."""
        if not message.blocks:
            words = self.text({"type": "mrkdwn", "text": message.text})
            files = [f"(File: {item['name']})" for item in message.files]
            return "\n".join(filter(None, (words, *files)))
        inputs = message.inputs.get(self.viewer or "", {})
        return self.blocks(message.blocks, inputs)

    def notification(self, message: Message) -> str:
        """What a notification or a screen reader says: the top-level text."""
        return readable(message.text, self.team, self.viewer)

    def view(self, view: View) -> str:
        """A modal with its title and buttons, or a Home tab."""
        body = self.blocks(view.blocks, view.inputs, view.errors)
        if view.kind == "home":
            return body
        title = f"« {self.text(view.title)} »" if view.title else ""
        buttons = [self.text(part) for part in (view.close, view.submit) if part]
        foot = " ".join(f"[{label}]" for label in buttons)
        return "\n".join(part for part in (title, body, foot) if part)

    def blocks(
        self, blocks: list[Json], inputs: Json | None = None, errors: dict[str, str] | None = None
    ) -> str:
        """A list of blocks, one below the other."""
        lines = []
        for block in blocks:
            entered = (inputs or {}).get(str(block.get("block_id")), {})
            lines.append(self.block(block, entered))
            problem = (errors or {}).get(block.get("block_id", ""))
            if problem:
                lines.append(f"  ! {problem}")
        return "\n".join(line for line in lines if line)

    def block(self, block: Json, entered: Json) -> str:
        """One block."""
        draw = _BLOCKS.get(block["type"])
        return draw(self, block, entered) if draw else f"({block['type']})"

    def text(self, item: Json | None) -> str:
        """A text object."""
        if not item:
            return ""
        if item["type"] == "plain_text":
            return str(item["text"])
        return readable(item["text"], self.team, self.viewer)

    def element(self, element: Json, entered: Json) -> str:
        """One element, with what is chosen in it."""
        kind = element["type"]
        if kind in ("button", "workflow_button"):
            return f"[{self.text(element['text'])}]"
        if kind == "image":
            return f"({element['alt_text']})"
        if kind == "overflow":
            return "[⋯ " + " | ".join(self.text(o["text"]) for o in options_of(element)) + "]"
        if kind not in STATE_FIELD:
            return f"[{kind}]"
        state = entered.get(str(element.get("action_id"))) or initial_state(element)
        value = state[STATE_FIELD[kind][0]]
        if kind in ("radio_buttons", "checkboxes"):
            return self._choices(element, value)
        shown = self.chosen(value) or self.text(element.get("placeholder"))
        return f"[{shown}]" if kind.endswith("input") else f"[{shown or 'Choose'} ▾]"

    def _choices(self, element: Json, value: Any) -> str:
        picked = value if isinstance(value, list) else [value] if value else []
        values = {option["value"] for option in picked}
        round_ = element["type"] == "radio_buttons"
        on, off = ("(•)", "( )") if round_ else ("[x]", "[ ]")
        return "  ".join(
            f"{on if option['value'] in values else off} {self.text(option['text'])}"
            for option in options_of(element)
        )

    def chosen(self, value: Any) -> str:
        """A value of a field in words."""
        if value is None:
            return ""
        if isinstance(value, list):
            return ", ".join(self.chosen(item) for item in value)
        if isinstance(value, dict):
            if value.get("type") == "rich_text":
                return self.rich(value["elements"])
            return self.text(value.get("text"))
        name = str(value)
        if name in self.team.users:
            return "@" + user_name(name, self.team)
        return "#" + channel_name(name, self.team) if name in self.team.channels else name

    # -- rich text -------------------------------------------------------------------------

    def rich(self, parts: list[Json]) -> str:
        """The parts of a ``rich_text`` block."""
        lines = []
        for part in parts:
            if part["type"] == "rich_text_list":
                marks = part.get("style") == "ordered"
                for index, item in enumerate(part["elements"], 1 + part.get("offset", 0)):
                    mark = f"{index}." if marks else "•"
                    lines.append("  " * part.get("indent", 0) + f"{mark} {self._inline(item)}")
            else:
                quote = "> " if part["type"] == "rich_text_quote" else ""
                lines.append(quote + self._inline(part))
        return "\n".join(lines)

    def _inline(self, part: Json) -> str:
        return "".join(self._piece(piece) for piece in part["elements"])

    def _piece(self, piece: Json) -> str:
        kind = piece["type"]
        if kind == "date":
            spec = f"{piece['timestamp']}^{piece['format']}"
            return date_text(spec, piece.get("fallback", ""), self.team, self.viewer)
        makers: dict[str, Callable[[], str]] = {
            "text": lambda: str(piece["text"]),
            "link": lambda: str(piece.get("text") or piece["url"]),
            "emoji": lambda: f":{piece['name']}:",
            "user": lambda: "@" + user_name(piece["user_id"], self.team),
            "channel": lambda: "#" + channel_name(piece["channel_id"], self.team),
            "usergroup": lambda: "@" + group_name(piece["usergroup_id"], self.team),
            "broadcast": lambda: f"@{piece['range']}",
            "color": lambda: str(piece["value"]),
        }
        return makers[kind]() if kind in makers else f"({kind})"

    # -- tables and charts -----------------------------------------------------------------

    def cell(self, cell: Json) -> str:
        """One table cell."""
        if cell["type"] == "rich_text":
            return self.rich(cell["elements"])
        return str(cell.get("text", cell.get("value", "")))

    def table(self, rows: list[list[Json]]) -> str:
        """Rows of cells."""
        return "\n".join(" | ".join(self.cell(cell) for cell in row) for row in rows)

    def chart(self, chart: Json) -> str:
        """A chart's numbers."""
        if chart["type"] == "pie":
            return ", ".join(f"{s['label']} {s['value']}" for s in chart["segments"])
        return "\n".join(
            f"{one['name']}: " + ", ".join(f"{p['label']} {p['value']}" for p in one["data"])
            for one in chart["series"]
        )


Draw = Callable[[Reader, Json, Json], str]


def _section(reader: Reader, block: Json, entered: Json) -> str:
    parts = [reader.text(block.get("text"))]
    parts += [reader.text(field) for field in block.get("fields") or []]
    if block.get("accessory"):
        parts.append(reader.element(block["accessory"], entered))
    return "\n".join(part for part in parts if part)


def _elements(reader: Reader, block: Json, entered: Json) -> str:
    return " ".join(reader.element(element, entered) for element in block["elements"])


def _context(reader: Reader, block: Json, entered: Json) -> str:
    return " ".join(
        f"({item['alt_text']})" if item["type"] == "image" else reader.text(item)
        for item in block["elements"]
    )


def _input(reader: Reader, block: Json, entered: Json) -> str:
    optional = " (optional)" if block.get("optional") else ""
    label = f"{reader.text(block['label'])}{optional}: "
    hint = reader.text(block.get("hint"))
    shown = label + reader.element(block["element"], entered)
    return f"{shown}\n  {hint}" if hint else shown


def _image(reader: Reader, block: Json, entered: Json) -> str:
    title = reader.text(block.get("title"))
    return f"({title + ': ' if title else ''}{block['alt_text']})"


_BLOCKS: dict[str, Draw] = {
    "section": _section,
    "header": lambda reader, block, entered: reader.text(block["text"]),
    "divider": lambda reader, block, entered: "———",
    "context": _context,
    "actions": _elements,
    "context_actions": _elements,
    "input": _input,
    "image": _image,
    "rich_text": lambda reader, block, entered: reader.rich(block["elements"]),
    "markdown": lambda reader, block, entered: str(block["text"]),
    "video": lambda reader, block, entered: f"({block['alt_text']})",
    "table": lambda reader, block, entered: reader.table(block["rows"]),
    "data_table": lambda reader, block, entered: (
        f"{block['caption']}\n{reader.table(block['rows'])}"
    ),
    "data_visualization": lambda reader, block, entered: (
        f"{block['title']}\n{reader.chart(block['chart'])}"
    ),
}
