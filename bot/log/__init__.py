"""Logging: standard records, written as text or JSON, without secrets, with the job they are about.

Imports only the standard library. In the order of its work: `setup` installs one handler, `entries` reads a record,
`redaction` takes secrets out of it, `formatters` write it down.
"""

from bot.log.entries import job_context
from bot.log.redaction import Redactor
from bot.log.setup import SafeHandler, configure

__all__ = ["Redactor", "SafeHandler", "configure", "job_context"]
