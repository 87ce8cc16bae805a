/**
 * What `run` and `compare` have in common: the options beside the experiment, where results go (`out/<name>` unless given, finished runs to `runs/`
 * inside it; with `--json` and no `--out` nothing is written: the caller has the document, and a pipe should not leave files behind), what is said
 * meanwhile, and the answer.
 */
import { join } from 'node:path';
import type { Problem } from '../core/errors.ts';
import { EXIT, UserError } from '../core/errors.ts';
import type { RunRecord } from '../experiments/execute-runs.ts';
import { ATTEMPTS } from '../experiments/execute-runs.ts';
import type { LiveDesk } from '../experiments/live/live-desk.ts';
import type { ProgressFile } from '../experiments/live/progress-file.ts';
import { createProgressFile } from '../experiments/live/progress-file.ts';
import type { ResultDocument } from '../experiments/result.ts';
import type { RunProgress } from '../experiments/run-board.ts';
import type { ExperimentRun } from '../experiments/run-experiment.ts';
import { requireWritable } from '../experiments/run-store.ts';
import type { Answer, Terminal } from './answer.ts';
import { answer, documentText } from './answer.ts';
import type { LiveView } from './live.ts';
import type { ExperimentOptions, LoadedExperiment, Suggested } from './load-experiment.ts';
import { loadExperiment } from './load-experiment.ts';
import { oneOf, portOf, shellWord, threadsOf } from './option-values.ts';
import { pretrainedText } from './pretrained-text.ts';
import type { Progress } from './progress.ts';
import { createProgress, PROGRESS_MODES } from './progress.ts';
import { provenanceOf } from './provenance.ts';
import { namedSynapses, whyText } from './why.ts';
import { REPORT_FILE, writeResults } from './write-results.ts';

export interface RunOptions extends ExperimentOptions {
  readonly threads?: string;
  readonly out?: string;
  readonly resume?: boolean;
  readonly why?: string;
  readonly json?: boolean;
  readonly progress?: string;
  readonly quiet?: boolean;
  readonly live?: boolean;
  readonly port?: string;
}

/** A verb that runs chips and seeds: its name with what it adds to the command, and how its document is made and printed. */
export interface RunVerb {
  readonly name: string;
  readonly words?: readonly string[];
  /** Scenario that is learned, where what is run is a question about it. */
  readonly on?: string;
  readonly suggested: Suggested;
  readonly make: (run: ExperimentRun, chipNames: readonly string[]) => Promise<ResultDocument>;
  readonly print: (document: ResultDocument, colour: boolean) => string;
}

