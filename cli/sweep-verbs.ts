/** The verbs of sweeps and their options; the code of each is loaded when it is called. */
import type { Command } from 'commander';
import type { Answer, Terminal } from './answer.ts';
import type { Options } from './command-line.ts';

/** Ways to make a verb, from the command line. */
interface Verbs {
  readonly verb: (name: string, summary: string, parent?: Command) => Command;
  readonly experimentOptions: (command: Command, seeds: string, chips: string) => Command;
  readonly workOptions: (command: Command) => Command;
}

const DATA = ['--data <folder>', 'where the images lie on this machine, if not where they lay when the sweep was planned'] as const;

const WAIT = [
  '--wait <seconds>',
  'with a queue: give up after so long without a worker, without work, or without the server; 600 unless given',
] as const;

export function sweepVerbs(
  sweep: Command,
  { verb, experimentOptions, workOptions }: Verbs,
  terminal: Terminal,
  done: (answer: Answer) => void,
): void {
  experimentOptions(verb('plan', 'write the plan of a sweep: all settings, seeds and the hash of each run', sweep), '1', 'ideal')
    .option(
      '--vary <name=values>',
      'what varies: rule, train, test, epochs, hidden, chip:<option> or <chip>:<option>; values are a list or from..to:step; may be given several times',
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .option('--out <folder>', 'folder of the sweep; out/<name>-sweep unless given')
    .option('--progress <mode>', 'auto, bar, ndjson or none, on stderr')
    .option('--quiet', 'say nothing on stderr but errors')
    .action(async (source: string, options: Options) => done(await (await import('./sweep-plan.ts')).sweepPlan(source, options, terminal)));

  workOptions(verb('run', 'do the runs that are missing', sweep).argument('<folder>', 'folder of a sweep'))
    .option('--queue <url>', 'put the runs on a queue instead, redis://host:port, where workers take them (see: hillock worker)')
    .option(...WAIT)
    .option('--shard <i/n>', 'only this part; also taken from SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX')
    .option(...DATA)
    .action(async (folder: string, options: Options) => done(await (await import('./sweep-run.ts')).sweepRun(folder, options, terminal)));

  verb('status', 'how many runs are done, failed and missing', sweep)
    .argument('<folder>', 'folder of a sweep')
    .action(async (folder: string, options: Options) =>
      done(await (await import('./sweep-results.ts')).sweepStatusOf(folder, options, terminal)),
    );

  verb('merge', 'gather all results into one document, a table and a report; exit code 5 when some are missing', sweep)
    .argument('<folders...>', 'folder of a sweep, and further folders with results of the same plan')
    .action(async (folders: string[], options: Options) =>
      done(await (await import('./sweep-results.ts')).sweepMerge(folders, options, terminal)),
    );

  workOptions(verb('worker', 'take runs of sweeps from a queue, until there are none for a while'))
    .option('--queue <url>', 'Redis or Valkey server of the queue, redis://host:port')
    .option(...WAIT)
    .option(...DATA)
    .action(async (options: Options) => done(await (await import('./worker.ts')).worker(options, terminal)));
}
