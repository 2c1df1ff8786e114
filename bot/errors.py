"""The exceptions Buy-in raises on purpose: what happened and what to do about it."""


class BuyinError(Exception):
    """The root of every error Buy-in raises on purpose; its text is the message."""


class ConfigurationError(BuyinError):
    """Settings are missing or wrong. Names every mistake at once, each with its mend."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class DatabaseUnavailable(BuyinError):
    """The database cannot be reached or is not migrated."""


class Refused(BuyinError):
    """A person asked for something they may not do or that no longer applies.

    The text is shown to that person as it stands; nothing was changed.
    """


class FieldErrors(BuyinError):
    """Fields of a form need mending; maps a field's block id to the words shown under it."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__("; ".join(errors.values()))


class StaleForm(BuyinError):
    """The form was filled in on an older revision; it is shown again with the typed text."""


class NotOurs(BuyinError):
    """A payload does not have the shape Slack documents."""


class SlackFailure(BuyinError):
    """Slack refused a call for good: sending the same again will not help."""

    def __init__(self, method: str, code: str) -> None:
        self.method = method
        self.code = code
        super().__init__(f"Slack refused {method}: {code}")


class SlackMissingAbility(SlackFailure):
    """A scope is not granted, or the server does not know the method: do without it."""


class SlackRetryLater(BuyinError):
    """Slack did not take the call and says when to try again."""

    def __init__(self, method: str, seconds: float) -> None:
        self.method = method
        self.seconds = seconds
        super().__init__(f"Slack asks to wait {seconds:g} s before {method}")


class SlackInDoubt(BuyinError):
    """The answer was lost: the call may or may not have taken effect; never repeat it blindly."""

    def __init__(self, method: str) -> None:
        self.method = method
        super().__init__(f"Slack's answer to {method} was lost: it may have taken effect")
