/**
 * A plastic connection as Lava runs it, tick by tick: the `lava-compat` reference, in integers (bit-approximate) and in floating point. Spikes of
 * an epoch are noted; at its end the traces are replayed tick by tick, each product reads them at the time of its dependency, and all variables
 * change at once from their old values. Slow and plain. Matrices are [post][pre].
 *
 * Traces are advanced in whole epochs: between them only the spikes that are not the last of their epoch change a stored trace, as if they had
 * come at its start.
 */
import { UserError } from '../../../core/errors.ts';
import type { SignMode } from '../weights.ts';
import { clipWeight, truncateWeight } from '../weights.ts';
import { accumulateProducts, addImpulse, decayedFloat, decayedTrace, halfToEven, roundedAccumulator, sumOfFloats } from './arithmetic.ts';
import type { LavaProduct } from './compat-parser.ts';
import type { LavaDraws, LavaRounding, Side } from './rounding.ts';
import { lavaDraws } from './rounding.ts';
import type { LavaRuleSet, LavaTraceName } from './rule-set.ts';
import { LAVA_TRACES } from './rule-set.ts';

export type Matrix = readonly (readonly number[])[];

/** 0: spikes; 1: the payload sets x1; 2: it is added, saturating; 3: it is added, and only an overflow counts as a spike. */
export type GradedSpikes = 0 | 1 | 2 | 3;

export interface LavaConnectionOptions {
  readonly arithmetic: 'bit_approximate' | 'floating_point';
  readonly rule: LavaRuleSet;
  readonly weights: Matrix;
  /** t; zero if absent. */
  readonly tag?: Matrix;
  /** d; zero if absent. It delays nothing. */
  readonly delayVariable?: Matrix;
  readonly sign?: SignMode;
  /** Bits to which the first weights are truncated. */
  readonly weightBits?: number;
  /** Shift of the sums that are sent; integers only. */
  readonly weightExponent?: number;
  /** 0 for spikes without payload. */
  readonly messageBits?: number;
  readonly gradedSpikes?: GradedSpikes;
  readonly rounding: LavaRounding;
}

/** Values that the post neurons send, [post] each. */
export type Received = Readonly<Partial<Record<'y1' | 'y2' | 'y3', ArrayLike<number>>>>;

export interface LavaConnection {
  /** [post] what reaches the post neurons in the coming tick. */
  readonly activation: number[];
  /** w, t, d [post][pre] after the last tick. */
  readonly variables: Readonly<Record<'w' | 't' | 'd', number[][]>>;
  /** [pre] or [post] */
  readonly traces: Readonly<Record<LavaTraceName, number[]>>;
  receive(pre: ArrayLike<number>, post: ArrayLike<number>, received?: Received): void;
}

const VARIABLES = { dw: 'w', dt: 't', dd: 'd' } as const;
const SIDES: Readonly<Record<LavaTraceName, Side>> = { x1: 'pre', x2: 'pre', y1: 'post', y2: 'post', y3: 'post' };

