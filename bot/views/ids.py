"""Every action and callback id. An action id may carry an argument after a colon."""


class Act:
    """Ids of buttons, selects and other things that can be clicked, by subject."""

    # filled in by subject, e.g. PULSE_ANSWER = "pulse.answer" (sent as "pulse.answer:4")


class Form:
    """Ids of modals that can be submitted, by subject."""
