"""The service around the runs: what is started, who runs, what its machine and its API say, what a monitor reads."""
