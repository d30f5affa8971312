"""The API's own words, most of them Chinese, as contract 3.1, 4.3 and 10 list them. Imports nothing."""

from __future__ import annotations

from typing import Final

ACCEPTED: Final = "提交成功"
QUEUED: Final = "排队中，前面还有1个任务"
EXISTED: Final = "任务已存在"
WINDOW: Final = "Waiting for window confirm"
QUEUE_FULL: Final = "提交失败，队列已满，请稍后重试"
QUEUE_REJECTED: Final = "队列已满，请稍后尝试"
SYSTEM_ERROR: Final = "提交失败，系统异常"
BANNED: Final = "可能包含敏感词"
NOT_FOUND: Final = "关联任务不存在或已失效"
WRONG_STATE: Final = "关联任务状态错误"
UNKNOWN_ACTION: Final = "未知的 Action 类型"
BAD_ACTION: Final = "action参数错误"
BAD_PARAMETER: Final = "参数错误"
BAD_BASE64: Final = "base64格式错误"
PICTURE_COUNT: Final = "图片参数错误，2~5张图片"
NO_PROMPT: Final = "prompt不能为空"
NO_TASK_ID: Final = "taskId不能为空"
NO_CUSTOM_ID: Final = "customId不能为空"
LONG_STATE: Final = "state长度不能超过255"
LONG_HOOK: Final = "notifyHook长度不能超过2000"
ACCOUNT_DISABLED: Final = "该任务所属渠道已被禁用"

CANCELED_REASON: Final = "取消任务"
FAILED_REASON: Final = "任务失败，请重试"
GATEWAY_TIMEOUT_REASON: Final = "上游任务超时（超过1小时）"
PROXY_TIMEOUT_REASON: Final = "执行超时 {minutes} 分钟"
BANNED_REASON: Final = "Banned prompt detected, these words are not allowed by our community standards"
INVALID_REASON: Final = "[Invalid parameter] Invalid value provided for argument --ar"
