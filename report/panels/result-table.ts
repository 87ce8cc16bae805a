/** The result table: accuracy with its interval, the difference against the reference chip, updates, energy and time. */
import { EVENT_KINDS } from '../../core/energy/event-kinds.ts';
import { scoreName } from '../../experiments/novelty-result.ts';
import type { ChipResult, ResultDocument, SeedStatistic } from '../../experiments/result.ts';
import { extent, niceDomain } from '../axes.ts';
import { referenceOf, seedDifference } from '../compare.ts';
import {
  capital,
  formatCount,
  formatDuration,
  formatEnergy,
  formatEnergyRange,
  formatPercent,
  formatPercentRange,
  isFiniteNumber,
  joinWords,
  NONE,
  plural,
} from '../format.ts';
import type { DrawnChip, Panel } from '../panel.ts';
import { chipName, drawnChips, fileName, table } from '../panel.ts';
import { element, escapeText, line, linearScale, svgFigure } from '../svg.ts';
import { differenceCell } from '../verdict.ts';

export function resultTablePanel(document: ResultDocument): Panel | null {
  const chips = drawnChips(document);
  if (chips.length === 0) return null;
  const reference = referenceOf(document.results);
  const range = extent(chips.flatMap(({ result }) => (result.accuracy ? [result.accuracy.mean, ...(result.accuracy.ci95 ?? [])] : [])));
  const domain = range && niceDomain(range[0], range[1]);
  const differences = chips.map(({ result }) => (reference && result !== reference ? seedDifference(result, reference) : null));

  const rows = chips.map((chip, k) => {
    const { result } = chip;
    const difference = differenceCell(differences[k]);
    const cost = result.energy.perUpdate;
    const priced = result.energy.breakdown.length > 0;
    return [
      chipName(chip),
      twoLines(formatPercent(result.accuracy?.mean), accuracyNote(result.accuracy)) + (domain ? accuracyMark(chip, domain) : ''),
      result === reference ? secondary('reference') : twoLines(difference.text, difference.interval, difference.judgement),
      twoLines(
        formatCount(result.learningCost.synapticUpdates),
        result.learningCost.writePulses === undefined ? '' : `${formatCount(result.learningCost.writePulses)} pulses`,
      ),
      cost ? twoLines(formatEnergy(cost.value), formatEnergyRange(cost.lo, cost.hi)) : noFigure(result.chip),
      priced
        ? twoLines(formatEnergy(result.energy.total.value), formatEnergyRange(result.energy.total.lo, result.energy.total.hi))
        : noFigure(result.chip),
      escapeText(formatDuration(result.wallSeconds)),
    ];
  });
  const header = [
    'Chip',
    capital(scoreName(document.results)),
    'Against ideal, points',
    'Synaptic updates',
    'Energy per update',
    'Total energy',
    'Wall time',
  ];
  return {
    id: 'results',
    heading: 'Results',
    body: table('Results by chip', header, rows, [1, 2, 3, 4, 5, 6]) + element('p', { class: 'note' }, escapeText(tableNote(document))),
    caption:
      'Large figures are means over seeds; the small line under each is its 95 % interval (score, Student) or its worst-case range (energy), and the dot with its bar shows the same interval of the score on one common scale.',
    files: [
      {
        name: fileName(document, 'results'),
        header: [
          'chip',
          'accuracy_mean',
          'accuracy_lo',
          'accuracy_hi',
          'seeds',
          'difference',
          'difference_lo',
          'difference_hi',
          'synaptic_updates',
          'energy_per_update_J',
          'energy_per_update_lo_J',
          'energy_per_update_hi_J',
          'energy_total_J',
          'wall_s',
        ],
        rows: chips.map(({ result }, k) => [
          result.chip,
          result.accuracy?.mean,
          result.accuracy?.ci95?.[0],
          result.accuracy?.ci95?.[1],
          result.accuracy?.n,
          differences[k]?.mean,
          differences[k]?.ci95?.[0],
          differences[k]?.ci95?.[1],
          result.learningCost.synapticUpdates,
          result.energy.perUpdate?.value,
          result.energy.perUpdate?.lo,
          result.energy.perUpdate?.hi,
          result.energy.breakdown.length > 0 ? result.energy.total.value : null,
          result.wallSeconds,
        ]),
      },
    ],
  };
}

function tableNote(document: ResultDocument): string {
  const sentences = ['Differences are paired by seed; "not told apart" means that the 95 % interval includes zero.'];
  if (document.results.some((result) => !result.energy.perUpdate)) {
    sentences.push(`"${NONE}" under energy: the chip has no energy table (the ideal chip is arithmetic, not hardware) or made no update.`);
  }
  const unpriced = document.results.filter(({ energy }) => energy.breakdown.length > 0 && energy.missing.length > 0);
  const learning = unpriced.filter(({ energy }) => energy.missing.some((kind) => EVENT_KINDS[kind]?.learning));
  const others = unpriced.filter((result) => !learning.includes(result));
  if (learning.length > 0) sentences.push(lowerBound('Energy per update and total energy of', learning));
  if (others.length > 0) sentences.push(lowerBound('The total energy of', others));
  return sentences.join(' ');
}

function lowerBound(subject: string, results: readonly ChipResult[]): string {
  return `${subject} ${joinWords(results.map(({ title }) => title))} is a lower bound: events were counted that have no figure.`;
}

function accuracyNote(accuracy: SeedStatistic | null): string {
  if (!accuracy) return 'no score';
  return accuracy.ci95 ? formatPercentRange(accuracy.ci95) : `${plural(accuracy.n, 'seed')}, no interval`;
}

/** Mean as a dot and its interval as a bar. */
function accuracyMark(chip: DrawnChip, domain: readonly [number, number]): string {
  const { accuracy, title } = chip.result;
  if (!accuracy || !isFiniteNumber(accuracy.mean)) return '';
  const x = linearScale(domain, [5, 115]);
  const interval = accuracy.ci95?.every(isFiniteNumber) ? line(x(accuracy.ci95[0]), 6, x(accuracy.ci95[1]), 6, 'interval') : '';
  const description = `${formatPercent(accuracy.mean)} on a scale from ${formatPercent(domain[0], 0)} to ${formatPercent(domain[1], 0)}`;
  return svgFigure(
    {
      id: `accuracy-${chip.index}`,
      title: `Accuracy of ${title}`,
      description,
      width: 120,
      height: 12,
      className: `mark ${chip.className}`,
    },
    line(5, 6, 115, 6, 'grid'),
    interval,
    element('circle', { cx: x(accuracy.mean), cy: 6, r: 3.5, class: 'solid' }),
  );
}

function twoLines(first: string, ...small: readonly string[]): string {
  return (
    escapeText(first) +
    small
      .filter((text) => text !== '')
      .map(secondary)
      .join('')
  );
}

function secondary(text: string): string {
  return element('small', {}, escapeText(text));
}

function noFigure(chip: string): string {
  return twoLines(NONE, chip === 'ideal' ? 'not hardware' : 'no figure');
}
