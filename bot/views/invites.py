"""A talk for people's own calendars: links that add it, and the file that every calendar reads.

The file is published (RFC 5546, 3.2.1) and not an invitation to answer: the app knows no e-mail
addresses, so nobody could be answered, and calendars refuse invitations to somebody else.
"""

from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from bot.domain.meetings import Meeting
from bot.views.ids import Act
from bot.views.kit import Block, actions, button, listed, shortened

FILE_NAME = "talk.ics"
CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Buy-in//Talks//EN"
NOBODY = "mailto:no-reply@buyin.invalid"
"""Organizers need an address; one that never exists gets no mail. See RFC 2606."""

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.office.com/calendar/deeplink/compose"
LONGEST_IN_LINKS = 1200
"""Characters of each text as it stands in a link, which takes 3,000 in all."""


def card_links(meeting: Meeting) -> list[Block]:
    """Return buttons that add the talk to a calendar, for a row of actions; none once it is off.

    The message that shows them names the talk (`Message.meeting`); then it gets the file, too.
    """
    if meeting.cancelled:
        return []
    return [
        _link("Add to Google", "google", google(meeting)),
        _link("Add to Outlook", "outlook", outlook(meeting)),
    ]


def file_row(url: str, meeting: Meeting) -> Block:
    """Return the row with the link to the file."""
    label = "Calendar file (.ics)"
    if meeting.cancelled:
        label = "Take it out of my calendar (.ics)"
    elif meeting.sequence:
        label = "Move it in my calendar (.ics)"
    return actions([_link(label, "ics", url)])


def file_words(meeting: Meeting) -> str:
    """Return what the file is for, to stand above it."""
    if meeting.cancelled:
        return "Open it to take the talk out of your calendar."
    if meeting.sequence:
        return "Open it to move the talk in your calendar."
    return "Open it to put the talk in your calendar."


def google(meeting: Meeting) -> str:
    """Return the link that opens the talk in Google Calendar, ready to be saved."""
    start, end = (f"{_utc(moment):%Y%m%dT%H%M%SZ}" for moment in _times(meeting))
    return _address(
        GOOGLE,
        action="TEMPLATE",
        text=_short(_clean(meeting.title)),
        dates=f"{start}/{end}",
        details=_short(_details(meeting)),
    )


def outlook(meeting: Meeting) -> str:
    """Return the link that opens the talk in Outlook on the web, ready to be saved."""
    start, end = (f"{_utc(moment):%Y-%m-%dT%H:%M:%SZ}" for moment in _times(meeting))
    return _address(
        OUTLOOK,
        path="/calendar/action/compose",
        rru="addevent",
        subject=_short(_clean(meeting.title)),
        startdt=start,
        enddt=end,
        body=_short(_details(meeting)),
    )


def ics(meeting: Meeting) -> bytes:
    """Return the talk as a file for calendars; a later version of it replaces an earlier one."""
    from icalendar import Calendar, Event, vCalAddress  # takes a tenth of a second

    organizer = vCalAddress(NOBODY)
    organizer.params["CN"] = _tame(meeting.organizer)
    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", _utc(meeting.changed_at))
    event.add("last-modified", _utc(meeting.changed_at))
    event.add("dtstart", _utc(meeting.starts_at))
    event.add("dtend", _utc(meeting.ends_at))
    event.add("summary", _clean(meeting.title))
    if details := _details(meeting):
        event.add("description", details)
    event.add("organizer", organizer)
    event.add("status", "CANCELLED" if meeting.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if meeting.cancelled else "OPAQUE")
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "CANCEL" if meeting.cancelled else "PUBLISH")
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _link(label: str, which: str, url: str) -> Block:
    return button(label, f"{Act.MEETING_LINK}:{which}") | {"url": url}


def _address(page: str, **given: str) -> str:
    held = {name: value for name, value in given.items() if value}
    return f"{page}?{urlencode(held, quote_via=quote)}"  # Outlook shows + as it stands


def _times(meeting: Meeting) -> tuple[datetime, datetime]:
    return meeting.starts_at, meeting.ends_at


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _details(meeting: Meeting) -> str:
    with_whom = [_tame(name) for name in (meeting.organizer, *meeting.attendees)]
    who = f"With {listed(with_whom)}." if meeting.attendees else ""
    return "\n".join(filter(None, (_clean(meeting.details), who)))


def _clean(words: str) -> str:
    """Return `words` without the control signs that no calendar file may hold."""
    return "".join(sign for sign in words if sign.isprintable() or sign == "\n")


def _tame(name: str) -> str:
    """Return a name for a parameter, which may hold no quotation marks."""
    return " ".join(_clean(name).replace('"', "'").split())


def _short(words: str) -> str:
    while len(quote(words)) > LONGEST_IN_LINKS:  # a sign may become twelve
        words = shortened(words, len(words) * 4 // 5)
    return words
