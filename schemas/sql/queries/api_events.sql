-- Events as a person reads them for another program: a part of those asked for, in the order of their ids.
FROM events_overview
WHERE ($since::DATE IS NULL OR date_end >= $since::DATE OR (date_end IS NULL AND date_start >= $since::DATE))
    AND ($until::DATE IS NULL OR date_start <= $until::DATE)
    AND ($country::VARCHAR IS NULL OR country = $country)
    AND ($event_type::VARCHAR IS NULL OR event_type = $event_type)
    AND ($disputed::BOOLEAN IS NULL OR disputed = $disputed)
    AND ($killed::INTEGER IS NULL OR killed_best >= $killed)
    AND ($after::VARCHAR IS NULL OR event_id > $after)
ORDER BY event_id
LIMIT $most;
