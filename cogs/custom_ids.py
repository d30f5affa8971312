"""The strings on our own Discord components: written here, matched here.

`mj1:<job>:<slot>` names a job and what to do with it: the number of one of its stored actions, or one of our own verbs.
`mjf1:<form>:<key>` is a form that was opened (a modal), `mjd1:…` and `mjr1:…` are the controls of a draft and of a
region's panel, `mjb1:…` those of a batch, `mjl1:…` open one of a family, `mjs1:…` those of settings, `mjh1:…` and
`mjh2:…` are the controls of `/history` (those that turn its pages are in `cogs.places`), `mjv1:…` those of `/privacy`;
`mjx1:remove` takes away what somebody showed to others.
They outlive restarts and releases, so a form that was ever posted must stay readable. Midjourney's own ids stay in the
database. Imports nothing of Easel.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, final

#: A custom_id holds 100 characters (Discord, components).
LONGEST: Final = 100

_JOB: Final = "[0-9A-HJKMNP-TV-Z]{26}"

#: What a button under a job's message, or an option of its selects, says: the number of a stored action; `r` and that
#: number: the same with another prompt; `try` and a digit: a suggestion of a describe or a shorten; or a `Verb`.
SLOT: Final = re.compile(
    "(?P<number>[0-9]{1,3})|r(?P<remix>[0-9]{1,3})|try(?P<suggestion>[1-9])"
    "|(?P<verb>details|cancel|again|rerun|edit|tryall|quarters|family|like|dm|here|publish|delete|gone)"
)

#: Buttons under a job's messages.
JOB_BUTTON: Final = re.compile(rf"mj1:(?P<job>{_JOB}):(?P<slot>{SLOT.pattern})")
#: The selects that hold the actions for which there was no room as buttons.
JOB_SELECT: Final = re.compile(rf"mj1:(?P<job>{_JOB}):more(?P<number>[0-9]?)")
#: The button beside a job in `/history`, which opens it.
HISTORY_BUTTON: Final = re.compile(rf"mjh2:open:(?P<job>{_JOB})")
#: The select that opens a job: of `/info`, and of pages of `/history` of former releases.
HISTORY_OPEN: Final = "mjh1:open"
HISTORY_SELECT: Final = re.compile(HISTORY_OPEN)
#: Buttons of such pages, which turned them; the last mark is the page to show: what comes before that job.
FORMER_TURN: Final = re.compile(rf"mjh1:(?:newest|newer|older):(?:{_JOB}\.){{0,2}}(?P<before>{_JOB})?")

#: Forms (modals): of a stored action; of a suggestion; of a whole prompt to run again.
ACTION_FORM: Final = re.compile(rf"mjf1:act:(?P<job>{_JOB})\.(?P<number>[0-9]{{1,3}})")
SUGGESTION_FORM: Final = re.compile(rf"mjf1:try:(?P<job>{_JOB})\.(?P<number>[1-9])")
EDIT_FORM: Final = re.compile(rf"mjf1:edit:(?P<job>{_JOB})")
#: Forms of a draft: the words of a region; its mask as a file; what a picture is used for; a text to correct.
REGION_FORM: Final = re.compile(rf"mjf1:region:(?P<draft>{_JOB})")
MASK_FORM: Final = re.compile(rf"mjf1:mask:(?P<draft>{_JOB})")
REFERENCE_FORM: Final = re.compile(rf"mjf1:ref:(?P<draft>{_JOB})")
DRAFT_FORM: Final = re.compile(rf"mjf1:draft:(?P<draft>{_JOB})")
#: Buttons of a draft: open its form again, confirm it, forget it.
DRAFT_BUTTON: Final = re.compile(rf"mjd1:(?P<draft>{_JOB}):(?P<verb>fix|go|drop)")
#: The panel on which a region is chosen: its buttons, and the select of its cells.
REGION_BUTTON: Final = re.compile(rf"mjr1:(?P<draft>{_JOB}):(?P<verb>go|upload|look|clear)")
REGION_SELECT: Final = re.compile(rf"mjr1:(?P<draft>{_JOB}):cells")
#: Under the message of a batch: cancel what waits, and the selects that open its jobs.
BATCH_BUTTON: Final = re.compile(rf"mjb1:(?P<batch>{_JOB}):cancel")
BATCH_SELECT: Final = re.compile(rf"mjb1:(?P<batch>{_JOB}):open(?P<number>[0-9]?)")
#: The selects that open one of a job's family.
FAMILY_SELECT: Final = re.compile(rf"mjl1:(?P<job>{_JOB}):open(?P<number>[0-9]?)")
#: Controls of `/settings` and of `/server`, where the setting `all` stands for all of them; the form for what is typed.
SETTING: Final = re.compile(r"mjs1:(?P<setting>[a-z]{1,20}):(?P<value>[a-z0-9]{1,20})")
SERVER_SETTING: Final = re.compile(r"mjs1:server\.(?P<setting>[a-z]{1,20}):(?P<value>[a-z0-9]{1,20})")
SETTING_FORM: Final = re.compile(r"mjs1:(?P<server>server\.)?(?P<setting>[a-z]{1,20}):form")

#: The buttons of `/privacy show`, and the form that asks for a word.
PRIVACY_EXPORT: Final = "mjv1:export"
PRIVACY_DELETE: Final = "mjv1:delete"
PRIVACY_FORM: Final = "mjf1:leave"

#: Under what somebody showed to others: takes it away again. Which message it is about is the one that it stands under.
SHARE_REMOVE: Final = "mjx1:remove"
REMOVE_BUTTON: Final = re.compile(SHARE_REMOVE)

#: The select of `/help`.
HELP_TOPIC: Final = "mjp1:topic"

_ANYWHERE: Final = re.compile(rf"(?<![0-9A-Z])({_JOB})(?![0-9A-Z])", re.IGNORECASE)


@final
class Verb(StrEnum):
    """What a button of ours does; Midjourney's are numbers."""

    DETAILS = "details"
    CANCEL = "cancel"
    AGAIN = "again"
    RERUN = "rerun"
    EDIT = "edit"
    TRY_ALL = "tryall"
    QUARTERS = "quarters"
    FAMILY = "family"
    LIKE = "like"
    SEND = "dm"
    SHOW = "here"  # of what is private, asks first
    PUBLISH = "publish"  # shows what was private
    DELETE = "delete"  # asks first
    GONE = "gone"  # deletes


