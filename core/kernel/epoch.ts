/**
 * Learning in epochs. While an epoch of E ticks runs, spikes are only noted (the tick 1 … E of the last one per row and per target; a spike
 * before the last adds its impulse to the trace as if it came at the start of the epoch). At the end the traces are replayed tick by tick, and
 * the program visits each synapse once, reading every trace at the time it needs (Davies et al., IEEE Micro 38(1):82, 2018).
 */
import type { LoweredEpoch, LoweredTrace } from '../chip-contract.ts';
import { UserError } from '../errors.ts';
import type { PlannedProjection } from '../plan/plan.ts';
import { analyse } from '../program/analyse.ts';
import type { Program } from '../program/ir.ts';
import type { Binding, Kernel, Loop, NumericArray } from '../program/kernel.ts';
import type { ArenaField } from '../typed-arrays-utils.ts';
import type { ShardEpoch, ShardProjection, ShardTrace } from './projection-shape.ts';
import type { Shard } from './shard.ts';
import { ownedRows, TRACE_UPDATES } from './shard-events.ts';

/** Cells of `spikedCounts`. */
const PRE = 0;
const POST = 1;

/** Beyond any tick: gives the draws of an earlier spike in the epoch their own events. */
const EARLIER_SPIKE = 2 ** 40;

const otherSide = { pre: 'Post', post: 'Pre' } as const;
const ownSide = { pre: 'Pre', post: 'Post' } as const;

/** Which copies of a trace an epoch program needs. With one tick per epoch all times are the end. */
function copiesOf({ name, on }: LoweredTrace, { ticks, program }: LoweredEpoch): { atOwn: boolean; history: boolean } {
  const reads = new Set(analyse(program).reads.map((read) => read.name));
  return { atOwn: ticks > 1 && reads.has(`${name}_at${ownSide[on]}`), history: ticks > 1 && reads.has(`${name}_at${otherSide[on]}`) };
}

/** Whose spikes lead to a visit: a side whose time the program does not ask for changes nothing by spiking. */
function sidesVisited({ visits, program }: LoweredEpoch): { pre: boolean; post: boolean } {
  const reads = new Set(analyse(program).reads.map((read) => read.name));
  if (visits === 'all') return { pre: true, post: false };
  return { pre: reads.has('preTime'), post: reads.has('postTime') };
}

export function epochFields(projection: PlannedProjection, field: (name: string) => string): ArenaField[] {
  const { lowered, table } = projection;
  const { epoch } = lowered;
  if (epoch === undefined) return [];
  const { nRows, nPost } = table;
  const fields: ArenaField[] = [
    { name: field('#preTime'), type: 'u8', length: nRows },
    { name: field('#postTime'), type: 'u8', length: nPost },
    { name: field('#preSpiked'), type: 'i32', length: nRows },
    { name: field('#postSpiked'), type: 'i32', length: nPost },
    { name: field('#spikedCounts'), type: 'i32', length: 2 },
    { name: field('#scratch'), type: 'i32', length: Math.max(nRows, nPost) },
  ];
  if (epoch.draws !== undefined) fields.push({ name: field('#draws'), type: 'f64', length: epoch.draws.length });
  if (epoch.onArrival !== undefined) fields.push({ name: field('#counted'), type: 'u8', length: nRows });
  for (const trace of lowered.traces) {
    const n = trace.on === 'pre' ? nRows : nPost;
    const { atOwn, history } = copiesOf(trace, epoch);
    if (atOwn) fields.push({ name: field(`${trace.name}#own`), type: trace.variable.storage, length: n });
    if (history) fields.push({ name: field(`${trace.name}#history`), type: trace.variable.storage, length: n * (epoch.ticks + 1) });
  }
  return fields;
}

