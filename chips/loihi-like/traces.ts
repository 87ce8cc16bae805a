/**
 * Traces of 7 bits. Each tick x ← x·decay, rounded stochastically; at a spike x ← min(127, x + impulse), where an impulse has whole and
 * fractional parts and the fraction is rounded up at random (Davies et al. 2018, p. 91; Lava, LearningConnectionModelBitApproximate).
 *
 * How large is the impulse? The rule's traces have no unit, so the chip is free to choose, and chooses what uses the 7 bits best: the largest
 * whole number with which a neuron that fires `spikesPerTick` times per tick (1 unless told otherwise) just reaches 127,
 * impulse = 127 / (1 + spikesPerTick·decay / (1 - decay)). At 33 ticks and every tick a spike this is 4. Nearest-spike pairing needs no
 * room for sums: the impulse is 127, and saturation sets the trace. A rule in Loihi's own notation brings its impulses with it.
 * With fewer than 7 bits (`traceBits`) the low bits of a trace are zero, and impulses are whole numbers of its steps.
 */
import type { LoweredTrace } from '../../core/chip-contract.ts';
import { decayPerTick } from '../../core/lowering/projection.ts';
import type { PlasticityRule, TraceSpec } from '../../core/plasticity/rule.ts';
import { compileOrThrow } from '../../core/program/check-types.ts';
import { FLOAT64 } from '../../core/program/number-format.ts';
import { symbolTable } from '../../core/program/symbols.ts';
import { drawSymbols, givenDecay, givenFraction, isGiven } from './given-draws.ts';
import { LOIHI } from './profile.ts';
import type { LoihiSettings, LoihiSwitches } from './switches.ts';

const MAX = LOIHI.traceMax.value;

/** Distance of two neighbouring traces. */
const stepOf = ({ traceBits }: Pick<LoihiSettings, 'traceBits'>): number => (MAX + 1) / 2 ** traceBits;

export interface ChipTrace {
  /** Name in the rule. */
  readonly ruleName: string;
  /** Name on the chip: x1, x2, y1, y2, y3. */
  readonly name: string;
  readonly on: 'pre' | 'post';
  /** In the chip's units, 0 … 127. */
  readonly impulse: number;
  /** Factor per tick, or per epoch. */
  readonly decay: number;
  readonly perEpoch?: boolean;
  readonly nearest: boolean;
  /** What the payload of a graded spike does to it, in place of an impulse. */
  readonly graded?: NonNullable<TraceSpec['graded']>;
  /** Chip units per unit of the rule's trace. */
  readonly scale: number;
}

/** All traces of a rule, in declaration order; those beyond what the chip has are left out (a design rule reports them). */
export function chipTraces(rule: PlasticityRule, dt: number, settings: LoihiSettings): ChipTrace[] {
  const count = { pre: 0, post: 0 };
  const room = { pre: LOIHI.preTraces.value, post: LOIHI.postTraces.value };
  const letter = { pre: 'x', post: 'y' } as const;
  const traces: ChipTrace[] = [];
  for (const [ruleName, spec] of Object.entries(rule.traces)) {
    const nth = rule.sumOfProducts === undefined ? ++count[spec.on] : Number(/^[xy]([123])$/.exec(ruleName)?.[1] ?? Number.NaN);
    if (!(nth <= room[spec.on])) continue;
    const perEpoch = settings.traceDecay === 'per-epoch' && rule.epochTicks > 1;
    const decay = decayOf(spec, perEpoch ? dt * rule.epochTicks : dt, settings.traceDecay);
    const impulse = spec.graded === undefined ? impulseOf(ruleName, spec, decay, rule, settings) : 0;
    const name = `${letter[spec.on]}${nth}`;
    traces.push({
      ruleName,
      name,
      on: spec.on,
      impulse,
      decay,
      ...(perEpoch ? { perEpoch } : {}),
      nearest: spec.pairing === 'nearest',
      ...(spec.graded === undefined ? {} : { graded: spec.graded }),
      scale: spec.impulse === 0 || spec.graded !== undefined ? 1 : impulse / spec.impulse,
    });
  }
  return traces;
}

function decayOf(spec: TraceSpec, dt: number, traceDecay: LoihiSwitches['traceDecay']): number {
  return decayPerTick(traceDecay === 'rule' ? spec : { ...spec, decay: traceDecay === 'euler' ? 'euler' : 'exact' }, dt);
}

function impulseOf(name: string, spec: TraceSpec, decay: number, rule: PlasticityRule, settings: LoihiSettings): number {
  const chosen = settings.impulses[name];
  if (chosen !== undefined) return chosen;
  if (rule.sumOfProducts !== undefined) return spec.impulse;
  const step = stepOf(settings);
  if (spec.pairing === 'nearest') return MAX + 1 - step;
  return step * Math.max(1, Math.round(fullImpulse(decay, settings.spikesPerTick) / step));
}

