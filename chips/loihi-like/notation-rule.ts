/**
 * A rule in Loihi's own notation is taken as it stands: its coefficients and impulses are the chip's, its traces are named x1, x2, y1, y2, y3, and
 * its variables t and d count in whole numbers. Only the weight is scaled, between the network's units and the integers the products work on.
 */
import type { Violation } from '../../core/chip-contract.ts';
import type { LavaRule, LavaTarget } from '../../core/plasticity/lava-rule.ts';
import { parseLavaRule } from '../../core/plasticity/lava-rule.ts';
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import type { Factor } from '../../core/plasticity/sum-of-products.ts';
import { toProblem } from '../../core/program/diagnostics.ts';
import type { ChipFactor, ChipProduct, ChipVariable, Dependency } from './chip-rule.ts';
import { productShift } from './coefficients.ts';
import type { EventRuleSubject, RuleParts } from './event-rule.ts';
import { freeName } from './event-rule.ts';
import { notationFindings } from './lava/notation-findings.ts';

export const TARGETS = { dw: 'w', dt: 't', dd: 'd' } as const satisfies Record<LavaTarget, string>;

export function notationRule(subject: EventRuleSubject): RuleParts {
  const { checked, title, settings } = subject;
  const { rule } = checked;
  const findings: Violation[] = [];
  const parsed: LavaRule[] = [];
  for (const target of ['dw', 'dt', 'dd'] as const) {
    const text = rule.sumOfProducts?.[target];
    if (text === undefined) continue;
    const result = parseLavaRule(target, text);
    if (!Array.isArray(result)) parsed.push(result as LavaRule);
    else
      findings.push(
        ...result.map(
          (diagnostic): Violation => ({
            ...toProblem({ ...diagnostic, title: `${title}, ${target}` }),
            severity: 'error',
            designRule: 'sum-of-products',
          }),
        ),
      );
  }
  findings.push(...missingNames(subject, parsed), ...mixedDecimation(title, parsed), ...notationFindings(rule, parsed, title, settings));
  const products = parsed.flatMap((one) => one.terms.map((term) => toProduct(subject, one.target, term)));
  return { variables: variablesOf(checked.rule, products), products, findings };
}

function toProduct({ checked, settings }: EventRuleSubject, target: LavaTarget, term: LavaRule['terms'][number]): ChipProduct {
  const { rule } = checked;
  const factors = term.factors.map((factor) => toFactor(factor, Object.keys(rule.modulators)[0] ?? 'r1', (name) => freeName(name, rule)));
  const waits = factors.some(({ kind }) => kind === 'modulator') && term.dependency.kind === 'u';
  const dependency: Dependency = waits ? { kind: 'modulator' } : term.dependency;
  const shift = productShift(factors, settings.productScaling);
  const wanted = term.mantissa * 2 ** (term.exponent - shift);
  return { target: TARGETS[target], dependency, factors, mantissa: term.mantissa, exponent: term.exponent, shift, wanted };
}

/** @param reward, variable names that the rule's own may have taken */
export function toFactor({ name, offset = 0, sgn = false }: Factor, reward: string, variable: (name: string) => string): ChipFactor {
  if (name === 'x0' || name === 'y0') return { kind: 'spike', name, offset, sgn };
  if (name === 'r1') return { kind: 'modulator', name: reward, offset, sgn };
  if (/^x/.test(name)) return { kind: 'pre-trace', name, offset, sgn };
  if (/^y/.test(name)) return { kind: 'post-trace', name, offset, sgn };
  return { kind: 'variable', name: name === 'w' ? 'w' : variable(name), offset, sgn };
}

export function variablesOf(rule: PlasticityRule, products: readonly ChipProduct[]): ChipVariable[] {
  return (['t', 'd'] as const).flatMap((target) => {
    const name = freeName(target, rule);
    const used = products.some(
      (product) => product.target === target || product.factors.some((factor) => factor.kind === 'variable' && factor.name === name),
    );
    if (!used) return [];
    const declared = rule.variables[target];
    return [{ target, name, initial: declared?.initial ?? 0, scale: 1, ...(declared === undefined ? {} : { ruleName: target }) }];
  });
}

/** Traces and rewards that the products name must be declared, with their time constants. */
function missingNames({ checked: { rule }, title }: EventRuleSubject, parsed: readonly LavaRule[]): Violation[] {
  const used = new Set(parsed.flatMap(({ terms }) => terms.flatMap(({ factors }) => factors.map(({ name }) => name))));
  return [...used].sort().flatMap((name): Violation[] => {
    const isTrace = /^[xy][123]$/.test(name);
    if (isTrace ? rule.traces[name] !== undefined : name !== 'r1' || Object.keys(rule.modulators).length > 0) return [];
    return [
      {
        code: 'E-LOIHI-UNDECLARED',
        message: `${title}: the products name ${name}, but the rule declares no such ${isTrace ? 'trace' : 'modulator'}`,
        hint: isTrace
          ? `add traces: { ${name}: { on: '${name[0] === 'x' ? 'pre' : 'post'}', tau: '20 ms', impulse: 16 } }`
          : "add modulators: { r1: { per: 'projection', range: 1 } }",
        severity: 'error',
        designRule: 'sum-of-products',
      },
    ];
  });
}

/** dw, dt and dd of one rule count the same epochs. */
function mixedDecimation(title: string, parsed: readonly LavaRule[]): Violation[] {
  const used = [...new Set(parsed.flatMap(({ decimateExponent }) => (decimateExponent === undefined ? [] : [decimateExponent])))];
  if (used.length < 2) return [];
  const message = `${title}: dw, dt and dd use ${used.map((k) => `u${k}`).join(' and ')}, but all u of a rule must have the same digit`;
  return [
    {
      code: 'E-LOIHI-DECIMATION',
      message,
      hint: 'bring them to one u_k by doubling or halving coefficients',
      severity: 'error',
      designRule: 'sum-of-products',
    },
  ];
}
