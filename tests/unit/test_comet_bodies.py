"""What is sent for each request, field by field (contract 2.1)."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Final

import pytest

from bot.cometapi import bodies
from bot.cometapi.bodies import Video
from bot.cometapi.rules import Asked
from bot.errors import CometInvalid

if TYPE_CHECKING:
    from bot.cometapi.bodies import Submit

PNG: Final = b"\x89PNG\r\n\x1a\n" + b"\0" * 16
JPEG: Final = b"\xff\xd8\xff\xe0" + b"\0" * 16
PNG_URI: Final = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"


def sent(submit: Submit) -> object:
    return json.loads(submit.encode())


@pytest.mark.parametrize(
    ("prompt", "bot_type"),
    [
        ("a fox", "MID_JOURNEY"),
        ("a fox --v 7", "MID_JOURNEY"),
        ("a fox --niji 7", "NIJI_JOURNEY"),
        ("a fox --NIJI", "NIJI_JOURNEY"),
        ("--niji 6", "NIJI_JOURNEY"),
        ("a niji fox", "MID_JOURNEY"),
        ("a fox --nijistyle", "MID_JOURNEY"),
        ("a fox x--niji", "MID_JOURNEY"),
    ],
)
def test_niji_is_asked_of_the_niji_bot(prompt: str, bot_type: str) -> None:
    submit = bodies.imagine(prompt, "job-1")
    assert sent(submit) == {"prompt": prompt, "botType": bot_type, "state": "job-1"}
    assert (submit.route, submit.asked) == ("imagine", Asked.NEW)


def test_an_action_names_its_task_and_button() -> None:
    submit = bodies.act("17", "MJ::JOB::upsample::1::x", "job-1")
    assert sent(submit) == {"taskId": "17", "customId": "MJ::JOB::upsample::1::x", "state": "job-1"}
    assert (submit.route, submit.asked) == ("action", Asked.FOLLOW_UP)


def test_a_modal_always_sends_the_prompt_and_a_mask_only_if_there_is_one() -> None:
    assert sent(bodies.answer_modal("17", "", None)) == {"taskId": "17", "prompt": ""}
    masked = bodies.answer_modal("17", "a hat", PNG)
    assert sent(masked) == {"taskId": "17", "prompt": "a hat", "maskBase64": PNG_URI}
    assert (masked.route, masked.known_id) == ("modal", "17")


@pytest.mark.parametrize("mask", [JPEG, b"", b"text"])
def test_a_mask_that_is_no_png_is_not_sent(mask: bytes) -> None:
    with pytest.raises(CometInvalid):
        bodies.answer_modal("17", "a hat", mask)


def test_blend_sends_data_uris_and_its_dimensions() -> None:
    submit = bodies.blend([PNG, PNG_URI], "PORTRAIT", "job-1")
    assert sent(submit) == {"base64Array": [PNG_URI, PNG_URI], "dimensions": "PORTRAIT", "state": "job-1"}


@pytest.mark.parametrize("count", [0, 1, 6])
def test_blend_takes_two_to_five(count: int) -> None:
    with pytest.raises(CometInvalid):
        bodies.blend([PNG] * count, "SQUARE", "job-1")


def test_describe_sends_a_link_or_a_picture_never_both() -> None:
    link = "https://cdn.example.com/a.png"
    assert sent(bodies.describe(link, "job-1")) == {"link": link, "state": "job-1"}
    assert sent(bodies.describe(PNG, "job-1")) == {"base64": PNG_URI, "state": "job-1"}
    assert sent(bodies.describe(PNG_URI, "job-1")) == {"base64": PNG_URI, "state": "job-1"}


def test_a_video_sends_its_first_frame_and_an_extension_its_task() -> None:
    link = "https://cdn.example.com/a.png"
    plain = bodies.video(Video(image=link), "job-1")
    assert sent(plain) == {"motion": "low", "image": link, "state": "job-1"}
    extended = bodies.video(Video(image=link, motion="high", prompt="wind", extend="17", index=3), "job-1")
    assert sent(extended) == {
        "motion": "high",
        "image": link,
        "state": "job-1",
        "prompt": "wind",
        "action": "extend",
        "index": 3,
        "taskId": "17",
    }
    assert (plain.asked, extended.asked) == (Asked.NEW, Asked.FOLLOW_UP)


def test_a_video_that_is_not_there_cannot_be_extended() -> None:
    with pytest.raises(CometInvalid):
        bodies.video(Video(image=PNG_URI, extend="17", index=4), "job-1")


def test_shorten_and_edit_send_what_their_back_ends_read() -> None:
    assert sent(bodies.shorten("a fox", "job-1")) == {"prompt": "a fox", "botType": "MID_JOURNEY", "state": "job-1"}
    assert sent(bodies.edit("a hat", PNG, PNG, "job-1")) == {
        "prompt": "a hat",
        "image": PNG_URI,
        "maskBase64": PNG_URI,
        "state": "job-1",
    }
    assert sent(bodies.edit("a hat", PNG_URI, None, "")) == {"prompt": "a hat", "image": PNG_URI, "state": ""}


@pytest.mark.parametrize("image", [b"", b"<svg/>", b"\0\0\0\x20ftypisom" + b"\0" * 20])
def test_bytes_that_are_no_picture_are_not_sent(image: bytes) -> None:
    with pytest.raises(CometInvalid):
        bodies.describe(image, "job-1")


def test_any_text_can_be_sent() -> None:
    submit = bodies.imagine('зима 🦊 "quoted"\n\ud800', "job-1")
    assert submit.encode().isascii()


def test_what_is_private_or_large_is_not_in_a_repr() -> None:
    assert "a fox" not in repr(bodies.imagine("a fox", "job-1"))
    assert "base64" not in repr(Video(image=PNG_URI))
