"""From pointers to mentions: an article in, event mentions with their evidence out.

``code.code_text`` is the built-in coder, ``again.read_again`` takes a language model's pointers; both go through
``making.Maker``. Other languages than English: ``quoted.py``. A new field is read in ``readings.py``.
"""
