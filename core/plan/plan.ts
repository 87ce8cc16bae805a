/**
 * A plan: everything a worker needs to run one network on one chip, as an immutable value of tables, numbers and small programs. It can be
 * printed (`explainPlan`), serialised (`encodePlan`) and run any number of times. It holds no chip: what the chip had to say is in the
 * lowered programs, the placement, the findings and the energy table.
 */

import type { LoweredPopulation, LoweredProjection, Placement, Violation } from '../chip-contract.ts';
import type { EnergyTable } from '../energy/energy-table.ts';
import type { Network, SpikeSource } from '../network/network.ts';
import type { BitRowsShape } from '../synapses/bit-rows.ts';
import type { ReverseIndex, SynapseTable } from '../synapses/synapse-table.ts';

export interface PlannedPopulation {
  readonly name: string;
  readonly size: number;
  /** Global number of the first neuron, in the part of a plan that one shard runs; absent for 0. */
  readonly first?: number;
  /** Ports that the advance works out from the arrivals of counted projections, where it reads them (plan/count-arrivals.ts). */
  readonly workedOut?: readonly string[];
  /** Exactly one of `lowered` and `source` is set. */
  readonly lowered?: LoweredPopulation;
  readonly source?: SpikeSource;
}

export interface PlannedProjection {
  readonly name: string;
  /** Indices into `populations`. */
  readonly pre: number;
  readonly post: number;
  /** Port of the post population that `deliver` adds to. */
  readonly port: string;
  readonly table: SynapseTable;
  readonly lowered: LoweredProjection;
  /** True where its spikes carry a number. */
  readonly isGraded?: boolean;
  /**
   * Present where all synapses have one weight that nothing changes and rows are dense: spikes are counted per target, and instead of `deliver`
   * the port takes arrivals · weight, one product and one sum.
   */
  readonly counted?: { readonly weight: number; readonly shape: BitRowsShape };
  /** `onPost` waits until the source of a synapse spikes next, or until somebody looks (plan/replay-post.ts). */
  readonly replaysPost?: boolean;
  /** Variables of a synapse that are asked for, beside its target, before a spike's rows are gone through; absent where it is not worth it (plan/read-ahead.ts). */
  readonly readAhead?: readonly string[];
  /** Present when a moment runs over columns: onPost, or onModulator with a modulator per post neuron. */
  readonly reverse?: ReverseIndex;
  /** [nRows] global number of a synapse minus its number here, in the part of a plan that one shard runs; absent for 0. */
  readonly rowShift?: Int32Array;
  /** [nRows] global number of each row, in the part of a plan that one shard runs; absent for its own. */
  readonly rowNumber?: Int32Array;
  /** [nRows] 1 for rows whose first synapse is here: what happens once per row is counted by that shard. */
  readonly rowOwned?: Uint8Array;
}

export interface Plan {
  readonly network: Network;
  readonly chip: { readonly name: string; readonly title: string; readonly caveats: readonly string[]; readonly energy: EnergyTable };
  readonly placement: Placement;
  readonly findings: readonly Violation[];
  readonly populations: readonly PlannedPopulation[];
  readonly projections: readonly PlannedProjection[];
}
