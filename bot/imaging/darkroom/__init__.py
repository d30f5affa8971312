"""The darkroom: a process of its own in which pictures of strangers are decoded, with limits, and killed at need.

A picture that takes too much memory or time, or brings a decoder down, takes that process with it and nothing else
(reliability C7). The bot's side is `process`, the other one `__main__`; `messages` is what they say to each other.
"""
