/**
 * How far the weight changes of a chip rule are from those that the text asks for: both are evaluated over a grid of everything they read - the
 * weight inside its bounds, traces up to the impulse of one spike, modulators and variables over their range, clipped to the bounds - the chip's in its own integer
 * arithmetic, truncation by shifts included, before the final stochastic rounding, whose mean is right.
 */
import type { CheckedRule } from '../../core/plasticity/check-rule.ts';
import type { Moment, PlasticityRule } from '../../core/plasticity/rule.ts';
import { compileExpressionOrThrow } from '../../core/program/check-types.ts';
import { evaluate, evaluateExpr } from '../../core/program/evaluate.ts';
import type { Program } from '../../core/program/ir.ts';
import { FLOAT64 } from '../../core/program/number-format.ts';
import { bindConstants } from '../../core/program/simplify.ts';
import { symbolTable } from '../../core/program/symbols.ts';
import type { ChipFactor, ChipProduct, ChipRule, Target } from './chip-rule.ts';
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

/**
 * Network units of weight, per event; where the weight changes through a variable, the difference of one change of that variable counts with it.
 * @param weightUnits gathered units per step of the weight
 */
export function largestDifference(checked: CheckedRule, chip: ChipRule, weightUnits: number, dt: number, settings: LoihiSettings): number {
  const constants = new Map([['dt', dt], ...Object.entries(checked.rule.parameters)]);
  const moments = (Object.entries(checked.moments) as [Moment, Program | undefined][]).flatMap(([moment, program]) =>
    program === undefined ? [] : [{ moment, program: bindConstants(program, constants), axes: axesOf(checked, chip, moment) }],
  );
  return overTargets(chip, weightUnits, checked.rule.bounds, (target, products) =>
    moments.map(({ moment, program, axes }): Comparison => {
      const made = products.filter(({ dependency }) => MOMENT_OF[dependency.kind] === moment);
      const variable = chip.variables.find((one) => one.target === target);
      const [ruleName, scale] = target === 'w' ? ['w', chip.weight.scale] : [variable?.ruleName ?? target, variable?.scale ?? 1];
      return {
        axes,
        asked: (point) => askedChange(program, axes, point, ruleName) * scale,
        made: made.map((product) => compiled(product, axes, moment, settings, ownImpulses(product, moment))),
      };
    }),
  );
}

/**
 * The same for a rule in Loihi's notation: what its products say in floating point, against what the chip makes of those in `chip`.
 * @param written in chip units, what each product asks for in `wanted`
 */
export function writtenDifference(
  rule: PlasticityRule,
  written: readonly ChipProduct[],
  chip: ChipRule,
  weightUnits: number,
  settings: LoihiSettings,
): number {
  return overTargets(chip, weightUnits, rule.bounds, (target, products) =>
    (['x0', 'y0', 'u', 'modulator'] as const).map((kind): Comparison => {
      const asked = written.filter((product) => product.target === target && product.dependency.kind === kind);
      const made = products.filter(({ dependency }) => dependency.kind === kind);
      const axes = writtenAxes(rule, [...asked, ...made], chip);
      return {
        axes,
        asked: (point) =>
          asked.reduce((sum, { wanted, factors }) => sum + wanted * factors.reduce((all, factor) => all * valueAt(factor, point), 1), 0),
        made: made.map((product) => compiled(product, axes, MOMENT_OF[kind], settings, new Map())),
      };
    }),
  );
}

/** What is asked for and what is made of it at one moment, in chip units of the target. */
interface Comparison {
  readonly axes: readonly Axis[];
  /** Not finite where the text has no value. */
  readonly asked: (point: ReadonlyMap<string, number>) => number;
  /** In accumulator units. */
  readonly made: readonly ((point: ReadonlyMap<string, number>) => number)[];
}

function overTargets(
  chip: ChipRule,
  weightUnits: number,
  [low, high]: readonly [number, number],
  compare: (target: Target, made: readonly ChipProduct[]) => Comparison[],
): number {
  const { scale } = chip.weight;
  const ofWeight = Math.max(
    ...compare('w', madeChanges(chip, weightUnits)).map((one) => differenceOver(one, weightUnits, [low * scale, high * scale])),
  );
  if (weightUnits !== 1) return ofWeight / scale;
  const through = chip.variables.map(({ target, name }) => {
    const felt = sensitivity(chip, name);
    if (felt === 0) return 0;
    const made = chip.products.filter((product) => product.target === target);
    return felt * Math.max(...compare(target, made).map((one) => differenceOver(one, 1, undefined)));
  });
  return (ofWeight + through.reduce((sum, one) => sum + one, 0)) / scale;
}

