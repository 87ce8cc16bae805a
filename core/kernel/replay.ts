/**
 * The post side of a rule, done row by row when the source spikes next (plan/replay-post.ts says when that is allowed). Each target keeps the ticks
 * of its last spikes; each row, the tick up to which its synapses have seen them. A pre trace is not decayed tick by tick either: when its row is
 * visited, its values since the last visit are written out one after the other, by the same products, and each spike of a target finds the one it
 * met. So every weight and trace has the bits it would have had at once.
 *
 *   remember   a target fires: its tick goes in front of its list
 *   arrive     a source's spike arrives: replay, deliver, onPre, in one pass over the row
 *   settle     somebody wants to see weights or traces: all rows are brought up to now
 *   sweep      rows that have been silent for long are settled, before a list or a history would be too short for them
 */
import type { PlannedProjection } from '../plan/plan.ts';
import { decayFactor, HISTORY, STRIDE, TOGETHER } from '../plan/replay-post.ts';
import type { Program } from '../program/ir.ts';
import type { Binding, Kernel, Loop, NumericArray } from '../program/kernel.ts';
import { ABREAST } from '../program/unfold-trace.ts';
import type { ArenaField } from '../typed-arrays-utils.ts';
import { failOnNonFiniteWrite } from './not-finite.ts';
import type { ShardProjection } from './projection-shape.ts';
import { arrivalProgram, historyName, SETTLED, settleProgram, spikeName, TICK_BASE, TRACED } from './replay-program.ts';
import type { Shard } from './shard.ts';
import type { ShardMemory } from './shard-memory.ts';
import { identifier } from './shard-population.ts';

/** Spikes that a target remembers; the fewest that suffice for a row decide which loop it gets. */
const REMEMBERED = 8;
const SLOTS = [2, REMEMBERED] as const;
/** Above this, ticks are counted from a later one: single precision holds whole numbers to 2^24. */
const REBASE = 2 ** 23 / ABREAST;

/** Cells of `state`, all ticks: that the spike times count from; of the last sweep; up to which at least every row is settled; newest spikes. */
const BASE = 0;
const SWEPT = 1;
const FLOOR = 2;
const NEWEST = 3;

export interface Replay {
  /** [REMEMBERED * nPost] newest, second newest, … spike of each target, ABREAST times its ticks since the base; -Infinity for none */
  readonly spikes: Float32Array;
  /** [nRows] tick up to which the spikes of all targets have been replayed; tick of which the traces of the row are */
  readonly settledAt: Float64Array;
  readonly tracedAt: Float64Array;
  /** [3 + REMEMBERED] */
  readonly state: Float64Array;
  /** [nRows] what programs read of them, ABREAST times the ticks since the base; written for the rows at hand */
  readonly settled: Float32Array;
  readonly traced: Float32Array;
  /** [TOGETHER] rows at hand that the same loop is for */
  readonly list: Int32Array;
  /** `history`: [TOGETHER * STRIDE] values tick by tick of the rows at hand; `unfold` writes them from the first one */
  readonly traces: readonly { readonly values: NumericArray; readonly history: Float32Array | Float64Array; readonly unfold: Kernel }[];
  /** What a row may have missed, for the one who looks for a fault in it. */
  readonly program: Program;
  /** In the order of SLOTS. */
  readonly arrive: readonly Kernel[];
  readonly settle: readonly Kernel[];
}

export function replayFields(projection: PlannedProjection, field: (name: string) => string): ArenaField[] {
  if (projection.replaysPost !== true) return [];
  const { table, lowered } = projection;
  return [
    { name: field('#spikes'), type: 'f32', length: REMEMBERED * table.nPost },
    { name: field('#settledAt'), type: 'f64', length: table.nRows },
    { name: field('#tracedAt'), type: 'f64', length: table.nRows },
    { name: field('#replay'), type: 'f64', length: NEWEST + REMEMBERED },
    { name: field('#settled'), type: 'f32', length: table.nRows },
    { name: field('#traced'), type: 'f32', length: table.nRows },
    { name: field('#list'), type: 'i32', length: TOGETHER },
    ...lowered.traces
      .filter(({ on }) => on === 'pre')
      .map(({ name, variable }): ArenaField => ({ name: field(`${name}#history`), type: variable.storage, length: TOGETHER * STRIDE })),
  ];
}

