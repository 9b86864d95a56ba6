-- title: Victims of events by side and kind
-- grain: one row per event, toll, side, kind and subgroup that its reports tell apart
-- kept: by event, event_id
-- columns:
--   event_id: The event.
--   toll: killed, injured, detained or displaced.
--   side: Whose they were: initiator, target, or others (neither side); NULL where no report tells.
--   kind: civilian, combatant or unknown.
--   subgroup: women, children, men, medical, press, aid or prisoners; NULL: of them all.
--   low: Lowest count of any independent report.
--   best: The count of the report whose toll the event has; of another, the most conservative, where that one has none.
--   high: Highest count of any independent report.
--   open: Whether a report leaves it open upwards: "at least".
--   adds_up: Whether the parts come to the toll in the report they are of; NULL where one report does not tell.
--   words: The words they were read from, of that report.
--   mention_id: That report's mention.
--   confidence: 0 to 1, of side and kind, by the rule that read them.
-- Rows of a kind (subgroup NULL) add up to the toll of their report, but for those kept although they do not; rows of
-- a subgroup are among the row of their kind. Of persons told to be unknown, those among whom some are told are less.
WITH told AS (
    SELECT
        l.event_id, v.mention_id, v.number, v.toll, v.side, v.kind, v.subgroup, v.within, v.adds_up, v.quote, v.confidence,
        coalesce(v.low, v.best) AS low, coalesce(v.best, v.low) AS best, v.high IS NULL AS open,
        coalesce(v.high, v.best, v.low) AS high, p.kind AS parent_kind, p.side AS parent_side
    FROM event_links l
    JOIN mention_victims v ON v.mention_id = l.mention_id
    LEFT JOIN mention_victims p ON p.mention_id = v.mention_id AND p.number = v.within
    WHERE l.relation = 'reports'
),
-- Parts by kind: those of no other; of those among others only such as are of another kind, taken from the others.
of_kind AS (
    SELECT event_id, mention_id, toll, side, kind, NULL::VARCHAR AS subgroup, low, best, high, open, adds_up, quote, number,
        confidence
    FROM told WHERE within IS NULL
    UNION ALL
    SELECT event_id, mention_id, toll, coalesce(side, parent_side), kind, NULL, low, best, high, open, adds_up, quote, number,
        confidence
    FROM told WHERE within IS NOT NULL AND kind <> parent_kind
    UNION ALL
    SELECT event_id, mention_id, toll, parent_side, parent_kind, NULL, -low, -best, -high, false, adds_up, NULL, number, NULL
    FROM told WHERE within IS NOT NULL AND kind <> parent_kind
    UNION ALL
    SELECT event_id, mention_id, toll, coalesce(side, parent_side), kind, subgroup, low, best, high, open, adds_up, quote,
        number, confidence
    FROM told WHERE subgroup IS NOT NULL
),
by_report AS (
    SELECT
        event_id, mention_id, toll, side, kind, subgroup,
        greatest(sum(low), 0)::INTEGER AS low, greatest(sum(best), 0)::INTEGER AS best,
        greatest(sum(high), 0)::INTEGER AS high, bool_or(open) AS open, bool_and(adds_up) AS adds_up,
        string_agg(quote, '; ' ORDER BY number) AS words, min(confidence) AS confidence
    FROM of_kind
    GROUP BY ALL
    HAVING sum(best) > 0
),
picked AS (
    SELECT event_id, pick.field AS toll, pick.mention_id AS mention_id
    FROM (SELECT event_id, unnest(picks) AS pick FROM events)
    WHERE pick.field IN ('killed', 'injured', 'detained', 'displaced')
),
ranked AS (
    SELECT r.*, row_number() OVER (
        PARTITION BY r.event_id, r.toll, r.side, r.kind, r.subgroup
        ORDER BY coalesce(p.mention_id = r.mention_id, false) DESC, r.best, r.mention_id) AS place
    FROM by_report r
    LEFT JOIN picked p ON p.event_id = r.event_id AND p.toll = r.toll
)
SELECT
    event_id, toll, side, kind, subgroup,
    min(low) AS low,
    max(best) FILTER (place = 1) AS best,
    max(high) AS high,
    bool_or(open) AS open,
    bool_and(adds_up) FILTER (place = 1) AS adds_up,
    max(words) FILTER (place = 1) AS words,
    max(mention_id) FILTER (place = 1) AS mention_id,
    max(confidence) FILTER (place = 1) AS confidence
FROM ranked
GROUP BY event_id, toll, side, kind, subgroup
ORDER BY event_id, toll, side, kind, subgroup
