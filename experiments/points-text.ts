/** Differences of shares as people say them, in percentage points. */
import type { MeanChange } from './result.ts';

/** `-23.5 [-30.1, -16.9]`. */
export function pointsWithInterval({ mean, ci95 }: MeanChange): string {
  const signed = (share: number): string => `${share > 0 ? '+' : ''}${((100 * share).toFixed(1)).replace(/^-0\.0$/, '0.0')}`;
  return ci95 === null ? signed(mean) : `${signed(mean)} [${ci95.map(signed).join(', ')}]`;
}