export function attachReplay(
  projection: PlannedProjection,
  bindings: Map<string, Binding>,
  rows: Extract<Loop, { kind: 'rows' }>,
  of: (name: string) => NumericArray,
  { isNew, compileUnfold }: ShardMemory,
  compile: (part: string, program: Program, loop: Loop) => Kernel,
): Replay | undefined {
  if (projection.replaysPost !== true) return undefined;
  const { table, lowered } = projection;
  const spikes = of('#spikes') as Float32Array;
  const state = of('#replay') as Float64Array;
  if (isNew) {
    spikes.fill(Number.NEGATIVE_INFINITY);
    state.fill(Number.NEGATIVE_INFINITY, NEWEST);
  }
  const [settled, traced] = ['#settled', '#traced'].map((name) => of(name) as Float32Array);
  for (let slot = 0; slot < REMEMBERED; slot++) {
    bindings.set(spikeName(slot), { kind: 'array', array: spikes.subarray(slot * table.nPost, (slot + 1) * table.nPost) });
  }
  bindings.set(SETTLED, { kind: 'array', array: settled });
  bindings.set(TRACED, { kind: 'array', array: traced });
  bindings.set(TICK_BASE, { kind: 'cell', array: state, cell: BASE });
  const traces = lowered.traces
    .filter(({ on }) => on === 'pre')
    .map(({ name, decay }) => {
      const history = of(`${name}#history`) as Float32Array | Float64Array;
      bindings.set(historyName(name), { kind: 'lookup', array: history });
      const factor = decayFactor(decay) ?? Number.NaN;
      const unfold = compileUnfold({
        name: identifier(`${projection.name}_${name}_unfold`),
        history,
        rows: TOGETHER,
        stride: STRIDE,
        factor,
      });
      return { values: of(name), history, unfold };
    });
  const settle = SLOTS.map((slots) => settleProgram(lowered, slots));
  return {
    spikes,
    settledAt: of('#settledAt') as Float64Array,
    tracedAt: of('#tracedAt') as Float64Array,
    state,
    settled,
    traced,
    list: of('#list') as Int32Array,
    traces,
    program: settle[SLOTS.length - 1],
    settle: settle.map((program, n) => compile(`settle${SLOTS[n]}`, program, rows)),
    // the draws of the pass are those of onPre
    arrive: settle.map((program) => compile('onPre', arrivalProgram(lowered, program), rows)),
  };
}

/** Settles what has been silent for long. Runs in every tick, before its post spikes. */
export function sweepSilentRows(replay: Replay, tick: number): void {
  const { state } = replay;
  if (tick - state[SWEPT] < HISTORY / 2) return;
  sweep(replay, tick - 1, tick - HISTORY / 2);
  state[SWEPT] = tick;
}

/** The next tick is to do so. */
export function sweepNext({ state }: Replay): void {
  state[SWEPT] = Number.NEGATIVE_INFINITY;
}

/** Targets fired: the tick goes in front of their spikes. What falls off the end must have been seen by all rows. */
export function rememberSpikes({ post }: ShardProjection, replay: Replay, tick: number): void {
  const { spikes, state } = replay;
  const { fired, firedCount, size } = post;
  if (tick - state[BASE] > REBASE) rebase(replay, tick - HISTORY);
  const now = ABREAST * (tick - state[BASE]);
  const last = (REMEMBERED - 1) * size;
  let forgotten = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < firedCount[0]; c++) forgotten = Math.max(forgotten, spikes[last + fired[c]]);
  forgotten = forgotten / ABREAST + state[BASE];
  if (forgotten > state[FLOOR]) sweep(replay, tick - 1, (forgotten + tick) / 2);
  for (let c = 0; c < firedCount[0]; c++) {
    const j = fired[c];
    for (let slot = last; slot > 0; slot -= size) spikes[slot + j] = spikes[slot - size + j];
    spikes[j] = now;
    for (let slot = 0, at = j; slot < REMEMBERED; slot++, at += size) {
      const spike = spikes[at] / ABREAST + state[BASE];
      if (spike > state[NEWEST + slot]) state[NEWEST + slot] = spike;
    }
  }
}

