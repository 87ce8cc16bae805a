/** Differences of shares as people say them, in percentage points. */
import type { MeanOverSeeds } from './result.ts';

/** `-23.5`, `+1.0`, `0.0`. */
export const signedPoints = (share: number): string => `${share > 0 ? '+' : ''}${((100 * share).toFixed(1)).replace(/^-0\.0$/, '0.0')}`;

/** `-23.5 [-30.1, -16.9]`. */
export function pointsWithInterval({ mean, ci95 }: MeanOverSeeds): string {
  return ci95 === null ? signedPoints(mean) : `${signedPoints(mean)} [${ci95.map(signedPoints).join(', ')}]`;
}
