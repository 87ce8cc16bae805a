/** Recordings of single steps of Lava's learning: the reading of rules, literals, traces, sums of products, rounding, random numbers. */
import { accumulateProducts, addImpulse, decayedTrace, halfToEven, roundedAccumulator } from '../../chips/loihi-like/lava/arithmetic.ts';
import type { LavaProduct, LavaSeries } from '../../chips/loihi-like/lava/compat-parser.ts';
import { parseLavaCompat, tracesByDependency } from '../../chips/loihi-like/lava/compat-parser.ts';
import { floatToLiteral, readLavaRuleSet, rewardModulatedStdp, stdpLoihi } from '../../chips/loihi-like/lava/rule-set.ts';
import { pcg64 } from '../../chips/loihi-like/pcg64.ts';
import { Difference, expectRefusal, expectSame } from './compare.ts';
import { eachCase, neededFields, oneOf, onlyFields } from './fields.ts';
import type { Family, Fields, Recording } from './recording.ts';

const STORED_OFFSET = 7;

/** A product in the words of the recordings. */
function describeProduct({ dependency, decimation, mantissa, exponent, factors }: LavaProduct): Fields {
  return {
    dependency,
    mantissa,
    stored_exponent: exponent + STORED_OFFSET,
    exponent,
    decimate_exponent: decimation ?? null,
    factors: factors.map(({ name, constant, sgn }) => ({ var: name, const: constant ?? null, sgn: sgn ? 1 : 0 })),
  };
}

const PARSER_FIELDS = [
  ...['rule', 'target', 'ok', 'error', 'message', 'decimate_exponent', 'products', 'active_traces_per_dependency'],
] as const;

function checkParser({ cases }: Recording): void {
  eachCase(cases, PARSER_FIELDS, (one, where) => {
    neededFields(one, ['rule', 'target', 'ok'], where);
    const { rule, ok, decimate_exponent, products, active_traces_per_dependency } = one;
    const target = oneOf(one.target, ['dw', 'dd', 'dt'], `${where}, target`);
    const what = `${target} = ${rule}`;
    if (!ok) return expectRefusal(() => parseLavaCompat(target, rule), what);
    const read = parseLavaCompat(target, rule);
    expectSame(read.decimation ?? null, decimate_exponent ?? null, `${what}: k`);
    expectSame(read.products.map(describeProduct), products, `${what}: products`);
    if (active_traces_per_dependency !== undefined) expectSame(tracesByDependency(read), active_traces_per_dependency, `${what}: traces`);
  });
}

const FACTORIES: Readonly<Record<string, (args: Fields) => Fields>> = { STDPLoihi: stdpLoihi, RewardModulatedSTDP: rewardModulatedStdp };

/** Lava's names of the parameters of a rule. */
export const RULE_FIELDS = [
  ...['class_name', 'dw', 'dd', 'dt', 't_epoch', 'rng_seed', 'x1_impulse', 'x1_tau', 'x2_impulse', 'x2_tau', 'y1_impulse', 'y1_tau'],
  ...['y2_impulse', 'y2_tau', 'y3_impulse', 'y3_tau'],
] as const;

/** Those of the ready-made rules. */
const FACTORY_FIELDS = [
  ...['learning_rate', 'A_plus', 'A_minus', 'tau_plus', 'tau_minus', 'pre_trace_decay_tau', 'post_trace_decay_tau'],
  ...['pre_trace_kernel_magnitude', 'post_trace_kernel_magnitude', 'eligibility_trace_decay_tau'],
] as const;

/** What Lava fills in where a parameter is not given. */
const RULE_DEFAULTS: Readonly<Record<string, number>> = { t_epoch: 1 };

function checkValidation({ cases }: Recording): void {
  const known = ['args', 'factory', 'ok', 'error', 'message', ...RULE_FIELDS, 'dw_products', 'dd_products', 'dt_products'];
  eachCase(cases, known, (one, where) => {
    neededFields(one, ['args', 'ok'], where);
    const { args, factory, ok, error: _error, message: _message, ...expected } = one;
    const isFactory = factory !== undefined && factory !== null && FACTORIES[factory] !== undefined;
    onlyFields(args, isFactory ? [...RULE_FIELDS, ...FACTORY_FIELDS] : RULE_FIELDS, `${where}, args`);
    const ownClass = /^Loihi[23]FLearningRule$/.test(factory ?? '') ? { class_name: factory } : {};
    if (factory !== undefined && factory !== null && !isFactory && ownClass.class_name === undefined) {
      throw new Difference(`${where}, factory is ${JSON.stringify(factory)}; this check knows ${Object.keys(FACTORIES).join(', ')}`);
    }
    const what = `${factory ?? 'rule'} ${JSON.stringify(args)}`;
    const parameters = (): Fields => (isFactory ? FACTORIES[factory](args) : { ...ownClass, ...args });
    const read = (): ReturnType<typeof readLavaRuleSet> => readLavaRuleSet(parameters(), 'lava-compat');
    if (!ok) return expectRefusal(read, what);
    const rule = read();
    for (const [name, value] of Object.entries(expected as Record<string, Fields>)) {
      const target = /^(d[wdt])_products$/.exec(name)?.[1];
      const series = rule.series.find((one: LavaSeries) => one.target === target);
      const computed = target === undefined ? (parameters()[name] ?? RULE_DEFAULTS[name] ?? 0) : series?.products.map(describeProduct);
      expectSame(computed ?? null, value ?? null, `${what}: ${name}`);
    }
  });
}

