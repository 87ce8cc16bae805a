/**
 * How close delivery and the neuron update come to C on this machine: the reference kernels of `../shared/peers` are compiled with
 * `gcc -O3 -march=native`, and our own loops run on the network of W2c, by turns. One call is one tick of W2: 47 spikes of 1,250 synapses each,
 * 16-bit targets and one constant weight; the neuron update is 12,500 neurons for 2,000 ticks.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { advancePopulation } from '../core/kernel/advance.ts';
import type { Shard } from '../core/kernel/shard.ts';
import { attachShard } from '../core/kernel/shard.ts';
import { integerAt } from '../core/random.ts';
import { buildPlan, ideal } from '../index.ts';
import { peersFolder } from './peers.ts';
import type { Spread } from './statistics.ts';
import { ratioOf, spreadOf } from './statistics.ts';
import { markdownTable, spreadText } from './table.ts';
import { w2c } from './workloads/w2.ts';

const TICKS = 1000;
const ADVANCE_TICKS = 2000;
/** Spikes per tick from each population, 4 : 1 as in the network. */
const SPIKES = { E: 38, I: 9 } as const;

export interface Limit {
  readonly table: string;
  /** Our rate over that of C, by kernel. */
  readonly ratios: { readonly delivery: Spread; readonly advance: Spread };
}

/** @returns the table and the ratios, or why there are none */
export function measureLimit(turns: number, say: (line: string) => void): Limit | { readonly missing: string } {
  const compiled = compileReferences();
  if ('missing' in compiled) return compiled;
  const shard = attachShard(buildPlan(w2c.network({ seed: 1, record: false }), ideal()));
  const ours = { delivery: [] as number[], advance: [] as number[] };
  const theirs = { delivery: [] as number[], advance: [] as number[] };
  for (let turn = 0; turn < turns; turn++) {
    theirs.delivery.push(figure(compiled.kern, /u16 target, constant weight\s+median (\d+) Mev/));
    ours.delivery.push(deliveryRate(shard));
    theirs.advance.push(1000 / figure(compiled.limit, /([\d.]+) ns per neuron update/));
    ours.advance.push(advanceRate(shard));
    say(`turn ${turn + 1}  delivery C ${theirs.delivery.at(-1)}, ours ${ours.delivery.at(-1)?.toFixed(0)} M/s`);
  }
  const ratios = { delivery: ratioOf(ours.delivery, theirs.delivery), advance: ratioOf(ours.advance, theirs.advance) };
  const row = (title: string, key: 'delivery' | 'advance'): string[] => [
    title,
    spreadText(spreadOf(theirs[key])),
    spreadText(spreadOf(ours[key])),
    spreadText(ratios[key]),
  ];
  return {
    ratios,
    table: markdownTable(
      ['kernel', 'C, M/s', 'ours, M/s', 'ours / C'],
      [row('delivery, 16-bit targets, one weight (events)', 'delivery'), row('LIF update (neuron-ticks)', 'advance')],
    ),
  };
}

function compileReferences(): { readonly kern: string; readonly limit: string } | { readonly missing: string } {
  const folder = resolve('build/c-limit');
  mkdirSync(folder, { recursive: true });
  const compile = (source: string, flags: readonly string[]): string | undefined => {
    const out = join(folder, source.replace('.c', ''));
    const { status } = spawnSync('gcc', ['-O3', '-march=native', ...flags, join(peersFolder(), source), '-o', out, '-lm']);
    return status === 0 ? out : undefined;
  };
  if (!existsSync(join(peersFolder(), 'kern.c'))) return { missing: `needs ${peersFolder()}` };
  const kern = compile('kern.c', ['-DNATIVE']);
  const limit = compile('limit.c', ['-pthread']);
  return kern === undefined || limit === undefined ? { missing: 'gcc could not compile the reference kernels' } : { kern, limit };
}

function figure(program: string, pattern: RegExp): number {
  const { stdout, status } = spawnSync(program, [], { encoding: 'utf8' });
  const found = pattern.exec(stdout);
  if (status !== 0 || found === null) throw new Error(`${program} ended with ${status} and without the figure ${pattern}`);
  return Number(found[1]);
}

/** Millions of synaptic events per second, the median of nine rounds as in the reference. */
export function deliveryRate(shard: Shard, ticks = TICKS, rounds = 9): number {
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    let events = 0;
    let milliseconds = 0;
    for (let tick = 0; tick < ticks; tick++) {
      for (const { deliver, ring, plan } of shard.projections) {
        const { rowStart, nPre } = plan.table;
        const count = plan.name.startsWith('E') ? SPIKES.E : SPIKES.I;
        const rows = ring.slots[0];
        for (let c = 0; c < count; c++) {
          rows[c] = integerAt(1, 0, tick, c, nPre);
          events += rowStart[rows[c] + 1] - rowStart[rows[c]];
        }
        const startedAt = performance.now();
        deliver.run(rows, count, tick);
        milliseconds += performance.now() - startedAt;
      }
    }
    rates.push(events / milliseconds / 1000);
  }
  return spreadOf(rates).median;
}

/** Millions of neuron-ticks per second: input taken and cleared, threshold, reset, spikes listed and counted. */
export function advanceRate(shard: Shard, ticks = ADVANCE_TICKS, rounds = 7): number {
  const neurons = shard.populations.reduce((sum, { size }) => sum + size, 0);
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now();
    for (let tick = 0; tick < ticks; tick++) for (const population of shard.populations) advancePopulation(shard, population, tick);
    rates.push((neurons * ticks) / (performance.now() - startedAt) / 1000);
  }
  return spreadOf(rates).median;
}
