/**
 * Runs spread over worker threads: piscina owns the threads, a fastq queue hands them one run at a time, so results can be stored and progress
 * shown as each one ends, and an interrupt keeps what is finished. A thread that dies or hangs in the middle of a run ends that run with its
 * name; the pool starts another thread for the next.
 */
import { EXIT, UserError } from '../core/errors.ts';
import { patienceWith, silenceOf } from './signs-of-life.ts';
import { LOOK_PERIOD } from './silence.ts';

export interface Pool<Request, Result> {
  /**
   * Queues one run.
   * @param name what to call it when its thread dies or hangs
   * @param signs its signs of life (workers/signs-of-life.ts)
   */
  run(request: Request, name: string, signs: Int32Array): Promise<Result>;
  /** Ends all threads at once; runs under way reject. */
  destroy(): Promise<void>;
}

/**
 * Piscina tries `require` before `import`, and a thread that is ended while it requires an ES module takes the whole process with it (Node 20: "IsGraphAsync
 * must be used on an instantiated module"). Without this way threads import at once.
 */
const IMPORT_ONLY = '--no-experimental-require-module';

/** Flags of the process that a thread may be given by name; of others some are refused. */
const GIVEN_ON = ['--enable-source-maps', '--import', '--require', '-r'];

/** What threads are started with: what the process was, and nothing else where Node does not know the flag or refuses one of the others. */
function threadFlags(): { readonly execArgv?: string[] } {
  const mayBeGiven = process.execArgv.every((word) => !word.startsWith('-') || GIVEN_ON.includes(word.split('=')[0]));
  if (!mayBeGiven || !process.allowedNodeEnvironmentFlags.has(IMPORT_ONLY)) return {};
  return { execArgv: [...process.execArgv, IMPORT_ONLY] };
}

/** The packages are loaded here, so that whoever only simulates does not wait for them. */
export async function createPool<Request, Result>(threads: number): Promise<Pool<Request, Result>> {
  const [{ Piscina }, { promise: queueOf }] = await Promise.all([import('piscina'), import('fastq')]);
  // The build lays every file flat beside the entry points, so this is right from a bundle and from a chunk.
  const filename = new URL('./run-worker.js', import.meta.url).href;
  // At least none: piscina would put a new thread in the place of one that hung even after the pool has been ended.
  const piscina = new Piscina({ filename, minThreads: 0, maxThreads: threads, idleTimeout: 60_000, ...threadFlags() });

  async function watched({ request, name, signs }: { request: Request; name: string; signs: Int32Array }): Promise<Result> {
    const giveUp = new AbortController();
    const silence = silenceOf(signs);
    let silentSeconds = 0;
    const timer = setInterval(() => {
      const milliseconds = silence();
      if (milliseconds < patienceWith(signs)) return;
      silentSeconds = milliseconds / 1000;
      giveUp.abort();
    }, LOOK_PERIOD);
    try {
      return await piscina.run(request, { signal: giveUp.signal });
    } catch (error) {
      if (silentSeconds > 0) {
        throw new UserError({ code: 'E-RUN-STALLED', message: `${name} hangs: no tick for ${silentSeconds.toFixed(1)} s` }, EXIT.runFailed);
      }
      if (!threadDied(error)) throw error;
      throw new UserError({ code: 'E-RUN-DIED', message: `${name} has ended in the middle: ${error.message}` }, EXIT.runFailed);
    } finally {
      clearInterval(timer);
    }
  }

  const queue = queueOf(watched, threads);
  return {
    run: (request, name, signs) => queue.push({ request, name, signs }),
    destroy: async () => {
      queue.kill();
      await piscina.destroy();
    },
  };
}

/** What piscina and Node say of a thread that is no more: its exit code, or that it had no memory left. */
function threadDied(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return /^worker exited with code/.test(error.message) || (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
}
