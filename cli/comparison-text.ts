/** A comparison as text: accuracies and paired differences as a table, what the seeds can tell apart in words, and a waterfall of bars per chip. */
import { pointsWithInterval } from '../experiments/points-text.ts';
import type { Ablation, ChipResult, EffectOfChip, MeanOverSeeds, ResultDocument } from '../experiments/result.ts';
import { energyPerUpdate, scoreTitle, textTable, withInterval } from './table.ts';

const NOTHING = '-';
const BAR_WIDTH = 30;

export function comparisonText(document: ResultDocument, colour: boolean): string {
  const { results } = document;
  const header = ['chip', scoreTitle(document), 'difference, points (95 % CI)', 'p (Holm)', 'energy/update'];
  const rows = results.map((result) => {
    const { chip, accuracy, difference } = result;
    return [
      chip,
      accuracy === null ? NOTHING : withInterval(accuracy.mean, accuracy.ci95),
      difference === undefined ? NOTHING : pointsWithInterval(difference),
      difference?.pHolm == null ? NOTHING : difference.pHolm.toPrecision(2),
      energyPerUpdate(result),
    ];
  });
  const sentences = results.flatMap(({ chip, difference }) =>
    difference === undefined ? [] : [`${chip} against ${difference.reference}: ${difference.words}\n`],
  );
  return [
    textTable(header, rows, colour),
    ...sentences,
    ...results.flatMap((result) => waterfall(result, colour)),
    ...results.flatMap((result) => diagnosisText(result, colour)),
  ].join('');
}

/** One row per layer, then the verdict. */
function diagnosisText({ chip, diagnosis }: ChipResult, colour: boolean): string[] {
  if (diagnosis === undefined) return [];
  const header = ['layer', 'angle to the ideal change', 'of their sum', 'carried', 'lost', 'signal/noise', 'ideal', 'saturated', 'active'];
  const rows = diagnosis.layers.map((layer) => [
    layer.projection,
    ...[layer.angleDegrees, layer.angleOfSumDegrees].map((angle) => (angle === null ? NOTHING : `${angle.mean.toFixed(0)}°`)),
    ...[layer.carriedShare, layer.lostShare].map(percent),
    ...[layer.signalToNoise, layer.idealSignalToNoise].map((ratio) => (ratio === null ? NOTHING : ratio.mean.toPrecision(2))),
    ...[layer.saturatedShare, layer.activity.post.active].map(percent),
  ]);
  return [
    `\nweight changes on ${chip}, ${diagnosis.samples} samples of each run\n`,
    textTable(header, rows, colour),
    ...diagnosis.verdict.map((sentence) => `- ${sentence}\n`),
  ];
}

const percent = (share: MeanOverSeeds | null): string => (share === null ? NOTHING : `${Math.round(100 * share.mean)} %`);

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
