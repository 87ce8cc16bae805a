/**
 * What the rules that learn images reach on every chip, and what it costs: accuracy with its interval, joules per update and per image, and the images
 * and joules that it takes to be right in nine of ten. Each row is a run of the built command line. Generated digits, or MNIST with `--data <folder>`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { formatSi } from '../core/units.ts';
import { GOAL } from '../experiments/cost-to-learn.ts';
import type { ChipResult, ResultDocument } from '../experiments/result.ts';
import { markdownTable } from './table.ts';

export const IMAGE_RULES = ['r-stdp', 'r-stdp-conv', 'dfa', 'ep', 'pc'] as const;
const CHIPS = 'ideal,loihi-like,memristor-crossbar';
export const HEADER = [
  'rule',
  'chip',
  'test accuracy',
  '95 %',
  'J/update',
  'J/image',
  `images to ${GOAL}`,
  `J to ${GOAL}`,
  'digital, J/image',
];

export interface AccuracyOptions {
  readonly rules: readonly string[];
  readonly chips?: string;
  readonly seeds: number;
  /** Folder of MNIST; generated digits without one. */
  readonly data?: string;
  /** Further words of the command line. */
  readonly words?: readonly string[];
}

export function measureAccuracy(
  options: AccuracyOptions,
  say: (line: string) => void,
): { readonly table: string } | { readonly missing: string } {
  if (!existsSync('dist/cli.js')) return { missing: 'needs npm run build' };
  const { rules, chips = CHIPS, seeds, data, words = [] } = options;
  const rows = rules.flatMap((rule) => {
    const source = data === undefined ? ['digits'] : ['mnist', '--data', data];
    const command = ['run', ...source, '--rule', rule, '--chip', chips, '--seeds', `${seeds}`, ...words];
    say(`hillock ${command.join(' ')}`);
    const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli.js', ...command, '--json', '--progress', 'none'], {
      encoding: 'utf8',
      maxBuffer: 2 ** 29,
    });
    if (status !== 0) throw new Error(`hillock ${command.join(' ')} ended with ${status}: ${stderr}`);
    const document = JSON.parse(stdout) as ResultDocument;
    return document.results.map((result) => accuracyRow(rule, result, document));
  });
  return { table: markdownTable(HEADER, rows) };
}

function accuracyRow(rule: string, result: ChipResult, { digital }: ResultDocument): string[] {
  const { accuracy, energy, chip, toGoal } = result;
  const joules = (value: number | undefined): string => (value === undefined ? '–' : formatSi(value, 'J'));
  return [
    rule,
    chip,
    accuracy?.mean.toFixed(3) ?? '–',
    accuracy?.ci95 == null ? '–' : `${accuracy.ci95[0].toFixed(3)} … ${accuracy.ci95[1].toFixed(3)}`,
    joules(energy.perUpdate?.value),
    joules(energy.perSample?.value),
    toGoal?.samples == null ? 'not reached' : `${toGoal.samples}`,
    joules(toGoal?.energy?.value),
    joules(digital?.perSample),
  ];
}
