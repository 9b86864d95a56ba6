-- A fourth role: things that are hit are neither actors nor persons, and no side of an event.

COMMENT ON COLUMN mention_actors.role IS
    'initiator, target, supporter, or object: a thing that was hit.';