export function attachEpoch(
  projection: PlannedProjection,
  traces: readonly ShardTrace[],
  bindings: Map<string, Binding>,
  loops: { readonly rows: Loop; readonly columns?: Loop & { readonly kind: 'columns' } },
  of: (name: string) => NumericArray,
  compile: (part: string, program: Program, loop: Loop) => Kernel,
  compileArrival: (program: Program) => Kernel,
): ShardEpoch | undefined {
  const { lowered } = projection;
  const { epoch } = lowered;
  if (epoch === undefined) return undefined;
  const preTime = of('#preTime') as Uint8Array;
  const postTime = of('#postTime') as Uint8Array;
  bindings.set('preTime', { kind: 'array', array: preTime });
  bindings.set('postTime', { kind: 'array', array: postTime });
  const counts = epoch.onArrival?.statements.some(({ name }) => name === 'counted') === true;
  if (counts) bindings.set('counted', { kind: 'array', array: of('#counted') });
  const stride = epoch.ticks + 1;
  const sides = sidesVisited(epoch);
  const replays = lowered.traces.map((trace, n) => {
    const copies = copiesOf(trace, epoch);
    const atOwn = copies.atOwn ? of(`${trace.name}#own`) : undefined;
    const history = copies.history ? of(`${trace.name}#history`) : undefined;
    const atEnd: Binding = { kind: 'array', array: traces[n].values };
    bindings.set(`${trace.name}_atEnd`, atEnd);
    bindings.set(`${trace.name}_at${ownSide[trace.on]}`, atOwn === undefined ? atEnd : { kind: 'array', array: atOwn });
    bindings.set(
      `${trace.name}_at${otherSide[trace.on]}`,
      history === undefined ? atEnd : { kind: 'history', array: history, stride, times: trace.on === 'pre' ? postTime : preTime },
    );
    return { trace: traces[n], ...(atOwn === undefined ? {} : { atOwn }), ...(history === undefined ? {} : { history }) };
  });
  return {
    plan: epoch,
    preTime,
    postTime,
    preSpiked: of('#preSpiked') as Int32Array,
    postSpiked: of('#postSpiked') as Int32Array,
    spikedCounts: of('#spikedCounts') as Int32Array,
    scratch: of('#scratch') as Int32Array,
    replays,
    ...(epoch.draws === undefined ? {} : { draws: of('#draws') as Float64Array }),
    ...(epoch.onArrival === undefined
      ? {}
      : { arrival: { run: compileArrival(epoch.onArrival), ...(counts ? { counted: of('#counted') as Uint8Array } : {}) } }),
    ...(sides.pre ? { overRows: compile('epoch_rows', epoch.program, loops.rows) } : {}),
    ...(sides.post && loops.columns !== undefined
      ? { overColumns: compile('epoch_columns', epoch.program, { ...loops.columns, ...(sides.pre ? { unless: preTime } : {}) }) }
      : {}),
  };
}

/** Notes the spikes of this tick on one side. */
export function noteSpikes(epoch: ShardEpoch, on: 'pre' | 'post', list: Int32Array, count: number, tick: number): void {
  const times = on === 'pre' ? epoch.preTime : epoch.postTime;
  const spiked = on === 'pre' ? epoch.preSpiked : epoch.postSpiked;
  const side = on === 'pre' ? PRE : POST;
  const position = ((tick - 1) % epoch.plan.ticks) + 1;
  let repeats = 0;
  for (let c = 0; c < count; c++) {
    const item = list[c];
    if (times[item] !== 0) epoch.scratch[repeats++] = item;
    else spiked[epoch.spikedCounts[side]++] = item;
    times[item] = position;
  }
  if (repeats === 0) return;
  epoch.plan.draws?.forEach(({ earlier }, cell) => {
    if (earlier !== undefined && epoch.draws !== undefined) epoch.draws[cell] = typeof earlier === 'number' ? earlier : earlier[tick - 1];
  });
  for (const { trace } of epoch.replays)
    if (trace.on === on && !trace.isGraded) trace.impulse.run(epoch.scratch, repeats, tick + EARLIER_SPIKE);
}

/** Graded spikes change traces as they arrive, and some of them are not noted. */
export function noteGradedSpikes(
  epoch: ShardEpoch,
  { run, counted }: NonNullable<ShardEpoch['arrival']>,
  rows: Int32Array,
  count: number,
  tick: number,
): void {
  run.run(rows, count, tick);
  if (counted === undefined) noteSpikes(epoch, 'pre', rows, count, tick);
  else {
    const noted = rows.slice(0, count).filter((row) => counted[row] !== 0);
    noteSpikes(epoch, 'pre', noted, noted.length, tick);
  }
}

