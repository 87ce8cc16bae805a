/**
 * What a learning rule asks of Loihi's learning engine that it does not have, or has in another form. Each finding carries the name of the design
 * rule it belongs to; design-rules.ts lists these by name.
 */
import type { Violation } from '../../core/chip-contract.ts';
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import { toProblem } from '../../core/program/diagnostics.ts';
import type { Coefficient } from './coefficients.ts';
import { COEFFICIENT_RANGE, formatScale } from './coefficients.ts';
import { LOIHI } from './profile.ts';
import type { RuleTerm } from './rule-terms.ts';
import type { ChipTrace } from './traces.ts';
import { fullImpulse } from './traces.ts';

type Finding = Omit<Violation, 'designRule' | 'severity'>;

const found = (severity: Violation['severity'], designRule: string, finding: Finding): Violation => ({ ...finding, severity, designRule });

/** A finding about one place in the rule's text. */
function at(term: Pick<RuleTerm, 'source' | 'span'>, code: string, message: string, hint?: string): Finding {
  const { source, span } = term;
  return toProblem({ code, message, title: source.title, text: source.text, span, ...(hint === undefined ? {} : { hint }) });
}

const list = (names: readonly string[]): string => names.join(', ');

/** An impulse below this many steps is lost to rounding noise within a few ticks. */
const COARSE_IMPULSE = 4;

export function traceFindings(title: string, rule: PlasticityRule, traces: readonly ChipTrace[], spikesPerTick: number): Violation[] {
  const findings: Violation[] = [];
  for (const [side, limit, names] of [
    ['pre', LOIHI.preTraces.value, 'x1, x2'],
    ['post', LOIHI.postTraces.value, 'y1, y2, y3'],
  ] as const) {
    const asked = Object.entries(rule.traces).filter(([, { on }]) => on === side);
    if (asked.length <= limit) continue;
    findings.push(
      found('error', 'trace-count', {
        code: 'E-LOIHI-TRACES',
        message: `${title}: ${asked.length} ${side} traces (${list(asked.map(([name]) => name))}), but the learning engine has ${limit} (${names})`,
        hint: 'leave out a trace, or merge two with near time constants',
      }),
    );
  }
  for (const { ruleName, name, graded } of traces) {
    if (graded === undefined || name === 'x1') continue;
    const message = `${title}: trace ${ruleName} (${name}) takes payloads of graded spikes, which only x1 does`;
    findings.push(found('error', 'trace-count', { code: 'E-LOIHI-GRADED', message, hint: 'declare the graded trace first' }));
  }
  for (const { ruleName, name, impulse, decay, nearest, graded } of traces) {
    if (nearest || graded !== undefined || rule.sumOfProducts !== undefined) continue;
    const trace = `${title}: trace ${ruleName} (${name})`;
    if (decay === 1) {
      const message = `${trace} does not decay and ends at 127: it counts that many spikes between two clears`;
      findings.push(
        found('info', 'trace-range', { code: 'I-LOIHI-TRACE-COUNTS', message, hint: 'clear it more often where more spikes come' }),
      );
    } else if (fullImpulse(decay, spikesPerTick) < 0.5) {
      const message = `${trace} decays so slowly that its smallest impulse, 1, reaches 127 at ${(127 * (1 - decay)).toPrecision(2)} spikes per tick`;
      const hint = 'shorten its time constant, or expect lower rates and set spikesPerTick';
      findings.push(found('warning', 'trace-range', { code: 'W-LOIHI-TRACE-SATURATES', message, hint }));
    } else if (impulse < COARSE_IMPULSE) {
      const message = `${trace} has room for ${spikesPerTick} spikes per tick, which leaves ${impulse} for the impulse of one: it decays in coarse random steps`;
      const hint = `if the neurons fire less, say so: spikesPerTick 0.1 makes the impulse ${Math.round(fullImpulse(decay, 0.1))}`;
      findings.push(found('info', 'trace-range', { code: 'I-LOIHI-TRACE-COARSE', message, hint }));
    }
  }
  return findings;
}

