/**
 * The nearest rule that fits the learning engine, by program: functions of one variable become lines or parabolas (polynomial-rule.ts), the terms
 * become products in the chip's units (event-rule.ts), each coefficient the nearest sum of one or two m·2^e with the right shift of its product
 * compensated, products too small for any coefficient are dropped, and changes of less than one step of the weight are gathered in the tag,
 * which passes whole steps on (gather.ts). The result is a rule in Loihi's notation; how far its weight changes can be from those asked for is
 * computed in the chip's integer arithmetic (rule-difference.ts).
 */
import type { NearestRule, RuleChange } from '../../core/chip-contract.ts';
import type { CheckedRule } from '../../core/plasticity/check-rule.ts';
import { checkRule } from '../../core/plasticity/check-rule.ts';
import type { PlasticityRule, TraceSpec } from '../../core/plasticity/rule.ts';
import type { ChipRule } from './chip-rule.ts';
import { gathered } from './gather.ts';
import { productsText, withLegalCoefficients } from './legal-products.ts';
import type { RulePlace } from './lower-rule.ts';
import { chipRule } from './lower-rule.ts';
import { nearestNotationRule } from './notation-fix.ts';
import type { RangeOf } from './polynomial-rule.ts';
import { polynomialRule } from './polynomial-rule.ts';
import { LOIHI } from './profile.ts';
import { largestDifference } from './rule-difference.ts';
import type { LoihiSettings } from './switches.ts';
import type { ChipTrace } from './traces.ts';
import { chipTraces } from './traces.ts';

/** Impulses are halved so often in search of better coefficients; a smaller impulse asks for larger ones. */
const HALVINGS = 4;
/** A smaller impulse makes traces coarser, so it has to pay: by this share of the difference. */
const WORTH_A_COARSER_TRACE = 0.8;

/** Undefined where no rule near this one fits: the findings of the rule say why. */
export function nearestLegalRule(checked: CheckedRule, place: RulePlace, settings: LoihiSettings): NearestRule | undefined {
  if (checked.rule.sumOfProducts !== undefined) return nearestNotationRule(checked.rule, place, settings);
  let best = withImpulses(checked, place, settings, 0);
  if (best === undefined || best.changes.length === 0 || Object.keys(settings.impulses).length > 0) return best;
  for (let halvings = 1; halvings <= HALVINGS; halvings++) {
    const smaller = withImpulses(checked, place, settings, halvings);
    if (smaller !== undefined && smaller.maxDifference < WORTH_A_COARSER_TRACE * best.maxDifference) best = smaller;
  }
  return best;
}

function withImpulses(checked: CheckedRule, place: RulePlace, given: LoihiSettings, halvings: number): NearestRule | undefined {
  const { rule } = checked;
  if (Object.keys(rule.modulators).length > 1) return undefined;
  const usual = tracesOf(checked, place, given);
  const settings = halvings === 0 ? given : { ...given, impulses: halved(usual, halvings) };
  const polynomial = polynomialRule(checked, place.dt, rangesOf(checked, place, settings));
  if (polynomial === undefined) return undefined;
  // a rule that reads the state of the post neuron does not check without it, and has no place on the chip anyway
  const again = checkRule({ ...rule, code: polynomial.code, parameters: {} }).checked;
  if (again === undefined) return undefined;
  const chip = chipRule(again, place, settings);
  if (chip.findings.some(({ severity, code }) => severity === 'error' && code !== 'E-LOIHI-COEFFICIENT')) return undefined;
  const changes: RuleChange[] = [...polynomial.changes];
  for (const { name, impulse } of halvings === 0 ? [] : chip.traces) {
    const before = usual.find((trace) => trace.name === name)?.impulse ?? impulse;
    if (before !== impulse) {
      changes.push({
        from: `impulse ${before} of ${name}`,
        to: `impulse ${impulse}`,
        maxDifference: 0,
        over: 'smaller traces allow finer changes of the weight',
      });
    }
  }
  const sums = gathered(chip, settings, changes);
  const products = sums.products.flatMap((product) => withLegalCoefficients(product, chip, changes));
  if (!products.some(({ target }) => target === 'w')) return undefined;
  const [modulator] = Object.keys(rule.modulators);
  if (changes.length > 0 && modulator !== undefined && modulator !== 'r1') {
    changes.push({ from: modulator, to: 'r1', maxDifference: 0, over: "the name of the reward in Loihi's notation" });
  }
  const whole = { ...chip, products, variables: sums.variables };
  return {
    rule: changes.length === 0 ? rule : inNotation(rule, whole),
    changes,
    maxDifference: largestDifference(checked, whole, sums.weightUnits, place.dt, settings),
  };
}

const tracesOf = ({ rule }: CheckedRule, place: RulePlace, settings: LoihiSettings): readonly ChipTrace[] =>
  chipTraces(rule, place.dt, settings);

/** Nearest pairing sets a trace to its top, which is no impulse to choose. */
const halved = (traces: readonly ChipTrace[], halvings: number): Record<string, number> =>
  Object.fromEntries(
    traces.filter(({ nearest }) => !nearest).map(({ ruleName, impulse }) => [ruleName, Math.max(1, Math.round(impulse / 2 ** halvings))]),
  );

/** What each name can be: the weight inside its bounds, a trace up to the top of its 7 bits, a modulator in its range. */
function rangesOf(checked: CheckedRule, place: RulePlace, settings: LoihiSettings): RangeOf {
  const { rule } = checked;
  const traces = tracesOf(checked, place, settings);
  return (name) => {
    if (name === 'w') return rule.bounds;
    const trace = traces.find(({ ruleName }) => ruleName === name);
    if (trace !== undefined) return [0, LOIHI.traceMax.value / trace.scale];
    const modulator = rule.modulators[name];
    return modulator === undefined ? undefined : [-modulator.range, modulator.range];
  };
}

/** The chip's products as a rule of its own; it keeps name, bounds and time constants. */
function inNotation(rule: PlasticityRule, chip: ChipRule): PlasticityRule {
  const texts = (['w', 't', 'd'] as const).flatMap((target) => {
    const own = chip.products.filter((product) => product.target === target);
    return own.length === 0 ? [] : [[`d${target}`, productsText(own)] as const];
  });
  const traces = chip.traces.map(({ ruleName, name, impulse }): [string, TraceSpec] => [name, { ...rule.traces[ruleName], impulse }]);
  return {
    ...rule,
    name: `${rule.name}, nearest on loihi-like`,
    parameters: {},
    traces: Object.fromEntries(traces),
    variables: Object.fromEntries(chip.variables.map(({ target, initial }) => [target, { initial }])),
    modulators: Object.fromEntries(Object.values(rule.modulators).map((spec) => ['r1', spec])),
    code: {},
    sumOfProducts: Object.fromEntries(texts),
  };
}