/** At the end of an epoch: replays the traces, runs the program over the synapses it visits, and forgets the spikes. */
export function finishEpoch(shard: Shard, projection: ShardProjection, epoch: ShardEpoch, now: number): void {
  if (now % epoch.plan.ticks !== 0) return;
  takeDraws(projection, epoch, now / epoch.plan.ticks);
  for (const { trace, atOwn, history } of epoch.replays) replayTrace(shard, projection, epoch, now, trace, atOwn, history);
  if (shard.learning) {
    const { overRows, overColumns, preSpiked, postSpiked, spikedCounts } = epoch;
    if (epoch.plan.visits === 'all') {
      overRows?.run(projection.allRows, projection.allRows.length, now);
    } else {
      // ascending, so that the order of visits does not depend on when in the epoch a spike came
      overRows?.run(ascending(preSpiked, spikedCounts[PRE]), spikedCounts[PRE], now);
      overColumns?.run(ascending(postSpiked, spikedCounts[POST]), spikedCounts[POST], now);
    }
    shard.log?.after(projection, 'epoch', now);
  }
  forgetSpikes(epoch);
}

/** @param nth epoch, from 1 */
function takeDraws({ plan }: ShardProjection, epoch: ShardEpoch, nth: number): void {
  epoch.plan.draws?.forEach(({ name, atEnd }, cell) => {
    if (nth > atEnd.length) {
      throw new UserError({
        code: 'E-TAPE-END',
        message: `projection ${plan.name}: the tape of random numbers ends after ${atEnd.length} learning epochs (${name})`,
        hint: 'give a longer tape, or ask the chip for more ticks of one',
      });
    }
    if (epoch.draws !== undefined) epoch.draws[cell] = atEnd[nth - 1];
  });
}

export function forgetSpikes(epoch: ShardEpoch): void {
  epoch.preTime.fill(0);
  epoch.postTime.fill(0);
  epoch.spikedCounts.fill(0);
}

/** Lists the rows and targets anew whose spikes are noted: the order of the lists changes nothing. */
export function listSpiked({ preTime, postTime, preSpiked, postSpiked, spikedCounts }: ShardEpoch): void {
  const list = (times: Uint8Array, spiked: Int32Array): number => {
    let count = 0;
    for (let item = 0; item < times.length; item++) if (times[item] !== 0) spiked[count++] = item;
    return count;
  };
  spikedCounts[PRE] = list(preTime, preSpiked);
  spikedCounts[POST] = list(postTime, postSpiked);
}

function ascending(list: Int32Array, count: number): Int32Array {
  if (count > 1) list.subarray(0, count).sort();
  return list;
}

function replayTrace(
  shard: Shard,
  { plan }: ShardProjection,
  epoch: ShardEpoch,
  now: number,
  trace: ShardTrace,
  atOwn?: NumericArray,
  history?: NumericArray,
): void {
  const { ticks } = epoch.plan;
  const stride = ticks + 1;
  const times = trace.on === 'pre' ? epoch.preTime : epoch.postTime;
  const spiked = trace.on === 'pre' ? epoch.preSpiked : epoch.postSpiked;
  const count = trace.on === 'pre' ? epoch.spikedCounts[PRE] : epoch.spikedCounts[POST];
  const { values, decay, impulse } = trace;
  if (history !== undefined) for (let i = 0; i < values.length; i++) history[i * stride] = values[i];
  for (let q = 1; q <= ticks; q++) {
    const tick = now - ticks + q;
    if (q === 1 || !trace.decaysPerEpoch) decay?.run(0, values.length, tick);
    let hits = 0;
    for (let c = 0; c < count; c++) if (times[spiked[c]] === q) epoch.scratch[hits++] = spiked[c];
    impulse.run(epoch.scratch, hits, tick);
    shard.events[TRACE_UPDATES] += trace.on === 'pre' ? ownedRows(plan, epoch.scratch, hits) : hits;
    if (atOwn !== undefined) for (let c = 0; c < hits; c++) atOwn[epoch.scratch[c]] = values[epoch.scratch[c]];
    if (history !== undefined) for (let i = 0; i < values.length; i++) history[i * stride + q] = values[i];
  }
}
