"""What a person filled into a modal: JSON of the page, turned into what their client submits.

Each field's kind decides. What a client would not send is refused here, in a sentence for a person.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast, final

from sandbox.discord.calls import FILE_UPLOAD
from sandbox.page.asks import read_texts
from sandbox.page.choices import as_uploads

if TYPE_CHECKING:
    from sandbox.discord import Modal
    from sandbox.discord.forms import FieldValue
    from sandbox.page.asks import Json
    from sandbox.page.uploads import PickedFiles


@final
@dataclass
class Filled:
    """The values of a modal, and the picked files among them."""

    values: dict[str, FieldValue] = field(default_factory=dict[str, "FieldValue"])
    used: list[str] = field(default_factory=list[str])


def read_form(modal: Modal, given: Json, files: PickedFiles, limit: int) -> Filled:
    """Return what was filled in.

    Raises
    ------
    ValueError
        A value is missing, unknown or does not fit.
    LookupError
        A file is not there any more.
    """
    known = {entry.custom_id: entry for entry in modal.fields()}
    filled = Filled()
    for name, value in given.items():
        if name not in known:
            raise ValueError("This form has changed. Please open it again.")
        if known[name].kind == FILE_UPLOAD:
            file_ids = read_texts(value or [], name)
            filled.values[name] = as_uploads(files, file_ids, limit)
            filled.used += file_ids
        elif isinstance(value, list):
            filled.values[name] = read_texts(cast("object", value), name)
        else:
            filled.values[name] = value
    return filled
