/**
 * One run of one workload in this process, so that nothing is warm and the largest memory is its own. Prints one JSON line.
 * Arguments: name, biological seconds, threads, seed, 1 to record spikes.
 */
import { resourceUsage } from 'node:process';
import { pointWorkload } from './curves.ts';
import { runOnce } from './measure-run.ts';
import { WORKLOADS } from './workloads/table.ts';

const [name, seconds, threads, seed, record] = process.argv.slice(2);
const run = runOnce(pointWorkload(name) ?? WORKLOADS[name], {
  seconds: Number(seconds),
  threads: Number(threads),
  seed: Number(seed),
  record: record === '1',
});
// Kilobytes on every system Node runs on.
process.stdout.write(`${JSON.stringify({ ...run, peakBytes: resourceUsage().maxRSS * 1024 })}\n`);
