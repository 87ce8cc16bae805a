/**
 * The verbs and options of the command line, and the way from its words to an answer. A verb's code is loaded only when it is called, so that
 * `--version` and `--help` stay quick. Without a verb, the shipped experiment is run.
 */
import type { CommanderError } from 'commander';
import { Command } from 'commander';
import { EXIT, UserError } from '../core/errors.ts';
import { VERSION } from '../experiments/version.ts';
import type { Answer, Terminal } from './answer.ts';
import { answer } from './answer.ts';
import { errorAnswer } from './print-error.ts';
import { sweepVerbs } from './sweep-verbs.ts';

/** What `npm start` runs: the shipped experiment on every chip, and what each of its effects costs. Options that follow win. */
export const SHIPPED = [
  'compare',
  'digits',
  '--chip',
  'ideal,loihi-like,memristor-crossbar',
  '--seeds',
  '3',
  '--out',
  'out',
  '--ablate',
  '--diagnose',
] as const;

/** `words` as after `hillock` on the command line. Never rejects and never writes a result itself. */
export async function runCommandLine(words: readonly string[], terminal: Terminal): Promise<Answer> {
  const asksHelp = words.some((word) => ['-h', '--help', '-V', '--version'].includes(word));
  const hasVerb = asksHelp || (words.length > 0 && !words[0].startsWith('-'));
  const all = hasVerb ? words : [...SHIPPED, ...words];
  const style = { json: all.includes('--json'), debug: all.includes('--debug') };
  const printed: string[] = [];
  const answers: Answer[] = [];
  const program = commands(
    terminal,
    (text) => printed.push(text),
    (one) => answers.push(one),
  );
  try {
    await program.parseAsync(all, { from: 'user' });
    return answers[0] ?? answer(printed.join(''));
  } catch (error) {
    if (isCommanderError(error)) {
      if (error.exitCode === 0) return answer(printed.join(''));
      return errorAnswer(usageError(error, all), all[0], style);
    }
    return errorAnswer(error, all[0], style);
  }
}

export type Options = Record<string, never>;

