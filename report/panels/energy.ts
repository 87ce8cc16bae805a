/**
 * Where the energy goes: one bar per chip, divided by account, once per synaptic update (learning accounts only) and once for the whole run.
 * Bars share one linear axis while the dearest chip needs at most `LINEAR_UP_TO` times the cheapest; beyond that a common axis would hide the
 * small one, so each bar then shows shares of its own total. A fold-out lists every constant with its source and confidence.
 */
import type { EnergyReport, EnergyRow } from '../../core/energy/estimate.ts';
import type { EnergyAccount } from '../../core/energy/event-kinds.ts';
import { EVENT_KINDS } from '../../core/energy/event-kinds.ts';
import type { ResultDocument } from '../../experiments/result.ts';
import {
  formatCount,
  formatDuration,
  formatEnergy,
  formatEnergyRange,
  formatPercent,
  formatPower,
  isFiniteNumber,
  joinWords,
} from '../format.ts';
import type { DrawnChip, Panel } from '../panel.ts';
import { chipName, drawnChips, fileName, narrowAndWide, table } from '../panel.ts';
import { element, escapeText, line, linearScale, rect, svgFigure, textAt } from '../svg.ts';
import { energyFigures, figuresFile } from './energy-figures.ts';

/** Accounts in drawing order, with what each pays for. */
export const ACCOUNTS = [
  ['read', 'reading weights for spikes'],
  ['trace', 'keeping traces'],
  ['compute', 'evaluating the rule'],
  ['write', 'changing weights'],
  ['route', 'carrying spikes'],
  ['neuron', 'updating neurons'],
  ['static', 'leakage while switched on'],
] as const satisfies readonly (readonly [EnergyAccount, string])[];

const LINEAR_UP_TO = 20;
const ROW = 58;

interface Bar {
  readonly chip: DrawnChip;
  /** Joules per account, in the order of `ACCOUNTS`. */
  readonly parts: readonly number[];
  readonly value: number;
  readonly lo: number;
  readonly hi: number;
}

export function energyPanel(document: ResultDocument): Panel | null {
  const chips = drawnChips(document).filter(({ result }) => result.energy.breakdown.length > 0);
  if (chips.length === 0) return null;
  const perUpdate = chips.flatMap(updateBar);
  const total = chips.map(totalBar);
  const sections = [
    perUpdate.length > 0 ? chart('Per synaptic update', 'learning only: traces, rule, writes', perUpdate, 'energy-update') : '',
    chart('Whole run', 'everything that was counted, learning or not', total, 'energy-total'),
  ];
  return {
    id: 'energy',
    heading: 'Where the energy goes',
    body: legend([...perUpdate, ...total]) + sections.join('') + energyFigures(chips) + missingNote(chips) + constants(chips),
    caption:
      'Each bar is one chip, divided by what the joules pay for; the thin line is the range when every constant is at its low or high end at once, so bars whose lines overlap should not be ranked.',
    files: [
      {
        name: fileName(document, 'energy'),
        header: [
          'chip',
          'account',
          'event',
          'count_or_seconds',
          'per_event_J_or_W',
          'joules',
          'joules_lo',
          'joules_hi',
          'confidence',
          'source',
        ],
        rows: chips.flatMap(({ result }) =>
          result.energy.breakdown.map((row) => [
            result.chip,
            row.account,
            row.kind,
            row.count,
            row.perEvent,
            row.joules,
            row.lo,
            row.hi,
            row.confidence,
            row.source,
          ]),
        ),
      },
      figuresFile(document, chips),
    ],
  };
}

function byAccount(rows: readonly EnergyRow[]): number[] {
  return ACCOUNTS.map(([account]) =>
    rows.reduce((sum, row) => sum + (row.account === account && isFiniteNumber(row.joules) ? row.joules : 0), 0),
  );
}

function learningRows(energy: EnergyReport): EnergyRow[] {
  return energy.breakdown.filter(({ kind }) => kind !== 'static' && EVENT_KINDS[kind]?.learning);
}

/** The learning rows in proportion, scaled so that they add up to the energy per update. */
function updateBar(chip: DrawnChip): Bar[] {
  const cost = chip.result.energy.perUpdate;
  if (!cost || ![cost.value, cost.lo, cost.hi].every(isFiniteNumber)) return [];
  const learning = byAccount(learningRows(chip.result.energy));
  const sum = learning.reduce((a, b) => a + b, 0);
  if (sum <= 0) return [];
  return [{ chip, parts: learning.map((joules) => (joules / sum) * cost.value), value: cost.value, lo: cost.lo, hi: cost.hi }];
}

function totalBar(chip: DrawnChip): Bar {
  const { total } = chip.result.energy;
  const parts = byAccount(chip.result.energy.breakdown);
  const value = parts.reduce((a, b) => a + b, 0);
  return { chip, parts, value, lo: isFiniteNumber(total.lo) ? total.lo : value, hi: isFiniteNumber(total.hi) ? total.hi : value };
}

