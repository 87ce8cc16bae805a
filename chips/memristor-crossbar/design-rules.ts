/** What a network and its rules must respect on the crossbar, and what their authors should know. One small function per rule. */
import type { DesignRule, DesignSubject, Violation } from '../../core/chip-contract.ts';
import type { Distribution, Projection } from '../../core/network/network.ts';
import { formatQuantity } from '../../core/units.ts';
import { figureOf } from './device-figures.ts';
import type { Settings } from './options.ts';
import { arraySize } from './place.ts';
import { nominalWeightStep } from './weights.ts';

type Check = (subject: DesignSubject, settings: Settings) => readonly Omit<Violation, 'designRule'>[];

/** Loss of column current along the wires from which on results of this edition, which has no wires, mislead. */
const WIRE_LOSS_LIMIT = 0.05;
/** Ohms per cell of line: copper 100 nm wide, 0.1 um pitch (NeuroSim V3.0 manual: 1.19 ohm/um). */
const WIRE_OHM_PER_CELL = 0.119;
/** Share of cells in use below which a dense array is a poor fit. */
const SPARSE = 0.25;

const CHECKS: Readonly<Record<string, Check>> = {
  'enough tiles': ({ placement }, settings) => {
    const { used, available } = placement.uses[0];
    if (used <= available) return [];
    const message = `the network needs ${used} tiles of ${settings.tileRows} x ${settings.tileColumns} cells, but the chip has ${available}`;
    return [
      {
        severity: 'error',
        code: 'E-TILES',
        message,
        hint: 'give the chip more tiles (option tiles), larger ones (tileRows, tileColumns), or fewer synapses',
      },
    ];
  },

  'initial weights within bounds': ({ network }) =>
    plastic(network.projections).flatMap(({ name, rule, weight }) => {
      if (rule === undefined) return [];
      const [low, high] = extent(weight);
      const scale = Math.max(...rule.bounds.map(Math.abs));
      if (low >= -scale && high <= scale) return [];
      const message = `projection ${name}: initial weights reach ${low} … ${high}, but the array holds ${-scale} … ${scale}, set by the bounds of rule ${rule.name}`;
      return [
        {
          severity: 'warning',
          code: 'W-WEIGHT-CLIPPED',
          message,
          hint: 'widen the bounds of the rule or shrink the initial weights; what lies outside is clipped',
        },
      ];
    }),

  'both signs used': ({ network }, { mapping }) =>
    plastic(network.projections).flatMap(({ name, rule }) => {
      if (rule === undefined || mapping === 'reference' || (rule.bounds[0] < 0 && rule.bounds[1] > 0)) return [];
      const message = `projection ${name}: the bounds ${rule.bounds.join(' … ')} of rule ${rule.name} use one half of what a pair of cells can hold`;
      return [
        {
          severity: 'info',
          code: 'I-HALF-RANGE',
          message,
          hint: 'steps are twice as coarse as they need be; bounds of both signs use the whole pair',
        },
      ];
    }),

  'changes against the step': ({ network }, settings) =>
    plastic(network.projections).flatMap(({ name, rule }) => {
      if (rule === undefined || settings.device.continuous || settings.writePolicy === 'accumulate') return [];
      const scale = Math.max(...rule.bounds.map(Math.abs));
      const step = scale * nominalWeightStep(settings.mapping, settings.device).up;
      const fate =
        settings.writePolicy === 'deterministic'
          ? 'changes below half of it are lost'
          : 'smaller changes are written with a probability in proportion';
      const message = `projection ${name}: one pulse changes a weight by ${Number(step.toPrecision(3))}; with the write policy ${settings.writePolicy}, ${fate}`;
      return [
        {
          severity: 'info',
          code: 'I-STEP',
          message,
          hint: 'writePolicy: "accumulate" keeps what is smaller than a pulse in a digital register',
        },
      ];
    }),

  'one synapse per crossing': ({ tables }) =>
    [...tables].flatMap(([name, { rowStart, target, nRows }]) => {
      let shared = 0;
      for (let r = 0; r < nRows; r++) for (let k = rowStart[r] + 1; k < rowStart[r + 1]; k++) if (target[k] === target[k - 1]) shared++;
      if (shared === 0) return [];
      const message = `projection ${name}: ${shared} synapses share a crossing with another one; the cells they need are not counted in the placement`;
      return [{ severity: 'warning', code: 'W-CROSSING', message, hint: 'connect each pair of neurons once (multapses: false)' }];
    }),

  'dense enough': ({ tables }, settings) =>
    [...tables].flatMap(([name, table]) => {
      const { rows, columns, used } = arraySize(name, table, settings);
      const share = used / (rows * columns);
      if (share >= SPARSE || table.nSynapses === 0) return [];
      const message = `projection ${name} uses ${(100 * share).toFixed(1)} % of the ${rows} x ${columns} cells it occupies`;
      return [
        {
          severity: 'info',
          code: 'I-SPARSE',
          message,
          hint: 'a crossbar pays for absent synapses; a sparse projection suits a routed chip better',
        },
      ];
    }),

  'short enough wires': ({ tables }, settings) => {
    if (settings.wires !== 'none') return [];
    const rows = Math.max(0, ...[...tables].map(([name, table]) => Math.min(arraySize(name, table, settings).rows, settings.tileRows)));
    const gMax = figureOf(settings.device, 'gMax');
    const loss = (WIRE_OHM_PER_CELL * gMax * rows * rows) / 3;
    if (loss <= WIRE_LOSS_LIMIT) return [];
    const message = `columns of ${rows} cells of up to ${formatQuantity(gMax, 'conductance')} lose about ${(100 * loss).toFixed(0)} % of their current in the wires when all inputs are active; with wires: "none" this model leaves that out`;
    return [
      {
        severity: 'warning',
        code: 'W-WIRE-DROP',
        message,
        hint: 'use shorter lines (tileRows) or cells of lower conductance, or see what it does: wires: "network"',
      },
    ];
  },
};

const plastic = (projections: readonly Projection[]): readonly Projection[] => projections.filter(({ rule }) => rule !== undefined);

/** Smallest and largest value a distribution gives; of a normal one, to three standard deviations. */
function extent(distribution: Distribution): readonly [number, number] {
  switch (distribution.kind) {
    case 'constant':
      return [distribution.value, distribution.value];
    case 'uniform':
      return [distribution.low, distribution.high];
    case 'normal': {
      const { mean, sd, low, high } = distribution;
      return [Math.max(low, mean - 3 * sd), Math.min(high, mean + 3 * sd)];
    }
    case 'values': {
      let [low, high] = [0, 0];
      for (const value of distribution.values) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      return [low, high];
    }
  }
}

export const crossbarDesignRules = (settings: Settings): DesignRule[] =>
  Object.entries(CHECKS).map(([name, check]) => ({
    name,
    check: (subject) => check(subject, settings).map((violation) => ({ ...violation, designRule: name })),
  }));