/** @param problems faults of options that the verb has read by itself */
export async function runChips(
  verb: RunVerb,
  source: string,
  options: RunOptions,
  terminal: Terminal,
  problems: Problem[] = [],
): Promise<Answer> {
  const mode = oneOf('--progress', options.progress ?? 'auto', PROGRESS_MODES, problems);
  const why = options.why === undefined ? undefined : namedSynapses(options.why, problems);
  const threads = threadsOf(options.threads ?? 'auto', problems);
  if (options.out === '') problems.push({ code: 'E-RANGE', message: '--out is empty, but needs the path of a folder' });
  const port = portOf(options.port, problems);
  if (options.port !== undefined && options.live !== true)
    problems.push({ code: 'E-USAGE', message: '--port means nothing without --live' });
  const loaded = await loadExperiment(verb.on ?? source, options, terminal, verb.suggested, problems);

  const keeps = options.json !== true || options.out !== undefined || options.resume === true;
  const folder = options.out ?? join('out', verb.on === undefined ? loaded.experiment.name : source);
  if (keeps) requireWritable(join(folder, 'runs'));
  if (terminal.signal.aborted)
    throw new UserError({ code: 'E-INTERRUPTED', message: 'interrupted before the first run' }, EXIT.interrupted);

  const say = (line: string): void => (options.quiet === true ? undefined : terminal.write(`${line}\n`));
  if (options.json !== true) say(announcement(loaded, threads));
  const watchers = openWatchers(
    createProgress(options.quiet === true ? 'none' : mode, terminal),
    keeps ? createProgressFile(folder, loaded.experiment.title) : undefined,
    options.live === true ? await (await import('./live.ts')).openLiveView(loaded.experiment.title, port) : undefined,
  );
  if (watchers.url !== undefined) say(`live    ${watchers.url}`);
  const records: RunRecord[] = [];
  const asked: ExperimentRun = {
    experiment: loaded.experiment,
    rule: loaded.rule,
    chips: loaded.chips,
    seed: loaded.seed,
    seeds: loaded.seeds,
    ...(loaded.devices === undefined ? {} : { devices: loaded.devices }),
    threads,
    ...(why === undefined ? {} : { why }),
    resume: options.resume === true,
    attempts: ATTEMPTS,
    command: commandOf(verb, source, options, loaded),
    signal: terminal.signal,
    onProgress: watchers.note,
    ...(watchers.desk && { live: watchers.desk }),
    onRun: (record) => void records.push(record),
    onNote: (note) => {
      watchers.clear();
      say(note);
    },
    ...(loaded.data === undefined ? {} : { data: loaded.data }),
    ...(keeps ? { runsDirectory: join(folder, 'runs') } : {}),
  };
  const started = new Date();
  let document: ResultDocument | undefined;
  try {
    document = await verb.make(asked, loaded.chipNames);
  } finally {
    const ended = keeps ? `This run has ended; its report is ${join(folder, REPORT_FILE)}` : 'This run has ended';
    await watchers.close(document === undefined ? 'This run was stopped before its end' : ended);
  }
  const report = keeps ? writeResults(folder, document, provenanceOf(asked, document, records, started)) : undefined;
  const note = report === undefined || options.quiet === true ? '' : `report  ${report}\n`;
  return options.json === true
    ? answer(documentText(document), note)
    : answer(verb.print(document, terminal.colour) + pretrainedText(document, terminal.colour) + whyText(document.results), note);
}

/** All who are told how far it is: the line on stderr, the file in the folder, the live page. */
interface Watchers {
  readonly url?: string;
  readonly desk?: LiveDesk;
  note(now: RunProgress): void;
  /** Makes room on stderr for a line of text. */
  clear(): void;
  /** @param end what the live page says from now on */
  close(end: string): Promise<void>;
}

function openWatchers(line: Progress, file: ProgressFile | undefined, live: LiveView | undefined): Watchers {
  return {
    ...(live && { url: live.url, desk: live.desk }),
    note: (now) => {
      line.show(now);
      file?.note(now);
      live?.desk.note(now);
    },
    clear: line.clear,
    close: async (end) => {
      line.clear();
      file?.remove();
      await live?.close(end);
    },
  };
}

function announcement({ experiment, rule, chipNames, seed, seeds, devices }: LoadedExperiment, threads: number): string {
  const which = seeds === 1 ? `seed ${seed}` : `seeds ${seed} to ${seed + seeds - 1}`;
  const workers = threads === 1 ? '1 thread' : `${threads} threads`;
  return `${experiment.title}: ${experiment.summary}; rule ${rule.name}; ${chipNames.join(', ')}; ${which}${devices === undefined ? '' : `, ${devices} sets of devices each`}; ${workers}`;
}

/** The command that gives the same document again: everything that results depend on, and the folder, so that it can be resumed. */
function commandOf(verb: RunVerb, source: string, options: RunOptions, loaded: LoadedExperiment): string {
  return ['hillock', verb.name, ...experimentWords(source, options, loaded), ...(verb.words ?? [])].map(shellWord).join(' ');
}

/** The words that choose an experiment, chips and seeds, whatever the verb. */
export function experimentWords(
  source: string,
  options: ExperimentOptions & Pick<RunOptions, 'why' | 'out'>,
  { chipNames, seed, seeds, devices }: LoadedExperiment,
): string[] {
  const words = [source];
  const add = (flag: string, value: string | number | undefined): void => {
    if (value !== undefined) words.push(flag, String(value));
  };
  add('--rule', options.rule);
  add('--chip', chipNames.join(','));
  add('--seeds', seeds);
  add('--seed', seed);
  add('--devices', devices);
  add('--held-out', options.heldOut);
  for (const key of ['data', 'train', 'test', 'epochs', 'hidden', 'pretrain', 'after', 'why', 'out'] as const)
    add(`--${key}`, options[key]);
  return words;
}
