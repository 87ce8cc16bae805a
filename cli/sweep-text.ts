/** A sweep as text: its settings as a table, and the runs that have no result. */
import { formatSi } from '../core/units.ts';
import { pointsWithInterval } from '../experiments/points-text.ts';
import type { RunWithoutResult, SettingResult, SweepResult } from '../experiments/result.ts';
import { textTable, withInterval } from './table.ts';

const NOTHING = '-';
/** So many runs are listed; there may be thousands. */
const MOST_LISTED = 10;

/** One row per setting, with a column for each thing that varies. */
export function settingsTable({ axes, settings }: Pick<SweepResult, 'axes' | 'settings'>, colour: boolean): string {
  const names = ['chip', ...axes.map(({ name }) => name).filter((name) => name !== 'chip')];
  const header = [...names, 'seeds', 'accuracy (95 % CI)', 'updates', 'energy/update (95 % CI)'];
  const rows = settings.map((setting) => [
    ...names.map((name) => setting.values[name] ?? NOTHING),
    String(setting.seeds.length),
    setting.accuracy === null ? NOTHING : withInterval(setting.accuracy.mean, setting.accuracy.ci95),
    setting.seeds.length === 0 ? NOTHING : formatSi(setting.synapticUpdates, '').trim(),
    energyText(setting),
  ]);
  return textTable(header, rows, colour);
}

function energyText({ energySpread, energyIsLowerBound }: SettingResult): string {
  if (energySpread === null) return NOTHING;
  const { mean, ci95 } = energySpread;
  const interval = ci95 === null ? '' : `  [${ci95.map((end) => formatSi(end, 'J')).join(', ')}]`;
  return `${energyIsLowerBound ? '> ' : ''}${formatSi(mean, 'J')}${interval}`;
}

export function statusText(status: Pick<SweepResult, 'runs' | 'failed' | 'missing'>, colour: boolean): string {
  const { planned, done, failed, missing } = status.runs;
  return (
    textTable(['planned', 'done', 'failed', 'missing'], [[planned, done, failed, missing].map(String)], colour) + withoutResultText(status)
  );
}

/** What is missing and what failed, and why. */
export function withoutResultText({ failed, missing }: Pick<SweepResult, 'failed' | 'missing'>): string {
  return listed('failed', failed) + listed('missing', missing);
}

function listed(what: string, runs: readonly RunWithoutResult[]): string {
  if (runs.length === 0) return '';
  const lines = runs.slice(0, MOST_LISTED).map(({ chip, values, seed, deviceSet, problem }) => {
    const others = Object.entries(values).filter(([name]) => name !== 'chip' && !name.includes(':'));
    const place = [
      chip,
      ...others.map(([name, value]) => `${name} ${value}`),
      `seed ${seed}`,
      ...(deviceSet > 0 ? [`devices ${deviceSet}`] : []),
    ];
    return `  ${place.join(', ')}${problem === undefined ? '' : `: ${problem.message}`}\n`;
  });
  const rest = runs.length > MOST_LISTED ? `  and ${runs.length - MOST_LISTED} more\n` : '';
  return `${what}: ${runs.length} runs\n${lines.join('')}${rest}`;
}

const VERDICTS = { within: 'yes', beyond: 'no', open: 'cannot tell' } as const;

/** A question, the row it was asked of, and the answer in words. */
export function answerText({ settings, answer }: SweepResult, colour: boolean): string {
  if (answer === undefined) return '';
  const { question, axis, meaning, reference, tolerance, points, words } = answer;
  const header = [
    axis,
    'accuracy (95 % CI)',
    `against ${reference}, points (95 % CI)`,
    `within ${Number((100 * tolerance).toFixed(2))} points`,
    'energy/update',
  ];
  // the first setting is the reference
  const rows = points.map(({ value, accuracy, difference, verdict }, n) => [
    value,
    accuracy === null ? NOTHING : withInterval(accuracy.mean, accuracy.ci95),
    difference === null ? NOTHING : pointsWithInterval(difference),
    VERDICTS[verdict],
    energyText(settings[n + 1]),
  ]);
  const own = settings[0].accuracy;
  const first = [reference, own === null ? NOTHING : withInterval(own.mean, own.ci95), NOTHING, NOTHING, energyText(settings[0])];
  return `${question} (${meaning})\n${textTable(header, [first, ...rows], colour)}${words}\n`;
}
