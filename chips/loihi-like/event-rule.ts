/**
 * A rule in event form becomes products of the learning engine: `onPre` those with dependency x0, `onPost` y0, `onLearningEpoch` u0, the decay of a
 * variable with a time constant u_k, and `onModulator` those that wait for the modulator. Coefficients are scaled from network units to the
 * chip's: wanted = coefficient · scale(target) / Π scale(factor) · 2^shift, then rounded to the nearest m·2^e.
 *
 * The tag has no unit, so its scale is chosen: what the rule says it holds fills it, or else the largest term that feeds it, at full traces, is one
 * sixteenth of its range; and the scale is then moved to where that term's coefficient is a power of two.
 */
import type { Violation } from '../../core/chip-contract.ts';
import type { CheckedRule } from '../../core/plasticity/check-rule.ts';
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import { exp } from '../../core/program/elementary.ts';
import type { ChipFactor, ChipProduct, ChipVariable } from './chip-rule.ts';
import { nearestCoefficient, productShift } from './coefficients.ts';
import { delayVariableMax, LOIHI } from './profile.ts';
import { coefficientFindings, momentFindings, variableFindings } from './rule-findings.ts';
import type { RuleTerm } from './rule-terms.ts';
import { ruleTerms, writtenVariables } from './rule-terms.ts';
import type { LoihiSettings } from './switches.ts';
import type { ChipTrace } from './traces.ts';

export interface EventRuleSubject {
  readonly checked: CheckedRule;
  /** Named in messages, e.g. `projection p, rule r`. */
  readonly title: string;
  readonly projection: string;
  readonly traces: readonly ChipTrace[];
  readonly weightScale: number;
  readonly dt: number;
  readonly settings: LoihiSettings;
}

/** What the conversion of one rule works with. */
interface Conversion extends EventRuleSubject {
  readonly terms: readonly RuleTerm[];
  /** Synapse variables that the rule writes; the others are constants. */
  readonly written: readonly string[];
  readonly found: Violation[];
}

export interface RuleParts {
  readonly variables: readonly ChipVariable[];
  readonly products: readonly ChipProduct[];
  readonly findings: readonly Violation[];
}

const TAG_MAX = 2 ** (LOIHI.tagBits.value - 1) - 1;
/** Largest value of each kind of factor, in chip units. */
const FULL = {
  'pre-trace': LOIHI.traceMax.value,
  'post-trace': LOIHI.traceMax.value,
  variable: TAG_MAX,
  modulator: LOIHI.rewardMax.value,
} as const;
/** Full-size changes that fill a tag. */
const TAG_STEPS = 16;

/** A factor in the rule's own units, with its scale. */
interface ScaledFactor {
  readonly factor: ChipFactor;
  readonly scale: number;
  readonly full: number;
}

const DEPENDENCIES = {
  onPre: { kind: 'x0' },
  onPost: { kind: 'y0' },
  onModulator: { kind: 'modulator' },
  onLearningEpoch: { kind: 'u', exponent: 0 },
} as const;

export function eventRule(subject: EventRuleSubject): RuleParts {
  const { checked, dt, title, traces } = subject;
  const { rule } = checked;
  const { terms, findings } = ruleTerms(checked, dt);
  const written = writtenVariables(rule, terms);
  const found: Violation[] = [...findings, ...variableFindings(title, written), ...momentFindings(title, rule, terms, traces)];
  if (found.some(({ severity }) => severity === 'error')) return { variables: [], products: [], findings: found };
  const conversion: Conversion = { ...subject, terms, written, found };
  const variables = scaleVariables(conversion);
  const products = [...terms.map((term) => toProduct(conversion, variables, term)), ...decayProducts(conversion, variables)];
  return { variables, products, findings: found };
}

/** The first is the tag, the second the delay variable. */
function scaleVariables(conversion: Conversion): ChipVariable[] {
  const { rule } = conversion.checked;
  const variables: ChipVariable[] = [];
  for (const [n, ruleName] of conversion.written.entries()) {
    const target = n === 0 ? 't' : 'd';
    const scale = variableScale(conversion, variables, ruleName);
    const [low, high] = target === 't' ? [-TAG_MAX - 1, TAG_MAX] : [0, delayVariableMax(conversion.settings)];
    const initial = Math.min(high, Math.max(low, Math.round(rule.variables[ruleName].initial * scale))) + 0;
    variables.push({ ruleName, target, name: freeName(target, rule), initial, scale });
  }
  return variables;
}

/** `t`, or `t_` and so on where the host's modulators have that name. */
export function freeName(name: string, rule: PlasticityRule): string {
  return rule.modulators[name] === undefined ? name : freeName(`${name}_`, rule);
}

function variableScale(conversion: Conversion, known: readonly ChipVariable[], ruleName: string): number {
  let largest = 0;
  let wanted = 0;
  for (const term of conversion.terms) {
    if (term.target !== ruleName || term.factors.some(({ name }) => name === ruleName)) continue;
    const factors = scaledFactors(conversion, known, term);
    const coefficient = Math.abs(foldedCoefficient(conversion, term));
    const size = factors.reduce((product, { full, scale }) => (product * full) / scale, coefficient);
    if (size <= largest) continue;
    largest = size;
    const shift = productShift(
      factors.map(({ factor }) => factor),
      conversion.settings.productScaling,
    );
    // coefficient on the chip per unit of the scale that is looked for
    wanted = factors.reduce((product, { scale }) => product / scale, coefficient) * 2 ** shift;
  }
  if (largest === 0) return 1;
  const { range } = conversion.checked.rule.variables[ruleName];
  const power =
    range === undefined
      ? Math.round(Math.log2((wanted * TAG_MAX) / TAG_STEPS / largest))
      : Math.floor(Math.log2((wanted * (TAG_MAX + 1)) / (isAssigned(conversion, ruleName) ? 2 * range : range)));
  return 2 ** power / wanted;
}

