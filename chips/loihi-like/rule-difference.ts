/**
 * How far the weight changes of a chip rule are from those that the text asks for: both are evaluated over a grid of everything they read - the
 * weight inside its bounds, traces up to the impulse of one spike, modulators and variables over their range, clipped to the bounds - the chip's in its own integer
 * arithmetic, truncation by shifts included, before the final stochastic rounding, whose mean is right.
 */
import type { CheckedRule } from '../../core/plasticity/check-rule.ts';
import type { Moment } from '../../core/plasticity/rule.ts';
import { compileExpressionOrThrow } from '../../core/program/check-types.ts';
import { evaluate, evaluateExpr } from '../../core/program/evaluate.ts';
import { FLOAT64 } from '../../core/program/number-format.ts';
import { bindConstants } from '../../core/program/simplify.ts';
import { symbolTable } from '../../core/program/symbols.ts';
import type { ChipFactor, ChipProduct, ChipRule } from './chip-rule.ts';
import { FRACTION, productText } from './product-text.ts';
import { LOIHI } from './profile.ts';
import type { LoihiSettings } from './switches.ts';

/** Chip units of a factor when its neuron has spiked once, and at the most. */
function sizes({ kind, name, sgn }: ChipFactor, chip: ChipRule | undefined): number {
  if (sgn || kind === 'spike') return 1;
  if (kind === 'modulator') return LOIHI.rewardMax.value;
  if (kind === 'pre-trace' || kind === 'post-trace')
    return chip?.traces.find((trace) => trace.name === name)?.impulse ?? LOIHI.traceMax.value;
  return 2 ** LOIHI.weightMagnitudeBits.value - 1;
}

/** Product of the factors with traces of one spike, everything else at its largest. */
export const typicalSize = ({ factors }: ChipProduct, chip: ChipRule): number =>
  factors.reduce((product, factor) => product * sizes(factor, chip), 1);

/** Product of the factors, all at their largest. */
export const fullSize = ({ factors }: ChipProduct): number => factors.reduce((product, factor) => product * sizes(factor, undefined), 1);

/** Values of one name in chip units, and how many of them make one of the rule's. */
interface Axis {
  readonly ruleName: string;
  readonly chipName: string;
  readonly scale: number;
  readonly values: readonly number[];
}

const MOMENT_OF = { x0: 'onPre', y0: 'onPost', modulator: 'onModulator', u: 'onLearningEpoch' } as const satisfies Record<string, Moment>;
const TIME_OF = { onPre: '_atPre', onPost: '_atPost', onModulator: '', onLearningEpoch: '_atEnd' } as const satisfies Record<
  Moment,
  string
>;
const WEIGHTS = 17;
const OTHERS = 5;

/** Network units of weight, per event. @param weightUnits gathered units per step of the weight */
export function largestDifference(checked: CheckedRule, chip: ChipRule, weightUnits: number, dt: number, settings: LoihiSettings): number {
  const constants = new Map([['dt', dt], ...Object.entries(checked.rule.parameters)]);
  const target = weightUnits === 1 ? 'w' : 't';
  let largest = 0;
  for (const [moment, program] of Object.entries(checked.moments) as [Moment, CheckedRule['moments'][Moment]][]) {
    if (program === undefined) continue;
    const bound = bindConstants(program, constants);
    const products = chip.products.filter(
      (product) =>
        product.target === target &&
        MOMENT_OF[product.dependency.kind] === moment &&
        !product.factors.some(({ sgn, name }) => sgn && name === 't'),
    );
    const axes = axesOf(checked, chip, moment);
    const onChip = products.map((product) => compiled(product, axes, moment, settings));
    eachPoint(axes, (point) => {
      const asked = askedChange(bound, axes, point);
      if (asked === undefined) return;
      const made = onChip.reduce((total, value) => total + value(point), 0) / FRACTION / weightUnits / chip.weight.scale;
      // what leaves the bounds is clipped on both sides
      const before = (point.get('w') ?? 0) / chip.weight.scale;
      const [low, high] = checked.rule.bounds;
      const bounded = (change: number): number => Math.min(high, Math.max(low, before + change));
      largest = Math.max(largest, Math.abs(bounded(made) - bounded(asked)));
    });
  }
  return largest;
}

