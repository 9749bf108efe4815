/** Streams whose snapshot is kept: the days that are gone are hardly opened again. */
const kept = 32;

export const statements = {
  load: `
    select version::text as version, position::text as position, event_id as "eventId", state
    from sentinel.snapshots where stream = $1 and code = $2`,
  save: `
    insert into sentinel.snapshots as s (stream, code, version, position, event_id, state)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (stream) do update set
      code = $2, version = $3, position = $4, event_id = $5, state = $6, saved_at = clock_timestamp()
    where s.code <> $2 or s.version < $3`,
  forget: `
    delete from sentinel.snapshots where saved_at <
      (select saved_at from sentinel.snapshots order by saved_at desc offset ${kept - 1} limit 1)`,
  // What the last one has replaced is some megabytes, and the next one's place.
  tidy: 'vacuum sentinel.snapshots',
} as const;
