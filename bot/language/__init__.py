"""The languages that Easel speaks, and the one way to make a sentence in the language of whoever reads it.

Sentences stand in the code in English. `say("…")` returns one in the language that is spoken at the moment; the
translations are gettext catalogues beside this package (`bot/language/catalogues`). Which language is spoken is kept
with the running task, like the locale of a process, so that a pure function that words something stays a pure function
of what it is given: whoever begins to serve somebody calls `speak`, and `speaking` speaks another one for a while.

A sentence that has to stand in a constant is marked with `mark("…")` there, and said with `say` where it is used.

Imports nothing of Easel.
"""

from bot.language.catalogues import load
from bot.language.languages import Language, language_of
from bot.language.saying import Phrase, mark, say, say_list, say_many, speak, speaking, spoken

__all__ = [
    "Language",
    "Phrase",
    "language_of",
    "load",
    "mark",
    "say",
    "say_list",
    "say_many",
    "speak",
    "speaking",
    "spoken",
]
