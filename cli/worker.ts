/** `hillock worker`: joins the queue of a sweep from any machine that has this version. */
import process from 'node:process';
import type { Problem } from '../core/errors.ts';
import { EXIT, UserError } from '../core/errors.ts';
import { connectQueue } from '../experiments/sweep/queue/connection.ts';
import { workOnQueue } from '../experiments/sweep/queue/work.ts';
import type { Answer, Terminal } from './answer.ts';
import { answer, jsonText } from './answer.ts';
import { oneOf, threadsOf, wholeNumber } from './option-values.ts';
import { createProgress, PROGRESS_MODES } from './progress.ts';

export interface WorkerOptions {
  readonly queue?: string;
  readonly wait?: string;
  readonly threads?: string;
  readonly data?: string;
  readonly json?: boolean;
  readonly progress?: string;
  readonly quiet?: boolean;
}

/** Seconds without a worker, without work, or without the server. */
export const WAIT = 600;
const LONGEST_WAIT = 30 * 86_400;

export const waitOf = (text: string | undefined, problems: Problem[]): number =>
  wholeNumber('--wait', text, { min: 1, max: LONGEST_WAIT }, problems) ?? WAIT;

export async function worker(options: WorkerOptions, terminal: Terminal): Promise<Answer> {
  const problems: Problem[] = [];
  const mode = oneOf('--progress', options.progress ?? 'auto', PROGRESS_MODES, problems);
  const threads = threadsOf(options.threads ?? 'auto', problems);
  const wait = waitOf(options.wait, problems);
  if (options.queue === undefined) {
    problems.push({ code: 'E-MISSING', message: 'a worker needs the server of its queue: --queue redis://host:port' });
  }
  if (problems.length > 0) throw new UserError(problems);
  const connection = await connectQueue(options.queue ?? '');
  if (options.quiet !== true && options.json !== true) terminal.write(`worker ${process.pid} takes runs from ${connection.where}\n`);
  const progress = createProgress(options.quiet === true ? 'none' : mode, terminal);
  const { runs } = await workOnQueue({
    connection,
    threads,
    wait,
    signal: terminal.signal,
    onProgress: progress.show,
    ...(options.data === undefined ? {} : { data: options.data }),
  }).finally(progress.clear);
  // runs under way are back on the queue
  const exitCode = terminal.signal.aborted ? EXIT.interrupted : EXIT.ok;
  return answer(options.json === true ? jsonText('worker', true, { runs }) : `${runs} runs done\n`, '', exitCode);
}