@final
class FormName(StrEnum):
    """What a form is for."""

    ACTION = "act"
    SUGGESTION = "try"
    EDIT = "edit"
    REGION = "region"
    MASK = "mask"
    REFERENCE = "ref"
    DRAFT = "draft"


@final
class DraftVerb(StrEnum):
    """What a draft's button does."""

    FIX = "fix"
    GO = "go"
    DROP = "drop"


def remix_slot(number: int) -> str:
    """Return the slot that does a stored action with another prompt."""
    return f"r{number}"


def suggestion_slot(number: int) -> str:
    """Return the slot that imagines the `number`-th suggestion, from 1."""
    return f"try{number}"


def job_button(job_id: str, slot: int | str) -> str:
    """Return the custom_id of a button under a job's message: a number, a `Verb` or one of the slots above."""
    return f"mj1:{job_id}:{slot}"


def job_form(form: FormName, job_id: str, number: int | None = None) -> str:
    """Return the custom_id of a form about a job, and about one of its numbered buttons or suggestions."""
    return f"mjf1:{form}:{job_id}" + ("" if number is None else f".{number}")


def draft_form(form: FormName, draft_id: str) -> str:
    """Return the custom_id of a form about a draft."""
    return f"mjf1:{form}:{draft_id}"


def draft_button(draft_id: str, verb: DraftVerb) -> str:
    """Return the custom_id of a draft's button."""
    return f"mjd1:{draft_id}:{verb}"


def region_item(draft_id: str, verb: str) -> str:
    """Return the custom_id of a control of the region's panel: `cells`, `go`, `upload`, `look` or `clear`."""
    return f"mjr1:{draft_id}:{verb}"


def batch_cancel(batch_id: str) -> str:
    """Return the custom_id of the button that cancels what waits of a batch."""
    return f"mjb1:{batch_id}:cancel"


def family_select(job_id: str, number: int) -> str:
    """Return the custom_id of the `number`-th select of a job's family, from 0."""
    return f"mjl1:{job_id}:open{number or ''}"


def batch_prefix(batch_id: str) -> str:
    """Return what every custom_id of a batch begins with."""
    return f"mjb1:{batch_id}:"


def batch_select(batch_id: str, number: int) -> str:
    """Return the custom_id of a batch's `number`-th select, from 0."""
    return f"mjb1:{batch_id}:open{number or ''}"


def setting(name: str, value: str, *, server: bool = False) -> str:
    """Return the custom_id of a control that gives a setting this value, or does with it what `value` says."""
    return f"mjs1:{'server.' if server else ''}{name}:{value}"


def job_select(job_id: str, number: int) -> str:
    """Return the custom_id of a job's `number`-th overflow select, from 0."""
    return f"mj1:{job_id}:more{number or ''}"


def job_prefix(job_id: str) -> str:
    """Return what every custom_id of a job begins with."""
    return f"mj1:{job_id}:"


def history_open(job_id: str) -> str:
    """Return the custom_id of the button that opens a job of `/history`."""
    return f"mjh2:open:{job_id}"


def find_job_id(text: str) -> str | None:
    """Return the job id in what a person pasted: an id, a custom_id, a file name or the link to a file."""
    found = _ANYWHERE.search(text)
    return found[1].upper() if found else None
