/** What learning costs, rule by rule and chip by chip: joules per update, per sample, and until nine of ten answers are right, beside the digital way. */
import type { Joules } from '../../core/energy/estimate.ts';
import type { ResultDocument } from '../../experiments/result.ts';
import { formatCount, formatEnergy, formatEnergyRange, formatPercent, formatPercentRange, NONE } from '../format.ts';
import type { Panel } from '../panel.ts';
import { chipName, drawnChips, fileName, table } from '../panel.ts';
import { element, escapeText } from '../svg.ts';

const HEADER = ['Rule', 'Chip', 'Accuracy', 'Per update', 'Per sample', 'Samples to goal', 'Energy to goal'];

/** The panel of one run. */
export const learningCostPanel = (document: ResultDocument): Panel | null => learningCost([document]);

/** @param documents one or several rules, each on its chips */
export function learningCost(documents: readonly ResultDocument[]): Panel | null {
  const goals = documents.flatMap(({ results }) => results.flatMap(({ toGoal }) => (toGoal === undefined ? [] : [toGoal.goal])));
  if (goals.length === 0) return null;
  const rows = documents.flatMap((document) => [...document.results.map((_, n) => chipRow(document, n)), ...digitalRows(document)]);
  const notes = [...new Set(documents.flatMap(({ digital }) => (digital === undefined ? [] : [digital.note])))];
  return {
    id: 'learning-cost',
    heading: 'What learning costs',
    body:
      table('Energy of learning by rule and chip', HEADER, rows, [2, 3, 4, 5, 6]) +
      notes.map((note) => element('p', { class: 'note' }, escapeText(`Digital: ${note}.`))).join(''),
    caption: `The goal is reached at the first point of the learning curve, averaged over the seeds, at which ${formatPercent(goals[0], 0)} of the training samples were answered rightly before they were learned. Static power is left out; the ideal chip is arithmetic and has no joules.`,
    files: [
      {
        name: fileName(documents[0], 'learning-cost'),
        header: ['rule', 'chip', 'accuracy', 'per_update_J', 'per_sample_J', 'samples_to_goal', 'to_goal_J', 'digital_per_sample_J'],
        rows: documents.flatMap(({ rule, results, digital }) =>
          results.map(({ chip, accuracy, energy, toGoal }) => [
            rule.name,
            chip,
            accuracy?.mean,
            energy.perUpdate?.value,
            energy.perSample?.value,
            toGoal?.samples,
            toGoal?.energy?.value,
            digital?.perSample,
          ]),
        ),
      },
    ],
  };
}

function chipRow(document: ResultDocument, n: number): string[] {
  const chip = drawnChips(document)[n];
  const { accuracy, energy, toGoal } = chip.result;
  const samples = toGoal === undefined ? NONE : toGoal.samples === null ? 'not reached' : formatCount(toGoal.samples);
  return [
    escapeText(document.rule.name),
    chipName(chip),
    withRange(formatPercent(accuracy?.mean), accuracy?.ci95 ? formatPercentRange(accuracy.ci95) : ''),
    joules(energy.perUpdate),
    joules(energy.perSample),
    escapeText(samples),
    joules(toGoal?.energy),
  ];
}

const digitalRows = ({ rule, digital }: ResultDocument): string[][] =>
  digital === undefined
    ? []
    : [[escapeText(rule.name), 'digital back-propagation', NONE, NONE, escapeText(formatEnergy(digital.perSample)), NONE, NONE]];

const withRange = (text: string, range: string): string => escapeText(text) + (range === '' ? '' : element('small', {}, escapeText(range)));

function joules(figure: Joules | null | undefined): string {
  return figure == null ? NONE : withRange(formatEnergy(figure.value), formatEnergyRange(figure.lo, figure.hi));
}
