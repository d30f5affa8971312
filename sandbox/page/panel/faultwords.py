"""What the faults of the API are called on the page, and what happens, in words for people who know no API.

One entry for each `sandbox.comet.Fault`: title, what happens and what it costs, and the usual number of times (None:
until it is switched off). Only words: what a fault does is `sandbox.comet`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sandbox.comet import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

Times = int | None


class Words(NamedTuple):
    """How a fault is shown."""

    title: str
    text: str
    times: Times = 1


_REFUSES: Final[Mapping[Fault, Words]] = {
    Fault.BANNED: Words("Banned word", "The API refuses the prompt because of a word in it. Nothing is charged."),
    Fault.QUEUE_FULL: Words("Queue is full", "The API takes no more jobs for now. Nothing is charged.", 2),
    Fault.QUEUE_REJECTED: Words("Queue turns it away", "The queue does not accept the job. Nothing is charged.", 2),
    Fault.CODE_3: Words("Parent job unknown", "A button's picture is not found. Nothing is charged."),
    Fault.CODE_4: Words("Button not allowed yet", "A button cannot be pressed at this moment. Nothing is charged."),
    Fault.UNAUTHORIZED: Words("Key is refused", "The API does not accept the key. Nothing is charged.", None),
    Fault.QUOTA: Words("Account is empty", "There is no money left on the account. Nothing is charged.", None),
    Fault.RATE_LIMITED: Words(
        "Too many requests", "429, with the seconds to wait before the next try. Nothing is charged.", 2
    ),
    Fault.RATE_LIMITED_BARE: Words(
        "Too many requests, bare", "429, without a word about how long to wait. Nothing is charged.", 2
    ),
    Fault.SERVER_ERROR: Words("Server error", "500 in place of an answer. Nothing is charged."),
    Fault.INVALID_REQUEST: Words(
        "Error that blames us", "500 that calls the request invalid. Trying again is no use; nothing is charged."
    ),
    Fault.UNAVAILABLE: Words("No channel free", "503: nobody is there to take the job. Nothing is charged.", 2),
    Fault.ACCOUNT_DISABLED: Words(
        "Midjourney account disabled", "The account that should draw is switched off. Nothing is charged.", None
    ),
    Fault.HTML_200: Words("Web page instead", "A web page comes in place of an answer. Nothing is charged."),
    Fault.REDIRECT: Words("Moved elsewhere", "The API points to another address. Nothing is charged."),
    Fault.UNKNOWN_CODE: Words("Unknown code", "The answer has a code that nobody knows. Nothing is charged."),
    Fault.RESET_BEFORE: Words(
        "Cut before it arrives", "The line breaks before the job is read. Nothing is charged, but who can tell?"
    ),
}

_ANSWER: Final[Mapping[Fault, Words]] = {
    Fault.RESET_AFTER: Words("Cut before the answer", "The job exists and is charged, then the line breaks."),
    Fault.HANG: Words("Never answers", "The job exists and is charged, but no answer comes for these seconds."),
    Fault.SLOW: Words("Answers slowly", "The job exists and is charged; the answer comes these seconds late."),
    Fault.TIMEOUT_524: Words("Gateway timeout", "The job exists and is charged, but the answer is a 524 page."),
    Fault.HALF_BODY: Words("Half an answer", "The job exists and is charged; its answer breaks off in the middle."),
    Fault.NULL_BODY: Words("Answer is null", "The job exists and is charged, but the answer says null."),
    Fault.EMPTY_BODY: Words("Empty answer", "The job exists and is charged, but the answer has no content."),
    Fault.INVALID_JSON: Words("Garbled answer", "The job exists and is charged, but its answer cannot be read."),
    Fault.NO_RESULT: Words("Answer without id", "The job exists and is charged, but nobody is told its id."),
    Fault.WRONG_TYPES: Words("Answer of wrong types", "The job exists and is charged, but its answer makes no sense."),
    Fault.INTEGER_RESULT: Words("Id as a number", "The job's id comes as a number, not as text. It is charged."),
    Fault.LIST_RESULT: Words("Id in a list", "The job's id comes in a list. It is charged."),
    Fault.COMMA_RESULT: Words("Two ids at once", "Two ids come, joined by a comma. The job is charged once."),
}

_FATE: Final[Mapping[Fault, Words]] = {
    Fault.QUEUED: Words("Waits its turn", "The job is accepted and charged, but others are before it."),
    Fault.BANNED_LATER: Words("Banned while drawing", "Moderation ends the job. It was charged and is refunded."),
    Fault.INVALID_PARAMETER: Words("Parameter not understood", "Midjourney ends the job. It is refunded."),
    Fault.FAILED: Words("Fails without reason", "The job ends without saying why. It was charged and is refunded."),
    Fault.STUCK_SUBMITTED: Words("Never starts", "The job is charged and waits until its hour is over; then refunded."),
    Fault.STUCK_AT_100: Words("Stuck at 100%", "The job is charged and all but done, for ever."),
    Fault.PROGRESS_BACK: Words("Progress jumps back", "The percentage falls now and then. Charged as usual."),
    Fault.LOST: Words("Lost job", "The job is accepted and charged; afterwards the API has never heard of it."),
    Fault.NO_IMAGE: Words("Done without picture", "The job succeeds and is charged, but there is no picture."),
    Fault.FUTURE_BUTTON: Words(
        "A button from the future", "The picture has a button that was invented today. Charged as usual.", None
    ),
}

_PICTURE: Final[Mapping[Fault, Words]] = {
    Fault.IMAGE_403: Words("Picture forbidden", "The picture's address answers 403. The job stays charged.", None),
    Fault.IMAGE_404: Words("Picture is gone", "The picture's address answers 404. The job stays charged.", None),
    Fault.IMAGE_HTML: Words("Page in its place", "A web page comes where the picture was. It stays charged.", None),
    Fault.IMAGE_TRUNCATED: Words("Half a picture", "The picture breaks off in the middle. It stays charged.", None),
    Fault.IMAGE_HUGE: Words("Endless picture", "The picture never ends. The job stays charged.", None),
    Fault.IMAGE_SLOW: Words("Slow picture", "The picture comes these seconds late. Charged as usual.", None),
    Fault.IMAGE_MISLABELED: Words(
        "Wrongly labeled picture", "It is called a JPEG, whatever it is. Charged as usual.", None
    ),
    Fault.IMAGE_REDIRECT_PRIVATE: Words(
        "Points into private network", "The picture's address leads to a private one. It stays charged.", None
    ),
}

_LOOKING: Final[Mapping[Fault, Words]] = {
    Fault.FETCH_OUTAGE: Words("Cannot be asked", "Every look at a job is answered 503. Charges do not change.", None),
    Fault.LIST_REFUSED: Words(
        "List refused", "Looking at several jobs at once is refused. Charges do not change.", None
    ),
    Fault.LIST_MALFORMED: Words("List misshapen", "The list of jobs has another form. Charges do not change.", None),
    Fault.LIST_MISSING_IDS: Words("List with gaps", "Every other job is left out. Charges do not change.", None),
}

_NOTIFICATIONS: Final[Mapping[Fault, Words]] = {
    Fault.HOOK_DUPLICATE: Words("Told twice", "Each notification comes twice. Charges do not change.", None),
    Fault.HOOK_STALE: Words("Old news last", "An old state is told after the end. Charges do not change.", None),
    Fault.HOOK_MISSING: Words("Never told", "No notification is sent at all. Charges do not change.", None),
    Fault.HOOK_REORDERED: Words("Told out of order", "The end is told before the rest. Charges do not change.", None),
}

_LINE: Final[Mapping[Fault, Words]] = {
    Fault.OUTAGE: Words("Complete outage", "Every connection is cut as it comes. Nothing new is charged.", None),
}

GROUPS: Final[Mapping[str, Mapping[Fault, Words]]] = {
    "Refuses the request": _REFUSES,
    "The answer gets lost": _ANSWER,
    "What becomes of the job": _FATE,
    "The picture": _PICTURE,
    "Looking at jobs": _LOOKING,
    "Notifications": _NOTIFICATIONS,
    "The line": _LINE,
}
"""All faults, by what they are about, in the order in which they are shown."""

TIMED: Final = frozenset({Fault.HANG, Fault.SLOW, Fault.IMAGE_SLOW, Fault.RATE_LIMITED})
"""Those for which a number of seconds means something."""
