/**
 * How long a person waits before anything happens: the command line that says its version, a script from `import` to the first spike of 1,000
 * neurons, and the building of 10^7 synapses. Every measurement is a process of its own, from the moment it is started; all by turns, with a
 * bare `node -e 0` among them, which is what no program here can go below.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Spread } from './statistics.ts';
import { ratioOf, spreadOf } from './statistics.ts';
import { markdownTable, spreadText } from './table.ts';

/** Milliseconds. */
export interface FirstSpike {
  /** Since 1970, at the first spike. */
  readonly at: number;
  /** From the start of the process until the package was loaded; planning; compiling and filling memory; the ticks until the first spike. */
  readonly load: number;
  readonly plan: number;
  readonly attach: number;
  readonly ticks: number;
}

export interface TimedBuild {
  readonly seconds: number;
  readonly synapses: number;
  readonly peakBytes: number;
}

export const BUILD_KINDS = ['fixed-in-degree', 'fixed-out-degree', 'fixed-probability', 'own weights', 'pair STDP'] as const;
export type BuildKind = (typeof BUILD_KINDS)[number];

const DIST = 'dist';

export interface Startup {
  readonly table: string;
  /** Times over that of a bare `node -e 0` of the same turn. */
  readonly ratios: { readonly version: Spread; readonly firstSpike: Spread; readonly building: Spread };
}

/**
 * @param degree inputs of each of the 10,000 neurons whose synapses are built
 * @returns the tables, or why there are none
 */
export function measureStartup(turns: number, say: (line: string) => void, degree = 1000): Startup | { readonly missing: string } {
  if (!existsSync(resolve(DIST, 'cli.js'))) return { missing: 'needs the built package: npm run build' };
  const bare: number[] = [];
  const version: number[] = [];
  const spikes: (FirstSpike & { readonly total: number })[] = [];
  const builds = new Map<BuildKind, TimedBuild[]>(BUILD_KINDS.map((kind) => [kind, []]));
  for (let turn = 0; turn < turns; turn++) {
    bare.push(timed(['-e', '0']).milliseconds);
    version.push(timed([resolve(DIST, 'cli.js'), '--version']).milliseconds);
    spikes.push(timeFirstSpike(resolve(DIST, 'index.js')));
    for (const kind of BUILD_KINDS) builds.get(kind)?.push(timeBuild(kind, degree));
    say(`turn ${turn + 1}  --version ${version[turn].toFixed(0)} ms, first spike ${spikes[turn].total.toFixed(0)} ms`);
  }
  const milliseconds = (values: readonly number[]): string => spreadText(spreadOf(values));
  const part = (key: 'load' | 'plan' | 'attach' | 'ticks'): string => spreadOf(spikes.map((one) => one[key])).median.toFixed(0);
  const starts = markdownTable(
    ['from the start of the process to', 'ms'],
    [
      ['the end of `node -e 0`', milliseconds(bare)],
      ['the end of `hillock --version`', milliseconds(version)],
      ['the first spike of 1,000 neurons', milliseconds(spikes.map(({ total }) => total))],
    ],
  );
  const rows = [...builds].map(([kind, runs]) => [
    kind,
    `${runs[0].synapses}`,
    spreadText(spreadOf(runs.map(({ seconds }) => seconds))),
    `${Math.round((1e9 * spreadOf(runs.map(({ seconds }) => seconds)).median) / runs[0].synapses)}`,
    `${Math.round(Math.max(...runs.map(({ peakBytes }) => peakBytes)) / 1e6)}`,
  ]);
  const building = (builds.get('fixed-in-degree') ?? []).map(({ seconds }) => 1000 * seconds);
  return {
    ratios: {
      version: ratioOf(version, bare),
      firstSpike: ratioOf(
        spikes.map(({ total }) => total),
        bare,
      ),
      building: ratioOf(building, bare),
    },
    table: [
      starts,
      `Of the first spike: ${part('load')} ms for Node and the package, ${part('plan')} ms planning, ${part('attach')} ms compiling and filling, ${part('ticks')} ms ticks.`,
      markdownTable(['building synapses, one thread', 'synapses', 'plan, s', 'ns each', 'peak, MB'], rows),
    ].join('\n\n'),
  };
}

function timeFirstSpike(index: string): FirstSpike & { readonly total: number } {
  const startedAt = performance.timeOrigin + performance.now();
  const spike: FirstSpike = JSON.parse(timed([script(), 'first-spike', index]).stdout);
  return { ...spike, total: spike.at - startedAt };
}

const timeBuild = (kind: BuildKind, degree: number): TimedBuild => JSON.parse(timed([script(), 'build', kind, `${degree}`]).stdout);

const script = (): string => fileURLToPath(new URL('./startup-once.js', import.meta.url));

function timed(args: readonly string[]): { readonly milliseconds: number; readonly stdout: string } {
  const startedAt = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}:\n${stderr.slice(-2000)}`);
  return { milliseconds: performance.now() - startedAt, stdout };
}
