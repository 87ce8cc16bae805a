/** `hillock run energy-claims`: no network but a table of all devices, so there is nothing to choose a chip, a rule or a seed for. */
import type { Limits } from '../chips/memristor-crossbar/claims.ts';
import { UserError } from '../core/errors.ts';
import { formatQuantity, formatSi } from '../core/units.ts';
import type { EnergyClaims } from '../experiments/energy-claims.ts';
import type { TableScenario } from '../experiments/scenario.ts';
import type { Answer, Terminal } from './answer.ts';
import { answer, jsonText } from './answer.ts';
import type { RunOptions } from './run-chips.ts';
import { textTable } from './table.ts';

type Option = keyof RunOptions;

const ABOUT_RUNS: readonly Option[] = ['rule', 'chip', 'seeds', 'seed', 'devices', 'data', 'train', 'test', 'epochs', 'hidden', 'after'];
const MEANINGLESS: readonly Option[] = [...ABOUT_RUNS, 'pretrain', 'heldOut', 'why', 'out', 'resume', 'live'];

const flagOf = (key: string): string => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

export function runTable(scenario: TableScenario, options: RunOptions, terminal: Terminal): Answer {
  const given = MEANINGLESS.filter((key) => options[key] !== undefined);
  if (given.length > 0) {
    throw new UserError(
      given.map((key) => ({
        code: 'E-USAGE',
        message: `${flagOf(key)} has nothing to choose in ${scenario.name}, which runs no network but looks at every device`,
        hint: `hillock run ${scenario.name} [--json]`,
      })),
    );
  }
  const claims = scenario.table();
  return answer(options.json === true ? jsonText('run', true, { scenario: scenario.name, claims }) : claimsText(claims, terminal.colour));
}

const joules = (value: number): string => formatSi(value, 'J');
const times = (value: number): string => `${Number(value.toPrecision(2))}x`;
const yes = (holds: boolean): string => (holds ? 'yes' : 'no');

/** `0.2 V or 3 uS or 1 ns`: each alone. */
function limitsText(limits: Limits | null): string {
  if (limits === null) return 'not by the pulse';
  const { volts, siemens, seconds } = limits;
  return [
    formatQuantity(volts, 'voltage', 2),
    ...(siemens === undefined ? [] : [formatSi(siemens, 'S', 2)]),
    ...(seconds === undefined ? [] : [formatSi(seconds, 's', 2)]),
  ].join(' or ');
}

export function claimsText({ devices, digital, rows, digitalClaimFactor }: EnergyClaims, colour: boolean): string {
  const updates = devices.map(({ device, update }) => [
    device,
    joules(update.cells.value),
    joules(update.lines.value),
    joules(update.engine.value),
    `${joules(update.total.value)} [${joules(update.total.lo)}, ${joules(update.total.hi)}]`,
    formatSi(update.seconds, 's'),
    yes(update.under10fJ),
    limitsText(update.limits),
    times(update.versusSram.value),
    times(update.versusDram.value),
    times(update.storageVersusSram.value),
    limitsText(update.tenfoldLimits),
  ]);
  const reads = devices.map(({ device, read }) => [
    device,
    joules(read.cells.value),
    joules(read.lines.value),
    joules(read.column.value),
    `${joules(read.total.value)} [${joules(read.total.lo)}, ${joules(read.total.hi)}]`,
    joules(read.totalShared.value),
    joules(read.totalConverted.value),
    times(read.versusSram.value),
    times(read.sharedVersusSram.value),
    times(read.versusDram.value),
    limitsText(read.tenfoldLimits),
  ]);
  const count = (holds: (device: EnergyClaims['devices'][number]) => boolean): string =>
    `${devices.filter(holds).length} of ${devices.length}`;
  const named = (holds: (device: EnergyClaims['devices'][number]) => boolean): string => {
    const names = devices.filter(holds).map(({ device }) => device);
    return names.length === 0 ? 'none' : names.join(', ');
  };
  const { figures, event, update } = digital;
  return [
    'One weight update: a nominal pulse of a synapse at weight 0 (a pair of cells takes one each), lines of 128 cells, and the digital engine.\n',
    textTable(
      [
        'device',
        'cells',
        'lines',
        'engine',
        'total [low, high]',
        'time',
        '< 10 fJ',
        'would be below',
        'vs SRAM',
        'vs DRAM',
        'storage vs SRAM',
        `${digitalClaimFactor}x below that`,
      ],
      updates,
      colour,
    ),
    '\nOne read: a spike over one synapse at weight 0, one column circuit for one active row, or shared.\n',
    textTable(
      [
        'device',
        'cells',
        'lines',
        'column',
        'total [low, high]',
        `${rows} rows on`,
        'with 8-bit ADC',
        'vs SRAM',
        `${rows} rows vs SRAM`,
        'vs DRAM',
        `${digitalClaimFactor}x below, shared`,
      ],
      reads,
      colour,
    ),
    '\nThe digital reference, 8 bits\n',
    textTable(
      ['', 'joules', 'low', 'high', 'source'],
      [
        ...Object.entries(figures).map(([name, { value, lo, hi, source }]) => [name, joules(value), joules(lo), joules(hi), source]),
        ['event, SRAM', joules(event.sram.value), joules(event.sram.lo), joules(event.sram.hi), 'mac + sram'],
        ['event, DRAM', joules(event.dram.value), joules(event.dram.lo), joules(event.dram.hi), 'mac + dram'],
        ['update, SRAM', joules(update.sram.value), joules(update.sram.lo), joules(update.sram.hi), 'mac + 2 sram'],
        ['update, DRAM', joules(update.dram.value), joules(update.dram.lo), joules(update.dram.hi), 'mac + 2 dram'],
      ],
      colour,
    ),
    `\n"under 10 fJ per update", cells and lines: ${count(({ update: u }) => u.under10fJ)}: ${named(({ update: u }) => u.under10fJ)}\n`,
    `cells alone: ${named(({ update: u }) => u.cells.value < 10e-15)}\n`,
    `"10 to 100x below digital", updates, weights in SRAM: ${named(({ update: u }) => u.versusSram.value >= digitalClaimFactor)}\n`,
    `   storage only, SRAM: ${named(({ update: u }) => u.storageVersusSram.value >= digitalClaimFactor)}\n`,
    `   weights in DRAM: ${named(({ update: u }) => u.versusDram.value >= digitalClaimFactor)}\n`,
    `reads, one active row, SRAM: ${named(({ read: r }) => r.versusSram.value >= digitalClaimFactor)}\n`,
    `   ${rows} rows sharing the column, SRAM: ${named(({ read: r }) => r.sharedVersusSram.value >= digitalClaimFactor)}\n`,
    `   one active row, DRAM: ${named(({ read: r }) => r.versusDram.value >= digitalClaimFactor)}\n`,
    'Limits are what voltage, conductance or width alone would have to be, the others unchanged. Every figure with its source: --json.\n',
  ].join('');
}
