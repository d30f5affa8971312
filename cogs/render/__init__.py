"""How jobs look: pure functions from the model to text and components. Every limit of Discord is kept here.

Imports the model and `bot.prompt`; never discord, never the engine.
"""
