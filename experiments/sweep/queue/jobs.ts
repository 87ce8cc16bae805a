/**
 * What goes through the queue. A job is a run: the setting, the hash of its experiment and the hash of what is to be computed, which is also the name
 * of the job, so that a run asked for twice is one job. Experiments lie beside the queue once each, by their hash. The outcome comes back as the
 * job's return value, so workers and coordinator share nothing but the server. Each version has a queue of its own.
 */
import type { Redis } from 'ioredis';
import { openPacker } from '../../../workers/packer.ts';
import type { RunFailure } from '../../execute-runs.ts';
import type { RunOutcome } from '../../outcome.ts';
import type { RunSetting } from '../../plan-runs.ts';
import { contentHash } from '../../run-store.ts';
import { VERSION } from '../../version.ts';
import { readExact, writeExact } from '../exact-json.ts';
import type { ImagesHere, SweepExperiment, SweepPlan, SweepRun } from '../sweep-plan.ts';
import { chipOf, workOf } from '../sweep-plan.ts';

export const QUEUE = `runs-${VERSION}`;
export const PREFIX = 'hillock';

export interface RunJob extends Pick<SweepPlan, 'deviceFiles'>, Pick<SweepRun, 'key' | 'seed' | 'deviceSet'> {
  readonly version: string;
  /** Hash of the experiment. */
  readonly experiment: string;
  readonly chip: string;
}

/** An outcome packed, as base 64; or what is wrong with the run. */
export type RunAnswer = { readonly outcome: string } | RunFailure;

/** Neither a number nor with a colon, as the queue wants it. */
export const jobName = (key: string): string => `run-${key}`;

export function jobOf(plan: SweepPlan, { key, setting, seed, deviceSet }: SweepRun): RunJob {
  const { chip, experiment } = plan.settings[setting];
  return {
    version: VERSION,
    key,
    experiment: contentHash(plan.experiments[experiment]),
    chip,
    seed,
    deviceSet,
    deviceFiles: plan.deviceFiles,
  };
}

const KEPT_SECONDS = 7 * 86_400;
const placeOf = (hash: string): string => `${PREFIX}:experiment:${hash}`;

/** Puts the experiments of a plan beside the queue, where they are not there already. */
export async function publishExperiments(client: Redis, { experiments }: SweepPlan): Promise<void> {
  for (const experiment of experiments)
    await client.set(placeOf(contentHash(experiment)), writeExact(experiment), 'EX', KEPT_SECONDS, 'NX');
}

/** Experiments that a worker keeps, with their images: a worker lives long. */
const MOST_KEPT = 4;

/** Makes runs from jobs, with the images of this machine. */
export function openJobs(client: Redis, images: ImagesHere): { settingOf(job: RunJob): Promise<RunSetting> } {
  const works = new Map<string, ReturnType<typeof workOf>>();
  async function workNamed(hash: string): Promise<ReturnType<typeof workOf>> {
    const known = works.get(hash);
    if (known !== undefined) return known;
    const text = await client.get(placeOf(hash));
    if (text === null) throw new Error(`the experiment ${hash.slice(0, 12)} is not beside the queue any more`);
    const work = workOf(readExact(text) as SweepExperiment, images);
    if (works.size === MOST_KEPT) works.delete([...works.keys()][0]);
    works.set(hash, work);
    return work;
  }
  return {
    settingOf: async (job) => {
      const { chip, seed, deviceSet, experiment } = job;
      return { ...(await workNamed(experiment)), chip: chipOf(job, chip), seed, deviceSet };
    },
  };
}

export async function openAnswers(): Promise<{ of(outcome: RunOutcome): RunAnswer; read(answer: RunAnswer): RunOutcome | RunFailure }> {
  const packer = await openPacker();
  return {
    of: (outcome) => ({ outcome: Buffer.from(packer.pack(outcome)).toString('base64') }),
    read: (answer) => ('outcome' in answer ? (packer.unpack(Buffer.from(answer.outcome, 'base64')) as RunOutcome) : answer),
  };
}
