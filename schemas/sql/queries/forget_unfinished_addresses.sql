-- What runs that were never finished heard of addresses: their links were not all kept.
DELETE FROM addresses WHERE run_id NOT IN (SELECT run_id FROM runs WHERE state = 'done');
