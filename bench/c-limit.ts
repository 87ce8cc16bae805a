/**
 * How close delivery and the neuron update come to C on this machine: C compiled with `gcc -O3 -march=native` and our own loops run on the network of
 * W2c, by turns. One call is one tick of W2: 47 spikes of 1,250 synapses each, all of one weight; the neuron update is 12,500 neurons for 2,000 ticks.
 *
 * Delivery comes in two layouts: rows of bits, which is what the plan takes for this network, and rows of 16-bit targets. The reference kernel for rows
 * of bits in `../shared/peers` has one table of 12,500 by 12,500 without further synapses onto a target, and ends with 8-bit counts, as ours does with 16-bit
 * ones. Ours is timed on such a table beside it, and on the four tables of W2c with their further synapses; there C does the whole of our work on the same
 * rows (`bench/c/deliver-bits.c`), with prefetching and without, and the one with the better median counts. Rows of targets and the neuron update are
 * beside reference kernels again; that update finds its input in an array.
 *
 * In W2c the update works its input out from the counts. So that this work is somewhere, the last row is both together: our update takes counts there,
 * and C, which is the sum of its rows, does without.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { advancePopulation } from '../core/kernel/advance.ts';
import type { ShardProjection } from '../core/kernel/projection-shape.ts';
import type { Shard } from '../core/kernel/shard.ts';
import { attachShard } from '../core/kernel/shard.ts';
import { integerAt } from '../core/random.ts';
import type { Network } from '../index.ts';
import { buildPlan, ideal, network } from '../index.ts';
import { peersFolder } from './peers.ts';
import type { Spread } from './statistics.ts';
import { ratioOf, spreadOf } from './statistics.ts';
import { markdownTable, spreadText } from './table.ts';
import { w2c } from './workloads/w2.ts';

const TICKS = 1000;
const ROUNDS = 9;
const ADVANCE_TICKS = 2000;
/** Spikes per tick from each population, 4 : 1 as in the network. */
const SPIKES = { E: 38, I: 9 } as const;

export interface Limit {
  readonly table: string;
  /** Our rate over that of C, by kernel. */
  readonly ratios: Readonly<Record<KernelName, Spread>>;
}

const KERNELS = {
  oneTable: 'rows of bits, one table (events)',
  bits: 'rows of bits, W2c, C does the whole (events)',
  counting: 'rows of bits, W2c, C as in the first row (events)',
  targets: 'rows of 16-bit targets, W2c (events)',
  advance: 'LIF update (neuron-ticks)',
  together: 'rows of bits and LIF update, W2c (ticks)',
} as const;
type KernelName = keyof typeof KERNELS;
const NAMES = Object.keys(KERNELS) as KernelName[];

