/**
 * The shards of one simulation and the threads that run them. With one shard there is no thread and no barrier. With several, the main thread
 * runs shard 0 and each other shard has a thread of its own; or, with `threads: 1`, the main thread runs one after the other. The bits are the same.
 */
import { Worker } from 'node:worker_threads';
import { EXIT, UserError } from '../core/errors.ts';
import type { Outbox } from '../core/kernel/outbox.ts';
import { boxedShards, collect } from '../core/kernel/outbox.ts';
import type { Recorder } from '../core/kernel/recorder.ts';
import { runStretch, runTicks } from '../core/kernel/run-ticks.ts';
import type { Shard } from '../core/kernel/shard.ts';
import { attachShard } from '../core/kernel/shard.ts';
import type { SpikesOf } from '../core/plan/partition.ts';
import { partitionPlan, shardPlan, smallestDelay } from '../core/plan/partition.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { Backend } from '../core/program/kernel.ts';
import { awaitFirstSigns, ShardFailed, ShardStalled } from './barrier.ts';
import { COMMAND, createControlBlock, FAILED, failureMessage, LEARNING, QUIT, reportFailure, TICKS } from './control-block.ts';
import { planRehearsal, rehearse } from './rehearsal.ts';
import type { Boxes, BoxMemory } from './shard-run.ts';
import { createBoxMemory, openBoxes, runCommand } from './shard-run.ts';
import type { ShardAssignment, ShardMessage } from './shard-worker.ts';

export interface ShardGroup {
  readonly shards: readonly Shard[];
  /** @param recorder writes down what happens */
  run(ticks: number, learning: boolean, recorder?: Recorder): void;
  dispose(): void;
}

/** @param spikesOf what has been counted before, if anything: shards are cut by it */
export function createShardGroup(plan: Plan, shards: number, threads: number, backend: Backend, spikesOf?: SpikesOf): ShardGroup {
  if (shards === 1) return oneShard(plan, backend);
  return threads === 1 ? inTurn(cutInShards(plan, shards, backend, spikesOf)) : onThreads(plan, shards, backend, spikesOf);
}

/** A plan in shards, with their outboxes. */
interface Cut {
  readonly shards: readonly Shard[];
  readonly boxes: Boxes;
  /** Ticks from one meeting to the next. */
  readonly stretch: number;
}

/**
 * @param handOver called for every shard but the first, the last one first: its thread can go on with it while the others are being cut. It fills in
 *   the synapses that are counted; everything else is there.
 */
function cutInShards(
  plan: Plan,
  nShards: number,
  backend: Backend,
  spikesOf: SpikesOf | undefined,
  handOver?: (shard: Shard, self: number, boxes: readonly BoxMemory[], stretch: number) => void,
): Cut {
  const partition = partitionPlan(plan, nShards, spikesOf);
  const stretch = smallestDelay(plan);
  const memories = boxedShards(plan, partition).map((boxed) => ({ ...boxed, memory: createBoxMemory(boxed, stretch) }));
  const shards: Shard[] = new Array(nShards);
  for (let q = nShards - 1; q >= 0; q--) {
    const goesOn = q > 0 && handOver !== undefined;
    shards[q] = attachShard(shardPlan(plan, partition, q), { backend, warmsUp: handOver !== undefined, fillsCounted: !goesOn });
    if (goesOn) handOver(shards[q], q, memories, stretch);
  }
  return { shards, boxes: memories.map((boxed) => openBoxes(boxed, stretch, boxed.memory)), stretch };
}

function oneShard(plan: Plan, backend: Backend): ShardGroup {
  const shard = attachShard(plan, { backend });
  return {
    shards: [shard],
    run: (ticks, learning, recorder) => {
      shard.learning = learning;
      runTicks(shard, ticks, recorder?.afterTick);
    },
    dispose: () => {},
  };
}

function inTurn({ shards, boxes, stretch }: Cut): ShardGroup {
  return {
    shards,
    run: (ticks, learning, recorder) => {
      for (let done = 0, length = 0; done < ticks; done += length) {
        length = Math.min(stretch, ticks - done, recorder?.ticksToSample() ?? stretch);
        const firstTick = shards[0].tick + 1;
        shards.forEach((shard, q) => {
          shard.learning = learning;
          runStretch(shard, length, boxes[q][0], () => {});
        });
        const all: Outbox[] = boxes.map(([box]) => box);
        for (const shard of shards) collect(shard, all, firstTick, length);
        recorder?.afterStretch(all, firstTick, length);
        recorder?.takeSamples();
      }
    },
    dispose: () => {},
  };
}

