/**
 * Runs a workload here and elsewhere by turns (A B C A B C …), so that what else the machine does falls on all of them alike, and checks that
 * what ran was the workload.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Run } from './measure-run.ts';
import type { PeerName } from './peers.ts';
import { peerRuns } from './peers.ts';
import type { Result, Sample } from './sample.ts';
import { summarise } from './sample.ts';
import type { Spread } from './statistics.ts';
import { ratioOf } from './statistics.ts';
import type { Workload } from './workload.ts';

export interface CompareOptions {
  readonly against: readonly PeerName[];
  readonly threads: readonly number[];
  readonly turns: number;
  readonly seconds: number;
  readonly seed: number;
  readonly record: boolean;
  /** Called after every run, and with the reason for every peer that is left out. */
  readonly say: (line: string) => void;
}

export interface Comparison {
  readonly workload: string;
  readonly results: readonly Result[];
  /** `peer/hillock`: times of the peer over ours, at equal thread counts; the thread count is named when it is not 1. */
  readonly ratios: Readonly<Record<string, { readonly loop: Spread; readonly wait: Spread }>>;
  /** What is outside the definition of the workload; empty when the times count. */
  readonly faults: readonly string[];
}

interface Contender {
  readonly engine: string;
  readonly variant: string;
  readonly threads: number;
  readonly samples: Sample[];
  run(): Sample;
}

export function compare(workload: Workload, options: CompareOptions): Comparison {
  const { threads, turns, seconds, say } = options;
  const contenders: Contender[] = threads.map((count) => ({
    engine: 'hillock',
    variant: 'f32',
    threads: count,
    samples: [],
    run: () => runHere(workload.name, count, options),
  }));
  for (const peer of options.against) {
    const runs = peerRuns(peer, workload, threads);
    if ('missing' in runs) say(`skipped: ${peer} (${runs.missing})`);
    else for (const one of runs) contenders.push({ ...one, samples: [], run: () => one.run(seconds) });
  }
  for (let turn = 0; turn < turns; turn++) {
    for (const { engine, variant, threads: count, samples, run } of contenders) {
      const sample = run();
      samples.push(sample);
      say(`turn ${turn + 1}  ${engine} ${variant}, ${count} thread${count === 1 ? '' : 's'}: loop ${sample.loopSeconds.toFixed(3)} s`);
    }
  }
  const best = fasterVariants(contenders);
  return {
    workload: workload.name,
    results: best.map(({ engine, variant, threads: count, samples }) => summarise(engine, variant, count, samples)),
    ratios: ratios(best),
    faults: faultsOf(workload, seconds, best, say),
  };
}

/** A process of its own: nothing is warm, and its largest memory is that of the run. */
export function runHere(
  name: string,
  threads: number,
  { seconds, seed, record }: Pick<CompareOptions, 'seconds' | 'seed' | 'record'>,
): Sample & Run {
  const startedAt = performance.timeOrigin + performance.now();
  const script = fileURLToPath(new URL('./run-once.js', import.meta.url));
  const args = [script, name, `${seconds}`, `${threads}`, `${seed}`, record ? '1' : '0'];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} on ${threads} threads ended with ${status}:\n${stderr.slice(-2000)}`);
  const run: Run & { readonly peakBytes: number } = JSON.parse(stdout);
  return { ...run, waitSeconds: (run.endedAt - startedAt) / 1000 };
}

function fasterVariants(contenders: readonly Contender[]): Contender[] {
  const best = new Map<string, Contender>();
  const loop = ({ engine, variant, threads, samples }: Contender): number =>
    summarise(engine, variant, threads, samples).loopSeconds.median;
  for (const one of contenders) {
    const key = `${one.engine} ${one.threads}`;
    const other = best.get(key);
    if (other === undefined || loop(one) < loop(other)) best.set(key, one);
  }
  return [...best.values()];
}

function ratios(contenders: readonly Contender[]): Comparison['ratios'] {
  const ours = contenders.filter(({ engine }) => engine === 'hillock');
  return Object.fromEntries(
    contenders
      .filter(({ engine }) => engine !== 'hillock')
      .flatMap((peer) => {
        const here = ours.find(({ threads }) => threads === peer.threads);
        if (here === undefined) return [];
        const of = (key: 'loopSeconds' | 'waitSeconds'): Spread =>
          ratioOf(
            peer.samples.map((sample) => sample[key]),
            here.samples.map((sample) => sample[key]),
          );
        const name = `${peer.engine}/hillock${peer.threads === 1 ? '' : ` ${peer.threads} threads`}`;
        return [[name, { loop: of('loopSeconds'), wait: of('waitSeconds') }] as const];
      }),
  );
}

/** Only our own runs are held to the definition; the peers are the definition. */
function faultsOf(workload: Workload, seconds: number, contenders: readonly Contender[], say: (line: string) => void): string[] {
  if (seconds !== workload.seconds) {
    say(`rates and CV are not checked: the definition holds for ${workload.seconds} s, not ${seconds} s`);
    return [];
  }
  return contenders
    .filter(({ engine }) => engine === 'hillock')
    .flatMap(({ threads, samples }) =>
      workload.expected.flatMap(({ what, value, tolerance }) =>
        samples.flatMap((sample, turn) => {
          const got = sample[what];
          if (got === null || Math.abs(got - value) <= tolerance) return [];
          return [`${workload.name}, ${threads} threads, turn ${turn + 1}: ${what} is ${got}, the definition says ${value} ± ${tolerance}`];
        }),
      ),
    );
}
