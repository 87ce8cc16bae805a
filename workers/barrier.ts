/**
 * Where shards meet. The last to arrive opens it; the others look for a tenth of a millisecond and then sleep, because on a busy machine a spinning thread takes
 * the core that the one it waits for needs. A thread that waits in vain finds out which shards have shown no sign of life and gives up.
 */
import type { ControlBlock } from './control-block.ts';
import { ARRIVED, FAILED, heartbeatCell, OPENED, waitingCell } from './control-block.ts';
import { LOOK_PERIOD, listen } from './silence.ts';

/**
 * Milliseconds of looking before sleeping: about what falling asleep and being woken costs in a virtual machine, so that a meeting costs at most
 * twice the better of both; and a tenth of what this shard took for its own part, so that shards that differ by no more do not sleep at all. The
 * clock is read once in so many looks.
 */
const LOOKING = 0.1;
const DIFFERENCE = 0.1;
const LOOKS = 256;
/**
 * How long a shard that runs may show no sign of life, and how long one may take to begin, in milliseconds. The error is to come within a
 * second, and on a machine with seven threads to a core a look takes a fifth longer than asked for.
 */
const PATIENCE = 700;
const START = 30_000;
/** A shard may take so many times as long as this one took for its own part: large networks have long ticks. */
const UNEVENNESS = 20;

export class ShardStalled extends Error {
  readonly shards: readonly number[];

  constructor(shards: readonly number[], seconds: number) {
    super(`shard ${shards.join(', ')} has stopped or hangs: no tick for ${seconds.toFixed(1)} s`);
    this.name = 'ShardStalled';
    this.shards = shards;
  }
}

/** Another shard has reported its failure; the message block says which. */
export class ShardFailed extends Error {}

/** @param own milliseconds that this shard took for what it did since the last meeting */
export function meet(control: ControlBlock, self: number, own = 0): void {
  const { cells, shards } = control;
  const opened = Atomics.load(cells, OPENED);
  checkFailure(control);
  Atomics.store(cells, waitingCell(self), 1);
  if (Atomics.add(cells, ARRIVED, 1) + 1 === shards) {
    Atomics.store(cells, ARRIVED, 0);
    Atomics.store(cells, waitingCell(self), 0);
    Atomics.add(cells, OPENED, 1);
    Atomics.notify(cells, OPENED);
    return;
  }
  look(cells, opened, Math.max(LOOKING, DIFFERENCE * own));
  const patience = Math.max(PATIENCE, UNEVENNESS * own);
  let silences: ReturnType<typeof listen>[] | undefined;
  let before = heartbeats(control);
  while (Atomics.wait(cells, OPENED, opened, LOOK_PERIOD) === 'timed-out') {
    silences ??= Array.from({ length: shards }, () => listen());
    const now = heartbeats(control);
    const silent = silences.map((silence, shard) => silence(now[shard] !== before[shard] || Atomics.load(cells, waitingCell(shard)) !== 0));
    // a thread that has not given its first sign is still starting, which takes long on a busy machine
    const allowed = now.map((ticks) => (ticks > 0 ? patience : START));
    const stalled = [...silent.keys()].filter((shard) => silent[shard] >= allowed[shard]);
    // the last look may have come late, so what is said is what the silence has been for certain
    if (stalled.length > 0 && Atomics.load(cells, OPENED) === opened) throw new ShardStalled(stalled, allowed[stalled[0]] / 1000);
    before = now;
  }
  Atomics.store(cells, waitingCell(self), 0);
  checkFailure(control);
}

/** Looks whether the barrier opens, for so many milliseconds. @param opened how often it had opened before */
export function look(cells: Int32Array, opened: number, time = LOOKING): void {
  const until = performance.now() + time;
  do {
    for (let n = 0; n < LOOKS; n++) if (Atomics.load(cells, OPENED) !== opened) return;
  } while (performance.now() < until);
}

/** Waits until every other shard has attached and compiled, so that a run does not begin by waiting for a thread; failures show at the meeting. */
export function awaitFirstSigns({ cells, shards }: ControlBlock): void {
  for (let shard = 1; shard < shards; shard++) {
    for (let waited = 0; waited < START && Atomics.load(cells, FAILED) === 0; waited += LOOK_PERIOD) {
      if (Atomics.wait(cells, heartbeatCell(shard), 0, LOOK_PERIOD) !== 'timed-out') break;
    }
  }
}

function checkFailure({ cells }: ControlBlock): void {
  if (Atomics.load(cells, FAILED) !== 0) throw new ShardFailed();
}

function heartbeats({ cells, shards }: ControlBlock): number[] {
  return Array.from({ length: shards }, (_, shard) => Atomics.load(cells, heartbeatCell(shard)));
}
