/**
 * Runs spread over worker threads: piscina owns the threads, a fastq queue hands them one run at a time, so results can be stored and progress
 * shown as each one ends, and an interrupt keeps what is finished.
 */
import { availableParallelism } from 'node:os';
import fastq from 'fastq';
import { Piscina } from 'piscina';
import { UserError } from '../core/errors.ts';

export interface Pool<Request, Result> {
  /** Queues one run. */
  run(request: Request): Promise<Result>;
  /** Ends all threads at once; runs under way reject. */
  destroy(): Promise<void>;
}

/** As many threads as asked for; more than the machine has cores would only make each slower. */
export function threadCount(asked: number | 'auto', cores = availableParallelism()): number {
  if (asked === 'auto') return cores;
  if (!Number.isInteger(asked) || asked < 1) {
    throw new UserError({ code: 'E-RANGE', message: `--threads is ${asked}, but must be a whole number from 1, or auto` });
  }
  if (asked > cores) {
    throw new UserError({
      code: 'E-THREADS',
      message: `--threads is ${asked}, but this machine has ${cores} cores: more threads would only take turns`,
      hint: `use --threads ${cores} or less; results do not depend on it`,
    });
  }
  return asked;
}

export function createPool<Request, Result>(threads: number): Pool<Request, Result> {
  // The build lays every file flat beside the entry points, so this is right from a bundle and from a chunk.
  const filename = new URL('./run-worker.js', import.meta.url).href;
  const piscina = new Piscina({ filename, minThreads: 1, maxThreads: threads, idleTimeout: 60_000 });
  const queue = fastq.promise((request: Request): Promise<Result> => piscina.run(request), threads);
  return {
    run: (request) => queue.push(request),
    destroy: async () => {
      queue.kill();
      await piscina.destroy();
    },
  };
}
