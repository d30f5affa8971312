"""The one table that says what an unsuccessful answer means: `RULES`; the first rule that fits decides.

It follows reliability B.2: a rule claims "not accepted" only where that is proved. Pure; imports nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from datetime import timedelta

ACCEPTED_CODES: Final[frozenset[int | None]] = frozenset({1, 21, 22})


@final
class Asked(Enum):
    """What the request was about: rules may hold for one of them only."""

    NEW = auto()
    """A submit that stands on its own."""
    FOLLOW_UP = auto()
    """A submit that names another task: action, modal, extend."""
    LOOK = auto()
    """A read; nothing can have been charged."""


@final
class Means(Enum):
    """What an answer amounts to; `refusals` makes the error of it."""

    AUTH = auto()
    QUOTA = auto()
    MISROUTED = auto()
    BUSY = auto()
    QUEUE_FULL = auto()
    NOT_READY = auto()
    BANNED = auto()
    INVALID = auto()
    MISSING = auto()
    ACTION_REFUSED = auto()
    UNCERTAIN = auto()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """An answer, taken apart."""

    status: int
    code: int | None = None
    error_code: str = ""
    enveloped: bool = False
    is_object: bool = False
    is_page: bool = False
    words: str = ""
    request_id: str = ""
    banned_word: str = ""
    wait: timedelta | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Fits when everything that it names fits.

    Attributes
    ----------
    words
        Fragments of the message, in lower case; one of them must occur.
    detail
        What the error says; empty: the API's own words.
    """

    means: Means
    statuses: range = range(1000)
    codes: frozenset[int | None] | None = None
    words: tuple[str, ...] = ()
    error_code: str = ""
    asked: frozenset[Asked] = frozenset(Asked)
    page: bool | None = None
    is_object: bool | None = None
    enveloped: bool | None = None
    detail: str = ""

    def fits(self, complaint: Complaint, asked: Asked) -> bool:
        """Tell whether this rule speaks about that answer."""
        return (
            complaint.status in self.statuses
            and asked in self.asked
            and (self.codes is None or complaint.code in self.codes)
            and self.error_code in {"", complaint.error_code}
            and self.page in {None, complaint.is_page}
            and self.is_object in {None, complaint.is_object}
            and self.enveloped in {None, complaint.enveloped}
            and (not self.words or any(fragment in complaint.words.casefold() for fragment in self.words))
        )


_OK: Final = range(200, 300)
_REDIRECT: Final = range(300, 400)
_CLIENT: Final = range(400, 500)
_SERVER: Final = range(500, 1000)
_ANSWERED: Final = range(200, 500)
_SUBMITS: Final = frozenset({Asked.NEW, Asked.FOLLOW_UP})
_FOLLOW_UP: Final = frozenset({Asked.FOLLOW_UP})
_LOOK: Final = frozenset({Asked.LOOK})
_NEW: Final = frozenset({Asked.NEW})
_MODERATION: Final = (
    "敏感词",
    "banned prompt",
    "banned word",
    "sensitive",
    "moderation",
    "content policy",
    "content filter",
    "violat",
)


def _invalid(*words: str, detail: str) -> Rule:
    """Make the rule of a known validation message."""
    return Rule(means=Means.INVALID, statuses=_ANSWERED, words=words, detail=detail)


_UNKNOWN_ACTION: Final = ("未知的 action 类型", "未知的action类型", "unknown_action")
_VALIDATION: Final = (
    _invalid("prompt不能为空", "prompt 不能为空", "prompt_is_required", detail="the prompt is empty"),
    _invalid("base64格式错误", "base64 格式错误", detail="a picture is not readable base64"),
    _invalid("图片参数错误", detail="blend takes 2 to 5 pictures"),
    Rule(
        means=Means.ACTION_REFUSED,
        statuses=_ANSWERED,
        asked=_FOLLOW_UP,
        words=_UNKNOWN_ACTION,
        detail="the API does not know this action",
    ),
    _invalid(*_UNKNOWN_ACTION, detail="the API does not know this action"),
    _invalid("action参数错误", "action_is_required", detail="the action is invalid"),
    _invalid("该任务不支持重新生成", detail="this task cannot be rerolled"),
    _invalid("关联任务不允许执行变化", detail="this task takes no variations"),
    _invalid("当前账号不支持 remix", "当前账号不支持remix", detail="the account does not support remix"),
    _invalid("无效的 picreader 索引", "无效的picreader索引", detail="there is no such suggestion"),
    _invalid("禁止上传", detail="uploads are not allowed"),
    _invalid("任务提交超时", detail="the window was answered too late"),
    _invalid("bind_request_body_failed", detail="the API could not read the request"),
    _invalid("task_id_is_required", detail="the task id is missing"),
    _invalid("custom_id_is_required", detail="the action's id is missing"),
    _invalid("index_is_required", "index_parse_failed", detail="the index is invalid"),
    _invalid("content_is_required", "content_parse_failed", detail="the content is invalid"),
    _invalid("参数错误", detail="a parameter is invalid"),
    _invalid("不能为空", detail="a field is missing"),
    _invalid("长度", detail="a field is too long"),
)

