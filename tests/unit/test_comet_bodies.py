"""What is sent for each request, field by field (contract 2.1)."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Final

import pytest

from bot.cometapi import bodies
from bot.cometapi.rules import Asked
from bot.errors import CometInvalid
from bot.jobs.ports import Film
from bot.model import Dimensions, Motion

if TYPE_CHECKING:
    from pathlib import Path

    from bot.cometapi.bodies import Submit

PNG: Final = b"\x89PNG\r\n\x1a\n" + b"\0" * 16
JPEG: Final = b"\xff\xd8\xff\xe0" + b"\0" * 16
LINK: Final = "https://cdn.example.com/a.png"


def uri(content: bytes, media_type: str) -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


PNG_URI: Final = uri(PNG, "image/png")
JPEG_URI: Final = uri(JPEG, "image/jpeg")


def sent(submit: Submit) -> object:
    return json.loads(submit.encode())


def file(folder: Path, content: bytes) -> Path:
    path = folder / f"{len(list(folder.iterdir()))}.bin"
    path.write_bytes(content)
    return path


@pytest.fixture
def png(tmp_path: Path) -> Path:
    return file(tmp_path, PNG)


@pytest.fixture
def jpeg(tmp_path: Path) -> Path:
    return file(tmp_path, JPEG)


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
    submit = bodies.imagine(prompt, (), "job-1")
    assert sent(submit) == {"prompt": prompt, "botType": bot_type, "state": "job-1"}
    assert (submit.route, submit.asked, submit.has_pictures) == ("imagine", Asked.NEW, False)


def test_image_prompts_are_sent_in_their_order_each_typed_by_its_bytes(png: Path, jpeg: Path) -> None:
    submit = bodies.imagine("a fox", [jpeg, png, jpeg], "job-1")
    assert sent(submit) == {
        "prompt": "a fox",
        "botType": "MID_JOURNEY",
        "state": "job-1",
        "base64Array": [JPEG_URI, PNG_URI, JPEG_URI],
    }
    assert submit.has_pictures


def test_an_action_names_its_task_and_button_and_says_remix_only_if_it_is_wanted() -> None:
    fields = {"taskId": "17", "customId": "MJ::JOB::upsample::1::x", "state": "job-1"}
    submit = bodies.act("17", "MJ::JOB::upsample::1::x", "job-1", remix=False)
    assert sent(submit) == fields
    assert (submit.route, submit.asked) == ("action", Asked.FOLLOW_UP)
    assert sent(bodies.act("17", "MJ::JOB::upsample::1::x", "job-1", remix=True)) == fields | {"enableRemix": True}


def test_a_modal_always_sends_the_prompt_and_a_mask_only_if_there_is_one(png: Path) -> None:
    assert sent(bodies.answer_modal("17", "", None)) == {"taskId": "17", "prompt": ""}
    masked = bodies.answer_modal("17", "a hat", png)
    assert sent(masked) == {"taskId": "17", "prompt": "a hat", "maskBase64": PNG_URI}
    assert (masked.route, masked.known_id, masked.has_pictures) == ("modal", "17", True)


@pytest.mark.parametrize("mask", [JPEG, b"", b"text"])
def test_a_mask_that_is_no_png_is_not_sent(tmp_path: Path, png: Path, mask: bytes) -> None:
    bad = file(tmp_path, mask)
    for submit in (bodies.answer_modal("17", "a hat", bad), bodies.edit("a hat", png, bad, "job-1")):
        with pytest.raises(CometInvalid, match="the mask is not a PNG"):
            submit.encode()


def test_blend_sends_data_uris_and_its_dimensions(png: Path, jpeg: Path) -> None:
    submit = bodies.blend([png, jpeg], Dimensions.PORTRAIT, "job-1")
    assert sent(submit) == {"base64Array": [PNG_URI, JPEG_URI], "dimensions": "PORTRAIT", "state": "job-1"}


@pytest.mark.parametrize("count", [0, 1, 6])
def test_blend_takes_two_to_five(png: Path, count: int) -> None:
    with pytest.raises(CometInvalid):
        bodies.blend([png] * count, Dimensions.SQUARE, "job-1")


def test_describe_sends_the_picture_and_no_link_beside_it(png: Path) -> None:
    assert sent(bodies.describe(png, "job-1")) == {"base64": PNG_URI, "state": "job-1"}


def test_a_video_sends_its_first_frame_and_an_extension_its_task(png: Path) -> None:
    plain = bodies.video(Film(image=png, motion=Motion.LOW), "job-1")
    assert sent(plain) == {"motion": "low", "image": PNG_URI, "state": "job-1"}
    extended = bodies.video(
        Film(image=LINK, motion=Motion.HIGH, prompt="wind", extend="17", index=3, loop=True), "job-1"
    )
    assert sent(extended) == {
        "motion": "high",
        "image": LINK,
        "state": "job-1",
        "prompt": "wind",
        "loop": True,
        "action": "extend",
        "index": 3,
        "taskId": "17",
    }
    assert (plain.asked, extended.asked) == (Asked.NEW, Asked.FOLLOW_UP)


def test_a_video_may_end_with_a_picture_of_its_own(png: Path, jpeg: Path) -> None:
    submit = bodies.video(Film(image=png, motion=Motion.LOW, end=jpeg), "job-1")
    assert sent(submit) == {"motion": "low", "image": PNG_URI, "state": "job-1", "endImage": JPEG_URI}


def test_a_video_that_cannot_be_is_not_sent(png: Path) -> None:
    with pytest.raises(CometInvalid, match="index"):
        bodies.video(Film(image=LINK, motion=Motion.LOW, extend="17", index=4), "job-1")
    with pytest.raises(CometInvalid, match="not both"):
        bodies.video(Film(image=LINK, motion=Motion.LOW, loop=True, end=png), "job-1")


def test_shorten_and_edit_send_what_their_back_ends_read(png: Path, jpeg: Path) -> None:
    assert sent(bodies.shorten("a fox", "job-1")) == {"prompt": "a fox", "botType": "MID_JOURNEY", "state": "job-1"}
    masked = bodies.edit("a hat", jpeg, png, "job-1")
    assert sent(masked) == {"prompt": "a hat", "image": JPEG_URI, "state": "job-1", "maskBase64": PNG_URI}
    assert sent(bodies.edit("a hat", png, None, "")) == {"prompt": "a hat", "image": PNG_URI, "state": ""}


def test_a_new_task_is_told_whom_to_call_and_a_modal_step_has_one_that_was(png: Path) -> None:
    hook = "https://easel.example.com/hook/secret"
    made = (
        bodies.imagine("a fox", [png], "job-1"),
        bodies.act("17", "MJ::JOB::reroll::0", "job-1", remix=True),
        bodies.blend([png, png], Dimensions.SQUARE, "job-1"),
        bodies.describe(png, "job-1"),
        bodies.shorten("a fox", "job-1"),
        bodies.edit("a hat", png, png, "job-1"),
        bodies.video(Film(image=LINK, motion=Motion.LOW), "job-1"),
    )
    for submit in made:
        assert json.loads(submit.calling(hook).encode()) == {**json.loads(submit.encode()), "notifyHook": hook}
        assert hook not in repr(submit.calling(hook))
    modal = bodies.answer_modal("17", "a hat", png)
    assert modal.calling(hook) == modal


@pytest.mark.parametrize("image", [b"", b"<svg/>", b"\0\0\0\x20ftypisom" + b"\0" * 20])
def test_a_file_that_is_no_picture_is_not_sent(tmp_path: Path, image: bytes) -> None:
    with pytest.raises(CometInvalid) as caught:
        bodies.describe(file(tmp_path, image), "job-1").encode()
    assert caught.value.sent == "no"


def test_a_file_that_is_gone_is_not_sent_and_not_named(png: Path, tmp_path: Path) -> None:
    for submit in (
        bodies.imagine("a fox", [png, tmp_path / "gone.png"], "job-1"),
        bodies.answer_modal("17", "a hat", tmp_path / "gone.png"),
        bodies.describe(tmp_path, "job-1"),
    ):
        with pytest.raises(CometInvalid, match="not there any more") as caught:
            submit.encode()
        assert caught.value.sent == "no"
        assert str(tmp_path) not in str(caught.value)


def test_any_text_can_be_sent(png: Path) -> None:
    prompt = 'зима 🦊 "quoted"\n\ud800'
    submit = bodies.imagine(prompt, [png], "job-1")
    assert submit.encode().isascii()
    assert json.loads(submit.encode())["prompt"] == prompt


def test_what_is_private_or_large_is_not_in_a_repr(png: Path) -> None:
    submit = bodies.imagine("a fox", [png], "job-1")
    assert "a fox" not in repr(submit)
    assert str(png) not in repr(submit) + repr(bodies.Picture(png))
