"""The fault switches: everything that goes wrong with this API in the wild, at will.

A fault is set in one of three ways: in Python (``comet.faults.set(Fault.QUEUE_FULL, times=2)``), over HTTP
(``POST /_sandbox/faults``), or by a marker in a prompt (``a fox [[queue-full]]``). A marker acts on the submit whose
prompt it is in, and on the pictures and hooks of that task; ``[[action:queue-full]]`` acts on the buttons of that
picture instead. ``[[name:3]]`` gives the number of times, for those that take time the seconds, and ``[[banned:word]]``
the word. A marker counts per `state` of the submit, so that a job that is sent again meets the same counter.
``created`` says whether the job exists, and is charged, although the answer does not say so; ``times`` is for markers.
Imports nothing of this package.

============================ ===================================================== ======= =======
marker                       what happens                                          created times
============================ ===================================================== ======= =======
``banned``                   code 24 with the banned word                          no      always
``queue-full``               code 9 with the queue-full text                       no      2
``queue-rejected``           code 23                                               no      2
``code-3``                   code 3 on an action, fine afterwards                  no      1
``code-4``                   code 4 on an action, fine afterwards                  no      1
``unauthorized``             401                                                   no      always
``quota``                    400 quota_not_enough                                  no      always
``429``                      429 with Retry-After                                  no      2
``429-bare``                 429 without Retry-After                               no      2
``500``                      500                                                   no      always
``500-invalid-request``      500 whose code is invalid_request                     no      always
``503``                      503                                                   no      always
``account-disabled``         400: the channel of this task is disabled             no      always
``html``                     an HTML page with status 200                          no      always
``redirect``                 301 to another path                                   no      always
``unknown-code``             200 with a code nobody knows                          no      always
``reset-before``             connection reset before the body is read              no      1
``reset-after``              connection reset after the job was created            yes     1
``hang``                     created, then no answer (until closed, or seconds)    yes     1
``slow``                     created, answered after some seconds                  yes     1
``524``                      created, then an HTML page with 524                   yes     1
``half-body``                created, the answer breaks off in the middle          yes     1
``null-body``                created, the answer is ``null``                       yes     1
``empty-body``               created, the answer is 204 without a body             yes     1
``invalid-json``             created, the answer is not JSON                       yes     1
``no-result``                created, code 1 with `result` null                    yes     1
``wrong-types``              created, every member of the answer has another type  yes     1
``integer-result``           created, `result` is an integer                       yes     always
``list-result``              created, `result` is a list with the id               yes     always
``comma-result``             created, `result` is two ids joined by a comma        yes     always
``queued``                   code 22: accepted, others are before it               yes     always
``banned-later``             FAILURE: banned prompt                                yes     always
``invalid-parameter``        FAILURE: invalid parameter                            yes     always
``failed``                   FAILURE with a text that explains nothing             yes     always
``stuck``                    stays SUBMITTED (until the 1 h limit)                 yes     always
``stuck-at-100``             stays IN_PROGRESS with 100%, for ever                 yes     always
``progress-back``            the percentage falls now and then                     yes     always
``lost``                     accepted, then unknown to fetch and list              yes     always
``no-image``                 SUCCESS without any picture                           yes     always
``future-button``            the picture has a button that was invented today      yes     always
``image-403``                the picture's address answers 403                     -       always
``image-404``                the picture's address answers 404                     -       always
``image-html``               the picture's address answers with a web page         -       always
``image-truncated``          the picture breaks off in the middle                  -       always
``image-huge``               the picture never ends                                -       always
``image-slow``               the picture comes after some seconds                  -       always
``image-mislabeled``         the picture is called image/jpeg, whatever it is      -       always
``image-redirect-private``   the picture's address redirects to a private network  -       always
``hook-duplicate``           each hook is sent twice                               -       always
``hook-stale``               an old state is sent after the end                    -       always
``hook-missing``             no hook is sent                                       -       always
``hook-reordered``           the end is sent before the states that led to it      -       always
``fetch-outage``             every fetch and list is answered with 503             -       no marker
``list-refused``             list-by-condition answers 400                         -       no marker
``list-malformed``           list-by-condition answers an object, not an array     -       no marker
``list-missing-ids``         list-by-condition leaves out every other id           -       no marker
``outage``                   every connection is reset as it comes                 -       no marker
============================ ===================================================== ======= =======

The faults from ``unauthorized`` to ``invalid-json`` can be put on other requests than submits, by ``on="fetch"``,
``"list"``, ``"look"`` (both), ``"image"`` or ``"any"``, or on one kind of submit such as ``"imagine"`` or ``"modal"``.
"""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from collections.abc import Mapping


