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
import type { ArenaField } from '../typed-arrays-utils.ts';
import { failOnNonFiniteWrite } from './not-finite.ts';
import type { ShardProjection } from './projection-shape.ts';
import { arrivalProgram, historyName, SETTLED, settleProgram, spikeName, TICK_BASE, TRACED } from './replay-program.ts';
import type { Shard } from './shard.ts';

/** Spikes that a target remembers; the fewest that suffice for a row decide which loop it gets. */
const REMEMBERED = 8;
const SLOTS = [2, REMEMBERED] as const;
/** Above this, ticks are counted from a later one: single precision holds whole numbers to 2^24. */
const REBASE = 2 ** 23;

/** Cells of `state`, all ticks: that the spike times count from; of the last sweep; up to which at least every row is settled; newest spikes. */
const BASE = 0;
const SWEPT = 1;
const FLOOR = 2;
const NEWEST = 3;

export interface Replay {
  /** [REMEMBERED * nPost] ticks since the base of the newest, second newest, … spike of each target; -Infinity for none; written at post spikes */
  readonly spikes: Float32Array;
  /** [nRows] tick up to which the spikes of all targets have been replayed; tick of which the traces of the row are */
  readonly settledAt: Float64Array;
  readonly tracedAt: Float64Array;
  /** [3 + REMEMBERED] */
  readonly state: Float64Array;
  /** [2] `settled` and `traced` of the row at hand, since the base */
  readonly cells: Float32Array;
  /** [1] the row at hand */
  readonly row: Int32Array;
  /** [TOGETHER] ticks that the histories of the rows at hand begin with */
  readonly tracedFrom: Float64Array;
  /** `history`: [TOGETHER * STRIDE] */
  readonly traces: readonly { readonly values: NumericArray; readonly factor: number; readonly history: Float32Array | Float64Array }[];
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
    { name: field('#cells'), type: 'f32', length: 2 },
    { name: field('#row1'), type: 'i32', length: 1 },
    ...lowered.traces
      .filter(({ on }) => on === 'pre')
      .map(({ name, variable }): ArenaField => ({ name: field(`${name}#history`), type: variable.storage, length: TOGETHER * STRIDE })),
  ];
}