function onThreads(plan: Plan, nShards: number, backend: Backend, spikesOf: SpikesOf | undefined): ShardGroup {
  const control = createControlBlock(nShards);
  const { cells } = control;
  let disposed = false;
  /** What ended the threads before their time. */
  let ended: string | undefined;
  const reportOnce = (shard: number, error: Error): void => {
    if (!disposed && Atomics.load(cells, FAILED) === 0) reportFailure(control, shard, error);
  };
  const workers = Array.from({ length: nShards - 1 }, (_, n) => {
    // The build lays every file flat beside the entry points, so this is right from a bundle and from a chunk.
    const worker = new Worker(new URL('./shard-worker.js', import.meta.url));
    worker.unref();
    // seen only between two runs, when the main thread is not busy; during a run the barrier finds out
    worker.on('error', (error) => reportOnce(n + 1, error));
    worker.on('exit', (code) => reportOnce(n + 1, new Error(`its thread has ended with code ${code}`)));
    return worker;
  });
  const dispose = (): void => {
    disposed = true;
    Atomics.store(cells, QUIT, 1);
    Atomics.add(cells, COMMAND, 1);
    Atomics.notify(cells, COMMAND);
    for (const worker of workers) void worker.terminate();
  };

  /** Each thread begins with what it can do at once: the others rehearse while this one begins to cut the plan. */
  function start(): Cut {
    const rehearsal = planRehearsal(plan);
    for (const worker of workers) worker.postMessage({ rehearsal } satisfies ShardMessage);
    const rehearsed = [rehearse(rehearsal)];
    const cut = cutInShards(plan, nShards, backend, spikesOf, ({ plan: part, memory, code }, self, boxes, stretch) => {
      const assignment: ShardAssignment = { plan: part, self, memory, code, backend, control, boxes, stretch };
      workers[self - 1].postMessage({ assignment } satisfies ShardMessage);
    });
    rehearsed.length = 0;
    awaitFirstSigns(control);
    return cut;
  }

  let cut: Cut;
  try {
    cut = start();
  } catch (error) {
    dispose();
    throw error;
  }
  const { shards, boxes, stretch } = cut;

  function command(ticks: number, learning: boolean, recorder: Recorder | undefined): void {
    if (disposed) {
      const message = `this simulation has ended${ended === undefined ? '' : ` (${ended})`}, and runs no further`;
      throw new UserError({ code: 'E-SHARD-ENDED', message, hint: 'start a new Simulation with the same plan' }, EXIT.runFailed);
    }
    Atomics.store(cells, TICKS, ticks);
    Atomics.store(cells, LEARNING, learning ? 1 : 0);
    Atomics.add(cells, COMMAND, 1);
    Atomics.notify(cells, COMMAND);
    try {
      runCommand(shards[0], 0, boxes, control, ticks, stretch, recorder?.afterStretch);
    } catch (error) {
      if (!(error instanceof ShardFailed)) reportFailure(control, 0, error);
      dispose();
      const reason = failure(error);
      ended = reason instanceof Error ? reason.message : String(reason);
      throw reason;
    }
  }

  /** The error that ends the run, naming the shard. */
  function failure(error: unknown): unknown {
    if (error instanceof ShardStalled) return new UserError({ code: 'E-SHARD-STALLED', message: error.message }, EXIT.runFailed);
    if (!(error instanceof ShardFailed)) return error;
    const shard = Atomics.load(cells, FAILED) - 1;
    return new UserError({ code: 'E-SHARD-FAILED', message: `shard ${shard} failed: ${failureMessage(control)}` }, EXIT.runFailed);
  }

  return {
    shards,
    run: (ticks, learning, recorder) => {
      for (const shard of shards) shard.learning = learning;
      for (let done = 0, length = 0; done < ticks; done += length) {
        length = Math.min(ticks - done, recorder?.ticksToSample() ?? ticks);
        command(length, learning, recorder);
        recorder?.takeSamples();
      }
    },
    dispose,
  };
}