RULES: Final = (
    # Server errors: only one is known to have stopped at the door. After any other the job may exist and be charged.
    Rule(means=Means.INVALID, statuses=_SERVER, error_code="invalid_request"),
    Rule(means=Means.UNCERTAIN, statuses=_SERVER),
    # The gateway fails after its upstream may have accepted, and may have charged already (reliability 0.4).
    Rule(
        means=Means.UNCERTAIN,
        asked=_SUBMITS,
        words=("do_request_failed", "empty_response_body", "response_body_failed", "insert_midjourney_task_failed"),
        detail="the API lost the answer of its own back end",
    ),
    # Address and key.
    Rule(means=Means.MISROUTED, statuses=_REDIRECT, detail="the API address answered with a redirect"),
    Rule(means=Means.AUTH, statuses=range(401, 402)),
    Rule(
        means=Means.QUOTA,
        statuses=_ANSWERED,
        words=("quota_not_enough", "insufficient_user_quota", "insufficient balance", "额度不足", "余额不足"),
        detail="the balance is too low",
    ),
    Rule(means=Means.QUOTA, statuses=_CLIENT, error_code="insufficient_user_quota", detail="the balance is too low"),
    Rule(means=Means.QUOTA, statuses=range(402, 403), detail="the balance is too low"),
    # Too much at once.
    Rule(means=Means.QUEUE_FULL, statuses=_ANSWERED, codes=frozenset({30}), detail="the provider is saturated"),
    Rule(
        means=Means.QUEUE_FULL,
        statuses=range(429, 430),
        words=("饱和", "saturated"),
        detail="the provider is saturated",
    ),
    Rule(means=Means.BUSY, statuses=range(429, 430)),
    # A proxy that gave up on us may have passed the request on; and who says "accepted" may have accepted.
    Rule(means=Means.UNCERTAIN, statuses=range(408, 409)),
    Rule(means=Means.UNCERTAIN, statuses=range(499, 500)),
    Rule(means=Means.UNCERTAIN, asked=_SUBMITS, statuses=_ANSWERED, codes=ACCEPTED_CODES),
    Rule(means=Means.INVALID, statuses=range(413, 414), detail="the request is too large"),
    Rule(means=Means.MISROUTED, statuses=_CLIENT, page=True, detail="the API address answered with a web page"),
    # Tasks.
    Rule(
        means=Means.MISSING,
        statuses=_ANSWERED,
        words=("该任务所属渠道已被禁用",),
        detail="the account that made this task is disabled",
    ),
    Rule(
        means=Means.MISSING,
        statuses=_ANSWERED,
        asked=_LOOK | _NEW,
        words=("task_no_found", "task_not_found", "任务不存在"),
        detail="the API does not know this task",
    ),
    Rule(
        means=Means.NOT_READY,
        statuses=_ANSWERED,
        asked=_FOLLOW_UP,
        words=("task_no_found", "task_not_found", "任务不存在"),
        detail="the API does not know the parent task, or not yet",
    ),
    Rule(
        means=Means.NOT_READY,
        statuses=_ANSWERED,
        asked=_FOLLOW_UP,
        words=("关联任务状态错误", "task_status_not_success"),
        detail="the parent task is not finished yet",
    ),
    # Capacity of the back end.
    Rule(
        means=Means.BUSY,
        statuses=_ANSWERED,
        words=("无可用的账号", "账号不可用", "实例不可用"),
        detail="no Midjourney account is available at the moment",
    ),
    Rule(means=Means.QUEUE_FULL, statuses=_ANSWERED, codes=frozenset({23}), detail="the queue is full"),
    Rule(
        means=Means.QUEUE_FULL,
        statuses=_ANSWERED,
        words=("队列已满", "queue full", "queue is full"),
        detail="the queue is full",
    ),
    # The prompt.
    Rule(
        means=Means.BANNED,
        statuses=_ANSWERED,
        codes=frozenset({24}),
        detail="the prompt may contain sensitive words",
    ),
    Rule(
        means=Means.BANNED,
        statuses=_ANSWERED,
        words=("可能包含敏感词",),
        detail="the prompt may contain sensitive words",
    ),
    Rule(means=Means.BANNED, statuses=_CLIENT, words=_MODERATION),
    Rule(means=Means.AUTH, statuses=range(403, 404)),
    *_VALIDATION,
    # What is left of 4xx: refused. A path that does not exist answers in words of no object, or names the path.
    Rule(means=Means.MISROUTED, statuses=range(404, 406), is_object=False),
    Rule(means=Means.MISROUTED, statuses=range(404, 406), words=("invalid url",)),
    Rule(means=Means.MISSING, statuses=range(404, 405), asked=_LOOK),
    Rule(means=Means.INVALID, statuses=_CLIENT),
    # What is left of 2xx.
    Rule(means=Means.AUTH, statuses=_OK, enveloped=True, words=("invalid token", "invalid api key", "无效的令牌")),
    Rule(means=Means.BANNED, statuses=_OK, words=("banned prompt", "banned word")),
    Rule(means=Means.INVALID, statuses=_OK, enveloped=True, error_code="invalid_request"),
    Rule(
        means=Means.NOT_READY,
        statuses=_OK,
        asked=_FOLLOW_UP,
        codes=frozenset({3}),
        detail="the API does not know the parent task, or not yet",
    ),
    Rule(means=Means.MISSING, statuses=_OK, asked=_LOOK, codes=frozenset({3})),
    Rule(means=Means.UNCERTAIN, statuses=_OK, words=("系统异常", "服务异常"), detail="the API reported an inner error"),
)
