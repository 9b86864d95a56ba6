-- What a run has done up to now: "open", "load <source> <batch>", "resolve" and the like.
SELECT DISTINCT step FROM run_changes WHERE run_id = $run_id ORDER BY step;
