/**
 * A rule in Loihi's notation as event-form text, for chips that learn at events: a product with x0 happens at a pre spike, with y0 at a post
 * spike, with u_k at the end of every 2^k-th learning epoch, and with u_0 and the reward r at the arrival of the reward (elsewhere r is zero).
 *
 * All products see the values from before the event; `dw`, `dt` and `dd` of one moment are therefore computed before any is written.
 */
import type { Problem } from '../errors.ts';
import { toProblem } from '../program/diagnostics.ts';
import type { LavaTarget, LavaTerm } from './lava-rule.ts';
import { parseLavaRule } from './lava-rule.ts';
import type { Moment, PlasticityRule } from './rule.ts';
import type { Factor } from './sum-of-products.ts';

export interface MomentsOfProducts {
  /** The rule with its text by moment and the variables `t` and `d` it uses. */
  readonly rule: PlasticityRule;
  readonly problems: readonly Problem[];
  /** Ticks between two moments `onLearningEpoch`, if these are not the rule's epochs: u_k happens at the end of every 2^k-th. */
  readonly eventEpochTicks?: number;
  /** Why the products cannot be told by events, if they cannot. */
  readonly needsEpochs?: string;
}

const WRITES: Readonly<Record<LavaTarget, string>> = { dw: 'w', dt: 't', dd: 'd' };

export function momentsOfProducts(rule: PlasticityRule): MomentsOfProducts {
  const problems: Problem[] = [];
  const changes: Partial<Record<Moment, string[]>> = {};
  const used = new Set<string>();
  let decimation = 0;
  let coincidence: string | undefined;
  for (const target of ['dw', 'dt', 'dd'] as const) {
    const text = rule.sumOfProducts?.[target];
    if (text === undefined) continue;
    used.add(WRITES[target]);
    const parsed = parseLavaRule(target, text);
    if (Array.isArray(parsed)) {
      problems.push(...parsed.map((diagnostic) => toProblem(diagnostic)));
      continue;
    }
    const { terms, decimateExponent } = parsed as Exclude<typeof parsed, readonly unknown[]>;
    decimation = Math.max(decimation, decimateExponent ?? 0);
    const byMoment = new Map<Moment, string[]>();
    for (const term of terms) {
      for (const { name } of term.factors) {
        used.add(name);
        if (name === 'x0' || name === 'y0') coincidence = text.slice(term.span.start, term.span.end);
      }
      const moment = momentOf(term);
      byMoment.set(moment, [...(byMoment.get(moment) ?? []), productText(term)]);
    }
    for (const [moment, products] of byMoment) {
      changes[moment] = [...(changes[moment] ?? []), `let change_${WRITES[target]} = ${products.join(' + ')}`];
    }
  }
  const code = Object.fromEntries(
    Object.entries(changes).map(([moment, lines]) => [moment, [...lines, ...lines.map(applyChange)].join('\n')]),
  ) as PlasticityRule['code'];
  const implicit = ['t', 'd'].filter((name) => used.has(name) && rule.variables[name] === undefined);
  return {
    rule: {
      ...rule,
      code: coincidence === undefined ? code : {},
      variables: { ...rule.variables, ...Object.fromEntries(implicit.map((name) => [name, { initial: 0 }])) },
    },
    problems,
    ...(decimation === 0 ? {} : { eventEpochTicks: rule.epochTicks * 2 ** decimation }),
    ...(coincidence === undefined
      ? {}
      : { needsEpochs: `the product ${coincidence.trim()} asks for a pre and a post spike in one learning epoch` }),
  };
}

function momentOf({ dependency, factors }: LavaTerm): Moment {
  if (dependency.kind === 'x0') return 'onPre';
  if (dependency.kind === 'y0') return 'onPost';
  return factors.some(({ name }) => name === 'r1') ? 'onModulator' : 'onLearningEpoch';
}

function productText({ sign, coefficient, factors }: LavaTerm): string {
  return [`(${sign * coefficient})`, ...factors.map(factorText)].join(' * ');
}

function factorText({ name, offset, sgn }: Factor): string {
  const sum = offset === undefined ? name : `(${name} + (${offset}))`;
  return sgn ? `sign(${sum})` : sum;
}

function applyChange(line: string): string {
  const target = /^let change_(\w)/.exec(line)?.[1] ?? '';
  return `${target} += change_${target}`;
}
