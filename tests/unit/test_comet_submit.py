"""What the answer to a paid request means: reliability B.2, row by row."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest

from bot.cometapi.answers import Answer
from bot.cometapi.protocol import read_submit
from bot.cometapi.rules import Asked
from bot.errors import (
    CometActionRefused,
    CometAuth,
    CometBanned,
    CometBusy,
    CometError,
    CometInvalid,
    CometMisrouted,
    CometNotReady,
    CometQueueFull,
    CometQuota,
    CometTaskMissing,
    CometUncertain,
)
from tests.unit.comet_samples import answer

PAGE: Final = "<!DOCTYPE html><html><body>nginx</body></html>"
NEW, FOLLOW_UP = Asked.NEW, Asked.FOLLOW_UP


def said(code: object, description: str, **more: object) -> dict[str, object]:
    return {"code": code, "description": description, "result": None, **more}


def envelope(message: str, code: object = "") -> dict[str, object]:
    return {"error": {"message": message, "type": "comet_api_error", "param": "", "code": code}}


def refused(status: int, body: object, asked: Asked = NEW) -> CometError:
    with pytest.raises(CometError) as caught:
        read_submit(answer(status, body), asked)
    return caught.value


#: status, body, what was asked, the error.
TABLE: Final[list[tuple[int, object, Asked, type[CometError]]]] = [
    # refused for good
    (200, said(4, "prompt不能为空"), NEW, CometInvalid),
    (200, said(4, "base64格式错误"), NEW, CometInvalid),
    (200, said(4, "图片参数错误，2~5张图片"), NEW, CometInvalid),
    (200, said(4, "参数错误"), NEW, CometInvalid),
    (200, said(4, "taskId不能为空"), FOLLOW_UP, CometInvalid),
    (200, said(4, "state长度不能超过255"), NEW, CometInvalid),
    (200, said(4, "action参数错误"), FOLLOW_UP, CometInvalid),
    (200, said(4, "未知的 Action 类型"), FOLLOW_UP, CometActionRefused),
    (200, said(4, "未知的Action类型"), FOLLOW_UP, CometActionRefused),
    (200, said(4, "未知的 Action 类型"), NEW, CometInvalid),
    (200, said(4, "该任务不支持重新生成"), FOLLOW_UP, CometInvalid),
    (200, said(4, "当前账号不支持 remix，请检查"), FOLLOW_UP, CometInvalid),
    (200, said(4, "无效的 PicReader 索引"), FOLLOW_UP, CometInvalid),
    (400, {"description": "unknown_action:MJ::X ", "type": "upstream_error", "code": 4}, FOLLOW_UP, CometActionRefused),
    (400, {"description": "prompt_is_required ", "type": "upstream_error", "code": 4}, NEW, CometInvalid),
    (400, {"description": "anything else", "code": 4}, NEW, CometInvalid),
    (413, "Payload Too Large", NEW, CometInvalid),
    (413, PAGE, NEW, CometInvalid),
    (422, envelope("no"), NEW, CometInvalid),
    (500, envelope("really a client error", "invalid_request"), NEW, CometInvalid),
    (503, envelope("really a client error", "invalid_request"), NEW, CometInvalid),
    # moderation
    (200, said(24, "可能包含敏感词"), NEW, CometBanned),
    (200, said(4, "可能包含敏感词"), NEW, CometBanned),
    (403, envelope("the prompt violates our content policy"), NEW, CometBanned),
    (400, {"description": "Banned prompt detected", "code": 4}, NEW, CometBanned),
    # the owner must act
    (401, "Authorization header missing.", NEW, CometAuth),
    (401, "", NEW, CometAuth),
    (401, {"code": 1, "message": "unauthorized"}, NEW, CometAuth),
    (401, envelope("invalid token"), NEW, CometAuth),
    (403, envelope("group restriction"), NEW, CometAuth),
    (200, envelope("invalid token"), NEW, CometAuth),
    (400, {"description": "quota_not_enough ", "type": "upstream_error", "code": 4}, NEW, CometQuota),
    (403, envelope("用户额度不足", "insufficient_user_quota"), NEW, CometQuota),
    (402, envelope("pay"), NEW, CometQuota),
    (301, "", NEW, CometMisrouted),
    (302, PAGE, NEW, CometMisrouted),
    (308, "", NEW, CometMisrouted),
    (404, PAGE, NEW, CometMisrouted),
    (403, PAGE, NEW, CometMisrouted),
    (404, "404 page not found", NEW, CometMisrouted),
    (404, envelope("Invalid URL (POST /v1/mj/submit/imagine)"), NEW, CometMisrouted),
    (405, "Method Not Allowed", NEW, CometMisrouted),
    # worth another try
    (429, envelope("slow down"), NEW, CometBusy),
    (429, PAGE, NEW, CometBusy),
    (429, "", NEW, CometBusy),
    (200, said(3, "无可用的账号实例"), NEW, CometBusy),
    (200, said(3, "账号不可用"), FOLLOW_UP, CometBusy),
    (429, said(30, "当前分组负载已饱和"), NEW, CometQueueFull),
    (429, envelope("the group is saturated"), NEW, CometQueueFull),
    (200, said(23, "队列已满，请稍后尝试"), NEW, CometQueueFull),
    (200, said(23, "in other words"), NEW, CometQueueFull),
    (200, said(9, "提交失败，队列已满，请稍后重试"), NEW, CometQueueFull),
    (200, said(3, "关联任务不存在或已失效"), FOLLOW_UP, CometNotReady),
    (200, said(3, "in other words"), FOLLOW_UP, CometNotReady),
    (404, said(3, "关联任务不存在或已失效"), FOLLOW_UP, CometNotReady),
    (200, said(4, "关联任务状态错误"), FOLLOW_UP, CometNotReady),
    (400, {"description": "task_status_not_success ", "code": 4}, FOLLOW_UP, CometNotReady),
    (400, {"description": "task_not_found ", "code": 4}, FOLLOW_UP, CometNotReady),
    (400, {"description": "该任务所属渠道已被禁用 ", "code": 4}, FOLLOW_UP, CometTaskMissing),
    # nobody knows
    (500, envelope("oops"), NEW, CometUncertain),
    (500, PAGE, NEW, CometUncertain),
    (502, PAGE, NEW, CometUncertain),
    (503, envelope("无可用渠道"), NEW, CometUncertain),
    (504, "", NEW, CometUncertain),
    (524, PAGE, NEW, CometUncertain),
    (500, {"code": 1, "result": "17", "description": "提交成功"}, NEW, CometUncertain),
    (400, {"code": 1, "result": "17", "description": "提交成功"}, NEW, CometUncertain),
    (400, {"description": "insert_midjourney_task_failed ", "code": 4}, NEW, CometUncertain),
    (400, {"description": "do_request_failed ", "code": 4}, FOLLOW_UP, CometUncertain),
    (408, "", NEW, CometUncertain),
    (408, PAGE, NEW, CometUncertain),
    (499, "", NEW, CometUncertain),
    (200, PAGE, NEW, CometUncertain),
    (200, "", NEW, CometUncertain),
    (204, "", NEW, CometUncertain),
    (200, "null", NEW, CometUncertain),
    (200, "[]", NEW, CometUncertain),
    (200, '{"code": 1, "result": "17', NEW, CometUncertain),
    (200, b"\xff\xfe\x00", NEW, CometUncertain),
    (200, '{"code": ' + "9" * 5000 + "}", NEW, CometUncertain),
    (200, {"code": 1, "description": "提交成功"}, NEW, CometUncertain),
    (200, {"code": 1, "result": ""}, NEW, CometUncertain),
    (200, {"code": 1, "result": 0}, NEW, CometUncertain),
    (200, {"code": 1, "result": True}, NEW, CometUncertain),
    (200, {"code": 1, "result": {"id": "17"}}, NEW, CometUncertain),
    (200, {"code": True, "result": "17"}, NEW, CometUncertain),
    (200, said(2, "in other words", result="17"), NEW, CometUncertain),
    (200, said(-1, ""), NEW, CometUncertain),
    (200, said(4, "in other words"), NEW, CometUncertain),
    (200, said(5, "in other words"), NEW, CometUncertain),
    (200, said(9, "提交失败，系统异常"), NEW, CometUncertain),
    (200, said(4, "in other words"), FOLLOW_UP, CometUncertain),
    (200, said(3, "in other words"), NEW, CometUncertain),
    (200, {"description": "提交成功", "result": "17"}, NEW, CometUncertain),
    (200, envelope("oops"), NEW, CometUncertain),
]


@pytest.mark.parametrize(("status", "body", "asked", "error"), TABLE)
def test_each_answer_is_the_error_that_the_table_says(
    status: int, body: object, asked: Asked, error: type[CometError]
) -> None:
    assert type(refused(status, body, asked)) is error


def test_only_proof_counts_as_not_sent() -> None:
    for status, body, asked, _ in TABLE:
        failure = refused(status, body, asked)
        assert failure.sent == ("unknown" if isinstance(failure, CometUncertain) else "no")


@pytest.mark.parametrize(
    ("result", "ids"),
    [
        ("17", ("17",)),
        (17, ("17",)),
        (1773314942177684, ("1773314942177684",)),
        (9007199254740993, ("9007199254740993",)),
        (17.0, ("17",)),
        ("17,18, 19", ("17", "18", "19")),
        (["17", 18], ("17", "18")),
        ("17,17", ("17",)),
        (["https://cdn.example.com/a.png"], ("https://cdn.example.com/a.png",)),
    ],
)
def test_a_result_is_read_in_any_shape(result: object, ids: tuple[str, ...]) -> None:
    accepted = read_submit(answer(200, {"code": 1, "result": result}), NEW)
    assert (accepted.task_id, *accepted.other_task_ids) == ids


@pytest.mark.parametrize("status", [200, 201, 202])
@pytest.mark.parametrize("code", [1, 21, 22, "1", 1.0])
def test_the_accepting_codes_accept(status: int, code: object) -> None:
    assert read_submit(answer(status, {"code": code, "result": "17"}), NEW).task_id == "17"


@pytest.mark.parametrize("lead", ["\ufeff", " \n", "\ufeff\t"])
def test_a_byte_order_mark_and_blanks_do_no_harm(lead: str) -> None:
    assert read_submit(answer(200, lead + '{"code":1,"result":"17"}'), NEW).task_id == "17"


def test_numbers_that_are_none_and_members_given_twice_do_no_harm() -> None:
    text = '{"code":4,"x":NaN,"y":-Infinity,"z":1e400,"code":1,"result":"17","properties":{"numberOfQueues":1e400}}'
    accepted = read_submit(answer(200, text), NEW)
    assert (accepted.task_id, accepted.queue_ahead) == ("17", None)


@pytest.mark.parametrize(
    ("code", "properties", "needs_input"),
    [
        (21, None, True),
        (21, {"remix": True}, True),
        (1, {"remix": True}, True),
        (1, {"remix": False}, False),
        (1, {"remix": "yes"}, False),
        (1, None, False),
        (21, {"status": "SUCCESS", "imageUrl": "https://x"}, False),
        (21, {"status": "success"}, False),
        (21, {"status": "MODAL"}, True),
        (21, [], True),
    ],
)
def test_a_window_is_told_by_the_code_or_by_remix(code: int, properties: object, needs_input: bool) -> None:  # noqa: FBT001 - a column of the table
    accepted = read_submit(answer(200, {"code": code, "result": "17", "properties": properties}), FOLLOW_UP)
    assert accepted.needs_input is needs_input


def test_a_modal_answer_without_an_id_is_about_the_task_that_was_asked() -> None:
    assert read_submit(answer(200, {"code": 1, "result": None}), FOLLOW_UP, known_id="17").task_id == "17"
    assert read_submit(answer(200, {"code": 1, "result": "18"}), FOLLOW_UP, known_id="17").task_id == "18"


def test_every_known_text_is_told_in_english() -> None:
    for status, body, asked, error in TABLE:
        if error is not CometUncertain:
            assert refused(status, body, asked).detail.isascii()


def test_words_of_the_api_are_shortened_cleaned_and_stripped_of_keys() -> None:
    words = "bad\x1b[31m\nkey sk-abcdefghijklmnop and Bearer abcdefghijkl " + "A" * 400 + " ." * 300
    detail = refused(400, {"description": words}).detail
    assert detail.startswith("bad[31m key sk-… and Bearer … … .")
    assert len(detail) == 300


def test_a_request_id_is_kept_with_an_unknown_outcome_too() -> None:
    assert refused(500, envelope("oops (request id: abc123def)")).detail == "oops (request id: abc123def)"
    with pytest.raises(CometUncertain) as caught:
        read_submit(Answer(status=502, body=b"", request_id="abc123def"), NEW)
    assert caught.value.detail == "HTTP 502 (request id abc123def)"


def test_a_wait_is_passed_on_without_being_believed_for_more_than_an_hour() -> None:
    for value, wait in (("2", 2), ("0", 0), ("86400", 3600), ("-5", 0)):
        with pytest.raises(CometBusy) as caught:
            read_submit(answer(429, "", {"Retry-After": value}), NEW)
        assert caught.value.retry_after == timedelta(seconds=wait)


def test_a_wait_may_be_a_date_and_counts_from_the_servers_own_clock() -> None:
    headers = {"Retry-After": "Wed, 21 Oct 2026 07:28:30 GMT", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}
    with pytest.raises(CometBusy) as caught:
        read_submit(answer(429, "", headers), NEW)
    assert caught.value.retry_after == timedelta(seconds=30)


@pytest.mark.parametrize("value", ["", "soon", "1e9", "٣", "Wed, 99 Oct 2026"])
def test_a_wait_that_cannot_be_read_is_none(value: str) -> None:
    with pytest.raises(CometBusy) as caught:
        read_submit(answer(429, "", {"Retry-After": value}), NEW)
    assert caught.value.retry_after is None


@pytest.mark.parametrize("message", ["queue is full", "the prompt is too 长度", "task_no_found"])
def test_an_answer_that_accepts_and_complains_at_once_is_never_taken_for_a_refusal(message: str) -> None:
    body = {"code": 1, "result": "1773314942177684"} | envelope(message)
    assert type(refused(200, body)) is CometUncertain