function chart(title: string, subtitle: string, bars: readonly Bar[], id: string): string {
  const values = bars.map(({ value }) => value).filter((value) => value > 0);
  const linear = values.length < 2 || Math.max(...values) / Math.min(...values) <= LINEAR_UP_TO;
  const scaleNote = linear ? subtitle : `${subtitle}; bars show shares, because the totals differ more than ${LINEAR_UP_TO} times`;
  return (
    element('h3', {}, escapeText(title), element('small', {}, escapeText(scaleNote))) +
    narrowAndWide((width, suffix) => drawBars(title, bars, linear, width, `${id}-${suffix}`))
  );
}

function drawBars(title: string, bars: readonly Bar[], linear: boolean, width: number, id: string): string {
  const longest = linear ? Math.max(...bars.map(({ value, hi }) => Math.max(value, hi))) : 1;
  const rows = bars.map(({ chip, parts, value, lo, hi }, k) => {
    const x = linearScale([0, linear ? longest || 1 : value || 1], [0, width - 2]);
    const top = k * ROW;
    let at = 0;
    const segments = parts.map((joules, account) => {
      const from = x(at);
      at += joules;
      return joules > 0 ? rect(from, top + 22, Math.max(0.5, x(at) - from - 1), 20, { class: `account-${account}` }) : '';
    });
    const whisker =
      linear && hi > lo
        ? line(x(lo), top + 46, x(hi), top + 46, 'range') +
          line(x(lo), top + 43, x(lo), top + 49, 'range') +
          line(x(hi), top + 43, x(hi), top + 49, 'range')
        : '';
    const figure = `${formatEnergy(value)} (${formatEnergyRange(lo, hi)})`;
    // Chip titles are cut where the figure on the right would meet them; 6.6 units is the mean advance of the 13 px label.
    const room = Math.floor((width - figure.length * 6.6 - 24) / 7.2);
    const name = chip.result.title.length > room ? `${chip.result.title.slice(0, Math.max(1, room - 1)).trimEnd()}…` : chip.result.title;
    return [
      element('circle', { cx: 5, cy: top + 11, r: 4.5, class: `solid ${chip.className}` }),
      textAt(16, top + 15, name, { class: 'direct' }),
      textAt(width - 2, top + 15, figure, { class: 'figure', 'text-anchor': 'end' }),
      ...segments,
      whisker,
    ].join('');
  });
  const description = bars
    .map(
      ({ chip, parts, value, lo, hi }) =>
        `${chip.result.title}: ${formatEnergy(value)}, range ${formatEnergyRange(lo, hi)}, of which ${sharesInWords(parts, value)}.`,
    )
    .join(' ');
  return svgFigure({ id, title, description, width, height: bars.length * ROW }, ...rows);
}

function sharesInWords(parts: readonly number[], value: number): string {
  const shares = parts.flatMap((joules, k) => (joules > 0 && value > 0 ? [`${ACCOUNTS[k][0]} ${formatPercent(joules / value, 0)}`] : []));
  return shares.length === 0 ? 'nothing was counted' : joinWords(shares);
}

function legend(bars: readonly Bar[]): string {
  const used = ACCOUNTS.map((_, k) => bars.some(({ parts }) => parts[k] > 0));
  const entries = ACCOUNTS.flatMap(([account, meaning], k) =>
    used[k]
      ? [
          element(
            'span',
            {},
            element('i', { class: `box account-${k}`, 'aria-hidden': 'true' }, ''),
            element('b', {}, account),
            ` ${escapeText(meaning)}`,
          ),
        ]
      : [],
  );
  return element('p', { class: 'legend' }, ...entries);
}

function missingNote(chips: readonly DrawnChip[]): string {
  return chips
    .filter(({ result }) => result.energy.missing.length > 0)
    .map(({ result }) =>
      element(
        'p',
        { class: 'note' },
        escapeText(
          `${result.title} counted events that have no figure (${joinWords(result.energy.missing)}), so its total is a lower bound.`,
        ),
      ),
    )
    .join('');
}

function constants(chips: readonly DrawnChip[]): string {
  const rows = chips.flatMap((chip) =>
    chip.result.energy.breakdown.map((row) => [
      chipName(chip),
      escapeText(row.account),
      row.kind === 'static'
        ? 'static power'
        : escapeText(row.kind) + element('small', {}, escapeText(EVENT_KINDS[row.kind]?.meaning ?? '')),
      escapeText(row.kind === 'static' ? formatDuration(row.count) : formatCount(row.count)),
      escapeText(row.kind === 'static' ? formatPower(row.perEvent) : formatEnergy(row.perEvent)),
      escapeText(formatEnergy(row.joules)) + element('small', {}, escapeText(formatEnergyRange(row.lo, row.hi))),
      element('span', { class: `tag ${row.confidence}` }, escapeText(row.confidence)),
      escapeText(row.source),
    ]),
  );
  const header = ['Chip', 'Account', 'Event', 'Count', 'Each', 'Joules', 'Confidence', 'Source'];
  return element(
    'details',
    {},
    element('summary', {}, 'Every constant, with its source'),
    table('Energy constants', header, rows, [3, 4, 5]),
    element(
      'p',
      { class: 'note' },
      'measured: on silicon or on a device; simulated: from a circuit model; assumed: carried over from a related design.',
    ),
  );
}
