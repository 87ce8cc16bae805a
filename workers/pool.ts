/**
 * Runs spread over worker threads: piscina owns the threads, a fastq queue hands them one run at a time, so results can be stored and progress
 * shown as each one ends, and an interrupt keeps what is finished.
 */
export interface Pool<Request, Result> {
  /** Queues one run. */
  run(request: Request): Promise<Result>;
  /** Ends all threads at once; runs under way reject. */
  destroy(): Promise<void>;
}

/** The packages are loaded here, so that whoever only simulates does not wait for them. */
export async function createPool<Request, Result>(threads: number): Promise<Pool<Request, Result>> {
  const [{ Piscina }, { promise: queueOf }] = await Promise.all([import('piscina'), import('fastq')]);
  // The build lays every file flat beside the entry points, so this is right from a bundle and from a chunk.
  const filename = new URL('./run-worker.js', import.meta.url).href;
  const piscina = new Piscina({ filename, minThreads: 1, maxThreads: threads, idleTimeout: 60_000 });
  const queue = queueOf((request: Request): Promise<Result> => piscina.run(request), threads);
  return {
    run: (request) => queue.push(request),
    destroy: async () => {
      queue.kill();
      await piscina.destroy();
    },
  };
}
