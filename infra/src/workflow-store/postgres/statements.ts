const later = (ttl: string) => `clock_timestamp() + ${ttl}::double precision * interval '1 ms'`;

/** Only the newest epoch holds, and only until it is given back. */
const held = 'name = $1 and epoch = $2 and owner is not null';

/**
 * Each is one statement, and so one round trip and one transaction. A second one on the same row
 * waits for the first and then judges what that left, by the time that it is then.
 */
export const statements = {
  acquire: `
    insert into sentinel.workflows as w (name, owner, epoch, expires_at)
    values ($1, $2, 1, ${later('$3')})
    on conflict (name) do update set
      epoch = case when w.owner = $2 then w.epoch else w.epoch + 1 end,
      owner = $2,
      expires_at = ${later('$3')}
    where w.owner is null or w.owner = $2 or w.expires_at <= clock_timestamp()
    returning epoch::text as epoch`,
  renew: `update sentinel.workflows set expires_at = ${later('$3')} where ${held}`,
  release: `update sentinel.workflows set owner = null where ${held}`,
  checkpoint: `
    select position::text as position, keys from sentinel.workflows
    where name = $1 and position is not null`,
  saveCheckpoint: `
    update sentinel.workflows set
      keys = case when position > $3 then keys else $4::text[] end,
      position = greatest(position, $3::numeric)
    where ${held}`,
} as const;