/** Rows on which a spike arrives: what they have missed, the delivery and, while learning, `onPre`. */
export function arriveReplayed(
  shard: Shard,
  projection: ShardProjection,
  replay: Replay,
  tick: number,
  rows: Int32Array,
  count: number,
): void {
  const { settledAt, list } = replay;
  const loops = shard.learning ? replay.arrive : replay.settle;
  for (let first = 0; first < count; first += TOGETHER) {
    const end = Math.min(first + TOGETHER, count);
    unfoldTraces(replay, rows, first, end, tick);
    // in the order of the rows, so that sums come out the same: as many at a time as one loop is for
    for (let c = first; c < end; ) {
      const slots = slotsFor(replay, settledAt[rows[c]]);
      let n = 0;
      do {
        const row = rows[c++];
        list[n++] = row;
        settledAt[row] = tick - 1;
      } while (c < end && slotsFor(replay, settledAt[rows[c]]) === slots);
      if (shard.learning || slots >= 0) runRows(shard, projection, replay, loops[Math.max(slots, 0)], n, tick);
    }
  }
  if (!shard.learning) projection.deliver.run(rows, count, tick);
}

function runRows(shard: Shard, projection: ShardProjection, { list, program }: Replay, loop: Kernel, count: number, tick: number): void {
  loop.run(list, count, tick);
  if (projection.counters[projection.notFiniteCell] > 0) failOnNonFiniteWrite(shard, projection, 'onPost', list, count, program);
}

/** Brings all rows up to the tick that has just been run. */
export function settleProjection(shard: Shard, projection: ShardProjection): void {
  const { replay } = projection;
  if (replay === undefined) return;
  sweep(replay, shard.tick, Number.POSITIVE_INFINITY);
  failOnNonFiniteWrite(shard, projection, 'onPost', replay.list, 0);
}

/** Back to rest: nothing is remembered, and the traces are of this tick. */
export function forgetReplay(replay: Replay, tick: number): void {
  replay.spikes.fill(Number.NEGATIVE_INFINITY);
  replay.state.fill(Number.NEGATIVE_INFINITY, NEWEST);
  replay.settledAt.fill(tick);
  replay.tracedAt.fill(tick);
  replay.state[FLOOR] = tick;
}

/** Settles the rows whose synapses have seen no spike since `before`, through the end of tick `through`. */
function sweep(replay: Replay, through: number, before: number): void {
  const { settledAt, state, list } = replay;
  let floor = through;
  for (let row = 0; row < settledAt.length; row++) {
    if (settledAt[row] < before && settledAt[row] < through) {
      const slots = slotsFor(replay, settledAt[row]);
      list[0] = row;
      unfoldTraces(replay, list, 0, 1, through);
      if (slots >= 0) replay.settle[slots].run(list, 1, through);
      settledAt[row] = through;
    }
    if (settledAt[row] < floor) floor = settledAt[row];
  }
  state[FLOOR] = floor;
}

/** Which of SLOTS reaches back to all spikes after a tick; -1 if there has been none. */
function slotsFor({ state }: Replay, settled: number): number {
  if (state[NEWEST] <= settled) return -1;
  let n = 0;
  while (n < SLOTS.length - 1 && state[NEWEST + SLOTS[n]] > settled) n++;
  return n;
}

/** Where the values of the nth of the rows at hand begin. */
const placeOf = (nth: number): number => (nth % ABREAST) + (nth - (nth % ABREAST)) * STRIDE;

/** Writes out the traces of up to TOGETHER rows from the tick they are of to `tick`, and leaves them there; makes both times of the rows readable. */
function unfoldTraces(replay: Replay, rows: Int32Array, from: number, end: number, tick: number): void {
  const { traces, settledAt, tracedAt, settled, traced, state } = replay;
  let longest = 0;
  for (let c = from; c < end; c++) {
    const row = rows[c];
    const since = tracedAt[row];
    settled[row] = ABREAST * (settledAt[row] - state[BASE]);
    // subtracted from a spike it leads to the value at that tick
    traced[row] = ABREAST * (since - state[BASE]) - placeOf(c - from);
    longest = Math.max(longest, tick - since);
  }
  for (const { values, history, unfold } of traces) {
    for (let nth = 0; nth < TOGETHER; nth++) history[placeOf(nth)] = from + nth < end ? values[rows[from + nth]] : 0;
    unfold.run(0, longest, tick);
    for (let c = from; c < end; c++) values[rows[c]] = history[placeOf(c - from) + ABREAST * (tick - tracedAt[rows[c]])];
  }
  for (let c = from; c < end; c++) tracedAt[rows[c]] = tick;
}

/** Counts ticks from a later one. */
function rebase({ spikes, state }: Replay, base: number): void {
  const later = ABREAST * (base - state[BASE]);
  for (let n = 0; n < spikes.length; n++) spikes[n] -= later;
  state[BASE] = base;
}
