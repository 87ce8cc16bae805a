/**
 * The products of a rule as the learning engine holds them, as a table to print: when each applies, how wide its factors are, by how much it is
 * shifted, how much of the written (or, for a rule in event form, the wanted) effect is left, and the largest step it can make. A product whose
 * largest step is below what the accumulator holds is dead.
 */
import type { CheckedRule } from '../../core/plasticity/check-rule.ts';
import type { ChipFactor, ChipProduct, Dependency } from './chip-rule.ts';
import { factorBits, scaled } from './coefficients.ts';
import { chipRule } from './lower-rule.ts';
import { LOIHI } from './profile.ts';
import type { LoihiOptions } from './switches.ts';
import { readSettings } from './switches.ts';
import { largestWeight, signOf } from './weights.ts';

export interface ProductTableOptions {
  /** Switches of the chip. */
  readonly chip?: LoihiOptions;
  /** Seconds per tick. */
  readonly dt?: number;
  /** Integer weight per unit of weight; fills the format if absent. */
  readonly weightScale?: number;
}

const HEAD = ['target', 'when', 'product', 'bits', 'shift', 'effect', 'largest step'] as const;
const ACCUMULATOR_UNIT = 2 ** -LOIHI.accumulatorFraction.value;

export function productTable(checked: CheckedRule, options: ProductTableOptions = {}): string {
  const settings = readSettings(options.chip ?? {});
  const { rule } = checked;
  const format = { sign: signOf(...rule.bounds), bits: settings.learnedWeightBits };
  const scale = options.weightScale ?? largestWeight(format) / Math.max(...rule.bounds.map(Math.abs));
  const { products, findings } = chipRule(
    checked,
    { projection: rule.name, dt: options.dt ?? 1e-3, scale: { format, scale, rise: 0 } },
    settings,
  );
  if (products.length === 0) {
    const reasons = findings.filter(({ severity }) => severity === 'error').map(({ message }) => `  ${message}`);
    return [`rule ${rule.name} has no products`, ...reasons].join('\n');
  }
  const isWritten = rule.sumOfProducts !== undefined;
  const rows = products.map((product) => rowOf(product, isWritten, rule.epochTicks));
  const widths = HEAD.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd();
  return [line(HEAD), ...rows.map(line)].join('\n');
}

function rowOf(product: ChipProduct, isWritten: boolean, epochTicks: number): string[] {
  const { target, dependency, factors, mantissa, exponent, shift, wanted } = product;
  const bits = factors.reduce((sum, factor) => sum + factorBits(factor), 0);
  const effect = isWritten ? 2 ** -shift : (mantissa * 2 ** (exponent - shift)) / wanted;
  const step = largestStep(product);
  return [
    `d${target}`,
    whenText(dependency, epochTicks),
    scaled(mantissa, exponent, factors.map(factorText)),
    String(bits),
    String(shift),
    isWritten ? (shift === 0 ? '1' : `1/${2 ** shift}`) : `${(100 * effect).toFixed(0)} %`,
    step < ACCUMULATOR_UNIT ? 'dead' : `${Number(step.toPrecision(3))}`,
  ];
}

function whenText(dependency: Dependency, epochTicks: number): string {
  switch (dependency.kind) {
    case 'x0':
      return 'pre spike';
    case 'y0':
      return 'post spike';
    case 'modulator':
      return 'modulator';
    case 'u': {
      const ticks = epochTicks * 2 ** dependency.exponent;
      return ticks === 1 ? 'every tick' : `every ${ticks} ticks`;
    }
  }
}

function factorText({ name, offset, sgn }: ChipFactor): string {
  const sum = offset === 0 ? name : `${name} ${offset < 0 ? '-' : '+'} ${Math.abs(offset)}`;
  return sgn ? `sgn(${sum})` : offset === 0 ? sum : `(${sum})`;
}

/** In units of the target's lowest bit: every factor at its end, the shift applied as the engine does. */
function largestStep({ factors, mantissa, exponent, shift }: ChipProduct): number {
  const full = factors.reduce((product, factor) => product * largestValue(factor), Math.abs(mantissa));
  const most = (2 ** (LOIHI.accumulatorBits.value - 1) - 1) * ACCUMULATOR_UNIT;
  return Math.min(most, Math.floor(full / 2 ** shift) * 2 ** exponent);
}

function largestValue(factor: ChipFactor): number {
  if (factor.sgn || factor.kind === 'spike') return 1;
  const end = 2 ** factorBits(factor) - 1;
  // w, t and d hold a bit less than their factor's width
  const own = factor.kind === 'variable' ? 2 ** 8 : end;
  return Math.min(end + 1, own + Math.abs(factor.offset));
}
