/** What each moment of a rule reads and writes, from its checked program. */

import type { NeuronModel } from '../core/neurons/model.ts';
import { checkRuleOrThrow } from '../core/plasticity/check-rule.ts';
import type { PlasticityRule } from '../core/plasticity/rule.ts';
import { analyse } from '../core/program/analyse.ts';
import type { CostClass } from '../core/program/op-table.ts';
import type { Scope } from '../core/program/symbols.ts';

export interface MomentUse {
  readonly moment: string;
  /** In order of their first use, parameters left out. */
  readonly reads: readonly { readonly name: string; readonly scope: Scope }[];
  readonly writes: readonly { readonly name: string; readonly scope: Scope }[];
  /** Operations for one synapse at most, classes that do not occur left out. */
  readonly operations: Readonly<Partial<Record<CostClass, number>>>;
}

/** @param post model of the post neurons, for rules that read its state */
export function usesOf(rule: PlasticityRule, post?: NeuronModel): MomentUse[] {
  return Object.entries(checkRuleOrThrow(rule, post).moments).map(([moment, program]) => {
    const { reads, writes, cost } = analyse(program);
    return {
      moment,
      reads: byName(reads.filter(({ scope }) => scope !== 'constant')),
      writes: byName(writes),
      operations: Object.fromEntries(Object.entries(cost).filter(([, count]) => count > 0)),
    };
  });
}

const byName = (uses: readonly { readonly name: string; readonly scope: Scope }[]) =>
  Array.from(new Map(uses.map(({ name, scope }) => [name, scope])), ([name, scope]) => ({ name, scope }));

/** `reads e, x1 (pre) and writes e` */
export function useInWords({ reads, writes }: Pick<MomentUse, 'reads' | 'writes'>): string {
  const read = reads.map(({ name, scope }) => (scope === 'synapse' ? name : `${name} (${scope})`)).join(', ');
  return `reads ${read || 'nothing'} and writes ${writes.map(({ name }) => name).join(', ')}`;
}
