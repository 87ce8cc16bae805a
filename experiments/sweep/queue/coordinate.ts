/**
 * Puts the runs of a sweep that are missing on a queue, and stores what comes back. The folder is the memory, not the server: every few seconds what is
 * outstanding is compared with what the queue holds, and what it does not know is added again. So a server that is restarted empty loses nothing, and
 * a coordinator that is killed goes on where its folder stands.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, JobType, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { EXIT, UserError } from '../../../core/errors.ts';
import type { RunFailure } from '../../execute-runs.ts';
import { ATTEMPTS } from '../../execute-runs.ts';
import { interruption } from '../../interrupt.ts';
import type { SweepExecution, SweepTally } from '../run-sweep.ts';
import { countOf, distinctRuns, tallyOf } from '../run-sweep.ts';
import type { SweepFolder } from '../sweep-folder.ts';
import { isDue } from '../sweep-folder.ts';
import type { SweepRun } from '../sweep-plan.ts';
import type { QueueConnection } from './connection.ts';
import { FAREWELL, queueError } from './connection.ts';
import type { RunAnswer, RunJob } from './jobs.ts';
import { jobName, jobOf, openAnswers, PREFIX, publishExperiments, QUEUE } from './jobs.ts';

export interface QueueExecution extends Omit<SweepExecution, 'shard' | 'threads' | 'data'> {
  readonly connection: QueueConnection;
  /** Seconds without a worker, or without the server, after which it gives up. */
  readonly wait: number;
  readonly say: (line: string) => void;
}

type RunQueue = Queue<RunJob, RunAnswer, string>;
type FinishedJob = Job<RunJob, RunAnswer, string>;

/** Milliseconds between looks at what has ended, and between comparisons of all that is outstanding. */
const LOOK_PERIOD = 200;
const COMPARE_PERIOD = 2000;
/** After so many seconds without a worker, how to start one is said. */
const WORKER_HINT = 3;
/** Jobs added or read in one go. */
const AT_ONCE = 200;

const ALL_STATES: JobType[] = ['waiting', 'active', 'delayed', 'prioritized', 'waiting-children', 'completed', 'failed'];

export async function runOnQueue(execution: QueueExecution): Promise<SweepTally> {
  const { folder, connection, command, signal } = execution;
  const share = distinctRuns(folder.plan.runs);
  const outstanding = new Map(share.filter(({ key }) => isDue(folder, key)).map((run) => [jobName(run.key), run]));
  const alreadyDone = countOf(folder, share, 'done');
  const client = connection.client();
  const queue: RunQueue = new connection.bullmq.Queue(QUEUE, { connection: client, prefix: PREFIX });
  queue.on('error', () => {});
  const take = await openIntake(folder, queue, connection);
  const watch = openWatch(execution);
  let compared = Number.NEGATIVE_INFINITY;
  try {
    while (outstanding.size > 0) {
      if (signal?.aborted) {
        const finished = share.length - outstanding.size;
        throw interruption(folder.path, command, { finished, under: 0, total: share.length });
      }
      const isDueToCompare = performance.now() - compared > COMPARE_PERIOD;
      const look = async (): Promise<void> => {
        const last = await take(outstanding);
        if (last !== undefined) show(execution, last, share.length - outstanding.size, share.length);
        if (!isDueToCompare) return;
        await addLost(queue, client, folder, outstanding);
        watch.sawWorkers(await queue.getWorkersCount());
        compared = performance.now();
      };
      await watch.within(look);
      await sleep(LOOK_PERIOD, undefined, signal && { signal }).catch(() => {});
    }
  } finally {
    await Promise.race([queue.close(), sleep(FAREWELL)]).catch(() => {});
    connection.close();
  }
  return tallyOf(folder, share, alreadyDone);
}

function show({ onProgress, folder }: QueueExecution, { setting, seed }: SweepRun, runsDone: number, runs: number): void {
  onProgress?.({ chip: folder.plan.settings[setting].chip, seed, done: runsDone, total: runs, runsDone, runs });
}