function commands(terminal: Terminal, print: (text: string) => void, done: (answer: Answer) => void): Command {
  const program = new Command('hillock')
    .description('Write a local learning rule once; run it on ideal, Loihi-like and memristor synapses.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: () => {}, outputError: () => {} })
    .showSuggestionAfterError()
    .addHelpText('after', HELP_AFTER);

  /** Settings made on the program before are copied to each verb. */
  const verb = (name: string, summary: string, parent = program): Command =>
    parent
      .command(name)
      .description(summary)
      .option('--json', 'print exactly one JSON document on stdout, also for errors')
      .option('--no-color', 'plain text (NO_COLOR=1 does the same)')
      .option('--debug', 'show where an error arose');

  const experimentOptions = (command: Command, seeds: string, chips: string): Command =>
    command
      .argument('<experiment>', 'a scenario, an experiment.json, or - for standard input')
      .option('--rule <name|file.json>', 'plasticity rule instead of the suggested one (see: hillock rules)')
      .option('--chip <a,b,c>', `chips to run on (see: hillock chips); ${chips} unless given`)
      .option('--seeds <n>', `number of runs per chip; ${seeds} unless given`)
      .option('--seed <k>', 'seed of the first run; the others follow; 1 unless given')
      .option('--devices <n>', 'sets of devices per seed on chips that have devices (Monte-Carlo); 1 unless given')
      .option('--data <folder>', 'MNIST-like idx files instead of generated digits')
      .option('--train <n>', 'training images per epoch, or trials')
      .option('--test <n>', 'test images')
      .option('--epochs <n>', 'passes through the training images')
      .option('--hidden <n>', 'neurons of the hidden layer, for rules that have one (dfa, ep, pc)')
      .option('--held-out <class>', 'novelty: the class that is never trained on; unless given it goes by the seed')
      .option('--after <times>', 'repeat the test after pauses, e.g. "1 s,1 h,1 day,1 month", with cells that drift');

  const workOptions = (command: Command): Command =>
    command
      .option('--threads <n|auto>', 'runs at a time; results do not depend on it')
      .option('--progress <mode>', 'auto, bar, ndjson or none, on stderr')
      .option('--live', 'show the runs on a page of 127.0.0.1 while they last')
      .option('--port <n>', 'port of the live page; any that is free unless given')
      .option('--quiet', 'say nothing on stderr but errors');

  const runOptions = (command: Command, seeds: string, chips: string): Command =>
    workOptions(experimentOptions(command, seeds, chips))
      .option('--pretrain <epochs>', 'train off line by back-propagation first, for rules with layers (dfa, ep, pc); the chip then adapts')
      .option('--why <projection:pre:post,...>', 'log the largest weight changes of these synapses, and what was behind them')
      .option('--out <folder>', 'folder of results; out/<name> unless given, nothing is written with --json alone')
      .option('--resume', 'take finished runs from the folder, and go on with those that were stopped');

  runOptions(verb('run', 'run an experiment on one or more chips and seeds'), '1', 'ideal').action(
    async (source: string, options: Options) => done(await (await import('./run.ts')).run(source, options, terminal)),
  );

  runOptions(verb('compare', 'say how chips differ, and with --ablate why'), '3', 'all')
    .option(
      '--ablate [how]',
      'switch the effects of each chip on one by one; both: also each alone and each as the last; shapley: mean over orders',
    )
    .option('--diagnose', 'look at the weight changes of each layer beside those of an ideal twin, and say what most likely helps')
    .action(async (source: string, options: Options) => done(await (await import('./compare.ts')).compare(source, options, terminal)));

  // options of a group would be taken for those of its verbs, so it has none
  const sweep = program.command('sweep').description('many settings at once, on one machine or a cluster: plan, run, status, merge');
  sweepVerbs(sweep.usage('plan|run|status|merge [options]'), { verb, experimentOptions, workOptions }, terminal, done);

  verb('check', 'does the experiment fit a chip? exit code 3 when not')
    .argument('<experiment>', 'a scenario, an experiment.json, or - for standard input')
    .option('--chip <a,b,c>', 'chips to check; all unless given')
    .option('--rule <name|file.json>', 'plasticity rule instead of the suggested one')
    .option('--data <folder>', 'MNIST-like idx files instead of generated digits')
    .option('--strict', 'warnings count as errors')
    .option('--probe <n>', 'run n samples on each chip that fits, and look at the ranges of traces and weights')
    .option('--fix', 'print the nearest rule that fits, with how far it is from what was asked for')
    .action(async (source: string, options: Options) => done(await (await import('./check.ts')).check(source, options, terminal)));

  verb('report', 'draw the report again from the result.json of a folder; of several folders, one page that compares their rules')
    .argument('<folders...>', 'output folders of runs')
    .option('--out <file>', 'where the report goes; report.html (rules.html for several) in the first folder unless given')
    .action(async (folders: string[], options: Options) => done((await import('./report.ts')).report(folders, options)));

  verb('serve', 'show the folder of a run, under way or ended, on a page of 127.0.0.1')
    .argument('<folder>', 'output folder of a run')
    .option('--port <n>', 'any that is free unless given')
    .action(async (folder: string, options: Options) => done(await (await import('./serve.ts')).serve(folder, options, terminal)));

  const catalogues = {
    rules: async () => (await import('./rules.ts')).rules,
    chips: async () => (await import('./chips.ts')).chips,
    devices: async () => (await import('./devices.ts')).devices,
    scenarios: async () => (await import('./scenarios.ts')).scenarios,
  };
  for (const [name, load] of Object.entries(catalogues)) {
    const one = verb(name, `list the ${name}, or show one of them${name === 'devices' ? '; plot one; new from measured pulses' : ''}`)
      .argument('[action]', name === 'devices' ? 'list, show, plot or new' : 'list or show', 'list')
      .argument('[name]');
    if (name === 'devices') {
      one
        .option('--from <file.csv>', 'new: measured pulses, with columns polarity and conductance_<unit>')
        .option('--base <device>', 'new: the preset that lends voltages, widths and read pulses; soft-bounds unless given')
        .option('--out <file>', 'new: the device file, <name>.json unless given; plot: a page with the figures');
    }
    one.action(async (action: string, entry: string | undefined, options: Options) =>
      done((await load())(action, entry, options, terminal)),
    );
  }

  verb('verify', 'prove the rules: gradients, locality, closed forms; exit code 4 when a check fails')
    .argument('[rule]', 'a rule (see: hillock rules), or teacher; all unless given')
    .option('--out <folder>', 'write report.html there: every check, and the curves behind it; nothing is written unless given')
    .action(async (name: string | undefined, options: Options) => done((await import('./verify.ts')).verify(name, options, terminal)));

  verb('doctor', 'check this machine and the calculations on it').action(async (options: Options) =>
    done((await import('./doctor.ts')).doctor(options, terminal)),
  );
  return program;
}

const HELP_AFTER = `
Without a command: hillock ${SHIPPED.join(' ')}

Exit codes: 0 ok, 1 run failed, 2 bad input or usage, 3 does not fit the chip, 4 a check failed, 5 a sweep is not
complete, 130 interrupted`;

function isCommanderError(error: unknown): error is CommanderError {
  return error instanceof Error && /^commander\./.test((error as Partial<CommanderError>).code ?? '');
}

/** Commander says `error: unknown option '--sede'\n(Did you mean --seed?)`; a bad command line has exit code 2 here. */
function usageError(error: CommanderError, words: readonly string[]): UserError {
  const message = error.message
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (.*?)\?\)/, ' - did you mean $1?')
    .trim();
  const isHelp = error.code === 'commander.help' || message === '(outputHelp)';
  return new UserError(
    {
      code: 'E-USAGE',
      message: isHelp ? 'no command given' : message,
      hint: error.code === 'commander.unknownCommand' ? 'see: hillock --help' : `see: hillock ${words[0]} --help`,
    },
    EXIT.badInput,
  );
}
