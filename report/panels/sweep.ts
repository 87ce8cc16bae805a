/** The settings of a sweep: what was asked and found, curves of accuracy over what varies, a table, and all of it as a file. */
import type { ResultDocument, SettingResult, SweepResult } from '../../experiments/result.ts';
import type { DataFile } from '../csv.ts';
import {
  formatEnergy,
  formatEnergyRange,
  formatPercent,
  formatPercentRange,
  formatPoints,
  formatPointsPlain,
  NONE,
  plural,
} from '../format.ts';
import type { Panel } from '../panel.ts';
import { fileName, table } from '../panel.ts';
import { element, escapeText } from '../svg.ts';
import type { Series, SweepFigure, Yardstick } from './sweep-figures.ts';
import { curveFigure, isNumeric, rowsFigure } from './sweep-figures.ts';

/** More lines than this, or more rows, are not told apart. */
const MOST_SERIES = 10;
const MOST_ROWS = 60;

export function sweepPanel(document: ResultDocument): Panel | null {
  const { sweep } = document;
  if (sweep === undefined) return null;
  const scored = sweep.settings.some(({ accuracy }) => accuracy !== null);
  const figures = scored ? figuresOf(sweep) : [];
  return {
    id: 'sweep',
    heading: sweep.answer === undefined ? 'What the settings do' : 'What was tried',
    body: figures.join('') + settingsTable(sweep),
    caption: captionOf(sweep, figures.length > 0),
    files: [settingsFile(document, sweep)],
  };
}

function captionOf({ answer, settings }: SweepResult, isDrawn: boolean): string {
  const drawn = isDrawn ? 'Dots are means over seeds, and what surrounds them is the 95 % interval' : '';
  const table = `${plural(settings.length, 'setting')}, each on the same seeds; energy is that of one synaptic update.`;
  if (answer === undefined) return isDrawn ? `${drawn}. ${table}` : table;
  const limit = `${formatPointsPlain(answer.tolerance, 0)} points below it`;
  return `${drawn} of the difference to ${answer.reference} on the same seeds, which is the level line; the dashed one lies ${limit}, and a value is good enough when its interval ends above that.`;
}

function figuresOf(sweep: SweepResult): string[] {
  const { axes, answer } = sweep;
  const yardstick = yardstickOf(sweep);
  const settings =
    answer === undefined || yardstick === undefined ? sweep.settings : pairedWith(answer, yardstick.accuracy, sweep.settings);
  const common = { ...(yardstick && { yardstick }), ...(answer && { threshold: answer.threshold }) };
  const curves = axes.filter(isNumeric).flatMap((axis, n) => {
    const series = seriesAlong(axis.name, settings);
    if (series.length === 0 || series.length > MOST_SERIES) return [];
    const figure: SweepFigure = { id: `sweep-${n}`, title: `Accuracy over ${axis.name}`, axis: axis.name, series, ...common };
    return [curveFigure(figure)];
  });
  if (curves.length > 0 || settings.length > MOST_ROWS) return curves;
  const series = [{ name: '', points: settings.map((setting) => ({ value: nameOf(setting), accuracy: setting.accuracy })) }];
  return [rowsFigure({ id: 'sweep-rows', title: 'Accuracy by setting', axis: '', series, ...common })];
}

function yardstickOf({ answer, settings }: SweepResult): Yardstick | undefined {
  const accuracy = settings[0]?.accuracy;
  return answer === undefined || accuracy == null
    ? undefined
    : { name: answer.reference, accuracy: accuracy.mean, tolerance: answer.tolerance };
}

/** The settings that were asked about, with the interval of the paired difference in place of their own: it is what the answer goes by. */
function pairedWith(
  { points }: NonNullable<SweepResult['answer']>,
  reference: number,
  settings: readonly SettingResult[],
): SettingResult[] {
  const within = (share: number): number => Math.min(1, Math.max(0, share));
  return settings.slice(settings.length - points.length).map((setting, n) => {
    const ci95 = points[n].difference?.ci95;
    if (setting.accuracy === null || ci95 === undefined) return setting;
    const around = ci95 && ([within(reference + ci95[0]), within(reference + ci95[1])] as const);
    return { ...setting, accuracy: { ...setting.accuracy, ci95: around } };
  });
}

/** Settings that differ in one thing only make a line. */
function seriesAlong(axis: string, settings: readonly SettingResult[]): Series[] {
  const lines = new Map<string, SettingResult[]>();
  for (const setting of settings) {
    if (setting.values[axis] === undefined) continue;
    const name = nameOf(setting, axis);
    lines.set(name, [...(lines.get(name) ?? []), setting]);
  }
  return [...lines].map(([name, list]) => ({ name, points: list.map(({ values, accuracy }) => ({ value: values[axis], accuracy })) }));
}

