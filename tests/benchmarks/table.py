"""How results are printed: one line per number, each with how it was measured."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One number; `aim` is what the project set itself, empty where it set nothing."""

    what: str
    value: str
    aim: str = ""
    how: str = ""


def show(title: str, lines: list[Line]) -> None:
    """Print `lines` under `title`, in columns."""
    what, value, aim = (
        max((len(part) for part in column), default=0)
        for column in (
            [line.what for line in lines],
            [line.value for line in lines],
            [line.aim for line in lines],
        )
    )
    print(f"\n{title}")
    for line in lines:
        print(
            f"  {line.what:<{what}}  {line.value:>{value}}  {line.aim:<{aim}}  {line.how}".rstrip()
        )


def milliseconds(seconds: float) -> str:
    """Return a time in ms."""
    return f"{seconds * 1000:.2f} ms"
