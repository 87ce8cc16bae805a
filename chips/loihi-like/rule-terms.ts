/**
 * From the text of a rule to its terms: what each statement adds to a synapse variable, as signed products in the rule's own units. `w += a·x1`
 * adds a·x1; `e = 0` adds -e; `e *= 0.9` adds -0.1·e. Nothing here knows about integers yet.
 */

import type { Violation } from '../../core/chip-contract.ts';
import type { CheckedRule } from '../../core/plasticity/check-rule.ts';
import type { Moment, PlasticityRule } from '../../core/plasticity/rule.ts';
import { MOMENTS } from '../../core/plasticity/rule.ts';
import type { Factor, Term } from '../../core/plasticity/sum-of-products.ts';
import { toSumOfProducts } from '../../core/plasticity/sum-of-products.ts';
import type { Span } from '../../core/program/diagnostics.ts';
import { toProblem } from '../../core/program/diagnostics.ts';
import type { Expr, Program } from '../../core/program/ir.ts';
import { bindConstants } from '../../core/program/simplify.ts';

export interface RuleTerm {
  readonly moment: Moment;
  /** Name of the synapse variable in the rule. */
  readonly target: string;
  /** Signed, in the rule's units. */
  readonly coefficient: number;
  readonly factors: readonly Factor[];
  /** The text it stands in, for messages. */
  readonly source: Pick<Program, 'title' | 'text'>;
  readonly span: Span;
}

export interface RuleTerms {
  readonly terms: readonly RuleTerm[];
  readonly findings: readonly Violation[];
}

export function ruleTerms(checked: CheckedRule, dt: number): RuleTerms {
  const constants = new Map([['dt', dt], ...Object.entries(checked.rule.parameters)]);
  const parts = MOMENTS.flatMap((moment) => {
    const program = checked.moments[moment];
    return program === undefined ? [] : [momentTerms(moment, bindConstants(program, constants))];
  });
  return { terms: parts.flatMap(({ terms }) => terms), findings: parts.flatMap(({ findings }) => findings) };
}

function momentTerms(moment: Moment, program: Program): RuleTerms {
  const locals = new Map<string, Expr>();
  const written = new Set<string>();
  const terms: RuleTerm[] = [];
  const findings: Violation[] = [];
  for (const { name, scope, value, span } of program.statements) {
    if (scope === 'local') {
      locals.set(name, value);
      continue;
    }
    const sum = toSumOfProducts(value, { expand: 'brackets', locals, source: program });
    if (Array.isArray(sum)) {
      findings.push(
        ...sum.map((diagnostic): Violation => ({ ...toProblem(diagnostic), severity: 'error', designRule: 'sum-of-products' })),
      );
      continue;
    }
    const added = withoutOldValue(name, sum.terms, span);
    const late = added.flatMap(({ factors }) => factors).find((factor) => factor.name !== name && written.has(factor.name));
    if (late !== undefined) findings.push(oldValueFinding(program, late.name, name, span));
    terms.push(
      ...added.map(({ sign, coefficient, factors, span }) => ({
        moment,
        target: name,
        coefficient: sign * coefficient,
        factors,
        source: program,
        span,
      })),
    );
    written.add(name);
  }
  return { terms, findings };
}

/** The terms of a new value, less the old value. */
function withoutOldValue(name: string, terms: readonly Term[], span: Span): Term[] {
  const isOld = ({ factors }: Term): boolean =>
    factors.length === 1 && factors[0].name === name && factors[0].offset === undefined && !factors[0].sgn;
  const kept = terms.filter(isOld).reduce((sum, { sign, coefficient }) => sum + sign * coefficient, 0);
  const rest = terms.filter((term) => !isOld(term) && term.coefficient !== 0);
  // 1e-12: what is left of 1 - 0.1 - 0.9 in floating point is not a product
  if (Math.abs(kept - 1) < 1e-12) return rest;
  return [...rest, { sign: kept < 1 ? -1 : 1, coefficient: Math.abs(kept - 1), factors: [{ name }], span }];
}

function oldValueFinding(program: Program, read: string, target: string, span: Span): Violation {
  const problem = toProblem({
    code: 'I-LOIHI-OLD-VALUE',
    message: `${target} sees ${read} as it was before this moment: the chip evaluates all products from old values`,
    title: program.title,
    text: program.text,
    span,
  });
  return { ...problem, severity: 'info', designRule: 'update-order' };
}

/** Synapse variables that the rule changes, in declaration order. */
export function writtenVariables(rule: PlasticityRule, terms: readonly RuleTerm[]): string[] {
  return Object.keys(rule.variables).filter(
    (name) => rule.variables[name].tau !== undefined || terms.some(({ target }) => target === name),
  );
}
