"""The bot as a process of its own: started, watched, killed, its log kept. Imports nothing of the bot."""

from sandbox.process.bot import BotProcess
from sandbox.process.control import BotControl, BotNotUp

__all__ = ["BotControl", "BotNotUp", "BotProcess"]
