"""The buttons under a finished task, by what it made and with which version (contract 4.6).

Pure; knows customIds and labels, no tasks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sandbox.comet.families import Makes

Button = dict[str, str | int | None]

_KEYCAPS: Final = ("1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣")
_UPSCALES: Final = {
    "5": (("v5_2x", "Upscale (2x)"), ("v5_4x", "Upscale (4x)")),
    "6": (("v6_2x_subtle", "Upscale (Subtle)"), ("v6_2x_creative", "Upscale (Creative)")),
    "6.1": (("v6r1_2x_subtle", "Upscale (Subtle)"), ("v6r1_2x_creative", "Upscale (Creative)")),
    "7": (("v7_2x_subtle", "Upscale (Subtle)"), ("v7_2x_creative", "Upscale (Creative)")),
}
_PICTURES: Final = frozenset({Makes.GRID, Makes.SINGLE, Makes.UPSCALED})
_OLD: Final = frozenset({"1", "2", "3", "4"})


@dataclass(frozen=True, slots=True)
class Subject:
    """What buttons are made for.

    Attributes
    ----------
    uuid
        The job id inside the customIds; a single picture carries that of its grid (contract 4.6).
    choices
        How many suggestions or videos there are.
    number
        From 1: which video of its batch a single one was.
    is_official
        The proxy's own set for accounts of midjourney.com rather than Discord's.
    has_manual_video, has_future_button
        Whether a picture also carries the button that animates by a prompt, and one that was invented today.
    """

    makes: Makes
    uuid: str
    version: str
    is_square: bool
    choices: int = 4
    number: int = 1
    is_official: bool = False
    has_manual_video: bool = False
    has_future_button: bool = False

    @property
    def generation(self) -> str:
        """The version as far as the buttons differ by it."""
        return "6.1" if self.version == "6.1" else self.version.split(".", 1)[0]


def buttons_for(subject: Subject) -> list[Button]:
    """Return the buttons of a finished task, in Midjourney's order."""
    makers = {
        Makes.GRID: _grid,
        Makes.SINGLE: _single,
        Makes.UPSCALED: _upscaled,
        Makes.DESCRIBE: _describe,
        Makes.SHORTEN: _shorten,
        Makes.VIDEO_BATCH: _video_batch,
        Makes.VIDEO: _video,
    }
    buttons = makers[subject.makes](subject)
    if subject.has_future_button and subject.makes in _PICTURES:
        buttons.append(_button(f"MJ::JOB::future_thing::1::{subject.uuid}::SOLO", "Future Thing", "🛸"))
    return buttons


def _button(custom_id: str | None, label: str = "", emoji: str = "", style: int = 2) -> Button:
    return {"customId": custom_id, "emoji": emoji, "label": label, "style": style, "type": 2}


def _grid(subject: Subject) -> list[Button]:
    job = subject.uuid
    ups = [_button(f"MJ::JOB::upsample::{n}::{job}", f"U{n}", style=1 if n == 1 else 2) for n in range(1, 5)]
    variations = [_button(f"MJ::JOB::variation::{n}::{job}", f"V{n}") for n in range(1, 5)]
    return [*ups, _button(f"MJ::JOB::reroll::0::{job}::SOLO", emoji="🔄"), *variations]


def _single(subject: Subject) -> list[Button]:
    solo = f"{subject.uuid}::SOLO"
    if subject.generation in _OLD:
        return [_button(f"MJ::JOB::variation::1::{solo}", "Make Variations", "🪄"), *_farewell(subject)]
    return [
        *_upscales(subject, ""),
        *_vary(solo),
        _button(f"MJ::Inpaint::1::{solo}", "Vary (Region)", "🖌️"),
        *([] if subject.generation == "8" else [*_zooms(subject), *_pans(solo)]),
        *_animate(subject),
        *_farewell(subject),
    ]


def _upscaled(subject: Subject) -> list[Button]:
    solo = f"{subject.uuid}::SOLO"
    if subject.is_official:
        region = _button(f"MJ::Inpaint::1::{solo}", "Vary (Region)", "🖌️")
        return [*_vary(solo), region, *_zooms(subject), *_animate(subject), *_farewell(subject)]
    return [*_upscales(subject, "Redo "), *_vary(solo), *_animate(subject), *_farewell(subject)]


