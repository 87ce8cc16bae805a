/** Thread entry: rehearses while the network is being cut, attaches to the memory of one shard and runs it on command until told to quit. */
import { parentPort } from 'node:worker_threads';
import { attachShard } from '../core/kernel/shard.ts';
import type { LoopCode } from '../core/kernel/shard-memory.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { Backend } from '../core/program/kernel.ts';
import type { WasmMemory } from '../core/typed-arrays-utils.ts';
import { ShardFailed, ShardStalled } from './barrier.ts';
import type { ControlBlock } from './control-block.ts';
import { COMMAND, heartbeatCell, LEARNING, QUIT, reportFailure, TICKS } from './control-block.ts';
import type { Rehearsal, Rehearsed } from './rehearsal.ts';
import { rehearse } from './rehearsal.ts';
import type { BoxMemory } from './shard-run.ts';
import { openBoxes, runCommand } from './shard-run.ts';

export interface ShardAssignment {
  readonly plan: Plan;
  readonly self: number;
  readonly memory: WasmMemory;
  readonly code: readonly LoopCode[];
  readonly backend: Backend;
  readonly control: ControlBlock;
  /** Of every shard. */
  readonly boxes: readonly BoxMemory[];
  readonly stretch: number;
}

/** What a thread is told, in this order. */
export type ShardMessage = { readonly rehearsal: Rehearsal } | { readonly assignment: ShardAssignment };

/** Until the shard is there (rehearsal.ts says why). */
const rehearsed: Rehearsed[] = [];

parentPort?.on('message', (message: ShardMessage) => {
  if ('assignment' in message) serve(message.assignment);
  else rehearsed.push(rehearse(message.rehearsal));
});

/** Returns when the thread is to quit. */
function serve({ plan, self, memory, code, backend, control, boxes, stretch }: ShardAssignment): void {
  try {
    const shard = attachShard(plan, { memory, code, backend, fillsCounted: true });
    const opened = boxes.map((boxed) => openBoxes(boxed, stretch, boxed.memory));
    rehearsed.length = 0;
    Atomics.add(control.cells, heartbeatCell(self), 1); // ready
    Atomics.notify(control.cells, heartbeatCell(self));
    let last = 0;
    for (;;) {
      Atomics.wait(control.cells, COMMAND, last);
      last = Atomics.load(control.cells, COMMAND);
      if (Atomics.load(control.cells, QUIT) === 1) break;
      shard.learning = Atomics.load(control.cells, LEARNING) === 1;
      runCommand(shard, self, opened, control, Atomics.load(control.cells, TICKS), stretch);
    }
  } catch (error) {
    // who waits in vain only leaves: the main thread waits at the same barrier, and says who is missing
    if (!(error instanceof ShardFailed || error instanceof ShardStalled)) reportFailure(control, self, error);
  }
}
