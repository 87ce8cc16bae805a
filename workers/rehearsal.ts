/**
 * The engine runs JavaScript slowly until it has seen it often, and then optimises it in threads of its own: for each thread of a run anew, and on the
 * cores of the run. So while the threads of a run are being started they rehearse: they go through many ticks of a miniature of the network, with
 * loops that do nothing but report spikes. What is left to optimise in the run itself is little.
 */
import { forgetHeld } from '../core/kernel/hold.ts';
import { sweepNext } from '../core/kernel/replay.ts';
import type { Shard } from '../core/kernel/shard.ts';
import { attachShard } from '../core/kernel/shard.ts';
import { miniature } from '../core/plan/miniature.ts';
import { smallestDelay } from '../core/plan/partition.ts';
import type { Plan } from '../core/plan/plan.ts';
import { buildFunction, emitSteps } from '../core/program/wasm-builder.ts';
import { encodeModule } from '../core/program/wasm-encoder.ts';
import type { WasmModule } from '../core/program/wasm-engine.ts';
import { compileModule } from '../core/program/wasm-engine.ts';
import { look } from './barrier.ts';
import type { ControlBlock } from './control-block.ts';
import { createControlBlock, OPENED } from './control-block.ts';
import type { Boxes } from './shard-run.ts';
import { createBoxMemory, openBoxes, runCommand } from './shard-run.ts';

/** Neurons of each population of a miniature: enough for the spikes of a tick to be those of a network that is worth several threads. */
const NEURONS = 1040;
/** One neuron in so many fires in each tick; a power of two. */
const SHARE = 16;
/** In so many ticks the same neurons fire, a power of two: sources that have been silent for long are to be there, and targets that have not. */
const IN_A_ROW = 32;
/** Ticks between two meetings, if the smallest delay is not shorter. */
const STRETCH = 8;
const TICKS = 3000;
/** Once in so many stretches happens what is rare in a run: the barrier is looked at in vain, silent rows are swept. */
const RARE = 32;

export interface Rehearsal {
  /** A miniature. */
  readonly plan: Plan;
  /** For one shard. */
  readonly control: ControlBlock;
}

/** What it leaves behind. */
export interface Rehearsed {
  readonly shards: readonly Shard[];
  readonly boxes: Boxes;
}

/** Both parts come to a thread the way those of the run do, as objects of the same shape. */
export const planRehearsal = (plan: Plan): Rehearsal => ({ plan: miniature(plan, NEURONS), control: createControlBlock(1) });

/**
 * Two miniatures take turns: what only one object was ever seen to do is optimised for that object alone.
 * @returns what is to be kept until the network itself is there: the engine drops what it optimised for shapes that no object has any more
 */
export function rehearse({ plan, control }: Rehearsal): Rehearsed {
  const idle = reportingSpikes();
  const shards = [attachShard(plan, { idle }), attachShard(plan, { idle })];
  const stretch = Math.min(STRETCH, smallestDelay(plan));
  const boxes = shards.map((shard) => openBoxes(shard, stretch, createBoxMemory(shard, stretch)));
  for (let n = 0; n * stretch < TICKS; n++) {
    const turn = n % shards.length;
    // a list is made in the first tick of a run, where all neurons are free or some are held, and in no other
    if (n < 2 * shards.length) for (const { hold } of shards[turn].populations) if (hold !== undefined) forgetHeld(hold);
    runCommand(shards[turn], 0, [boxes[turn]], control, stretch, stretch);
    holdAll(shards[turn], 2);
    const isRare = n % RARE < shards.length;
    if (isRare) for (const { replay } of shards[turn].plastic) if (replay !== undefined) sweepNext(replay);
    look(control.cells, Atomics.load(control.cells, OPENED) - (isRare ? 0 : 1));
  }
  for (const shard of shards) holdAll(shard, 0);
  return { shards, boxes };
}

/** Neurons that are said to fire are to be listed as held, although nothing resets them. */
function holdAll({ populations }: Shard, ticks: number): void {
  for (const { hold } of populations) hold?.left.fill(ticks);
}

/** A loop over (begin, end) that leaves everything as it is; where it is asked who fires, a sixteenth of all do, and the next one after some ticks. */
function reportingSpikes(): WasmModule {
  const builder = buildFunction('rehearsed', [
    { name: 'begin', type: 'i32' },
    { name: 'end', type: 'i32' },
    { name: 'tick', type: 'f64' },
    { name: 'out', type: 'i32' },
  ]);
  const [end, tick, out] = [1, 2, 3];
  const count = builder.pure('i32.shr_u', [end, builder.i32(Math.log2(SHARE))]);
  builder.when(out, () => {
    const whole = builder.pure('i32.wrap_i64', [builder.pure('i64.trunc_sat_f64_s', [tick])]);
    const turn = builder.pure('i32.and', [builder.pure('i32.shr_u', [whole, builder.i32(Math.log2(IN_A_ROW))]), builder.i32(SHARE - 1)]);
    const shift = builder.pure('i32.sub', [builder.pure('i32.mul', [turn, count]), builder.pure('i32.shr_u', [out, builder.i32(2)])]);
    emitSteps(builder, out, builder.pure('i32.add', [out, builder.pure('i32.shl', [count, builder.i32(2)])]), 4, (at) => {
      builder.effect('i32.store', [at, builder.pure('i32.add', [builder.pure('i32.shr_u', [at, builder.i32(2)]), shift])], 0);
    });
  });
  return compileModule(encodeModule(builder.finish(count)));
}
