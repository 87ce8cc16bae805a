/**
 * For every device: the joules of one weight update and of one read, split by what they are spent on, against the claims of claims.ts and against
 * a digital reference. The events are those that a run of one synapse counts, with all noise off; the figures are those of the chip's energy
 * table. One update is one nominal pulse of a synapse at weight 0, with the chip's own mapping (a pair of cells takes one pulse each).
 */

import type { Joules, Limits } from '../chips/memristor-crossbar/claims.ts';
import {
  DIGITAL,
  DIGITAL_CLAIM_FACTOR,
  digitalReference,
  limitsFor,
  readPulse,
  UPDATE_CLAIM_JOULES,
  writePulse,
} from '../chips/memristor-crossbar/claims.ts';
import type { Device } from '../chips/memristor-crossbar/device-figures.ts';
import { figureOf } from '../chips/memristor-crossbar/device-figures.ts';
import { DEVICE_PRESETS } from '../chips/memristor-crossbar/device-presets.ts';
import { WIRE_FARAD_PER_CELL } from '../chips/memristor-crossbar/energy-table.ts';
import { memristorCrossbar } from '../chips/memristor-crossbar/memristor-crossbar.ts';
import type { CrossbarOptions } from '../chips/memristor-crossbar/options.ts';
import { readCrossbarOptions } from '../chips/memristor-crossbar/options.ts';
import { nominalWeightStep } from '../chips/memristor-crossbar/weights.ts';
import type { Sourced } from '../core/energy/energy-table.ts';
import type { EventCounts, EventKind } from '../core/energy/event-kinds.ts';
import { network } from '../core/network/builder.ts';
import { buildPlan } from '../core/plan/build-plan.ts';
import { rule } from '../core/plasticity/read-rule.ts';
import { Simulation } from '../workers/simulation.ts';

/** Rows of a tile that share one conversion or column read when all of them spike. */
const ROWS = 128;

const SILENT: CrossbarOptions = {
  deviceToDevice: false,
  cycleToCycle: false,
  readNoise: false,
  writeNoise: false,
  programmingNoise: false,
  stuckCells: false,
  writePolicy: 'deterministic',
};

/** A digital figure divided by this one; above 1 the crossbar costs less. `lo` and `hi` are the ends when all figures err against and for it. */
export type Ratio = Joules;

export interface UpdateClaims {
  readonly cells: Joules;
  readonly lines: Joules;
  /** Digital engine that evaluates the rule. */
  readonly engine: Joules;
  readonly total: Joules;
  /** Seconds that the pulses of one update take, up and down one after the other. */
  readonly seconds: number;
  /** Cells and lines under 10 fJ, and what would meet it. */
  readonly under10fJ: boolean;
  readonly limits: Limits | null;
  readonly versusSram: Ratio;
  readonly versusDram: Ratio;
  /** Storage only: two SRAM accesses against cells and lines. Both sides evaluate the same rule, so that is left out here. */
  readonly storageVersusSram: Ratio;
  /** What would make storage ten times cheaper than SRAM. */
  readonly tenfoldLimits: Limits | null;
}

export interface ReadClaims {
  readonly cells: Joules;
  readonly lines: Joules;
  /** Column circuit, with one active row, and shared by all rows of a tile. */
  readonly column: Joules;
  readonly total: Joules;
  readonly totalShared: Joules;
  /** With a converter of 8 bits in place of the integrate-and-fire circuit, one active row. */
  readonly totalConverted: Joules;
  readonly seconds: number;
  readonly versusSram: Ratio;
  readonly versusDram: Ratio;
  readonly sharedVersusSram: Ratio;
  readonly tenfoldLimits: Limits | null;
}

export interface DeviceClaims {
  readonly device: string;
  readonly title: string;
  readonly update: UpdateClaims;
  readonly read: ReadClaims;
  /** Where the joules come from, by event. */
  readonly sources: Readonly<Record<string, Sourced>>;
}

export interface EnergyClaims {
  readonly updateClaimJoules: number;
  readonly digitalClaimFactor: number;
  readonly rows: number;
  readonly digital: {
    readonly figures: typeof DIGITAL;
    readonly event: (typeof digitalReference)['event'];
    readonly update: (typeof digitalReference)['update'];
  };
  readonly devices: readonly DeviceClaims[];
}

export function energyClaims(presets: Readonly<Record<string, Device>> = DEVICE_PRESETS): EnergyClaims {
  return {
    updateClaimJoules: UPDATE_CLAIM_JOULES,
    digitalClaimFactor: DIGITAL_CLAIM_FACTOR,
    rows: ROWS,
    digital: { figures: DIGITAL, ...digitalReference },
    devices: Object.values(presets).map(claimsOf),
  };
}

/** Events of one update and of one read of a synapse at weight 0. */
function eventsOf(device: string): { update: EventCounts; read: EventCounts } {
  const options: CrossbarOptions = { ...SILENT, device };
  const settings = readCrossbarOptions(options);
  const step = nominalWeightStep(settings.mapping, settings.device).up;
  const command = rule({ name: 'command', modulators: { change: { per: 'post', range: 1 } }, onModulator: 'w += change', bounds: [-1, 1] });
  const net = network({ dt: '1 ms', seed: 1 });
  const source = net.input('source', 1, { times: ['1 ms'], neurons: [0] });
  const target = net.neurons('target', 1, { model: 'lif', tauMem: '20 ms', vThreshold: 1e9 });
  net.connect(source, target, { name: 'array', weight: 0, delay: '1 ms', rule: command });
  const simulation = new Simulation(buildPlan(net.freeze(), memristorCrossbar(options)));
  simulation.modulate('array', { change: Float64Array.of(step) });
  const update = simulation.eventCounts();
  simulation.run(3);
  return { update, read: simulation.eventCounts() };
}

