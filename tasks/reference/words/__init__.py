"""Word lists: of dates, numbers, tolls, headlines and victims; of other languages; of calendars; of secrets.

In: files of ``seeds/``. Out: their words, checked and indexed once a process.
"""
