/** Recordings of single steps of Lava's learning: the reading of rules, literals, traces, sums of products, rounding, random numbers. */
import { accumulateProducts, addImpulse, decayedTrace, roundedAccumulator } from '../../chips/loihi-like/lava/arithmetic.ts';
import type { LavaProduct, LavaSeries } from '../../chips/loihi-like/lava/compat-parser.ts';
import { parseLavaCompat, tracesByDependency } from '../../chips/loihi-like/lava/compat-parser.ts';
import { floatToLiteral, readLavaRuleSet, rewardModulatedStdp, stdpLoihi } from '../../chips/loihi-like/lava/rule-set.ts';
import { pcg64 } from '../../chips/loihi-like/pcg64.ts';
import { expectRefusal, expectSame } from './compare.ts';
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

function checkParser({ cases }: Recording): void {
  for (const { rule, target, ok, decimate_exponent, products, active_traces_per_dependency } of cases as Fields[]) {
    const what = `${target} = ${rule}`;
    if (!ok) {
      expectRefusal(() => parseLavaCompat(target, rule), what);
      continue;
    }
    const read = parseLavaCompat(target, rule);
    expectSame(read.decimation ?? null, decimate_exponent ?? null, `${what}: k`);
    expectSame(read.products.map(describeProduct), products, `${what}: products`);
    if (active_traces_per_dependency !== undefined) expectSame(tracesByDependency(read), active_traces_per_dependency, `${what}: traces`);
  }
}

const FACTORIES: Readonly<Record<string, (args: Fields) => Fields>> = { STDPLoihi: stdpLoihi, RewardModulatedSTDP: rewardModulatedStdp };

function checkValidation({ cases }: Recording): void {
  for (const { args, factory, ok, error: _error, ...expected } of cases as Fields[]) {
    const what = `${factory ?? 'rule'} ${JSON.stringify(args)}`;
    const parameters = (): Fields => (factory === undefined ? args : FACTORIES[factory](args));
    const read = (): ReturnType<typeof readLavaRuleSet> => readLavaRuleSet(parameters(), 'lava-compat');
    if (!ok) {
      expectRefusal(read, what);
      continue;
    }
    const rule = read();
    for (const [name, value] of Object.entries(expected as Record<string, Fields>)) {
      const target = /^(d[wdt])_products$/.exec(name)?.[1];
      const series = rule.series.find((one: LavaSeries) => one.target === target);
      expectSame(target === undefined ? (parameters()[name] ?? 0) : series?.products.map(describeProduct), value, `${what}: ${name}`);
    }
  }
}

function checkLiterals({ cases }: Recording): void {
  for (const { value, literal } of cases as Fields[]) expectSame(floatToLiteral(value), literal, `literal of ${value}`);
}

function checkRandom({ cases }: Recording): void {
  for (const { seed, random, integers_0_128 } of cases as Fields[]) {
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
  }
}

function checkTraces({ decay, impulse }: Recording): void {
  for (const { tau, u, out } of (decay ?? []) as Fields[]) {
    expectSame(
      out.map((_: number, x: number) => decayedTrace(x, tau, u)),
      out,
      `decay, tau ${tau}, draw ${u}`,
    );
  }
  for (const { impulse: size, random, trace_in, trace_out } of (impulse ?? []) as Fields[]) {
    expectSame(
      trace_in.map((x: number) => addImpulse(x, size, random)),
      trace_out,
      `impulse ${size}, draw ${random}`,
    );
  }
}

function checkSums({ cases }: Recording): void {
  for (const { target, rule, x0, y0, u, w, t, d, traces, init_accumulator, result_accumulator } of cases as Fields[]) {
    const { products } = parseLavaCompat(target, rule);
    const computed = (init_accumulator as number[][]).map((row, post) =>
      row.map((start, pre) => {
        const spikes: Readonly<Record<string, number>> = { x0: x0[pre], y0: y0[post], u };
        const variables: Readonly<Record<string, number>> = { w: w?.[post][pre], t: t?.[post][pre], d: d?.[post][pre] };
        return accumulateProducts(
          start,
          products,
          ({ dependency }) => spikes[dependency] !== 0,
          (name, dependency) => spikes[name] ?? variables[name] ?? traces[`${name}_${dependency}`][post][pre],
        );
      }),
    );
    expectSame(computed, result_accumulator, `${target} = ${rule}`);
  }
}

function checkRounding({ cases }: Recording): void {
  for (const { u, accumulator, rounded, var: variable } of cases as Fields[]) {
    expectSame(
      accumulator.map((value: number) => roundedAccumulator(value, u) * 128),
      rounded,
      `${variable}, draw ${u}`,
    );
  }
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