def _upscales(subject: Subject, again: str) -> list[Button]:
    return [
        _button(f"MJ::JOB::upsample_{name}::1::{subject.uuid}::SOLO", f"{again}{label}", "upscale_1")
        for name, label in _UPSCALES.get(subject.generation, ())
    ]


def _vary(solo: str) -> list[Button]:
    return [
        _button(f"MJ::JOB::low_variation::1::{solo}", "Vary (Subtle)", "🪄"),
        _button(f"MJ::JOB::high_variation::1::{solo}", "Vary (Strong)", "🪄"),
    ]


def _zooms(subject: Subject) -> list[Button]:
    solo = f"{subject.uuid}::SOLO"
    custom = f"MJ::CustomZoom::1::{subject.uuid}" if subject.is_official else f"MJ::CustomZoom::{subject.uuid}"
    zooms = [
        _button(f"MJ::Outpaint::50::1::{solo}", "Zoom Out 2x", "🔍"),
        _button(f"MJ::Outpaint::75::1::{solo}", "Zoom Out 1.5x", "🔍"),
        _button(custom, "Custom Zoom", "🔍"),
    ]
    return zooms if subject.is_square else [*zooms, _button(f"MJ::Outpaint::100::1::{solo}", "Make Square", "↔️")]


def _pans(solo: str) -> list[Button]:
    arrows = (("left", "⬅️"), ("right", "➡️"), ("up", "⬆️"), ("down", "⬇️"))
    return [_button(f"MJ::JOB::pan_{way}::1::{solo}", emoji=arrow) for way, arrow in arrows]


def _animate(subject: Subject) -> list[Button]:
    solo = f"{subject.uuid}::SOLO"
    ways = [
        _button(f"MJ::JOB::animate_high::1::{solo}", "Animate (High motion)", "🎞️"),
        _button(f"MJ::JOB::animate_low::1::{solo}", "Animate (Low motion)", "🎞️"),
    ]
    if subject.has_manual_video:
        ways.append(_button(f"MJ::JOB::video::1::{subject.uuid}::manual", "Animate (Manual)", "🎞️"))
    return ways


def _farewell(subject: Subject) -> list[Button]:
    if subject.is_official:
        return [_button(f"MJ::JOB::reroll::0::{subject.uuid}::SOLO", emoji="🔄")]
    return [_button(f"MJ::BOOKMARK::{subject.uuid}", emoji="❤️"), _button(None, "Web", style=5)]


def _describe(subject: Subject) -> list[Button]:
    numbers = [_button(f"MJ::Job::PicReader::{n}", emoji=_KEYCAPS[n - 1]) for n in range(1, subject.choices + 1)]
    if subject.is_official:
        return numbers
    retry = _button("MJ::Picread::Retry", emoji="🔄")
    return [*numbers, retry, _button("MJ::Job::PicReader::all", "Imagine all", "🎉")]


def _shorten(subject: Subject) -> list[Button]:
    numbers = range(1, subject.choices + 1)
    forms = [_button(f"MJ::Job::PromptAnalyzer::{n}", emoji=_KEYCAPS[n - 1]) for n in numbers]
    return [*forms, _button(f"MJ::Job::PromptAnalyzerExtended::{subject.uuid}", "Show details")]


def _video_batch(subject: Subject) -> list[Button]:
    numbers = range(1, subject.choices + 1)
    ups = [_button(f"MJ::JOB::video_virtual_upscale::{n}::{subject.uuid}", f"U{n}") for n in numbers]
    return [*ups, _button(f"MJ::JOB::reroll::0::{subject.uuid}::SOLO", emoji="🔄")]


def _video(subject: Subject) -> list[Button]:
    one = f"{subject.number}::{subject.uuid}"
    return [
        _button(f"MJ::JOB::animate_high_extend::{one}", "Extend (High motion)", "🎞️"),
        _button(f"MJ::JOB::animate_low_extend::{one}", "Extend (Low motion)", "🎞️"),
    ]
