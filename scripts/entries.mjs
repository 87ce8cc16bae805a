/**
 * What the build turns into a file of its own in `dist/`. Everything lies flat beside each other, so a worker is found as
 * `new URL('./<name>.js', import.meta.url)` from an entry point and from a shared chunk alike. A row whose file is missing stops the build.
 */

/** What people open: the library, the part of it that simulates, and the command line. */
export const DOORS = {
  index: 'index.ts',
  simulation: 'simulation.ts',
  cli: 'cli/main.ts',
};

/** Files that benchmarks start as processes of their own, so that nothing is warm; the bench and the tests build them. */
export const MEASURED = {
  'run-once': 'bench/run-once.ts',
  'startup-once': 'bench/startup-once.ts',
  'memory-once': 'bench/memory-once.ts',
};

/** Files that are started as threads. The test build contains them too. */
export const WORKERS = {
  'run-worker': 'experiments/run-worker.ts',
  'shard-worker': 'workers/shard-worker.ts',
};