function checkLiterals({ cases }: Recording): void {
  eachCase(cases, ['value', 'literal'], ({ value, literal }, what) => {
    neededFields({ value, literal }, ['value', 'literal'], what);
    expectSame(floatToLiteral(value), literal, `literal of ${value}`);
  });
}

function checkRandom({ cases }: Recording): void {
  eachCase(cases, ['seed', 'random', 'integers_0_128'], ({ seed, random, integers_0_128 }, what) => {
    neededFields({ seed }, ['seed'], what);
    const [uniform, whole] = [pcg64(seed), pcg64(seed)];
    if (random !== undefined) {
      expectSame(
        random.map(() => uniform.random()),
        random,
        `seed ${seed}, random`,
      );
    }
    if (integers_0_128 !== undefined) {
      expectSame(
        integers_0_128.map(() => whole.integer128()),
        integers_0_128,
        `seed ${seed}, integers`,
      );
    }
  });
}

function checkTraces({ decay, impulse }: Recording): void {
  if (decay === undefined && impulse === undefined) throw new Difference('the case holds neither decay nor impulse');
  for (const one of (decay ?? []) as Fields[]) {
    onlyFields(one, ['tau', 'u', 'out'], 'decay');
    neededFields(one, ['tau', 'u', 'out'], 'decay');
    const { tau, u, out } = one;
    expectSame(
      out.map((_: number, x: number) => decayedTrace(x, tau, u)),
      out,
      `decay, tau ${tau}, draw ${u}`,
    );
  }
  for (const one of (impulse ?? []) as Fields[]) {
    onlyFields(one, ['impulse', 'impulse_int', 'impulse_frac256', 'random', 'trace_in', 'trace_out'], 'impulse');
    neededFields(one, ['impulse', 'random', 'trace_in', 'trace_out'], 'impulse');
    const { impulse: size, random, trace_in, trace_out, impulse_int, impulse_frac256 } = one;
    if (impulse_int !== undefined) expectSame(Math.floor(size), impulse_int, `whole part of ${size}`);
    if (impulse_frac256 !== undefined) expectSame(halfToEven(256 * (size - Math.floor(size))), impulse_frac256, `fraction of ${size}`);
    expectSame(
      trace_in.map((x: number) => addImpulse(x, size, random)),
      trace_out,
      `impulse ${size}, draw ${random}`,
    );
  }
}

const SUM_FIELDS = ['target', 'rule', 'x0', 'y0', 'u', 'w', 't', 'd', 'traces', 'init_accumulator', 'result_accumulator'] as const;

function checkSums({ cases }: Recording): void {
  eachCase(cases, SUM_FIELDS, (one, where) => {
    neededFields(one, ['target', 'rule', 'x0', 'y0', 'u', 'init_accumulator', 'result_accumulator'], where);
    const { target, rule, x0, y0, u, w, t, d, traces, init_accumulator, result_accumulator } = one;
    const { products } = parseLavaCompat(target, rule);
    const computed = (init_accumulator as number[][]).map((row, post) =>
      row.map((start, pre) => {
        const spikes: Readonly<Record<string, number>> = { x0: x0[pre], y0: y0[post], u };
        const variables: Readonly<Record<string, number>> = { w: w?.[post][pre], t: t?.[post][pre], d: d?.[post][pre] };
        return accumulateProducts(
          start,
          products,
          ({ dependency }) => spikes[dependency] !== 0,
          (name, dependency) => {
            const known = spikes[name] ?? variables[name] ?? traces?.[`${name}_${dependency}`]?.[post][pre];
            if (known === undefined) throw new Difference(`${where}: ${rule} reads ${name} at ${dependency}, which is not given`);
            return known;
          },
        );
      }),
    );
    expectSame(computed, result_accumulator, `${target} = ${rule}`);
  });
}

function checkRounding({ cases }: Recording): void {
  eachCase(cases, ['u', 'accumulator', 'rounded', 'var'], (one, what) => {
    neededFields(one, ['u', 'accumulator', 'rounded'], what);
    const { u, accumulator, rounded, var: variable } = one;
    expectSame(
      accumulator.map((value: number) => roundedAccumulator(value, u) * 128),
      rounded,
      `${variable}, draw ${u}`,
    );
  });
}

export const unitRecordings: Family = {
  unit_parser: checkParser,
  unit_rule_validation: checkValidation,
  unit_literal: checkLiterals,
  unit_rng: checkRandom,
  unit_traces: checkTraces,
  unit_sum_of_products: checkSums,
  unit_rounding: checkRounding,
};
