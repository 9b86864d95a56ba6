"""Training of the reader: annotated articles in, the files of a model out. Needs the group ``train`` (torch).

``examples.py`` needs no torch. Nothing that codes an article imports this room.
"""