/** Impulse with which steady firing just reaches the top of the trace. */
export const fullImpulse = (decay: number, spikesPerTick: number): number =>
  decay >= 1 ? 0 : MAX / (1 + (spikesPerTick * decay) / (1 - decay));

export function lowerChipTrace(trace: ChipTrace, settings: LoihiSettings): LoweredTrace {
  const { name, on, decay } = trace;
  const symbols = symbolTable([{ name, scope: 'neuron', format: FLOAT64, writable: true }, ...drawSymbols]);
  const given = isGiven(settings.rounding) ? on : undefined;
  const real = settings.traceNumbers === 'real';
  return {
    name,
    on,
    variable: { name, storage: real ? 'f64' : 'u8', initial: 0, scale: trace.scale },
    decay: compileOrThrow(
      real ? `${name} = ${name} * ${decay}` : decayText(name, decay, settings.traceRounding, given, stepOf(settings)),
      symbols,
      {
        title: `trace ${name}, decay`,
      },
    ),
    impulse: compileOrThrow(real ? realImpulse(trace) : impulseText(name, trace.impulse, settings, given), symbols, {
      title: `trace ${name}, impulse`,
    }),
    ...(trace.graded === undefined ? {} : { isGraded: true }),
    ...(trace.perEpoch === true ? { decaysPerEpoch: true } : {}),
  };
}

const realImpulse = ({ name, impulse, nearest }: ChipTrace): string => `${name} = ${nearest ? '' : `${name} + `}${impulse}`;

/**
 * @param given side whose given numbers round it, where they do
 * @param step distance of two neighbouring values
 */
export function decayText(name: string, decay: number, rounding: LoihiSwitches['traceRounding'], given?: 'pre' | 'post', step = 1): string {
  if (decay === 1) return '';
  const product = `${name} * ${decay}`;
  if (given !== undefined) return `${name} = ${givenDecay(given, product)}`;
  const [steps, back] = step === 1 ? [product, ''] : [`${product} / ${step}`, ` * ${step}`];
  if (rounding === 'nearest') return `${name} = round(${steps})${back}`;
  if (rounding === 'never-up') return `${name} = floor(${steps})${back}`;
  // a silent trace draws nothing
  return `${name} = ${name} != 0 ? stochastic(${steps})${back} : 0`;
}

/** The draw is a whole number 0 … 127, compared with the fraction in steps of 1/128, or of 1/256 as in Lava. */
export function impulseText(
  name: string,
  impulse: number,
  {
    impulseFraction,
    traceRounding,
    traceBits = 7,
  }: Pick<LoihiSwitches, 'impulseFraction' | 'traceRounding'> & { readonly traceBits?: number },
  given?: 'pre' | 'post',
): string {
  const step = stepOf({ traceBits });
  if (step > 1) {
    const steps = `(${name} + ${impulse}) / ${step}`;
    const rounded = { independent: `stochastic(${steps})`, nearest: `round(${steps})`, 'never-up': `floor(${steps})` }[traceRounding];
    return `${name} = clip(${rounded} * ${step}, 0, ${MAX + 1 - step})`;
  }
  const whole = Math.floor(impulse);
  const steps = impulseFraction === 'lava' ? 256 : 128;
  const fraction = Math.round(steps * (impulse - whole));
  const sum = `${name} + ${whole}`;
  if (given !== undefined) return `${name} = clip(${fraction === 0 ? sum : `${sum} + ${givenFraction(given, fraction)}`}, 0, ${MAX})`;
  const up = `(floor(uniform() * ${MAX + 1}) < ${fraction} ? 1 : 0)`;
  const rounded = { independent: fraction === 0 ? sum : `${sum} + ${up}`, nearest: `${name} + ${Math.round(impulse)}`, 'never-up': sum }[
    traceRounding
  ];
  return `${name} = clip(${rounded}, 0, ${MAX})`;
}

/**
 * What the payloads of graded spikes do to their traces as they arrive, half of each rounded to an even number where it is one half off, in 8 bits
 * (Lava, graded_spike_cfg 1, 2, 3); undefined where no trace is graded. `counted` says which of the spikes have a time.
 */
export function arrivalText(traces: readonly ChipTrace[]): string | undefined {
  const graded = traces.filter((trace) => trace.graded !== undefined);
  if (graded.length === 0) return undefined;
  const half = ['let down = floor(payload / 2)', 'let half = wrapUnsigned(down + (payload - 2 * down) * (down - 2 * floor(down / 2)), 8)'];
  return [
    ...half,
    ...graded.flatMap(({ name, graded: how }) => {
      const sum = `wrapUnsigned(${name} + half, 8)`;
      if (how === 'set') return [`${name} = half`];
      if (how === 'add') return [`${name} = min(${MAX}, ${sum})`];
      return [
        `let sum_${name} = ${sum}`,
        `counted = sum_${name} > ${MAX} ? 1 : 0`,
        `${name} = sum_${name} > ${MAX} ? sum_${name} - ${MAX} : sum_${name}`,
      ];
    }),
  ].join('\n');
}