export function attachReplay(
  projection: PlannedProjection,
  bindings: Map<string, Binding>,
  rows: Loop,
  of: (name: string) => NumericArray,
  isNew: boolean,
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
  const cells = of('#cells') as Float32Array;
  for (let slot = 0; slot < REMEMBERED; slot++) {
    bindings.set(spikeName(slot), { kind: 'array', array: spikes.subarray(slot * table.nPost, (slot + 1) * table.nPost) });
  }
  bindings.set(SETTLED, { kind: 'cell', array: cells, cell: 0 });
  bindings.set(TRACED, { kind: 'cell', array: cells, cell: 1 });
  bindings.set(TICK_BASE, { kind: 'cell', array: state, cell: BASE });
  const traces = lowered.traces
    .filter(({ on }) => on === 'pre')
    .map(({ name, decay }) => {
      const history = of(`${name}#history`) as Float32Array | Float64Array;
      bindings.set(historyName(name), { kind: 'lookup', array: history });
      return { values: of(name), factor: decayFactor(decay) ?? Number.NaN, history };
    });
  const settle = SLOTS.map((slots) => settleProgram(lowered, slots));
  return {
    spikes,
    settledAt: of('#settledAt') as Float64Array,
    tracedAt: of('#tracedAt') as Float64Array,
    state,
    cells,
    row: of('#row1') as Int32Array,
    tracedFrom: new Float64Array(TOGETHER),
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

/** Targets fired: the tick goes in front of their spikes. What falls off the end must have been seen by all rows. */
export function rememberSpikes({ post }: ShardProjection, replay: Replay, tick: number): void {
  const { spikes, state } = replay;
  const { fired, firedCount, size } = post;
  if (tick - state[BASE] > REBASE) rebase(replay, tick - HISTORY);
  const now = tick - state[BASE];
  const last = (REMEMBERED - 1) * size;
  let forgotten = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < firedCount[0]; c++) forgotten = Math.max(forgotten, spikes[last + fired[c]] + state[BASE]);
  if (forgotten > state[FLOOR]) sweep(replay, tick - 1, (forgotten + tick) / 2);
  for (let c = 0; c < firedCount[0]; c++) {
    const j = fired[c];
    for (let slot = last; slot > 0; slot -= size) spikes[slot + j] = spikes[slot - size + j];
    spikes[j] = now;
    for (let slot = 0, at = j; slot < REMEMBERED; slot++, at += size) {
      const spike = spikes[at] + state[BASE];
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
  const { settledAt } = replay;
  const { counters, notFiniteCell } = projection;
  for (let c = 0; c < count; c++) {
    const row = rows[c];
    const slots = slotsFor(replay, settledAt[row]);
    const nth = c % TOGETHER;
    if (nth === 0) unfoldTraces(replay, rows, c, Math.min(TOGETHER, count - c), tick);
    if (shard.learning) runRow(replay, row, nth, replay.arrive[Math.max(slots, 0)], tick);
    else if (slots >= 0) runRow(replay, row, nth, replay.settle[slots], tick);
    if (counters[notFiniteCell] > 0) failOnNonFiniteWrite(shard, projection, 'onPost', replay.row, 1, replay.program);
    settledAt[row] = tick - 1;
  }
  if (!shard.learning) projection.deliver.run(rows, count, tick);
}

/** Brings all rows up to the tick that has just been run. */
export function settleProjection(shard: Shard, projection: ShardProjection): void {
  const { replay } = projection;
  if (replay === undefined) return;
  sweep(replay, shard.tick, Number.POSITIVE_INFINITY);
  failOnNonFiniteWrite(shard, projection, 'onPost', replay.row, 0);
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
  const { settledAt, state, row: list } = replay;
  let floor = through;
  for (let row = 0; row < settledAt.length; row++) {
    if (settledAt[row] < before && settledAt[row] < through) {
      const slots = slotsFor(replay, settledAt[row]);
      list[0] = row;
      unfoldTraces(replay, list, 0, 1, through);
      if (slots >= 0) runRow(replay, row, 0, replay.settle[slots], through);
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

/** @param nth place of the row among those whose traces were written out together */
function runRow({ row, cells, settledAt, tracedFrom, state }: Replay, at: number, nth: number, kernel: Kernel, tick: number): void {
  row[0] = at;
  cells[0] = settledAt[at] - state[BASE];
  // the program subtracts this from the tick of a spike, which leads it into the history of this row
  cells[1] = tracedFrom[nth] - state[BASE] - nth * STRIDE;
  kernel.run(row, 1, tick);
}

/** Writes out the traces of up to TOGETHER rows from the tick they are of to `tick`, and leaves them there. */
function unfoldTraces({ traces, tracedAt, tracedFrom }: Replay, rows: Int32Array, from: number, count: number, tick: number): void {
  let longest = 0;
  for (let nth = 0; nth < count; nth++) {
    tracedFrom[nth] = tracedAt[rows[from + nth]];
    longest = Math.max(longest, tick - tracedFrom[nth]);
    tracedAt[rows[from + nth]] = tick;
  }
  for (const { values, factor, history } of traces) {
    for (let nth = 0; nth < count; nth++) history[nth * STRIDE] = values[rows[from + nth]];
    const single = Math.fround(factor);
    if (history instanceof Float64Array) unfoldDouble(history, factor, longest, count);
    else if (count > 1) unfoldSingles(history, single, longest);
    else unfoldSingle(history, single, longest);
    for (let nth = 0; nth < count; nth++) values[rows[from + nth]] = history[nth * STRIDE + tick - tracedFrom[nth]];
  }
}

function unfoldSingle(history: Float32Array, factor: number, ticks: number): void {
  let value = history[0];
  for (let n = 1; n <= ticks; n++) {
    value = Math.fround(value * factor);
    history[n] = value;
  }
}

/** The same for TOGETHER rows. */
function unfoldSingles(history: Float32Array, factor: number, ticks: number): void {
  let [a, b, c, d] = [history[0], history[STRIDE], history[2 * STRIDE], history[3 * STRIDE]];
  for (let n = 1; n <= ticks; n++) {
    a = Math.fround(a * factor);
    b = Math.fround(b * factor);
    c = Math.fround(c * factor);
    d = Math.fround(d * factor);
    history[n] = a;
    history[n + STRIDE] = b;
    history[n + 2 * STRIDE] = c;
    history[n + 3 * STRIDE] = d;
  }
}

function unfoldDouble(history: Float64Array, factor: number, ticks: number, count: number): void {
  for (let first = 0; first < count * STRIDE; first += STRIDE) {
    let value = history[first];
    for (let n = first + 1; n <= first + ticks; n++) {
      value *= factor;
      history[n] = value;
    }
  }
}

/** Counts ticks from a later one. */
function rebase({ spikes, state }: Replay, base: number): void {
  const later = base - state[BASE];
  for (let n = 0; n < spikes.length; n++) spikes[n] -= later;
  state[BASE] = base;
}
