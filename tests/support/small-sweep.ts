/** A sweep of 200 runs of some milliseconds: two spike pairs, two rules, and random first weights, so that every seed has bits of its own. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResultDocument } from '../../experiments/result.ts';
import { contentHash, openRunStore } from '../../experiments/run-store.ts';
import type { BuiltCli } from '../cli/built.ts';

const TWO_PAIRS = {
  scenario: 'stdp-window',
  task: { deltaTicks: [-5, 5], repeats: 1 },
  network: {
    populations: [
      { name: 'pre', size: 2, times: ['15 ms', '10 ms'], neurons: [0, 1] },
      { name: 'teacher', size: 2, times: ['10 ms', '15 ms'], neurons: [0, 1] },
      { name: 'post', size: 2 },
    ],
    projections: [{ name: 'pre-post', weight: { uniform: [0.2, 0.8] } }],
  },
};

export const RUNS = 200;

/** Writes the experiment and plans the sweep; returns its folder. */
export function planSmallSweep({ run }: BuiltCli, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const experiment = join(folder, 'two-pairs.json');
  writeFileSync(experiment, JSON.stringify(TWO_PAIRS));
  const sweep = join(folder, 'sweep');
  const words = ['--vary', 'rule=pair-stdp,triplet-stdp', '--seeds', String(RUNS / 2)];
  const { code, stderr } = run(['sweep', 'plan', experiment, ...words, '--out', sweep]);
  if (code !== 0) throw new Error(stderr);
  return sweep;
}

/** The same plan in another folder, without results. */
export function copyOfPlan(sweep: string, to: string): string {
  mkdirSync(to, { recursive: true });
  cpSync(join(sweep, 'plan.json'), join(to, 'plan.json'));
  return to;
}

export function merged({ run }: BuiltCli, sweep: string): ResultDocument {
  const { code, stdout, stderr } = run(['sweep', 'merge', sweep, '--json']);
  if (code !== 0) throw new Error(`merge ended with ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

export const resultFiles = (sweep: string): string[] => {
  try {
    return readdirSync(join(sweep, 'runs')).filter((name) => name.endsWith('.msgpack'));
  } catch {
    return [];
  }
};

/** By key: a hash of the outcome, all but the time it took. */
export async function bitsOf(sweep: string, keys: readonly string[]): Promise<Record<string, string>> {
  const store = await openRunStore(join(sweep, 'runs'));
  return Object.fromEntries(
    keys.map((key) => {
      const outcome = store.read(key);
      return [key, outcome === undefined ? 'missing' : contentHash({ ...outcome, wallSeconds: 0 })];
    }),
  );
}

/** Whether a program is there. */
export const hasProgram = (name: string): boolean => spawnSync(name, ['--version']).status === 0;
