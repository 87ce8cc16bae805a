/**
 * The other simulators, run as the reference scripts run them: one process per run, one JSON line each. The scripts lie beside the checkout
 * in `../shared/peers` (or under HILLOCK_SHARED); where they or their simulators are missing, a peer is left out and the reason is printed.
 *
 * Brian2 compiles a C++ program in single or double precision; a row of the table is the precision whose loop is faster. Its wait is what its
 * script measures: description, code generation, compiler, start and loop, without the start of Python itself.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import type { Sample } from './sample.ts';
import type { Workload } from './workload.ts';

export const PEERS = ['brian2', 'neuron'] as const;
export type PeerName = (typeof PEERS)[number];

/** A way of running a workload elsewhere; variants of one engine compete and the faster one stands for it. */
export interface PeerRun {
  readonly engine: PeerName;
  readonly variant: string;
  readonly threads: number;
  run(seconds: number): Sample;
}

/** Debian installs the simulators for its own Python, which need not be the first in the path. */
const PYTHON = '/usr/bin/python3';
const LIMIT_MS = 20 * 60_000;
/** Brian2 starts all its compilers at once (`make -j`), which takes a small machine away from everybody; one per core takes no longer. */
const PREFERENCES = `devices.cpp_standalone.extra_make_args_unix = ['-j${availableParallelism()}']\n`;

export const peersFolder = (): string => join(process.env.HILLOCK_SHARED ?? resolve(process.cwd(), '../shared'), 'peers');

/** @param threads thread counts to run the peer with; only Brian2 has threads in its script */
export function peerRuns(peer: PeerName, workload: Workload, threads: readonly number[]): PeerRun[] | { readonly missing: string } {
  const script = peer === 'brian2' ? workload.brian2 : workload.neuron;
  if (script === undefined) return { missing: `${workload.name} has no reference script for ${peer}` };
  const path = join(peersFolder(), script[0]);
  if (!existsSync(path)) return { missing: `needs ${path}` };
  const module = peer === 'brian2' ? 'brian2' : 'neuron';
  if (spawnSync(PYTHON, ['-c', `import ${module}`], { stdio: 'ignore' }).status !== 0) {
    return { missing: `${PYTHON} has no module ${module} (Debian: python3-${peer === 'brian2' ? 'brian' : 'neuron'})` };
  }
  if (peer === 'neuron') return neuronRuns(path, script.slice(1));
  return threads.flatMap((count) =>
    ['float32', 'float64'].map((dtype) => ({
      engine: peer,
      variant: dtype,
      threads: count,
      run: (seconds: number) => {
        const length =
          script[0] === 'bench_brian2_w4.py' ? ['--images', `${Math.round(seconds / 0.35)}`] : ['--t', `${Math.round(seconds * 1000)}`];
        return readPeer([path, ...script.slice(1), '--dtype', dtype, '--threads', `${count}`, ...length], seconds);
      },
    })),
  );
}

function neuronRuns(path: string, args: readonly string[]): PeerRun[] | { readonly missing: string } {
  const folder = resolve('build/neuron-mods');
  if (!existsSync(join(folder, 'x86_64')) && !existsSync(join(folder, 'aarch64'))) {
    mkdirSync(folder, { recursive: true });
    cpSync(join(peersFolder(), 'neuron_mods'), folder, { recursive: true });
    const { status, error } = spawnSync('nrnivmodl', { cwd: folder, stdio: 'ignore' });
    if (status !== 0) return { missing: `nrnivmodl could not compile the mechanisms (${error?.message ?? `exit ${status}`})` };
  }
  return [
    {
      engine: 'neuron',
      variant: 'float64',
      threads: 1,
      run: (seconds) => readPeer([path, ...args, '--mods', folder, '--t', `${Math.round(seconds * 1000)}`], seconds),
    },
  ];
}

/** The fields of a reference script's line that we read. */
interface PeerLine {
  readonly T?: number;
  readonly build_s: number;
  readonly init_s: number;
  readonly sim_s: number;
  readonly rss_MB?: number;
  readonly spikes?: number;
  readonly exc_spikes?: number;
  readonly rE?: number;
  readonly rI?: number;
  readonly ne?: number;
  readonly cv?: number | null;
}

function readPeer(args: readonly string[], seconds: number): Sample {
  // Brian2 reads its preferences from the working directory.
  const cwd = resolve('build/bench-peers');
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'brian_preferences'), PREFERENCES);
  const { stdout, stderr, status } = spawnSync(PYTHON, args, { cwd, encoding: 'utf8', timeout: LIMIT_MS, maxBuffer: 1 << 26 });
  const text = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .at(-1);
  if (status !== 0 || text === undefined) throw new Error(`${args.join(' ')} ended with ${status}:\n${stderr.slice(-2000)}`);
  const line: PeerLine = JSON.parse(text);
  const spikes = line.spikes ?? line.exc_spikes ?? 0;
  return {
    loopSeconds: line.sim_s,
    waitSeconds: line.build_s + line.init_s + line.sim_s,
    peakBytes: (line.rss_MB ?? 0) * 2 ** 20,
    spikes,
    // Four fifths of the neurons are excitatory in every workload with both rates.
    meanRateHz: line.rE === undefined || line.rI === undefined ? spikes / (line.ne ?? 1) / seconds : 0.8 * line.rE + 0.2 * line.rI,
    cv: line.cv ?? null,
  };
}
