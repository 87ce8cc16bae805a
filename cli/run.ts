/**
 * `hillock run`: one experiment on one or more chips and seeds. The result goes to stdout as a table or one JSON document; the same document
 * and the report are written to the output folder (`out/<name>` unless given), finished runs to `runs/` inside it. With `--json` and no
 * `--out` nothing is written: the caller has the document, and a pipe should not leave files behind.
 */
import { join } from 'node:path';
import type { Problem } from '../core/errors.ts';
import { EXIT, UserError } from '../core/errors.ts';
import { runExperiment } from '../experiments/run-experiment.ts';
import { requireWritable } from '../experiments/run-store.ts';
import { threadCount } from '../workers/thread-count.ts';
import type { Answer, Terminal } from './answer.ts';
import { answer, documentText } from './answer.ts';
import { runTable } from './energy-claims.ts';
import type { ExperimentOptions, LoadedExperiment } from './load-experiment.ts';
import { loadExperiment } from './load-experiment.ts';
import { oneOf, shellWord, wholeNumber } from './option-values.ts';
import { createProgress, PROGRESS_MODES } from './progress.ts';
import { tableScenarios } from './scenario-table.ts';
import { resultTable } from './table.ts';
import { writeResults } from './write-results.ts';

export interface RunOptions extends ExperimentOptions {
  readonly threads?: string;
  readonly out?: string;
  readonly resume?: boolean;
  readonly json?: boolean;
  readonly progress?: string;
  readonly quiet?: boolean;
}

export async function run(source: string, options: RunOptions, terminal: Terminal): Promise<Answer> {
  if (Object.hasOwn(tableScenarios, source)) return runTable(tableScenarios[source], options, terminal);
  const problems: Problem[] = [];
  const mode = oneOf('--progress', options.progress ?? 'auto', PROGRESS_MODES, problems);
  const threads = threadsOf(options.threads ?? 'auto', problems);
  if (options.out === '') problems.push({ code: 'E-RANGE', message: '--out is empty, but needs the path of a folder' });
  const loaded = await loadExperiment(source, options, terminal, { chips: ['ideal'] }, problems);

  const keeps = options.json !== true || options.out !== undefined || options.resume === true;
  const folder = options.out ?? join('out', loaded.experiment.name);
  if (keeps) requireWritable(join(folder, 'runs'));
  if (terminal.signal.aborted)
    throw new UserError({ code: 'E-INTERRUPTED', message: 'interrupted before the first run' }, EXIT.interrupted);

  const say = (line: string): void => (options.quiet === true ? undefined : terminal.write(`${line}\n`));
  if (options.json !== true) say(announcement(loaded, threads));
  const progress = createProgress(options.quiet === true ? 'none' : mode, terminal);
  const document = await runExperiment({
    experiment: loaded.experiment,
    rule: loaded.rule,
    chips: loaded.chips,
    seed: loaded.seed,
    seeds: loaded.seeds,
    ...(loaded.devices === undefined ? {} : { devices: loaded.devices }),
    threads,
    resume: options.resume === true,
    command: commandOf(source, options, loaded),
    signal: terminal.signal,
    onProgress: progress.show,
    ...(loaded.data === undefined ? {} : { data: loaded.data }),
    ...(keeps ? { runsDirectory: join(folder, 'runs') } : {}),
  }).finally(progress.end);
  const report = keeps ? writeResults(folder, document) : undefined;
  const note = report === undefined || options.quiet === true ? '' : `report  ${report}\n`;
  return options.json === true ? answer(documentText(document), note) : answer(resultTable(document, terminal.colour), note);
}

function threadsOf(text: string, problems: Problem[]): number {
  if (text === 'auto') return threadCount('auto');
  const asked = wholeNumber('--threads', text, { min: 1, or: 'auto' }, problems);
  try {
    return asked === undefined ? 1 : threadCount(asked);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push(...error.problems);
    return 1;
  }
}

function announcement({ experiment, rule, chipNames, seed, seeds, devices }: LoadedExperiment, threads: number): string {
  const which = seeds === 1 ? `seed ${seed}` : `seeds ${seed} to ${seed + seeds - 1}`;
  const workers = threads === 1 ? '1 thread' : `${threads} threads`;
  return `${experiment.title}: ${experiment.summary}; rule ${rule.name}; ${chipNames.join(', ')}; ${which}${devices === undefined ? '' : `, ${devices} sets of devices each`}; ${workers}`;
}

/** The command that gives the same document again: everything that results depend on, and the folder, so that it can be resumed. */
function commandOf(source: string, options: RunOptions, { chipNames, seed, seeds, devices }: LoadedExperiment): string {
  const words = ['hillock', 'run', source];
  const add = (flag: string, value: string | number | undefined): void => {
    if (value !== undefined) words.push(flag, String(value));
  };
  add('--rule', options.rule);
  add('--chip', chipNames.join(','));
  add('--seeds', seeds);
  add('--seed', seed);
  add('--devices', devices);
  for (const key of ['data', 'train', 'test', 'epochs', 'hidden', 'after', 'out'] as const) add(`--${key}`, options[key]);
  return words.map(shellWord).join(' ');
}