export function lavaConnection(options: LavaConnectionOptions): LavaConnection {
  const { rule, arithmetic, sign = 'mixed', weightBits = 8, weightExponent = 0, messageBits = 0, gradedSpikes = 0 } = options;
  const isInteger = arithmetic === 'bit_approximate';
  if (!isInteger) refuseSpikeFactors(rule);
  const [nPost, nPre] = [options.weights.length, options.weights[0].length];
  const items = { pre: nPre, post: nPost };
  const draws = lavaDraws(options.rounding);
  const zeros = Array.from({ length: nPost }, () => new Array<number>(nPre).fill(0));
  const copy = (matrix: Matrix): number[][] => matrix.map((row) => [...row]);
  const traces = Object.fromEntries(LAVA_TRACES.map((name) => [name, new Array<number>(items[SIDES[name]]).fill(0)])) as Record<
    LavaTraceName,
    number[]
  >;
  const times = { pre: new Int32Array(nPre), post: new Int32Array(nPost) };
  const first = isInteger
    ? options.weights.map((row) => row.map((weight) => truncateWeight(weight, { sign, bits: weightBits })))
    : copy(options.weights);
  const state = { variables: { w: first, t: copy(options.tag ?? zeros), d: copy(options.delayVariable ?? zeros) } };
  let activation = new Array<number>(nPost).fill(0);
  let tick = 0;

  // graded spikes set x1 by themselves
  const impulseOf = (name: LavaTraceName): number => (name === 'x1' && gradedSpikes !== 0 ? 0 : rule.traces[name].impulse);
  const bump = (name: LavaTraceName, item: number, draw: number): void => {
    const value = traces[name][item];
    traces[name][item] = isInteger ? addImpulse(value, impulseOf(name), draw) : value + impulseOf(name);
  };

  const notePre = (payloads: readonly number[], position: number): void => {
    const halves = payloads.map((payload) => (isInteger ? halfToEven(payload / 2) % 256 : payload / 2));
    const { counted, repeats } = takeGraded(traces.x1, halves, payloads, gradedSpikes, isInteger);
    payloads.forEach((payload, i) => {
      const again = payload !== 0 && times.pre[i] > 0;
      if (again && gradedSpikes === 0) bump('x1', i, draws.earlierImpulse('pre', tick, i, 0));
      if (again && repeats[i]) bump('x2', i, draws.earlierImpulse('pre', tick, i, 1));
      if (counted[i]) times.pre[i] = position;
    });
  };

  const notePost = (post: ArrayLike<number>, position: number): void => {
    for (let j = 0; j < nPost; j++) {
      if (!post[j]) continue;
      if (times.post[j] > 0)
        for (const name of ['y1', 'y2', 'y3'] as const) bump(name, j, draws.earlierImpulse('post', tick, j, LAVA_TRACES.indexOf(name)));
      times.post[j] = position;
    }
  };

  const learn = (): void => {
    const epoch = tick / rule.epoch - 1;
    const histories = replay({ rule, traces, times, draws, epoch, isInteger, impulseOf });
    for (const name of LAVA_TRACES) {
      if (SIDES[name] === 'post' && rule.threeFactor) continue;
      traces[name] = histories[name][rule.epoch].slice();
    }
    const uApplies = rule.decimation !== undefined && Math.floor(tick / rule.epoch) % 2 ** rule.decimation === 0;
    const old = state.variables;
    const updated = { ...old };
    rule.series.forEach(({ target, products }, nth) => {
      const variable = VARIABLES[target];
      updated[variable] = old[variable].map((row, j) =>
        row.map((value, i) => {
          const read = (name: string, dependency: LavaProduct['dependency']): number => {
            if (name === 'x0') return times.pre[i] > 0 ? 1 : 0;
            if (name === 'y0') return times.post[j] > 0 ? 1 : 0;
            if (name === 'w' || name === 't' || name === 'd') return old[name][j][i];
            const trace = name as LavaTraceName;
            const time = { x0: times.pre[i], y0: times.post[j], u: rule.epoch }[dependency];
            return histories[trace][time][SIDES[trace] === 'pre' ? i : j];
          };
          const applies = ({ dependency }: LavaProduct): boolean =>
            dependency === 'u' ? uApplies : (dependency === 'x0' ? times.pre[i] : times.post[j]) > 0;
          if (!isInteger) return bounded(variable, sumOfFloats(value, products, applies, read), sign);
          const sum = bounded(variable, accumulateProducts(value * 128, products, applies, read), sign);
          return saturated(variable, roundedAccumulator(sum, draws.round(epoch, nth, j * nPre + i)), sign);
        }),
      );
    });
    state.variables = updated;
    times.pre.fill(0);
    times.post.fill(0);
  };

  return {
    get activation() {
      return activation;
    },
    get variables() {
      return state.variables;
    },
    traces,
    receive(pre, post, received = {}) {
      tick++;
      draws.advance();
      const position = ((tick - 1) % rule.epoch) + 1;
      const payloads = Array.from(pre, (payload) => (messageBits > 0 ? payload : payload !== 0 ? 1 : 0));
      const shift = isInteger ? 2 ** weightExponent : 1;
      activation = state.variables.w.map((row) => {
        const sum = row.reduce((total, weight, i) => total + weight * payloads[i], 0) * shift;
        return isInteger ? Math.floor(sum) + 0 : sum;
      });
      notePre(payloads, position);
      notePost(post, position);
      for (const name of ['y1', 'y2', 'y3'] as const) {
        const values = received[name];
        if (rule.threeFactor && values !== undefined) traces[name] = Array.from(values, (value) => (isInteger ? Math.trunc(value) : value));
      }
      if (tick % rule.epoch === 0) learn();
    },
  };
}

