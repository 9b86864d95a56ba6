"""Words of agencies and datelines, dates, numbers, tolls, headlines, victims, other languages, calendars, secrets.

In: files of ``seeds/``. Out: their words, checked and indexed once a process.
"""