/** A setting by its values, but for one axis. */
function nameOf({ values }: SettingResult, without?: string): string {
  const parts = Object.entries(values).filter(([name]) => name !== without);
  return parts
    .map(([name, value]) => (name === 'chip' || name === 'rule' ? value : `${name.slice(name.lastIndexOf(':') + 1)} ${value}`))
    .join(', ');
}

function settingsTable({ axes, settings, answer }: SweepResult): string {
  const names = ['chip', ...axes.map(({ name }) => name).filter((name) => name !== 'chip')];
  const shown = settings.slice(0, MOST_ROWS);
  const first = settings.length - (answer?.points.length ?? 0);
  const rows = shown.map(({ values, seeds, accuracy, energyPerUpdate, energyIsLowerBound }, n) => [
    ...names.map((name) => escapeText(values[name] ?? NONE)),
    String(seeds.length),
    twoLines(formatPercent(accuracy?.mean), formatPercentRange(accuracy?.ci95)),
    ...(answer === undefined ? [] : [differenceCell(answer.points[n - first])]),
    energyPerUpdate === null
      ? NONE
      : twoLines(
          `${energyIsLowerBound ? '> ' : ''}${formatEnergy(energyPerUpdate.value)}`,
          formatEnergyRange(energyPerUpdate.lo, energyPerUpdate.hi),
        ),
  ]);
  const header = [
    ...names,
    'seeds',
    'accuracy',
    ...(answer === undefined ? [] : [`against ${answer.reference}, points`]),
    'energy per update',
  ];
  const numeric = header.map((_, k) => k).slice(names.length);
  const rest = settings.length - shown.length;
  return (
    table('Settings', header, rows, numeric) + (rest > 0 ? element('p', { class: 'note' }, escapeText(`and ${rest} more in the file`)) : '')
  );
}

type Point = NonNullable<SweepResult['answer']>['points'][number];

const VERDICTS = { within: 'good enough', beyond: 'not good enough', open: 'cannot tell' } as const;

const differenceCell = (point: Point | undefined): string =>
  point?.difference == null ? NONE : twoLines(formatPoints(point.difference.mean), VERDICTS[point.verdict]);

const twoLines = (main: string, second: string): string =>
  escapeText(main) + (second === '' || second === NONE ? '' : element('small', {}, escapeText(second)));

/** The sweep in a sentence or two, for the top of the report. */
export function sweepVerdict({ answer, settings, runs }: SweepResult): string[] {
  const undone =
    runs.done === runs.planned
      ? []
      : [`${runs.done} of ${runs.planned} runs are done; ${runs.failed} failed and ${runs.missing} are missing.`];
  if (answer !== undefined) return [answer.words, ...undone];
  const scored = settings.flatMap((setting) => (setting.accuracy === null ? [] : [{ setting, mean: setting.accuracy.mean }]));
  if (scored.length === 0) return [`${plural(settings.length, 'setting')} without a score.`, ...undone];
  const best = scored.reduce((a, b) => (b.mean > a.mean ? b : a));
  const interval = best.setting.accuracy?.ci95 ? ` (${formatPercentRange(best.setting.accuracy.ci95)})` : '';
  return [
    `Of ${plural(settings.length, 'setting')} the highest mean is that of ${nameOf(best.setting)}: ${formatPercent(best.mean)}${interval}.`,
    ...undone,
  ];
}

/** One row per setting. */
export function settingsFile(document: ResultDocument, { axes, settings }: SweepResult): DataFile {
  const names = axes.map(({ name }) => name);
  return {
    name: fileName(document, 'settings'),
    header: [
      ...new Set(['chip', 'rule', ...names]),
      'seeds',
      'accuracy_mean',
      'accuracy_lo',
      'accuracy_hi',
      'energy_per_update_J_mean',
      'energy_per_update_J_lo',
      'energy_per_update_J_hi',
      'energy_is_lower_bound',
      'synaptic_updates',
      'state_hash',
    ],
    rows: settings.map(({ chip, rule, values, seeds, accuracy, energySpread, energyIsLowerBound, synapticUpdates, stateHash }) => [
      values.chip ?? chip,
      rule,
      ...names.filter((name) => name !== 'chip' && name !== 'rule').map((name) => values[name]),
      seeds.length,
      accuracy?.mean,
      accuracy?.ci95?.[0],
      accuracy?.ci95?.[1],
      energySpread?.mean,
      energySpread?.ci95?.[0],
      energySpread?.ci95?.[1],
      energyIsLowerBound ? 'yes' : 'no',
      synapticUpdates,
      stateHash,
    ]),
  };
}