/** How many steps the weight moves, at most, when a variable is one more. */
function sensitivity(chip: ChipRule, variable: string): number {
  return chip.products.reduce((sum, { target, factors, wanted }) => {
    const at = factors.findIndex(({ kind, name, sgn }) => kind === 'variable' && name === variable && !sgn);
    if (target !== 'w' || at < 0) return sum;
    return sum + factors.reduce((all, factor, n) => (n === at ? all : all * sizes(factor, chip)), Math.abs(wanted));
  }, 0);
}

/** Products that change the weight, or gather its changes in the tag; what hands them over is not counted again. */
function madeChanges({ products }: ChipRule, weightUnits: number): ChipProduct[] {
  const target = weightUnits === 1 ? 'w' : 't';
  return products.filter(
    (product) => product.target === target && (weightUnits === 1 || !product.factors.some(({ sgn, name }) => sgn && name === 't')),
  );
}

/** Largest distance over all points of the axes. @param bounds what leaves them is clipped on both sides */
function differenceOver(
  { axes, asked, made }: Comparison,
  units: number,
  [low, high]: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
): number {
  let largest = 0;
  eachPoint(axes, (point) => {
    const wanted = asked(point);
    if (!Number.isFinite(wanted)) return;
    const got = made.reduce((total, value) => total + value(point), 0) / FRACTION / units;
    const before = point.get('w') ?? 0;
    const bounded = (change: number): number => Math.min(high, Math.max(low, before + change));
    largest = Math.max(largest, Math.abs(bounded(got) - bounded(wanted)));
  });
  return largest;
}

function valueAt({ kind, name, offset, sgn }: ChipFactor, point: ReadonlyMap<string, number>): number {
  const value = (point.get(kind === 'spike' ? SPIKE_TIME[name as keyof typeof SPIKE_TIME] : name) ?? 0) + offset;
  return sgn ? Math.sign(value) : value;
}

/** Where the engine looks whether a side has spiked. */
const SPIKE_TIME = { x0: 'preTime', y0: 'postTime' } as const;

/** What the text adds to a variable at one point, in the rule's units. */
function askedChange(program: Program, axes: readonly Axis[], point: ReadonlyMap<string, number>, target: string): number {
  const values = new Map(axes.map(({ ruleName, chipName, scale }) => [ruleName, (point.get(chipName) ?? 0) / scale]));
  const before = values.get(target) ?? 0;
  evaluate(
    program,
    (name) => values.get(name) ?? 0,
    (name, _scope, value) => void values.set(name, value),
    () => Number.NaN,
  );
  return (values.get(target) ?? 0) - before;
}

function compiled(
  product: ChipProduct,
  axes: readonly Axis[],
  moment: Moment,
  settings: LoihiSettings,
  own: ReadonlyMap<string, number>,
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

/** The engine's trace of the spiking side holds the impulse that a product made from event form takes off again. */
function ownImpulses({ factors }: ChipProduct, moment: Moment): ReadonlyMap<string, number> {
  const side = moment === 'onPre' ? 'pre-trace' : moment === 'onPost' ? 'post-trace' : undefined;
  return new Map(factors.filter(({ kind }) => kind === side).map(({ name, offset }) => [name, -offset]));
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

/** What the products of one moment read, in chip units: the chip's numbers are the rule's own here. */
function writtenAxes({ modulators }: PlasticityRule, products: readonly ChipProduct[], chip: ChipRule): Axis[] {
  const { weight, traces } = chip;
  const tagMax = 2 ** (LOIHI.tagBits.value - 1) - 1;
  const read = new Map(products.flatMap(({ factors }) => factors.map((factor) => [factor.name, factor] as const)));
  const axis = (chipName: string, scale: number, values: readonly number[]): Axis => ({ ruleName: chipName, chipName, scale, values });
  const own = [...read.values()].flatMap(({ kind, name }): Axis[] => {
    switch (kind) {
      case 'spike':
        return [axis(SPIKE_TIME[name as keyof typeof SPIKE_TIME], 1, [0, 1])];
      case 'modulator': {
        const range = modulators[name]?.range ?? LOIHI.rewardMax.value;
        return [axis(name, LOIHI.rewardMax.value / range, spaced(-LOIHI.rewardMax.value, LOIHI.rewardMax.value, OTHERS))];
      }
      case 'variable':
        return name === 'w'
          ? []
          : [axis(name, 1, name === 'd' ? spaced(0, LOIHI.delayVariableMax.value, OTHERS) : spaced(-tagMax, tagMax, OTHERS))];
      default: {
        const impulse = traces.find((trace) => trace.name === name)?.impulse ?? LOIHI.traceMax.value;
        return [axis(name, 1, spaced(0, Math.ceil(impulse), OTHERS))];
      }
    }
  });
  return [axis('w', weight.scale, spaced(weight.low, weight.high, WEIGHTS)), ...own];
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
