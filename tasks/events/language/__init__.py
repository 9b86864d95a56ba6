"""Language: sentences, words, parses and lists of words, for all rooms above.

In: a text. Out: its sentences, tokens and parse. One language model a process; the same text, the same answer.
"""
