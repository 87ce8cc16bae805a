/**
 * A rule's text becomes typed programs, one per moment, or a list of everything that is wrong with it. Rules in Loihi's notation keep their
 * sum of products beside the moments that say the same: a product with x0 happens at a pre spike, with y0 at a post spike, with u_k at the
 * learning epoch (or when the modulator arrives, if it holds the reward r).
 */
import type { Problem } from '../errors.ts';
import { UserError } from '../errors.ts';
import type { NeuronModel } from '../neurons/model.ts';
import { compileProgram } from '../program/check-types.ts';
import { toProblem } from '../program/diagnostics.ts';
import type { Program } from '../program/ir.ts';
import type { SymbolTable } from '../program/symbols.ts';
import { describeUnknownName, ruleSymbols } from './locality.ts';
import type { MomentsOfProducts } from './moments-of-products.ts';
import { momentsOfProducts } from './moments-of-products.ts';
import type { Moment, PlasticityRule } from './rule.ts';
import { MOMENTS } from './rule.ts';

export interface CheckedRule {
  /** The rule; one in Loihi's notation with its text by moment filled in. */
  readonly rule: PlasticityRule;
  readonly symbols: SymbolTable;
  readonly moments: Readonly<Partial<Record<Moment, Program>>>;
  /** Why the rule runs only on chips that learn in epochs, if so; `moments` are empty then. */
  readonly needsEpochs?: string;
  /** Ticks between two moments `onLearningEpoch` on chips that learn at events, where these are not the rule's own epochs (u_k with k > 0). */
  readonly eventEpochTicks?: number;
}

/** Compiles every moment; problems of all moments are collected. */
export function checkRule(given: PlasticityRule, post?: NeuronModel): { checked: CheckedRule | undefined; problems: Problem[] } {
  const {
    rule,
    problems: notation,
    needsEpochs,
    eventEpochTicks,
  } = given.sumOfProducts === undefined ? eventForm(given) : momentsOfProducts(given);
  const problems: Problem[] = [...notation];
  const symbols = ruleSymbols(rule, post);
  const moments: Partial<Record<Moment, Program>> = {};
  for (const moment of MOMENTS) {
    const text = rule.code[moment];
    if (text === undefined) continue;
    const { program, diagnostics } = compileProgram(text, symbols, {
      title: `rule ${rule.name}, ${moment}`,
      describeUnknown: (name) => describeUnknownName(name, rule),
    });
    if (program !== undefined) moments[moment] = program;
    problems.push(...diagnostics.map((diagnostic) => toProblem(diagnostic)));
  }
  if (given.sumOfProducts === undefined && MOMENTS.every((moment) => rule.code[moment] === undefined)) {
    problems.push({ code: 'E-RULE-EMPTY', message: `rule ${rule.name} has no code`, hint: `give at least one of ${MOMENTS.join(', ')}` });
  }
  const checked = {
    rule,
    symbols,
    moments,
    ...(needsEpochs === undefined ? {} : { needsEpochs }),
    ...(eventEpochTicks === undefined ? {} : { eventEpochTicks }),
  };
  return { checked: problems.length === 0 ? checked : undefined, problems };
}

const eventForm = (rule: PlasticityRule): MomentsOfProducts => ({ rule, problems: [] });

export function checkRuleOrThrow(rule: PlasticityRule, post?: NeuronModel): CheckedRule {
  const { checked, problems } = checkRule(rule, post);
  if (checked === undefined) throw new UserError(problems);
  return checked;
}