/** Adds the runs that the queue does not know; a name that it does know is not added again. */
async function addLost(queue: RunQueue, client: Redis, { plan }: SweepFolder, outstanding: ReadonlyMap<string, SweepRun>): Promise<void> {
  const known = new Set(await queue.getRanges(ALL_STATES, 0, -1));
  const lost = [...outstanding].filter(([name]) => !known.has(name));
  await publishExperiments(client, plan);
  for (let first = 0; first < lost.length; first += AT_ONCE) {
    await queue.addBulk(
      lost.slice(first, first + AT_ONCE).map(([jobId, run]) => ({
        name: plan.settings[run.setting].chip,
        data: jobOf(plan, run),
        opts: { jobId, attempts: ATTEMPTS, backoff: { type: 'fixed', delay: 1000 } },
      })),
    );
  }
}

/** Stores what has ended and takes it off the queue; gives one of these runs. */
async function openIntake(
  folder: SweepFolder,
  queue: RunQueue,
  { bullmq }: QueueConnection,
): Promise<(outstanding: Map<string, SweepRun>) => Promise<SweepRun | undefined>> {
  const answers = await openAnswers();
  const store = (run: SweepRun, job: FinishedJob, hasFailed: boolean): void => {
    const answer = hasFailed ? givenUp(job) : answers.read(job.returnvalue);
    if ('problems' in answer) folder.writeFailure(run.key, answer);
    else folder.store.write(run.key, answer);
  };
  return async (outstanding) => {
    let last: SweepRun | undefined;
    for (const state of ['completed', 'failed'] as const) {
      const names = (await queue.getRanges([state], 0, -1)).filter((name) => outstanding.has(name));
      for (let first = 0; first < names.length; first += AT_ONCE) {
        const jobs = await Promise.all(
          names.slice(first, first + AT_ONCE).map((name) => bullmq.Job.fromId<RunJob, RunAnswer>(queue, name)),
        );
        for (const job of jobs) {
          const run = job?.id === undefined ? undefined : outstanding.get(job.id);
          if (job === undefined || run === undefined) continue;
          store(run, job, state === 'failed');
          outstanding.delete(jobName(run.key));
          last = run;
          await job.remove();
        }
      }
    }
    return last;
  };
}

/** A run that killed its worker too often, or that every worker refused: it is due again the next time. */
function givenUp({ data, failedReason }: FinishedJob): RunFailure {
  const message = `the queue gave up the run of ${data.chip} with seed ${data.seed}: ${failedReason}`;
  return { problems: [{ code: 'E-RUN-DIED', message }], exitCode: EXIT.runFailed };
}

/** Ends the wait for a server or for workers that do not come. */
function openWatch({ connection: { where }, wait, say, command, signal }: QueueExecution): {
  within(look: () => Promise<void>): Promise<void>;
  sawWorkers(count: number): void;
} {
  const limit = wait * 1000;
  let [contact, workers, hinted] = [performance.now(), performance.now(), false];
  const start = `hillock worker --queue ${where}`;
  let said = '';
  /** A server that is just coming back may refuse a command; what is wrong with our own disk is no matter of waiting. */
  const trouble = (error: Error): void => {
    if (error instanceof UserError) throw error;
    said = `: ${error.message}`;
  };
  return {
    within: async (look) => {
      // a command that waits for the server to come back must not keep us longer than we are ready to wait
      const ends = new AbortController();
      const late = sleep(Math.max(0, contact + limit - performance.now()), 'late', { signal: ends.signal }).catch(() => 'late');
      const stopped = new Promise<'stopped'>((resolve) =>
        signal?.addEventListener('abort', () => resolve('stopped'), { once: true, signal: ends.signal }),
      );
      try {
        const found = await Promise.race([look().then(() => 'seen', trouble), late, stopped]);
        if (found === 'late') throw queueError(`${where} has not answered for ${wait} s${said}`, `to go on: ${command}`, EXIT.runFailed);
        if (found === 'seen') contact = performance.now();
      } finally {
        ends.abort();
      }
    },
    sawWorkers: (count) => {
      const now = performance.now();
      if (count > 0) [workers, hinted] = [now, false];
      if (!hinted && now - workers > 1000 * WORKER_HINT) {
        hinted = true;
        say(`no worker is there yet; start one on any machine with: ${start}`);
      }
      if (now - workers > limit) {
        throw queueError(`no worker has come to ${where} for ${wait} s`, `start one with: ${start}; to go on: ${command}`, EXIT.runFailed);
      }
    },
  };
}
