-- What was erased and must not come back, newest first.
SELECT kind, value, reason, suppressed_at FROM suppressions ORDER BY suppressed_at DESC, kind, value;