/** A graded trace of a population that sends nothing but +1 and -1 (Lava, graded_spike_cfg: half of the payload, in 8 bits without a sign). */
export function signFindings(title: string, traces: readonly ChipTrace[]): Violation[] {
  return traces
    .filter(({ graded }) => graded !== undefined)
    .map(({ ruleName, name }) =>
      found('warning', 'trace-range', {
        code: 'W-LOIHI-GRADED-SIGNS',
        message: `${title}: trace ${ruleName} (${name}) takes half of what a spike carries, rounded to an even number, and spikes of +1 and -1 leave nothing in it`,
        hint: 'what the rule multiplies with it changes no weight: this projection keeps the weights that it begins with',
      }),
    );
}

export function variableFindings(title: string, written: readonly string[]): Violation[] {
  if (written.length > 2) {
    const message = `${title}: writes ${written.length} synapse variables (${list(written)}), but a synapse has one tag and one delay variable`;
    return [found('error', 'synapse-variables', { code: 'E-LOIHI-VARIABLES', message, hint: 'keep one eligibility per synapse' })];
  }
  if (written.length < 2) return [];
  const message = `${title}: ${written[1]} takes the place of the delay variable: 0 … ${LOIHI.delayVariableMax.value}, never negative, and 6 bits on the chip`;
  return [
    found('warning', 'synapse-variables', {
      code: 'W-LOIHI-DELAY-VARIABLE',
      message,
      hint: 'the variable that needs a sign must be declared first',
    }),
  ];
}

export function epochFindings(title: string, rule: PlasticityRule): Violation[] {
  if (rule.epochTicks <= LOIHI.epochMax.value) return [];
  const message = `${title}: a learning epoch of ${rule.epochTicks} ticks, but at most ${LOIHI.epochMax.value} fit the counter`;
  return [
    found('error', 'epoch-length', { code: 'E-LOIHI-EPOCH', message, hint: 'use a shorter epoch with u1 … u9, which apply every 2^k-th' }),
  ];
}

/** What single terms read that the learning engine cannot, or sees differently. */
export function momentFindings(title: string, rule: PlasticityRule, terms: readonly RuleTerm[], traces: readonly ChipTrace[]): Violation[] {
  return [
    ...terms.flatMap((term) => term.factors.flatMap(({ name }) => factorFindings(rule, term, name, traces))),
    ...coincidenceFindings(title, rule, terms),
    ...thirdFactorFindings(title, rule, traces),
  ];
}

function factorFindings(rule: PlasticityRule, term: RuleTerm, name: string, traces: readonly ChipTrace[]): Violation[] {
  const trace = rule.traces[name];
  if (trace !== undefined) return sameSideFindings(term, name, trace.on, traces);
  if (name === 'w' || rule.variables[name] !== undefined) return [];
  if (rule.modulators[name] === undefined) {
    const message = `"${name}" is the state of the post neuron, which the learning engine cannot read`;
    const hint = 'let the neuron send it as a modulator per post neuron (Loihi 2), or compare two phases in a tag (Loihi 1)';
    return [found('error', 'post-state', at(term, 'E-LOIHI-POST-STATE', message, hint))];
  }
  if (term.moment === 'onModulator') return [];
  const message = `modulator "${name}" is zero here: it is there only when it arrives`;
  return [
    found('warning', 'third-factor', at(term, 'W-LOIHI-MODULATOR', message, 'gather an eligibility in a tag and use it in onModulator')),
  ];
}

/** A rule sees its own side's trace without the spike that causes the update; the engine with it. */
function sameSideFindings(term: RuleTerm, name: string, on: 'pre' | 'post', traces: readonly ChipTrace[]): Violation[] {
  const trace = traces.find(({ ruleName }) => ruleName === name);
  if (trace === undefined || (on === 'pre' ? term.moment !== 'onPre' : term.moment !== 'onPost')) return [];
  if (trace.nearest) {
    const message = `"${name}" is set to its top by the same spike, so its value before the spike is lost`;
    return [found('warning', 'same-side-trace', at(term, 'W-LOIHI-SAME-SIDE', message, 'use an all-to-all trace'))];
  }
  const message = `the engine's ${trace.name} already holds the ${on} spike of this update; its impulse ${Math.round(trace.impulse)} is taken off again, exactly unless the trace has saturated`;
  return [found('info', 'same-side-trace', at(term, 'I-LOIHI-SAME-SIDE', message))];
}

