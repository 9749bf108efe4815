const settings: Readonly<Record<string, string>> = {
  // An acknowledged event survives a power cut: these three are never traded for speed.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',

  listen_addresses: '127.0.0.1',
  // Sockets would need a short path and a folder that two users share; loopback and a password do not.
  unix_socket_directories: '',
  // A slot costs some kilobytes; several programs of a test run, or two gateways, share one server.
  max_connections: '100',

  shared_buffers: '128MB',
  // No replica will ever read this log: a bulk load into a fresh table need not go through it.
  wal_level: 'minimal',
  max_wal_senders: '0',
  // A day of orders writes some hundreds of megabytes. What is kept of them is disk that nobody reads,
  // and what a crash has the next start replay: both are worth a checkpoint every few thousand orders.
  max_wal_size: '40MB',
  min_wal_size: '24MB',
  // Rows of views are written anew with every page of events: the room of the old ones is used again soon.
  autovacuum_naptime: '15s',
  // They come every few seconds on a busy day, as they are meant to.
  checkpoint_warning: '0',
  // One reader beside one writer: helpers would only take memory, and /dev/shm is small in containers.
  io_method: 'sync',
  max_worker_processes: '4',
  max_parallel_workers_per_gather: '0',
  max_logical_replication_workers: '0',
  jit: 'off',

  TimeZone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
  log_connections: '',
  // A refused append is told to its caller; the statement with its payload does not belong in a log.
  log_min_error_statement: 'panic',
  cluster_name: 'sentinel',
};

/** Given on every start, so that the running code decides and not a file of an earlier version. */
export const serverSettings: readonly string[] = Object.entries(settings).flatMap(
  ([name, value]) => ['-c', `${name}=${value}`],
);
