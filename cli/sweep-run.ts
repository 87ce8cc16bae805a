/** `hillock sweep run`: does the runs of a sweep that are missing; as often as it is called, by as many processes as there are. */
import process from 'node:process';
import type { Problem } from '../core/errors.ts';
import { EXIT, UserError } from '../core/errors.ts';
import { connectQueue } from '../experiments/sweep/queue/connection.ts';
import { runOnQueue } from '../experiments/sweep/queue/coordinate.ts';
import type { SweepTally } from '../experiments/sweep/run-sweep.ts';
import { runSweep } from '../experiments/sweep/run-sweep.ts';
import type { Shard } from '../experiments/sweep/shard.ts';
import { readShard } from '../experiments/sweep/shard.ts';
import { openSweepFolder } from '../experiments/sweep/sweep-folder.ts';
import type { Answer, Terminal } from './answer.ts';
import { answer, jsonText } from './answer.ts';
import { oneOf, shellWord, threadsOf } from './option-values.ts';
import { createProgress, PROGRESS_MODES } from './progress.ts';
import { waitOf } from './worker.ts';

export interface SweepRunOptions {
  readonly queue?: string;
  readonly wait?: string;
  readonly shard?: string;
  readonly threads?: string;
  readonly data?: string;
  readonly json?: boolean;
  readonly progress?: string;
  readonly quiet?: boolean;
}

export async function sweepRun(path: string, options: SweepRunOptions, terminal: Terminal): Promise<Answer> {
  const problems: Problem[] = [];
  const mode = oneOf('--progress', options.progress ?? 'auto', PROGRESS_MODES, problems);
  const threads = threadsOf(options.threads ?? 'auto', problems);
  const wait = waitOf(options.wait, problems);
  // a queue deals the runs out by itself
  const shard = options.queue === undefined ? readShard(options.shard, process.env, problems) : undefined;
  if (options.queue === undefined) refuse(options, ['wait'], 'means nothing without --queue', problems);
  else refuse(options, ['shard', 'threads', 'data'], 'means nothing with --queue: workers have threads and images of their own', problems);
  if (problems.length > 0) throw new UserError(problems);
  const folder = await openSweepFolder(path, true);
  const say = (line: string): void => (options.quiet === true || options.json === true ? undefined : terminal.write(`${line}\n`));
  if (shard !== undefined) say(`shard ${shard.index + 1} of ${shard.count}, from ${shard.from}`);
  const progress = createProgress(options.quiet === true ? 'none' : mode, terminal);
  const common = { folder, command: commandOf(path, options), onProgress: progress.show, signal: terminal.signal };
  const own = { threads, ...(shard && { shard }), ...(options.data === undefined ? {} : { data: options.data }) };
  const running =
    options.queue === undefined
      ? runSweep({ ...common, ...own })
      : runOnQueue({ ...common, wait, say, connection: await connectQueue(options.queue) });
  return tallyAnswer(path, await running.finally(progress.clear), shard, options);
}

function refuse(options: SweepRunOptions, keys: readonly (keyof SweepRunOptions)[], why: string, problems: Problem[]): void {
  for (const key of keys) if (options[key] !== undefined) problems.push({ code: 'E-USAGE', message: `--${key} ${why}` });
}

function commandOf(path: string, options: SweepRunOptions): string {
  const words = (['queue', 'wait', 'shard', 'threads', 'data'] as const).flatMap((key) => {
    const value = options[key];
    return value === undefined ? [] : [`--${key}`, value];
  });
  return ['hillock', 'sweep', 'run', path, ...words].map(shellWord).join(' ');
}

function tallyAnswer(path: string, tally: SweepTally, shard: Shard | undefined, { json }: SweepRunOptions): Answer {
  const { planned, alreadyDone, done, failed } = tally;
  const exitCode = done === planned ? EXIT.ok : EXIT.partialSweep;
  const next = `hillock sweep merge ${shellWord(path)}`;
  if (json === true) return answer(jsonText('sweep', done === planned, { ...tally, shard: shard ?? null, next }), '', exitCode);
  const words = [`${done} of ${planned} runs are done`, `${alreadyDone} were there`, ...(failed > 0 ? [`${failed} failed`] : [])];
  return answer(`${words.join(', ')}\nnext: ${next}\n`, '', exitCode);
}
