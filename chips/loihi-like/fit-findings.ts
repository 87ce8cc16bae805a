/**
 * Findings about a rule as a whole, beside those made where its terms are read: state of the post neuron inside expressions that are no products
 * anyway, and changes too small for one step of the weight.
 */
import type { Violation } from '../../core/chip-contract.ts';
import type { CheckedRule } from '../../core/plasticity/check-rule.ts';
import { toSumOfProducts } from '../../core/plasticity/sum-of-products.ts';
import { toProblem } from '../../core/program/diagnostics.ts';
import type { Expr } from '../../core/program/ir.ts';
import type { ChipRule } from './chip-rule.ts';
import { typicalSize } from './rule-difference.ts';
import type { LoihiSettings } from './switches.ts';

/** Reads of `v_post` and the like in statements that are not sums of products; in products they are found term by term. */
export function hiddenPostState({ rule, moments }: CheckedRule): Violation[] {
  const findings: Violation[] = [];
  for (const program of Object.values(moments)) {
    const seen = new Set<string>();
    const visit = (expr: Expr): void => {
      if (expr.kind === 'apply') for (const arg of expr.args) visit(arg);
      if (expr.kind !== 'read' || expr.scope !== 'post' || seen.has(expr.name)) return;
      if (rule.traces[expr.name] !== undefined || rule.modulators[expr.name] !== undefined) return;
      seen.add(expr.name);
      const problem = toProblem({
        code: 'E-LOIHI-POST-STATE',
        message: `"${expr.name}" is the state of the post neuron, which the learning engine cannot read`,
        title: program.title,
        text: program.text,
        span: expr.span,
        hint: 'let the neuron send it as a modulator per post neuron (Loihi 2), or compare two phases in a tag (Loihi 1)',
      });
      findings.push({ ...problem, severity: 'error', designRule: 'post-state' });
    };
    for (const { value } of program.statements) if (Array.isArray(toSumOfProducts(value, { expand: 'brackets' }))) visit(value);
  }
  return findings;
}

/** A rule that writes the weight at spikes in changes below one step, with no tag to gather them. */
export function smallChanges(chip: ChipRule, { rounding }: LoihiSettings): Violation[] {
  const own = chip.products.filter(
    ({ target, dependency }) => target === 'w' && dependency.kind !== 'u' && dependency.kind !== 'modulator',
  );
  if (own.length === 0 || chip.variables.length > 0) return [];
  const typical = Math.max(...own.map((product) => Math.abs(product.wanted) * typicalSize(product, chip)));
  if (typical >= 1) return [];
  const size = Number(typical.toPrecision(2));
  const asked = `${chip.title}: with traces of one spike an event changes the weight by at most ${size} LSB`;
  const hint = 'gather the changes in a tag and write whole steps; check --fix prints such a rule where the tag has room';
  const isLost = rounding === 'nearest' || rounding === 'never-up';
  return [
    {
      severity: isLost ? 'warning' : 'info',
      designRule: 'small-changes',
      code: isLost ? 'W-LOIHI-SMALL-CHANGES' : 'I-LOIHI-SMALL-CHANGES',
      message: isLost
        ? `${asked}, and rounding ${rounding} loses it`
        : `${asked}; stochastic rounding carries the learning, nearest rounding would stall`,
      hint,
    },
  ];
}