/** What the text adds to w at one point; undefined where it has no finite value. */
function askedChange(
  program: Parameters<typeof evaluate>[0],
  axes: readonly Axis[],
  point: ReadonlyMap<string, number>,
): number | undefined {
  const values = new Map(axes.map(({ ruleName, chipName, scale }) => [ruleName, (point.get(chipName) ?? 0) / scale]));
  const before = values.get('w') ?? 0;
  evaluate(
    program,
    (name) => values.get(name) ?? 0,
    (name, _scope, value) => void values.set(name, value),
    () => Number.NaN,
  );
  const change = (values.get('w') ?? 0) - before;
  return Number.isFinite(change) ? change : undefined;
}

function compiled(
  product: ChipProduct,
  axes: readonly Axis[],
  moment: Moment,
  settings: LoihiSettings,
): (point: ReadonlyMap<string, number>) => number {
  const time = TIME_OF[moment];
  const names = new Map(
    axes.flatMap(({ chipName }) => [
      [chipName, chipName],
      [`${chipName}${time}`, chipName],
    ]),
  );
  const symbols = symbolTable([...names.keys()].map((name) => ({ name, scope: 'synapse', format: FLOAT64, writable: false }) as const));
  const expr = compileExpressionOrThrow(productText(product, settings.saturation), symbols, { title: 'product' });
  const ownSide = moment === 'onPre' ? 'pre-trace' : moment === 'onPost' ? 'post-trace' : undefined;
  // the engine's trace of the spiking side holds the impulse that the product takes off again
  const own = new Map(product.factors.filter(({ kind }) => kind === ownSide).map(({ name, offset }) => [name, -offset]));
  return (point) =>
    evaluateExpr(
      expr,
      (name) => {
        const chipName = names.get(name) ?? name;
        return (point.get(chipName) ?? 0) + (own.get(chipName) ?? 0);
      },
      () => Number.NaN,
    );
}

/** Whole numbers from low to high, both included, at most `count` of them. */
function spaced(low: number, high: number, count: number): number[] {
  return [...new Set(Array.from({ length: count }, (_, n) => Math.round(low + ((high - low) * n) / (count - 1))))];
}

function axesOf({ rule }: CheckedRule, chip: ChipRule, moment: Moment): Axis[] {
  const { weight, traces, variables } = chip;
  const tagMax = 2 ** (LOIHI.tagBits.value - 1) - 1;
  const reads = rule.code[moment] ?? '';
  const isRead = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(reads);
  return [
    { ruleName: 'w', chipName: 'w', scale: weight.scale, values: spaced(weight.low, weight.high, WEIGHTS) },
    ...traces
      .filter(({ ruleName }) => isRead(ruleName))
      .map(
        ({ ruleName, name, scale, impulse }): Axis => ({ ruleName, chipName: name, scale, values: spaced(0, Math.round(impulse), OTHERS) }),
      ),
    ...variables
      .filter(({ ruleName }) => ruleName !== undefined && isRead(ruleName))
      .map(({ ruleName = '', name, scale }): Axis => ({ ruleName, chipName: name, scale, values: spaced(-tagMax, tagMax, OTHERS) })),
    ...Object.entries(rule.modulators)
      .filter(([name]) => isRead(name))
      .map(
        ([name, { range }]): Axis => ({
          ruleName: name,
          chipName: name,
          scale: LOIHI.rewardMax.value / range,
          values: spaced(-LOIHI.rewardMax.value, LOIHI.rewardMax.value, OTHERS),
        }),
      ),
  ];
}

function eachPoint(axes: readonly Axis[], visit: (point: ReadonlyMap<string, number>) => void): void {
  const point = new Map<string, number>();
  const step = (n: number): void => {
    if (n === axes.length) {
      visit(point);
      return;
    }
    for (const value of axes[n].values) {
      point.set(axes[n].chipName, value);
      step(n + 1);
    }
  };
  step(0);
}
