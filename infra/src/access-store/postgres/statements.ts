const lives = '(ends_at is null or ends_at > clock_timestamp())';
const found = 'kind, id, payload, consumed_at';
const insert = `
  insert into sentinel.access_records as r (kind, id, payload, ends_at, family, alias)
  values ($1, $2, $3, clock_timestamp() + make_interval(secs => $4), $5, $6)
  on conflict (kind, id)`;
const overwrite = `
  set payload = excluded.payload, ends_at = excluded.ends_at, family = excluded.family,
      alias = excluded.alias`;
const ended = '(r.ends_at is not null and r.ends_at <= clock_timestamp())';

/** By the clock of the database, which all processes share. */
export const statements = {
  put: `${insert} do update ${overwrite},
    consumed_at = case when ${ended} then null else r.consumed_at end`,
  add: `${insert} do update ${overwrite}, consumed_at = null where ${ended}`,
  find: `select ${found} from sentinel.access_records where kind = $1 and id = $2 and ${lives}`,
  findByAlias: `select ${found} from sentinel.access_records where kind = $1 and alias = $2 and ${lives}`,
  consume: `
    update sentinel.access_records set consumed_at = clock_timestamp()
    where kind = $1 and id = $2 and consumed_at is null and ${lives}`,
  remove: 'delete from sentinel.access_records where kind = $1 and id = $2',
  removeFamily: 'delete from sentinel.access_records where family = $1',
  count: `select count(*)::int as count from sentinel.access_records where kind = $1 and ${lives}`,
  sweep: `delete from sentinel.access_records where not ${lives}`,
} as const;
