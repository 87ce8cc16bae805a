/**
 * The few shared cells through which the main thread and the shard threads talk. A command is published by writing its fields first and its
 * number last; a thread reads the number first. Every cell is accessed with Atomics only.
 */

/** Number of the last command; idle threads wait for it to change. */
export const COMMAND = 0;
/** Ticks to run. */
export const TICKS = 1;
/** 1 when rules may change weights. */
export const LEARNING = 2;
/** 1 asks the threads to end. */
export const QUIT = 3;
/** Number of the shard that failed plus one, 0 for none; its message is in the message block. */
export const FAILED = 4;
/** Threads that have arrived at the barrier, and how often it has opened. */
export const ARRIVED = 5;
export const OPENED = 6;
/** From here on two cells per shard: ticks it has run, as a sign of life; and 1 while it waits at the barrier. */
const PER_SHARD = 7;
export const heartbeatCell = (shard: number): number => PER_SHARD + 2 * shard;
export const waitingCell = (shard: number): number => PER_SHARD + 2 * shard + 1;

/** Bytes for the message of a failed shard. */
export const MESSAGE_BYTES = 4096;

export interface ControlBlock {
  readonly cells: Int32Array;
  readonly message: Uint8Array;
  readonly shards: number;
}

export function createControlBlock(shards: number): ControlBlock {
  const cells = new Int32Array(new SharedArrayBuffer(4 * (PER_SHARD + 2 * shards)));
  return { cells, message: new Uint8Array(new SharedArrayBuffer(MESSAGE_BYTES)), shards };
}

/** Reports a failure of this shard: the message, then the number, then everybody at the barrier is woken. */
export function reportFailure({ cells, message }: ControlBlock, shard: number, error: unknown): void {
  const text = new TextEncoder().encode(error instanceof Error ? error.message : String(error)).subarray(0, MESSAGE_BYTES - 1);
  message.fill(0);
  message.set(text);
  Atomics.compareExchange(cells, FAILED, 0, shard + 1);
  Atomics.add(cells, OPENED, 1);
  Atomics.notify(cells, OPENED);
}

export function failureMessage({ message }: ControlBlock): string {
  const end = message.indexOf(0);
  return new TextDecoder().decode(message.slice(0, end === -1 ? undefined : end));
}
