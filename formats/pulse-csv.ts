/**
 * Measured pulses as comma-separated values: one line per pulse, in the order they were applied.
 *
 *   polarity            `up` or `down` (1 or -1): what the pulse was; `start` (0) for a reading without one
 *   conductance_<unit>  what was read after it: S, mS, uS, nS or pS; or resistance_<unit>: ohm, kohm, Mohm or Gohm
 *   pulse               optional: counts the lines, without gaps
 *   time_<unit>         optional: s, ms, us or ns; never falls
 *
 * Columns stand in any order; lines that begin with `#` are comments. Every fault is reported with its line, all of them at once.
 */
import type { Problem } from '../core/errors.ts';
import { UserError } from '../core/errors.ts';

export interface MeasuredPulses {
  /** [pulses] 1, -1, or 0 for a reading without a pulse. */
  readonly polarity: Int8Array;
  /** [pulses] siemens after the pulse. */
  readonly conductance: Float64Array;
}

const SIEMENS: Readonly<Record<string, number>> = { S: 1, mS: 1e-3, uS: 1e-6, nS: 1e-9, pS: 1e-12 };
const OHMS: Readonly<Record<string, number>> = { ohm: 1, kohm: 1e3, Mohm: 1e6, Gohm: 1e9 };
const SECONDS: Readonly<Record<string, number>> = { s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 };
const POLARITIES: Readonly<Record<string, number>> = { up: 1, '1': 1, '+1': 1, down: -1, '-1': -1, start: 0, '0': 0 };
/** Faults of one kind beyond these are counted, not listed. */
const MOST_FAULTS = 20;

interface Columns {
  readonly polarity: number;
  readonly value: number;
  readonly toSiemens: (value: number) => number;
  readonly pulse?: number;
  readonly time?: { readonly column: number; readonly seconds: number };
}

export function readPulseCsv(text: string, file: string): MeasuredPulses {
  const problems: Problem[] = [];
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map((line, n) => ({ line, number: n + 1 }))
    .filter(({ line }) => line.trim() !== '' && !line.startsWith('#'));
  if (lines.length === 0) throw new UserError({ code: 'E-CSV', message: `${file} is empty`, hint: HINT });
  const header = lines[0].line.split(',').map((cell) => cell.trim());
  const columns = readHeader(header, file, lines[0].number, problems);
  if (columns === undefined) throw new UserError(problems);
  const polarity = new Int8Array(lines.length - 1);
  const conductance = new Float64Array(lines.length - 1);
  let [lastTime, lastPulse] = [Number.NEGATIVE_INFINITY, Number.NaN];
  for (const [n, { line, number }] of lines.slice(1).entries()) {
    const cells = line.split(',').map((cell) => cell.trim());
    const fault = (message: string): void => {
      problems.push({ code: 'E-CSV', message, where: { file, line: number } });
    };
    if (cells.length !== header.length) {
      fault(`has ${cells.length} values for ${header.length} columns`);
      continue;
    }
    const sign = POLARITIES[cells[columns.polarity].toLowerCase()];
    if (sign === undefined) fault(`polarity is "${cells[columns.polarity]}", but must be up, down or start`);
    const value = numberIn(cells[columns.value]);
    if (!Number.isFinite(value) || value <= 0) {
      const shown = cells[columns.value] === '' ? 'missing' : cells[columns.value];
      fault(`${header[columns.value]} is ${shown}, but must be a number above 0`);
    }
    if (columns.time !== undefined) {
      const time = numberIn(cells[columns.time.column]) * columns.time.seconds;
      if (!Number.isFinite(time))
        fault(`${header[columns.time.column]} is ${cells[columns.time.column] || 'missing'}, but must be a number`);
      else if (time < lastTime) fault(`time falls from ${lastTime} s to ${time} s`);
      else lastTime = time;
    }
    if (columns.pulse !== undefined) {
      const count = numberIn(cells[columns.pulse]);
      if (!Number.isInteger(count)) fault(`pulse is ${cells[columns.pulse] || 'missing'}, but must be a whole number`);
      else if (count !== lastPulse + 1 && !Number.isNaN(lastPulse)) fault(`pulse jumps from ${lastPulse} to ${count}: lines are missing`);
      lastPulse = count;
    }
    polarity[n] = sign ?? 0;
    conductance[n] = columns.toSiemens(value);
  }
  if (problems.length > MOST_FAULTS) {
    const more = problems.length - MOST_FAULTS;
    problems.splice(MOST_FAULTS, more, { code: 'E-CSV', message: `and ${more} more faults`, where: { file } });
  }
  if (problems.length > 0) throw new UserError(problems);
  return { polarity, conductance };
}

const HINT = 'the first line names the columns, e.g. polarity,conductance_uS';

/** An empty cell is no zero. */
const numberIn = (cell: string): number => (cell === '' ? Number.NaN : Number(cell));

function readHeader(header: readonly string[], file: string, line: number, problems: Problem[]): Columns | undefined {
  const before = problems.length;
  const fault = (message: string, hint?: string): void => {
    problems.push({ code: 'E-CSV', message, where: { file, line }, ...(hint && { hint }) });
  };
  let value: Pick<Columns, 'value' | 'toSiemens'> | undefined;
  let [polarity, pulse]: (number | undefined)[] = [];
  let time: Columns['time'];
  for (const [column, name] of header.entries()) {
    const [, quantity, unit] = /^(conductance|resistance|time)(?:_(.+))?$/.exec(name) ?? [];
    if (name === 'polarity') polarity = column;
    else if (name === 'pulse') pulse = column;
    else if (quantity === undefined)
      fault(`unknown column "${name}"`, 'columns: polarity, conductance_<unit> or resistance_<unit>, pulse, time_<unit>');
    else {
      const units = quantity === 'conductance' ? SIEMENS : quantity === 'resistance' ? OHMS : SECONDS;
      const size = unit === undefined ? undefined : Object.hasOwn(units, unit) ? units[unit] : undefined;
      if (size === undefined)
        fault(
          `column "${name}" needs a unit (${Object.keys(units)
            .map((one) => `${quantity}_${one}`)
            .join(', ')})`,
        );
      else if (quantity === 'time') time = { column, seconds: size };
      else if (value !== undefined) fault('there are two columns with the state of the cell; give one of conductance and resistance');
      else value = { value: column, toSiemens: quantity === 'conductance' ? (read) => read * size : (read) => 1 / (read * size) };
    }
  }
  if (polarity === undefined) fault('there is no column "polarity"', HINT);
  if (value === undefined && problems.length === before) fault('there is no column conductance_<unit> or resistance_<unit>', HINT);
  if (problems.length > before || polarity === undefined || value === undefined) return undefined;
  return { polarity, ...value, ...(pulse !== undefined && { pulse }), ...(time && { time }) };
}
