/**
 * The `lava-compat` reference in one call: Lava's rule parameters and a weight matrix in, a connection out that computes what Lava computes, in
 * integers or in floating point, with any of the rounding modes. What it does that its user may not expect is said by `lavaFindings`.
 */
import type { LavaConnection, LavaConnectionOptions } from './connection.ts';
import { lavaConnection } from './connection.ts';
import type { LavaRounding } from './rounding.ts';
import type { LavaRuleParameters, ParseMode } from './rule-set.ts';
import { readLavaRuleSet } from './rule-set.ts';

export interface LavaReferenceOptions extends Omit<LavaConnectionOptions, 'rule' | 'arithmetic' | 'rounding'> {
  readonly rule: LavaRuleParameters;
  /** `strict` unless said otherwise: texts that Lava reads as something else are refused. */
  readonly mode?: ParseMode;
  /** Integers unless said otherwise. */
  readonly arithmetic?: LavaConnectionOptions['arithmetic'];
  /** Lava's own streams, seeded by the rule, unless said otherwise. */
  readonly rounding?: LavaRounding;
}

export function lavaReference({ rule, mode, arithmetic, rounding, ...connection }: LavaReferenceOptions): LavaConnection {
  const read = readLavaRuleSet(rule, mode);
  return lavaConnection({
    ...connection,
    rule: read,
    arithmetic: arithmetic ?? 'bit_approximate',
    rounding: rounding ?? { mode: 'lava-stream', seed: read.seed },
  });
}
