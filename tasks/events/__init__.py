"""An event: what an article says happened, with the characters each value was read from.

In: a document. Out: event mentions. ``mentions.code_text`` does all of it.
Rooms, from the ground up: language, then dates, places, actors and tolls, which find candidates and read values;
``document`` gathers them. Only what stands in the text counts.
"""
