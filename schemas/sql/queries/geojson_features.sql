-- The events that have coordinates as GeoJSON features (RFC 7946: longitude first), each as text.
SELECT json_object(
    'type', 'Feature',
    'id', p.event_id,
    'geometry', json_object('type', 'Point', 'coordinates', json_array(p.longitude, p.latitude)),
    -- Takes out of the properties what the geometry says.
    'properties', json_merge_patch(to_json(p), '{"latitude": null, "longitude": null}'))::VARCHAR AS feature
FROM event_points p
ORDER BY p.event_id;
