/**
 * Cells on a bench: a handful of them under pulses and nothing else, moved by the very text that runs on the chip. For curves, fits and
 * comparison with recordings; the evaluator runs it, so it is slow and obvious.
 */
import { compileOrThrow } from '../../core/program/check-types.ts';
import { evaluate } from '../../core/program/evaluate.ts';
import { FLOAT64 } from '../../core/program/number-format.ts';
import type { SymbolInfo } from '../../core/program/symbols.ts';
import { symbolTable } from '../../core/program/symbols.ts';
import { normalAt, streamOf } from '../../core/random.ts';
import type { Device } from './device-figures.ts';
import { figureOf } from './device-figures.ts';
import { AT_MOST, LAWS, rangeOf } from './device-models.ts';
import { drawCells } from './draw-cells.ts';
import { pulseHeat } from './energy-table.ts';
import { nameCells } from './lower-rule.ts';
import { moveText } from './move-cell.ts';
import { withoutSpread } from './options.ts';

export interface BenchOptions {
  /** Cells; 1 unless given. */
  readonly cells?: number;
  /** Where all cells begin, siemens; gMin unless given. A cell that cannot stand there stands at its bound. */
  readonly start?: number;
  /** Cells deviate and pulses vary, from this seed; without one every cell is the mean device and nothing varies. */
  readonly seed?: number;
}

export interface CellBench {
  /** [cells] siemens */
  conductances(): Float64Array;
  /** [cells] in the device's own scale, wMin … wMax */
  values(): Float64Array;
  /** Sends n pulses to every cell, n < 0 for depression. @returns [cells] joules in the cell itself */
  pulse(n: number): Float64Array;
}

export function cellBench(given: Device, { cells: n = 1, start, seed }: BenchOptions = {}): CellBench {
  const device = seed === undefined ? withoutSpread(given) : given;
  const of = (figure: Parameters<typeof figureOf>[1]): number => figureOf(device, figure);
  const [gMin, span] = [of('gMin'), of('gMax') - of('gMin')];
  const { texts, variables } = nameCells(drawCells(device, n, seed ?? 0, 'bench', 'plus'), 'plus', { device });
  const columns = new Map(variables.map(({ name, initial }) => [name, initial as Float64Array]));
  const symbol = (name: string, writable: boolean): SymbolInfo => ({ name, scope: 'synapse', format: FLOAT64, writable });
  const symbols = symbolTable([symbol('gPlus', true), symbol('pulses', false), ...variables.map(({ name }) => symbol(name, false))]);
  const lines = moveText(
    texts,
    device,
    { positive: 'up', negative: 'down' },
    { pulses: 'pulses', count: 'count', raw: 'raw', moved: 'moved' },
  );
  const program = compileOrThrow(['let count = abs(pulses)', ...lines, 'gPlus = moved'].join('\n'), symbols, {
    title: `device ${device.name}`,
  });
  const boundary = (text: string, k: number): number => columns.get(text)?.[k] ?? Number(text.replace(/[()]/g, ''));
  const u = Float64Array.from({ length: n }, (_, k) =>
    Math.min(boundary(texts.high, k), Math.max(boundary(texts.low, k), start === undefined ? 0 : (start - gMin) / span)),
  );
  const stream = streamOf('bench/pulses');
  const atOnce = LAWS[device.law].kind === 'stepwise' ? AT_MOST : Number.POSITIVE_INFINITY;
  let event = 0;

  function send(pulses: number): void {
    for (let k = 0; k < n; k++) {
      evaluate(
        program,
        (name) => (name === 'gPlus' ? u[k] : name === 'pulses' ? pulses : (columns.get(name)?.[k] ?? Number.NaN)),
        (_name, _scope, value) => {
          u[k] = value;
        },
        (_distribution, site) => (seed === undefined ? 0 : normalAt(seed, stream, k, event, site)),
      );
    }
    event++;
  }

  const siemens = (): Float64Array => u.map((one) => gMin + one * span);
  return {
    conductances: siemens,
    values: () => u.map((one) => of('wMin') + one * rangeOf(of)),
    pulse(pulses) {
      const before = siemens();
      for (let left = Math.abs(pulses); left > 0; left -= atOnce) send(Math.sign(pulses) * Math.min(left, atOnce));
      const after = siemens();
      const [volts, seconds] = pulses > 0 ? [of('writeVoltageUp'), of('writeTimeUp')] : [of('writeVoltageDown'), of('writeTimeDown')];
      const gate = of('gateCapacitance');
      return before.map((one, k) =>
        gate > 0 ? gate * volts * volts * Math.abs(pulses) : pulseHeat(volts, seconds, one, after[k], Math.abs(pulses)),
      );
    },
  };
}