function claimsOf(preset: Device): DeviceClaims {
  const { perEvent } = memristorCrossbar({ ...SILENT, device: preset.name }).profile.energy;
  const { update, read } = eventsOf(preset.name);
  const joules = (kind: EventKind, count: number): Joules => {
    const { value, lo, hi } = perEvent[kind] ?? { value: 0, lo: 0, hi: 0 };
    return { value: count * value, lo: count * lo, hi: count * hi };
  };
  const kinds = ['writeHeat', 'writePulse', 'synapticUpdate', 'readHeat', 'readPulse', 'neuronUpdate'] as const;
  return {
    device: preset.name,
    title: preset.title,
    update: updateClaims(preset, update, joules),
    read: readClaims(preset, read, joules),
    sources: Object.fromEntries(kinds.flatMap((kind) => (perEvent[kind] === undefined ? [] : [[kind, perEvent[kind]]]))),
  };
}

type JoulesOf = (kind: EventKind, count: number) => Joules;

function updateClaims(device: Device, counts: EventCounts, joules: JoulesOf): UpdateClaims {
  const gate = figureOf(device, 'gateCapacitance');
  const gated = gate > 0;
  const pulses = counts.writePulse ?? 0;
  const charged = joules('writePulse', pulses);
  // a gated pulse charges the gate and the line; what is not the gate is the line
  const gateJoules = scaled(charged, charged.value === 0 ? 0 : (gate * writePulse(device).volts ** 2 * pulses) / charged.value);
  const cells = gated ? gateJoules : joules('writeHeat', counts.writeHeat ?? 0);
  const lines = gated ? minus(charged, gateJoules) : charged;
  const engine = joules('synapticUpdate', counts.synapticUpdate ?? 0);
  const total = add(cells, lines, engine);
  const pulse = writePulse(device);
  const spent = { cells: cells.value, lines: lines.value, gated };
  const storage = scaled(DIGITAL.sram, 2);
  return {
    cells,
    lines,
    engine,
    total,
    seconds: pulses === 1 ? figureOf(device, 'writeTimeUp') : figureOf(device, 'writeTimeUp') + figureOf(device, 'writeTimeDown'),
    under10fJ: cells.value + lines.value < UPDATE_CLAIM_JOULES,
    limits: limitsFor(spent, UPDATE_CLAIM_JOULES, pulse) ?? null,
    versusSram: ratio(digitalReference.update.sram, total),
    versusDram: ratio(digitalReference.update.dram, total),
    storageVersusSram: ratio(storage, add(cells, lines)),
    tenfoldLimits: limitsFor(spent, storage.value / DIGITAL_CLAIM_FACTOR, pulse) ?? null,
  };
}

function readClaims(device: Device, counts: EventCounts, joules: JoulesOf): ReadClaims {
  const cells = joules('readHeat', counts.readHeat ?? 0);
  const lines = joules('readPulse', counts.readPulse ?? 0);
  const column = joules('neuronUpdate', 1);
  const converter = memristorCrossbar({ ...SILENT, device: device.name, periphery: 'adc' }).profile.energy.perEvent.adcConversion;
  const total = add(cells, lines, column);
  const totalShared = add(cells, lines, scaled(column, 1 / ROWS));
  const pulse = readPulse(device);
  // of the lines only the charge follows the voltage; drivers and the column are as they are
  const charge = (counts.readPulse ?? 0) * WIRE_FARAD_PER_CELL * pulse.volts ** 2;
  const fixed = lines.value - charge + column.value / ROWS;
  const tenth = digitalReference.event.sram.value / DIGITAL_CLAIM_FACTOR;
  return {
    cells,
    lines,
    column,
    total,
    totalShared,
    totalConverted: add(cells, lines, converter ?? column),
    seconds: figureOf(device, 'readTime'),
    versusSram: ratio(digitalReference.event.sram, total),
    versusDram: ratio(digitalReference.event.dram, total),
    sharedVersusSram: ratio(digitalReference.event.sram, totalShared),
    tenfoldLimits: limitsFor({ cells: cells.value, lines: charge, gated: false }, tenth - fixed, pulse) ?? null,
  };
}

const scaled = ({ value, lo, hi }: Joules, by: number): Joules => ({ value: value * by, lo: lo * by, hi: hi * by });

const add = (...parts: readonly Joules[]): Joules =>
  parts.reduce((sum, part) => ({ value: sum.value + part.value, lo: sum.lo + part.lo, hi: sum.hi + part.hi }));

const minus = (a: Joules, b: Joules): Joules => ({ value: a.value - b.value, lo: a.lo - b.lo, hi: a.hi - b.hi });

const ratio = (digital: Joules, own: Joules): Ratio => ({
  value: digital.value / own.value,
  lo: digital.lo / own.hi,
  hi: digital.hi / own.lo,
});
