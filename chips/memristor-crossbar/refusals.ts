/** Reasons why a projection cannot be put on an array at all, found before its text is written. */
import type { ProjectionSubject, Violation } from '../../core/chip-contract.ts';
import { isGraded, sendsSigns } from '../../core/network/network.ts';

/** A conductance has ends, and so must the weights of a rule. */
export function openBounds({ rule, projection }: ProjectionSubject): Violation[] {
  if (rule === undefined || rule.rule.bounds.every(Number.isFinite)) return [];
  return [
    {
      severity: 'error',
      designRule: 'finite bounds',
      code: 'E-BOUNDS',
      message: `projection ${projection.name}: rule ${rule.rule.name} has bounds ${rule.rule.bounds.join(' … ')}, but a conductance has ends`,
      hint: 'give the rule finite bounds; they become the weight scale of the array',
    },
  ];
}

/** A read pulse has a sign and no size: any other number would be another voltage, which the cells do not answer in proportion. */
export function refuseSizes({ projection, pre }: ProjectionSubject): Violation[] | undefined {
  if (!isGraded(pre) || sendsSigns(pre)) return undefined;
  return [
    {
      severity: 'error',
      designRule: 'graded-spikes',
      code: 'E-GRADED',
      message: `projection ${projection.name}: spikes of ${pre.name} carry a number, and a read pulse of this chip has only a sign`,
      hint: 'use ideal or loihi-like, neurons that send +1 and -1, or send the number as a rate',
    },
  ];
}

/** Names of the rule that the array needs for itself. */
export function takenNames({ rule, projection }: ProjectionSubject, own: readonly { readonly name: string }[]): Violation[] {
  if (rule === undefined) return [];
  const ownNames = new Set(own.map(({ name }) => name).filter((name) => name !== 'w'));
  const locals = Object.values(rule.moments).flatMap((program) =>
    program.statements.filter(({ scope }) => scope === 'local').map(({ name }) => name),
  );
  const clashes = [...new Set([...rule.symbols.keys(), ...locals])].filter((name) => ownNames.has(name) || WRITE_LOCAL.test(name));
  return clashes.map((name) => ({
    severity: 'error',
    designRule: 'free names',
    code: 'E-NAME-TAKEN',
    message: `projection ${projection.name}: rule ${rule.rule.name} uses the name "${name}", which the cells of the array need`,
    hint: 'rename it in the rule',
  }));
}

/** Locals of the text that writes a weight. */
const WRITE_LOCAL =
  /^(asked|goal|due|size|pulses|count|raw[gf]|new[gf]|seen|transfer|refresh|difference|steps|again|aged|grown|past|moved|node|hat\d|slow)(Plus|Minus)?(\d+|Now|Begin|\d+After)$/;