@final
class Fault(StrEnum):
    """What can go wrong; the module's docstring says what each one does."""

    BANNED = "banned"
    QUEUE_FULL = "queue-full"
    QUEUE_REJECTED = "queue-rejected"
    CODE_3 = "code-3"
    CODE_4 = "code-4"
    UNAUTHORIZED = "unauthorized"
    QUOTA = "quota"
    RATE_LIMITED = "429"
    RATE_LIMITED_BARE = "429-bare"
    SERVER_ERROR = "500"
    INVALID_REQUEST = "500-invalid-request"
    UNAVAILABLE = "503"
    ACCOUNT_DISABLED = "account-disabled"
    HTML_200 = "html"
    REDIRECT = "redirect"
    UNKNOWN_CODE = "unknown-code"
    RESET_BEFORE = "reset-before"
    RESET_AFTER = "reset-after"
    HANG = "hang"
    SLOW = "slow"
    TIMEOUT_524 = "524"
    HALF_BODY = "half-body"
    NULL_BODY = "null-body"
    EMPTY_BODY = "empty-body"
    INVALID_JSON = "invalid-json"
    NO_RESULT = "no-result"
    WRONG_TYPES = "wrong-types"
    INTEGER_RESULT = "integer-result"
    LIST_RESULT = "list-result"
    COMMA_RESULT = "comma-result"
    QUEUED = "queued"
    BANNED_LATER = "banned-later"
    INVALID_PARAMETER = "invalid-parameter"
    FAILED = "failed"
    STUCK_SUBMITTED = "stuck"
    STUCK_AT_100 = "stuck-at-100"
    PROGRESS_BACK = "progress-back"
    LOST = "lost"
    NO_IMAGE = "no-image"
    FUTURE_BUTTON = "future-button"
    IMAGE_403 = "image-403"
    IMAGE_404 = "image-404"
    IMAGE_HTML = "image-html"
    IMAGE_TRUNCATED = "image-truncated"
    IMAGE_HUGE = "image-huge"
    IMAGE_SLOW = "image-slow"
    IMAGE_MISLABELED = "image-mislabeled"
    IMAGE_REDIRECT_PRIVATE = "image-redirect-private"
    HOOK_DUPLICATE = "hook-duplicate"
    HOOK_STALE = "hook-stale"
    HOOK_MISSING = "hook-missing"
    HOOK_REORDERED = "hook-reordered"
    FETCH_OUTAGE = "fetch-outage"
    LIST_REFUSED = "list-refused"
    LIST_MALFORMED = "list-malformed"
    LIST_MISSING_IDS = "list-missing-ids"
    OUTAGE = "outage"


@final
class Stage(Enum):
    """When a fault strikes."""

    BEFORE = "instead of doing anything"
    AFTER = "after it was done, in the answer"
    SCRIPT = "in what becomes of the task"
    MEDIA = "when its picture is fetched"
    HOOK = "when its hooks are sent"
    LOOK = "when tasks are looked at"
    CONNECTION = "when a connection comes"


def _stages() -> dict[Fault, Stage]:
    names = list(Fault)
    borders = (
        (Fault.BANNED, Stage.BEFORE),
        (Fault.RESET_AFTER, Stage.AFTER),
        (Fault.QUEUED, Stage.SCRIPT),
        (Fault.IMAGE_403, Stage.MEDIA),
        (Fault.HOOK_DUPLICATE, Stage.HOOK),
        (Fault.FETCH_OUTAGE, Stage.LOOK),
        (Fault.OUTAGE, Stage.CONNECTION),
    )
    stages: dict[Fault, Stage] = {}
    for first, stage in borders:
        stages.update(dict.fromkeys(names[names.index(first) :], stage))
    return stages


STAGES: Final[Mapping[Fault, Stage]] = _stages()