/** Lava's float model knows one dependency per product. */
function refuseSpikeFactors({ series }: LavaRuleSet): void {
  for (const { target, products } of series) {
    const factor = products.flatMap(({ factors }) => factors).find(({ name }) => name === 'x0' || name === 'y0');
    if (factor === undefined) continue;
    const message = `${target}: ${factor.name} stands as a second dependency in a product, which Lava's floating-point model cannot compute`;
    throw new UserError([{ code: 'E-LAVA-FLOAT', message, hint: 'use integer arithmetic, or two rules' }]);
  }
}

/** Payloads change x1 at once. Returns which spikes get a time, and which repeated ones give x2 its impulse. */
function takeGraded(
  x1: number[],
  halves: readonly number[],
  payloads: readonly number[],
  mode: GradedSpikes,
  isInteger: boolean,
): { counted: boolean[]; repeats: boolean[] } {
  const spiked = payloads.map((payload) => payload !== 0);
  if (mode === 0) return { counted: spiked, repeats: spiked };
  if (mode === 1 || !isInteger) {
    halves.forEach((half, i) => {
      if (mode > 1) x1[i] += half;
      else if (spiked[i]) x1[i] = half;
    });
    return { counted: spiked, repeats: spiked };
  }
  const sums = halves.map((half, i) => (x1[i] + half) % 256);
  const over = sums.map((sum, i) => spiked[i] && sum > 127);
  sums.forEach((sum, i) => {
    x1[i] = mode === 2 ? Math.min(127, sum) : sum > 127 ? sum - 127 : sum;
  });
  return mode === 2 ? { counted: spiked, repeats: spiked } : { counted: over, repeats: over };
}

interface Replay {
  readonly rule: LavaRuleSet;
  readonly traces: Readonly<Record<LavaTraceName, readonly number[]>>;
  readonly times: Readonly<Record<Side, Int32Array>>;
  readonly draws: LavaDraws;
  readonly epoch: number;
  readonly isInteger: boolean;
  readonly impulseOf: (name: LavaTraceName) => number;
}

/** [time 0 … E][item] of every trace. */
function replay({ rule, traces, times, draws, epoch, isInteger, impulseOf }: Replay): Record<LavaTraceName, number[][]> {
  const history = (name: LavaTraceName): number[][] => {
    const side = SIDES[name];
    const { tau } = rule.traces[name];
    const impulse = impulseOf(name);
    const rows = [[...traces[name]]];
    for (let time = 1; time <= rule.epoch; time++) {
      const site = time * LAVA_TRACES.length + LAVA_TRACES.indexOf(name);
      rows.push(
        rows[time - 1].map((value, item) => {
          const decayed = isInteger ? decayedTrace(value, tau, draws.decay(side, epoch, item, site)) : decayedFloat(value, tau);
          if (times[side][item] !== time) return decayed;
          return isInteger ? addImpulse(decayed, impulse, draws.impulse(side, epoch, item, site)) : decayed + impulse;
        }),
      );
    }
    return rows;
  };
  return Object.fromEntries(LAVA_TRACES.map((name) => [name, history(name)])) as Record<LavaTraceName, number[][]>;
}

/** The sign that the variable must have, applied to a sum. */
function bounded(variable: 'w' | 't' | 'd', value: number, sign: SignMode): number {
  if (variable === 't' || (variable === 'w' && sign === 'mixed')) return value;
  return variable === 'w' && sign === 'inhibitory' ? Math.min(0, value) : Math.max(0, value);
}

/** What fits the variable's register; the tag's lower end is Lava's. */
function saturated(variable: 'w' | 't' | 'd', value: number, sign: SignMode): number {
  if (variable === 'w') return clipWeight(value, sign) + 0;
  return variable === 'd' ? Math.min(255, Math.max(0, value)) : Math.min(255, Math.max(-257, value));
}
