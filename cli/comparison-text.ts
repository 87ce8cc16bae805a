/** A comparison as text: accuracies and paired differences as a table, what the seeds can tell apart in words, and a waterfall of bars per chip. */
import { pointsWithInterval } from '../experiments/points-text.ts';
import type { Ablation, ChipResult, EffectOfChip, ResultDocument } from '../experiments/result.ts';
import { textTable, withInterval } from './table.ts';

const NOTHING = '-';
const BAR_WIDTH = 30;

export function comparisonText({ results }: ResultDocument, colour: boolean): string {
  const header = ['chip', 'accuracy (95 % CI)', 'difference, points (95 % CI)', 'p (Holm)'];
  const rows = results.map(({ chip, accuracy, difference }) => [
    chip,
    accuracy === null ? NOTHING : withInterval(accuracy.mean, accuracy.ci95),
    difference === undefined ? NOTHING : pointsWithInterval(difference),
    difference?.pHolm == null ? NOTHING : difference.pHolm.toPrecision(2),
  ]);
  const sentences = results.flatMap(({ chip, difference }) =>
    difference === undefined ? [] : [`${chip} against ${difference.reference}: ${difference.words}\n`],
  );
  return [textTable(header, rows, colour), ...sentences, ...results.flatMap((result) => waterfall(result, colour))].join('');
}

function waterfall({ chip, ablation }: ChipResult, colour: boolean): string[] {
  if (ablation === undefined) return [];
  const { reference, total, effects } = ablation;
  const largest = Math.max(...effects.map(({ delta }) => Math.abs(delta.mean)));
  const hasEnds = effects.some(({ alone }) => alone !== undefined);
  const header = ['effect', 'points (95 % CI)', ...(hasEnds ? ['alone', 'last on'] : []), ''];
  const rows = [...effects, { name: 'total', delta: total } as EffectOfChip].map(({ name, delta, alone, lastOn }) => [
    name,
    pointsWithInterval(delta),
    ...(hasEnds ? [alone, lastOn].map((change) => (change === undefined ? NOTHING : pointsWithInterval(change))) : []),
    name === 'total' ? '' : bar(delta.mean, largest),
  ]);
  return [`\nfrom ${reference} to ${chip}, ${orderText(ablation)}\n`, textTable(header, rows, colour)];
}

const orderText = ({ mode, orders }: Ablation): string =>
  mode === 'shapley' ? `mean over ${orders} orders of the effects` : 'one effect after another';

/** Losses as #, gains as +. */
const bar = (mean: number, largest: number): string =>
  largest === 0 ? '' : (mean < 0 ? '#' : '+').repeat(Math.round((BAR_WIDTH * Math.abs(mean)) / largest));
