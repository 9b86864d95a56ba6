"""Declarations: the words the stages pass to one another. Imports nothing of ours but itself."""