/** An assignment adds the new value before it takes the old one away: for a moment both are there. */
const isAssigned = ({ terms }: Conversion, ruleName: string): boolean =>
  terms.some(
    ({ target, coefficient, factors }) => target === ruleName && coefficient === -1 && factors.length === 1 && factors[0].name === ruleName,
  );

/** The coefficient with the variables that the rule never writes: they are constants. */
function foldedCoefficient({ checked, written }: Conversion, { factors, coefficient }: RuleTerm): number {
  return factors.reduce((product, { name, offset = 0, sgn }) => {
    const constant = checked.rule.variables[name];
    if (constant === undefined || written.includes(name)) return product;
    const value = constant.initial + offset;
    return product * (sgn ? Math.sign(value) : value);
  }, coefficient);
}

function scaledFactors(conversion: Conversion, variables: readonly ChipVariable[], term: RuleTerm): ScaledFactor[] {
  const { checked, traces, weightScale, written } = conversion;
  const { rule } = checked;
  const isReal = conversion.settings.productNumbers === 'real';
  return term.factors.flatMap(({ name, offset = 0, sgn = false }): ScaledFactor[] => {
    const make = (kind: keyof typeof FULL, chipName: string, scale: number, shift = 0): ScaledFactor[] => {
      const exact = offset * scale;
      const factor = { kind, name: chipName, offset: (isReal ? exact : Math.round(exact)) + shift + 0, sgn };
      return [{ factor, scale: sgn ? 1 : scale, full: sgn ? 1 : FULL[kind] }];
    };
    if (name === 'w') return make('variable', 'w', weightScale);
    const trace = traces.find(({ ruleName }) => ruleName === name);
    if (trace !== undefined) {
      const own = (trace.on === 'pre' && term.moment === 'onPre') || (trace.on === 'post' && term.moment === 'onPost');
      // the engine's trace already holds the impulse of the spike that caused this; the rule's does not
      return make(
        trace.on === 'pre' ? 'pre-trace' : 'post-trace',
        trace.name,
        trace.scale,
        own ? -(isReal ? trace.impulse : Math.round(trace.impulse)) : 0,
      );
    }
    const modulator = rule.modulators[name];
    if (modulator !== undefined) return make('modulator', name, LOIHI.rewardMax.value / modulator.range);
    if (rule.variables[name] !== undefined && !written.includes(name)) return [];
    const variable = variables.find(({ ruleName }) => ruleName === name);
    return make('variable', variable?.name ?? name, variable?.scale ?? 1);
  });
}

function toProduct(conversion: Conversion, variables: readonly ChipVariable[], term: RuleTerm): ChipProduct {
  const { projection, settings, found, weightScale } = conversion;
  const scaled = scaledFactors(conversion, variables, term);
  const variable = variables.find(({ ruleName }) => ruleName === term.target);
  const factors = scaled.map(({ factor }) => factor);
  const shift = productShift(factors, settings.productScaling);
  const perFactor = scaled.reduce((product, { scale }) => product / scale, 1);
  const wanted = foldedCoefficient(conversion, term) * (variable?.scale ?? weightScale) * perFactor;
  const coefficient = nearestCoefficient(wanted * 2 ** shift, shift);
  if (settings.productNumbers === 'integer') found.push(...coefficientFindings(projection, term, { ...coefficient, wanted, shift }));
  const { mantissa, exponent } = coefficient;
  return { target: variable?.target ?? 'w', dependency: DEPENDENCIES[term.moment], factors, mantissa, exponent, shift, wanted };
}

/**
 * A variable with a time constant loses 1 - exp(-2^k·epoch/tau) of itself every 2^k-th epoch, with the smallest k at which that is a coefficient
 * the chip has, to 5 %. All u_k of a rule share one k; a rule with code of its own in every epoch leaves no choice, and real numbers need none.
 */
function decayProducts(conversion: Conversion, variables: readonly ChipVariable[]): ChipProduct[] {
  const { checked, dt, terms, title, projection, found, settings } = conversion;
  const { rule } = checked;
  const decaying = variables.flatMap((variable) => {
    const tau = variable.ruleName === undefined ? undefined : rule.variables[variable.ruleName].tau;
    return tau === undefined ? [] : [{ variable, lostAfter: (k: number): number => 1 - exp((-(2 ** k) * rule.epochTicks * dt) / tau) }];
  });
  const isFixed = settings.productNumbers === 'real' || terms.some(({ moment }) => moment === 'onLearningEpoch');
  const last = isFixed ? 0 : LOIHI.decimationMax.value;
  let k = 0;
  while (k < last && decaying.some(({ lostAfter }) => nearestCoefficient(lostAfter(k), 0).relativeError > 0.05)) k++;
  return decaying.map(({ variable, lostAfter }) => {
    const wanted = -lostAfter(k);
    const coefficient = nearestCoefficient(wanted, 0);
    const factor: ChipFactor = { kind: 'variable', name: variable.name, offset: 0, sgn: false };
    const text = `${variable.ruleName} decays`;
    const place = { source: { title, text }, span: { start: 0, end: text.length } };
    if (settings.productNumbers === 'integer') found.push(...coefficientFindings(projection, place, { ...coefficient, wanted, shift: 0 }));
    const { mantissa, exponent } = coefficient;
    return {
      target: variable.target,
      dependency: { kind: 'u', exponent: k },
      factors: [factor],
      mantissa,
      exponent,
      shift: 0,
      wanted,
    } satisfies ChipProduct;
  });
}
