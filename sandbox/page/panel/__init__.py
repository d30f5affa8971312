"""The panel "Behind the scenes": jobs with their charges, faults, and the bot's process. Knows no HTTP."""

from .panel import Panel

__all__ = ["Panel"]
