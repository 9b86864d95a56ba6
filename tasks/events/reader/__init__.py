"""The built-in reader: a document with its annotations in, pointed events out (``schemas/llm.py: PointedEvent``).

``look`` is the first look, ``read_events`` the rest; the model lies in ``seeds/models/reader``, thresholds with it.
Weights are made by ``benchmarks/train_reader.py``, and ``heads.py`` repeats its network: change both.
"""
