/**
 * What the rules that learn images reach on every chip, and what it costs: accuracy with its interval, joules per update and per image, and the images
 * and joules that it takes to be right in nine of ten. Each row is a run of the built command line. Generated digits, or MNIST with `--data <folder>`.
 *
 * The reference is the same two layers trained by back-propagation on a digital machine: three passes of two operations per weight and image at 1 pJ
 * each, and each weight read twice and written once at 200 pJ per word (orders of magnitude for a processor with memory off the chip).
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { formatSi } from '../core/units.ts';
import type { ChipResult, ResultDocument } from '../experiments/result.ts';
import { markdownTable } from './table.ts';

export const IMAGE_RULES = ['r-stdp', 'dfa', 'ep', 'pc'] as const;
const CHIPS = 'ideal,loihi-like,memristor-crossbar';
/** Being right in this share of a point of the learning curve counts as reached. */
const GOAL = 0.9;

const PICOJOULES = { operation: 1, word: 200 } as const;

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

function accuracyRow(rule: string, result: ChipResult, { configuration }: ResultDocument): string[] {
  const { accuracy, energy, chip } = result;
  const perImage = energy.perSample?.value;
  const reached = imagesTo(GOAL, result);
  const joules = (value: number | undefined): string => (value === undefined ? '–' : formatSi(value, 'J'));
  return [
    rule,
    chip,
    accuracy?.mean.toFixed(3) ?? '–',
    accuracy?.ci95 == null ? '–' : `${accuracy.ci95[0].toFixed(3)} … ${accuracy.ci95[1].toFixed(3)}`,
    joules(energy.perUpdate?.value),
    joules(perImage),
    reached === undefined ? 'not reached' : `${reached}`,
    joules(reached === undefined || perImage === undefined ? undefined : reached * perImage),
    formatSi(digitalJoules(configuration.network as unknown as NetworkSizes), 'J'),
  ];
}

/** Images until the learning curve, averaged over the seeds, first stands at `goal`; undefined when it never does. */
export function imagesTo(goal: number, { curve }: Pick<ChipResult, 'curve'>): number | undefined {
  if (curve === null) return undefined;
  return curve.samples.find((_, n) => curve.perSeed.reduce((sum, values) => sum + values[n], 0) >= goal * curve.perSeed.length);
}

interface NetworkSizes {
  readonly populations: readonly { readonly name: string; readonly size: number }[];
}

/** Joules per training image of back-propagation through the layers that the network has, output last. */
export function digitalJoules({ populations }: NetworkSizes): number {
  const sizeOf = (name: string): number | undefined => populations.find((population) => population.name === name)?.size;
  const layers = [sizeOf('pixels'), sizeOf('hidden'), 10].filter((size) => size !== undefined);
  const weights = layers.slice(1).reduce((sum, size, n) => sum + size * layers[n], 0);
  return weights * (3 * 2 * PICOJOULES.operation + 3 * PICOJOULES.word) * 1e-12;
}