function coincidenceFindings(title: string, rule: PlasticityRule, terms: readonly RuleTerm[]): Violation[] {
  const reads = (moment: RuleTerm['moment'], on: 'pre' | 'post'): boolean =>
    terms.some((term) => term.moment === moment && term.factors.some(({ name }) => rule.traces[name]?.on === on));
  if (!reads('onPre', 'post') || !reads('onPost', 'pre')) return [];
  const message = `${title}: when both sides spike in one tick, the engine applies both products with the fresh traces of both; the rule takes the pre spike first`;
  return [found('info', 'coincident-spikes', { code: 'I-LOIHI-COINCIDENCE', message })];
}

function thirdFactorFindings(title: string, rule: PlasticityRule, traces: readonly ChipTrace[]): Violation[] {
  const perPost = Object.keys(rule.modulators).filter((name) => rule.modulators[name].per === 'post');
  const findings: Violation[] = [];
  if (perPost.length > 0) {
    const message = `${title}: ${list(perPost)} has a value per post neuron, the third factor of Loihi 2; on Loihi 1 each value takes a reward channel of its own`;
    findings.push(found('info', 'third-factor', { code: 'I-LOIHI-THIRD-FACTOR', message }));
  }
  const taken = Object.keys(rule.modulators).find((name) =>
    traces.some((trace) => trace.name === name || name.startsWith(`${trace.name}_at`)),
  );
  if (taken !== undefined) {
    const message = `${title}: a modulator is called ${taken}, which is the name of a trace on the chip`;
    findings.push(found('error', 'third-factor', { code: 'E-LOIHI-NAME', message, hint: 'call it reward, or any other name' }));
  }
  const count = Object.keys(rule.modulators).length;
  if (count > 1) {
    const message = `${title}: ${count} modulators (${list(Object.keys(rule.modulators))}); Loihi 1 has one reward trace, Loihi 2 brings them in through y2 and y3`;
    findings.push(found('info', 'third-factor', { code: 'I-LOIHI-MODULATORS', message }));
  }
  return findings;
}

/** Relative error of a coefficient above which the user is told. */
const COARSE = 0.1;

export function coefficientFindings(
  projection: string,
  term: Pick<RuleTerm, 'source' | 'span'>,
  { mantissa, exponent, relativeError, wanted, shift }: Coefficient & { wanted: number; shift: number },
): Violation[] {
  const size = Math.abs(wanted) * 2 ** shift;
  if (size === 0) return [];
  const given = `a coefficient of ${wanted.toPrecision(3)} on the chip`;
  const widths = shift === 0 ? '' : ` (its product is shifted right by ${shift} bits)`;
  const { smallest, largest } = COEFFICIENT_RANGE;
  // half the smallest rounds to nothing; 1.06 of the largest is as near as any other coefficient
  if (size < smallest / 2) {
    const message = `projection ${projection} needs ${given}, below the smallest there is, ${(smallest / 2 ** shift).toPrecision(3)}${widths}`;
    return [
      found(
        'error',
        'coefficient',
        at(term, 'E-LOIHI-COEFFICIENT', message, 'raise the learning rate, or gather changes in a tag and move them over less often'),
      ),
    ];
  }
  if (size > largest * 1.06) {
    const message = `projection ${projection} needs ${given}, above the largest there is, ${(largest / 2 ** shift).toPrecision(3)}${widths}`;
    return [found('error', 'coefficient', at(term, 'E-LOIHI-COEFFICIENT', message, 'lower the learning rate'))];
  }
  if (relativeError <= COARSE) return [];
  const message = `projection ${projection} needs ${given}; the nearest is ${formatScale(mantissa, exponent - shift)}, off by ${(100 * relativeError).toFixed(0)} %`;
  return [
    found(
      'warning',
      'coefficient',
      at(term, 'W-LOIHI-COEFFICIENT', message, 'choose the rate so that the coefficient is m*2^e with m up to 7'),
    ),
  ];
}
