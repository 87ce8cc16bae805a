/**
 * Runs spread over worker threads: piscina owns the threads, a fastq queue hands them one run at a time, so results can be stored and progress
 * shown as each one ends, and an interrupt keeps what is finished.
 */
import fastq from 'fastq';
import { Piscina } from 'piscina';

export interface Pool<Request, Result> {
  /** Queues one run. */
  run(request: Request): Promise<Result>;
  /** Ends all threads at once; runs under way reject. */
  destroy(): Promise<void>;
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