/** @returns the table and the ratios, or why there are none */
export function measureLimit(turns: number, say: (line: string) => void): Limit | { readonly missing: string } {
  const compiled = compileReferences();
  if ('missing' in compiled) return compiled;
  const plan = buildPlan(w2c.network({ seed: 1, record: false }), ideal());
  const bits = attachShard(plan);
  const targets = attachShard({
    ...plan,
    projections: plan.projections.map(({ counted: _, ...projection }) => projection),
    populations: plan.populations.map(({ workedOut: _, ...population }) => population),
  });
  const tables = join(FOLDER, 'tables.bin');
  const expected = writeTables(tables, bits);
  const neurons = neuronsOf(bits);
  /** From rates of events and of neuron-ticks. */
  const ticksOf = (delivery: number, advance: number): number => 1 / (expected / TICKS / delivery + neurons / advance);
  const variants = compiled.whole.map((program) => ({ program, rates: [] as number[] }));
  const oneTable = attachShard(buildPlan(oneTableNetwork(), ideal()));
  const none = (): Record<KernelName, number[]> => ({ oneTable: [], bits: [], counting: [], targets: [], advance: [], together: [] });
  const [ours, theirs] = [none(), none()];
  for (let turn = 0; turn < turns; turn++) {
    for (const { program, rates } of variants) rates.push(wholeDeliveryInC(program, tables, expected));
    ours.bits.push(deliveryRate(bits));
    theirs.oneTable.push(figure(compiled.kern, /bit-sliced carry-save adders\s+median (\d+) Mev/));
    ours.oneTable.push(deliveryRate(oneTable));
    theirs.counting.push(theirs.oneTable[turn]);
    ours.counting.push(ours.bits[turn]);
    theirs.targets.push(figure(compiled.kern, /u16 target, constant weight\s+median (\d+) Mev/));
    ours.targets.push(deliveryRate(targets));
    theirs.advance.push(1000 / figure(compiled.limit, /([\d.]+) ns per neuron update/));
    ours.advance.push(advanceRate(targets));
    ours.together.push(ticksOf(ours.bits[turn], advanceRate(bits)));
    theirs.bits = variants.map(({ rates }) => rates).reduce((a, b) => (spreadOf(a).median > spreadOf(b).median ? a : b));
    theirs.together = theirs.bits.map((rate, n) => ticksOf(rate, theirs.advance[n]));
    say(
      `turn ${turn + 1}  ${NAMES.map((name) => `${name}: C ${theirs[name].at(-1)?.toPrecision(3)}, ours ${ours[name].at(-1)?.toPrecision(3)}`).join('; ')} M/s`,
    );
  }
  const ratios = Object.fromEntries(NAMES.map((name) => [name, ratioOf(ours[name], theirs[name])])) as Record<KernelName, Spread>;
  const rows = NAMES.map((name) => [
    KERNELS[name],
    spreadText(spreadOf(theirs[name])),
    spreadText(spreadOf(ours[name])),
    spreadText(ratios[name]),
  ]);
  return { ratios, table: markdownTable(['kernel', 'C, M/s', 'ours, M/s', 'ours / C'], rows) };
}

/** The table of the reference kernels: every neuron reaches 1,250 of all, none of them twice. */
function oneTableNetwork(): Network {
  const net = network({ dt: '0.1 ms', seed: 1, precision: 'f32' });
  const cells = net.neurons('cells', 12_500, { model: 'lif', tauMem: '20 ms', vThreshold: 20 });
  net.connect(cells, cells, { connect: { kind: 'fixed-out-degree', degree: 1250, multapses: false }, weight: 0.1, delay: '1.5 ms' });
  return net.freeze();
}

const FOLDER = resolve('build/c-limit');

interface References {
  readonly kern: string;
  readonly limit: string;
  /** The whole delivery by rows of bits, in variants. */
  readonly whole: readonly string[];
}

function compileReferences(): References | { readonly missing: string } {
  mkdirSync(FOLDER, { recursive: true });
  const compile = (source: string, name: string, flags: readonly string[]): string | undefined => {
    const out = join(FOLDER, name);
    const { status } = spawnSync('gcc', ['-O3', '-march=native', ...flags, source, '-o', out, '-lm']);
    return status === 0 ? out : undefined;
  };
  if (!existsSync(join(peersFolder(), 'kern.c'))) return { missing: `needs ${peersFolder()}` };
  const kern = compile(join(peersFolder(), 'kern.c'), 'kern', ['-DNATIVE']);
  const limit = compile(join(peersFolder(), 'limit.c'), 'limit', ['-pthread']);
  const ours = resolve('bench/c/deliver-bits.c');
  const whole = [compile(ours, 'deliver-bits', []), compile(ours, 'deliver-bits-ahead', ['-DAHEAD'])].filter((out) => out !== undefined);
  if (kern === undefined || limit === undefined || whole.length < 2) return { missing: 'gcc could not compile the kernels' };
  return { kern, limit, whole };
}

