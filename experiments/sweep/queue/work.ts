/**
 * A worker of a queue: takes runs as it has threads free, and hands their outcomes back. Its own thread only plans and keeps the locks of its jobs alive,
 * so a job whose lock runs out belongs to a worker that is gone, and another worker gets it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from 'bullmq';
import { EXIT, InternalError, problemsOf, UserError } from '../../../core/errors.ts';
import type { Executor } from '../../execute-runs.ts';
import { isTroubleOfThreads, openExecutor } from '../../execute-runs.ts';
import { planKnownRun } from '../../plan-runs.ts';
import type { RunProgress } from '../../run-board.ts';
import { newProgress } from '../../run-board.ts';
import type { QueueConnection } from './connection.ts';
import { FAREWELL, queueError } from './connection.ts';
import type { RunAnswer, RunJob } from './jobs.ts';
import { openAnswers, openJobs, PREFIX, QUEUE } from './jobs.ts';

export interface WorkerSettings {
  readonly connection: QueueConnection;
  readonly threads: number;
  /** Where images lie on this machine, if not where they lay when the sweep was planned. */
  readonly data?: string;
  /** Seconds without work, or without the server, after which it leaves. */
  readonly wait: number;
  readonly onProgress?: (progress: RunProgress) => void;
  readonly signal: AbortSignal;
}

/** Milliseconds after which a job without a sign of its worker is given to another, and between looks for such jobs. */
const LOCK = 15_000;
const STALLED_PERIOD = 5000;
/** How often a job may lose its worker. */
const MOST_STALLED = 5;
const PROGRESS_PERIOD = 2000;
const LOOK_PERIOD = 200;

/** Resolves with the number of runs done, when there has been nothing to do for so long or when it is interrupted. */
export async function workOnQueue(settings: WorkerSettings): Promise<{ readonly runs: number }> {
  const { connection, threads, data, wait, signal, onProgress } = settings;
  const { bullmq } = connection;
  const client = connection.client();
  const executor = await openExecutor(threads);
  const runJob = await openRunner(executor, openJobs(connection.client(), data === undefined ? {} : { folder: data }));
  const leaving = new AbortController();
  const state = { active: 0, runs: 0, busy: performance.now(), contact: performance.now() };

  async function process(job: Job<RunJob, RunAnswer>, token?: string): Promise<RunAnswer> {
    state.active++;
    try {
      const answer = await Promise.race([runJob(job), abortOf(leaving.signal)]);
      state.runs++;
      const { chip, seed } = job.data;
      onProgress?.({ chip, seed, done: state.runs, total: 0, runsDone: state.runs, runs: state.runs });
      return answer;
    } catch (error) {
      if (!leaving.signal.aborted) throw error;
      await job.moveToWait(token);
      throw new bullmq.WaitingError();
    } finally {
      state.active--;
      state.busy = performance.now();
    }
  }

  const worker = new bullmq.Worker<RunJob, RunAnswer>(QUEUE, process, {
    connection: client,
    prefix: PREFIX,
    concurrency: threads,
    lockDuration: LOCK,
    stalledInterval: STALLED_PERIOD,
    maxStalledCount: MOST_STALLED,
    runRetryDelay: 500,
  });
  worker.on('error', () => {});
  const isOver = (since: number): boolean => performance.now() - since > 1000 * wait;
  try {
    while (!signal.aborted && !(state.active === 0 && isOver(state.busy))) {
      if (client.status === 'ready') state.contact = performance.now();
      if (isOver(state.contact))
        throw queueError(`${connection.where} has been away for ${wait} s`, 'start the worker again', EXIT.runFailed);
      await sleep(LOOK_PERIOD, undefined, { signal }).catch(() => {});
    }
    return { runs: state.runs };
  } finally {
    const closed = worker.close();
    leaving.abort();
    await Promise.race([closed, sleep(FAREWELL)]).catch(() => {});
    connection.close();
    await executor.destroy();
  }
}

const abortOf = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('the worker leaves')), { once: true }));

/** Does one job. What is wrong with the run itself is an answer; what went wrong on this machine is thrown, and another worker may try. */
async function openRunner(
  executor: Executor,
  { settingOf }: ReturnType<typeof openJobs>,
): Promise<(job: Job<RunJob, RunAnswer>) => Promise<RunAnswer>> {
  const answers = await openAnswers();
  return async (job) => {
    const setting = await settingOf(job.data);
    const progress = newProgress();
    const share = (): number => (progress[1] === 0 ? 0 : Math.round((100 * progress[0]) / progress[1]));
    const timer = setInterval(() => void job.updateProgress(share()).catch(() => {}), PROGRESS_PERIOD);
    try {
      const { outcome } = await executor.run(planKnownRun(setting, job.data.key), progress);
      // nobody stops the runs of a worker: it leaves them
      if (outcome === undefined) throw new InternalError('a run of the queue was stopped');
      return answers.of(outcome);
    } catch (error) {
      const failure = problemsOf(error);
      const isOfThisMachine =
        !(error instanceof UserError) || isTroubleOfThreads(failure) || failure.problems.some(({ code }) => code === 'E-PLAN');
      if (isOfThisMachine) throw error;
      return { problems: failure.problems, exitCode: failure.exitCode };
    } finally {
      clearInterval(timer);
    }
  };
}
