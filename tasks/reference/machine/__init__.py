"""The machine: files that survive a power cut, failures, failpoints, characters that would mislead a terminal.

In: bytes, texts, exceptions. Out: the same, safe; or a word for what went wrong. Nothing here reads a seed.
"""
