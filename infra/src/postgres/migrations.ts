/** One step of the schema, never changed once released. */
export type Migration = { readonly number: number; readonly name: string; readonly sql: string };

const events = `
  create table sentinel.events (
    position bigint primary key check (position > 0),
    stream text collate "C" not null,
    version bigint not null check (version >= 0),
    id uuid not null constraint events_id unique,
    type text collate "C" not null,
    schema_version integer not null,
    -- json and not jsonb: the bytes stay as they were written, and come back twice as fast.
    data json not null,
    metadata json not null,
    -- Microseconds since 1970, UTC.
    recorded_at_us bigint not null,
    constraint events_stream_version unique (stream, version)
  )
  -- A decision is some kilobytes: kept in its page, it costs no compression and no second table.
  with (toast_tuple_target = 8160);

  create function sentinel.refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception 'the log is append-only: % of sentinel.events is refused', tg_op;
    end
  $$;
  create trigger append_only before update or delete or truncate on sentinel.events
    for each statement execute function sentinel.refuse_change();

  create table sentinel.writer (
    single boolean primary key default true check (single),
    -- Counts the sessions that have written; an append is taken only from the last.
    epoch bigint not null,
    -- The opening of a store that holds the epoch: it may come back after an outage, nobody else may.
    owner uuid
  );
  insert into sentinel.writer (epoch) values (0);
`;

const workflows = `
  create table sentinel.workflows (
    name text collate "C" primary key,
    -- Counts the owners; a renewal or a checkpoint is taken only from the last.
    epoch bigint not null,
    -- The run that holds the lease; null once it was given back.
    owner text collate "C",
    expires_at timestamptz not null,
    -- The checkpoint; null until the first is saved.
    position numeric,
    keys text[]
  );
`;

const packed = `
  -- Whatever is longer than a quarter of a page is compressed and stays in its row: an assessment
  -- takes a third of its text. What is written already stays as it is, and reads the same.
  alter table sentinel.events
    alter column data set storage main,
    alter column metadata set storage main,
    -- Short, and in an index: these must not be moved out to make room for a payload.
    alter column stream set storage plain,
    alter column type set storage plain,
    set (toast_tuple_target = 2040);
`;

const snapshots = `
  -- Folds as they stood behind one event: derived, and made again from the events when they are gone.
  create table sentinel.snapshots (
    stream text collate "C" primary key,
    -- The code that folded: another one reads the events.
    code text collate "C" not null,
    version numeric not null,
    position numeric not null,
    event_id uuid not null,
    state bytea not null,
    saved_at timestamptz not null default clock_timestamp()
  );
  -- It is compressed already.
  alter table sentinel.snapshots alter column state set storage external;
`;

const access = `
  -- Codes, tokens, registrations and sessions of whoever comes in. What they may do stands in the log.
  create table sentinel.access_records (
    kind text collate "C" not null,
    -- A digest: whoever reads the table can show none of them.
    id text collate "C" not null,
    payload jsonb not null,
    ends_at timestamptz,
    consumed_at timestamptz,
    family text collate "C",
    alias text collate "C",
    primary key (kind, id)
  );
  create index access_families on sentinel.access_records (family) where family is not null;
  create index access_aliases on sentinel.access_records (kind, alias) where alias is not null;
  create index access_ends on sentinel.access_records (ends_at) where ends_at is not null;
`;

const derivedFrom = `
  -- The first event of the control stream of the log that views, checkpoints and snapshots are of.
  create table sentinel.derived_from (
    single boolean primary key default true check (single),
    event_id uuid not null
  );
`;

/** Numbered from 1 without a gap. */
export const migrations: readonly Migration[] = [
  { number: 1, name: 'events and their single writer', sql: events },
  { number: 2, name: 'leases and checkpoints of workflows', sql: workflows },
  { number: 3, name: 'long payloads are compressed in their rows', sql: packed },
  { number: 4, name: 'snapshots of folds', sql: snapshots },
  { number: 5, name: 'what logging in and OAuth remember', sql: access },
  { number: 6, name: 'which log is derived from', sql: derivedFrom },
];
