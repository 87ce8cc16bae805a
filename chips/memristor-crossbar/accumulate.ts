/**
 * Mixed precision: requested changes are added up in a digital register; whole pulses are sent when the sum holds any, the rest is kept
 * (Nandakumar et al., Frontiers in Neuroscience 14:406, 2020). The write policy `accumulate` of lower-rule.ts is the same in the loop.
 */

/** @returns pulses to send, sign kept, and what the register holds afterwards */
export function accumulateThenProgram(
  register: number,
  change: number,
  epsilon: number,
): { readonly pulses: number; readonly rest: number } {
  const sum = register + change;
  const pulses = Math.trunc(sum / epsilon) || 0;
  return { pulses, rest: sum - pulses * epsilon };
}
