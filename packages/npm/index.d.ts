// SPDX-License-Identifier: Apache-2.0

/** What the server's clock shows. */
export interface ClockState {
  /** In ISO 8601 with microseconds. */
  now: string;
  epochSeconds: number;
  frozen: boolean;
}

/** A Date, milliseconds since 1970, or text as in `weir clock set`: `2030-02-01T12:00:00Z`. */
export type Time = Date | number | string;

/** The clock that streams, iterators and time to live follow. */
export interface Clock {
  now(): Promise<ClockState>;
  /** Stops the clock, after it has moved it to `at`. */
  freeze(at?: Time): Promise<ClockState>;
  /**
   * Moves the clock forward by a time such as `1d2h30m`, or by a whole number of milliseconds.
   * Resolves when all that is due by then has happened.
   */
  advance(by: string | number): Promise<ClockState>;
  /** Moves the clock forward to a time. Resolves when all that is due by then has happened. */
  set(at: Time): Promise<ClockState>;
  /** Lets the clock run on from the time that it shows. */
  resume(): Promise<ClockState>;
}

/** A shard, as `GET /_weir/shards` describes it. */
export interface Shard {
  ShardId: string;
  ParentShardId?: string;
  State: 'OPEN' | 'CLOSED' | 'VACANT';
  FirstHash: string;
  LastHash: string;
  StartingSequenceNumber?: string;
  EndingSequenceNumber?: string;
  CreationDateTime?: number;
  ClosingDateTime?: number;
}

/** The shards of a stream. The actions resolve with the shards that are not closed for longer. */
export interface Shards {
  /** All shards that the stream keeps, in the order of their ids. */
  list(): Promise<Shard[]>;
  /** Closes an open shard, or all of them, and gives each two children. */
  split(id?: string): Promise<Shard[]>;
  /** Closes an open shard, or all of them, and gives each one child. */
  rotate(id?: string): Promise<Shard[]>;
  /** Closes an open shard, or all of them; the child of each opens with the next record. */
  close(id?: string): Promise<Shard[]>;
  /** Splits the widest shards until `count` are open. */
  set(count: number): Promise<Shard[]>;
}

/** A server that runs. Its methods reject with the server's message, or its log if it has ended. */
export interface Weir {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly version: string;
  /** The last 64 KiB of what the server has logged. */
  readonly log: string;
  /**
   * The variables with which AWS SDKs find the server. Those that must not be set are undefined, and
   * Node's `spawn` then leaves them out: `{ env: { ...process.env, ...weir.env } }`.
   */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** The shards of a table's latest stream, or of the stream that an ARN names. */
  shards(tableOrStreamArn: string): Shards;
  /** Restores the state of a fresh start: no tables, no streams, the machine's clock. */
  reset(): Promise<void>;
  /** Ends the server with SIGTERM, or SIGKILL after five seconds. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Flags of `weir serve`, such as `['--log-level', 'trace']`. By default it takes a free port. */
  flags?: readonly string[];
  /** The path of the binary. By default it is WEIR_BINARY, or the one in this package. */
  binary?: string;
  /** The server keeps Node alive while it runs, and its log goes to standard error. */
  foreground?: boolean;
}

/**
 * Starts a server, whose data is in memory unless its flags say otherwise, and resolves when it is
 * ready. It ends when `stop` is called, and when this process ends, however that happens.
 */
export function start(options?: StartOptions): Promise<Weir>;

/** Sets variables such as those of `weir.env` in this process; the result takes that back. */
export function setEnvironment(env: Weir['env']): () => void;
