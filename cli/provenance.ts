/**
 * Where a result comes from: what stands beside `result.json` for the one who finds the folder years later. All that the clock or the machine decides
 * is here, so that equal runs differ in this file and in times alone.
 */
import process from 'node:process';
import type { RunRecord } from '../experiments/execute-runs.ts';
import type { ResultDocument } from '../experiments/result.ts';
import type { ExperimentRun } from '../experiments/run-experiment.ts';
import { contentHash } from '../experiments/run-store.ts';

export const PROVENANCE_FILE = 'provenance.json';
const SCHEMA = 1;

export interface Provenance {
  readonly tool: 'hillock';
  readonly version: string;
  readonly schema: number;
  readonly node: string;
  readonly platform: string;
  readonly threads: number;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly ended: string;
  /** Whether some runs were taken from the folder or gone on with. */
  readonly resumed: boolean;
  readonly command: string;
  readonly seeds: readonly number[];
  readonly devices?: number;
  readonly inputs: ResultDocument['inputs'];
  readonly rule: { readonly name: string; readonly sha256: string; readonly text: string };
  /** With the hash of the whole profile: figures, sources, energy table. */
  readonly chips: readonly { readonly name: string; readonly sha256: string; readonly profile: unknown }[];
  readonly runs: readonly RunRecord[];
  /** Of `result.json` without times and command: equal results have equal hashes. */
  readonly result: { readonly sha256: string };
}

export function provenanceOf(run: ExperimentRun, document: ResultDocument, runs: readonly RunRecord[], started: Date): Provenance {
  const { version, command, seed, seeds, devices, inputs, rule } = document;
  return {
    tool: 'hillock',
    version,
    schema: SCHEMA,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    threads: run.threads,
    started: started.toISOString(),
    ended: new Date().toISOString(),
    resumed: runs.some(({ how }) => how !== 'run'),
    command,
    seeds: Array.from({ length: seeds }, (_, n) => seed + n),
    ...(devices === undefined ? {} : { devices }),
    inputs,
    rule: { name: rule.name, sha256: contentHash(run.rule), text: rule.text },
    chips: run.chips.map(({ profile }) => ({ name: profile.name, sha256: contentHash(profile), profile: profile.parameters })),
    runs,
    result: { sha256: contentHash(timeless(document)) },
  };
}

/** A document without what may differ between equal runs. */
export function timeless(document: unknown): unknown {
  if (Array.isArray(document)) return document.map(timeless);
  if (typeof document !== 'object' || document === null) return document;
  return Object.fromEntries(
    Object.entries(document)
      .filter(([key]) => key !== 'wallSeconds' && key !== 'command')
      .map(([key, value]) => [key, timeless(value)]),
  );
}
