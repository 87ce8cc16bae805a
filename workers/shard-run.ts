/**
 * What every shard thread does with a command, the main thread among them.
 *
 *   stretch(k)   run up to D ticks (D: the smallest delay), spikes into box[k & 1]
 *   barrier(k)   all boxes of stretch k are complete
 *   collect(k)   every shard puts the spikes of all boxes into its own delay rings
 *
 * stretch(k+1) precedes barrier(k+1), and box[k & 1] is written again in stretch(k+2), after barrier(k+1), when every shard has finished
 * collect(k). A spike of stretch k arrives at the earliest in stretch k+1, because its delay is at least D.
 */
import type { BoxedShard, Outbox } from '../core/kernel/outbox.ts';
import { collect, openOutbox, outboxLength } from '../core/kernel/outbox.ts';
import { runStretch } from '../core/kernel/run-ticks.ts';
import type { Shard } from '../core/kernel/shard.ts';
import { meet } from './barrier.ts';
import type { ControlBlock } from './control-block.ts';
import { heartbeatCell } from './control-block.ts';

/** Two boxes per shard, [shard][parity]. */
export type Boxes = readonly (readonly [Outbox, Outbox])[];

/** The memory of both boxes of a shard, and what decides how it is laid out. */
export interface BoxMemory extends BoxedShard {
  readonly memory: Int32Array;
}

/** Memory of both boxes of a shard. */
export function createBoxMemory(shard: BoxedShard, stretch: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * 2 * outboxLength(shard, stretch)));
}

export function openBoxes(shard: BoxedShard, stretch: number, memory: Int32Array): [Outbox, Outbox] {
  const length = memory.length / 2;
  return [openOutbox(shard, stretch, memory.subarray(0, length)), openOutbox(shard, stretch, memory.subarray(length))];
}

/**
 * Runs shard `self` for a command; returns when all shards have exchanged their last spikes.
 * @param afterStretch sees the boxes of each stretch
 */
export function runCommand(
  shard: Shard,
  self: number,
  boxes: Boxes,
  control: ControlBlock,
  ticks: number,
  stretch: number,
  afterStretch?: (boxes: readonly Outbox[], firstTick: number, ticks: number) => void,
): void {
  const beat = (): void => {
    Atomics.add(control.cells, heartbeatCell(self), 1);
  };
  let parity: 0 | 1 = 0;
  for (let done = 0; done < ticks; done += stretch) {
    const length = Math.min(stretch, ticks - done);
    const firstTick = shard.tick + 1;
    const startedAt = performance.now();
    runStretch(shard, length, boxes[self][parity], beat);
    meet(control, self, performance.now() - startedAt);
    const all = boxes.map((pair) => pair[parity]);
    collect(shard, all, firstTick, length);
    afterStretch?.(all, firstTick, length);
    parity = parity === 0 ? 1 : 0;
  }
  meet(control, self);
}