function figure(program: string, pattern: RegExp): number {
  const { stdout, status } = spawnSync(program, [], { encoding: 'utf8' });
  const found = pattern.exec(stdout);
  if (status !== 0 || found === null) throw new Error(`${program} ended with ${status} and without the figure ${pattern}`);
  return Number(found[1]);
}

/** Tables and arriving rows for C. @returns how many events they come to */
function writeTables(file: string, { projections }: Shard): number {
  let events = 0;
  const words = projections.flatMap(({ plan: { table } }, p) => {
    const { count, rows } = drawRows(projections[p], TICKS);
    for (const row of rows) events += table.rowStart[row + 1] - table.rowStart[row];
    const head = [table.nPre, table.nPost, table.nSynapses, count];
    return [Int32Array.from(head), table.rowStart, Int32Array.from(table.target), rows];
  });
  const parts = [Int32Array.of(projections.length), ...words];
  writeFileSync(file, Buffer.concat(parts.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength))));
  return events;
}

/** Millions of synaptic events per second. C must have counted all of them. */
function wholeDeliveryInC(program: string, tables: string, events: number): number {
  const { stdout } = spawnSync(program, [tables, `${TICKS}`, `${ROUNDS}`], { encoding: 'utf8' });
  const [, rate, counted] = /^([\d.]+) M events.*counted (\d+) events/.exec(stdout) ?? [];
  if (Number(counted) !== events) throw new Error(`${program} counted ${counted} events in place of ${events}`);
  return Number(rate);
}

/** The rows on which spikes arrive, tick by tick. */
function drawRows({ plan: { name, table } }: ShardProjection, ticks: number): { readonly count: number; readonly rows: Int32Array } {
  const count = name.startsWith('E') ? SPIKES.E : name.startsWith('I') ? SPIKES.I : SPIKES.E + SPIKES.I;
  return {
    count,
    rows: Int32Array.from({ length: ticks * count }, (_, n) => integerAt(1, 0, Math.floor(n / count), n % count, table.nPre)),
  };
}

/** Millions of synaptic events per second, the median of nine rounds: rows are drawn beforehand, as in C, and a round is timed as a whole. */
export function deliveryRate({ projections }: Shard, ticks = TICKS, rounds = ROUNDS): number {
  let events = 0;
  const drawn = projections.map((projection) => {
    const { plan, ring, deliver } = projection;
    const { count, rows } = drawRows(projection, ticks);
    for (const row of rows) events += plan.table.rowStart[row + 1] - plan.table.rowStart[row];
    // the memory of the ring, which a loop may read, holds the rows of all ticks
    const [{ buffer, byteOffset }] = ring.slots;
    const all = new Int32Array(buffer, byteOffset, ring.slots.length * plan.table.nRows);
    all.set(rows);
    return { deliver, count, perTick: Array.from({ length: ticks }, (_, tick) => all.subarray(tick * count, (tick + 1) * count)) };
  });
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now();
    for (let tick = 0; tick < ticks; tick++) {
      for (const { deliver, count, perTick } of drawn) deliver.run(perTick[tick], count, tick);
    }
    rates.push(events / (performance.now() - startedAt) / 1000);
  }
  for (const { ring } of projections) for (const slot of ring.slots) slot.fill(0);
  return spreadOf(rates).median;
}

const neuronsOf = ({ populations }: Shard): number => populations.reduce((sum, { size }) => sum + size, 0);

/** Time never goes back. */
let lastAdvanced = 0;

/** Millions of neuron-ticks per second: input taken and cleared, threshold, reset, spikes listed and counted. */
export function advanceRate(shard: Shard, ticks = ADVANCE_TICKS, rounds = 7): number {
  const neurons = neuronsOf(shard);
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now();
    for (const end = lastAdvanced + ticks; lastAdvanced < end; ) {
      lastAdvanced++;
      for (const population of shard.populations) advancePopulation(shard, population, lastAdvanced);
    }
    rates.push((neurons * ticks) / (performance.now() - startedAt) / 1000);
  }
  return spreadOf(rates).median;
}
