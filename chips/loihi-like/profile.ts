/**
 * The numbers of a Loihi-like core, each with where it was published. Widths and capacities are those of Loihi 1; Loihi 2 appears only as the
 * microcode that lets its neurons do more (see `generation` in switches.ts), because no energy table of Loihi 2 is public.
 *
 * Davies 2018: Davies et al., "Loihi: a neuromorphic manycore processor with on-chip learning", IEEE Micro 38(1):82-99. Lava: the CPU models of
 * lava-nc/lava (0.11). nengo-loihi: the emulator and validator of nengo/nengo-loihi (1.1). None of this is certified against silicon.
 */

/** A number of the architecture. */
interface ChipNumber {
  readonly value: number;
  readonly unit: string;
  readonly source: string;
}

const number = (value: number, unit: string, source: string): ChipNumber => ({ value, unit, source });

export const LOIHI = {
  coresPerChip: number(128, 'cores', 'Davies 2018, p. 86'),
  coresPerTile: number(4, 'cores', 'SANA-FE, arch/loihi.yaml; 128 cores on the 32 tiles of Davies 2018, table 2'),
  meshColumns: number(8, 'tiles', 'SANA-FE, arch/loihi.yaml: a mesh of 8 x 4 tiles'),
  meshRows: number(4, 'tiles', 'SANA-FE, arch/loihi.yaml: a mesh of 8 x 4 tiles'),
  compartmentsPerCore: number(1024, 'compartments', 'Davies 2018, p. 89'),
  inputAxonsPerCore: number(4096, 'axon slots', 'Davies 2018, p. 89; nengo-loihi validator'),
  outputAxonsPerCore: number(4096, 'axon slots', 'Davies 2018, p. 89; nengo-loihi validator'),
  /** 16384 words of 64 bits, 128 KB. */
  synapseBitsPerCore: number(16384 * 64, 'bits', 'Davies 2018, p. 89; nengo-loihi validator'),
  axonSlotsPer32BitAxon: number(2, 'slots', 'nengo-loihi validator: a 32-bit population axon'),
  compartmentProfilesPerCore: number(32, 'profiles', 'nengo-loihi validator'),
  synapseFormatsPerCore: number(8, 'formats', 'nengo-loihi; its validator lets 16 pass'),
  preTraceProfilesPerCore: number(3, 'profiles', 'nengo-loihi validator'),
  axonSlotsPerPlasticAxon: number(2, 'slots', 'nengo-loihi validator'),
  synapseWordBits: number(64, 'bits', 'nengo-loihi, SynapseConfig.bits_per_axon'),
  synapseHeaderBits: number(10, 'bits', 'nengo-loihi, SynapseConfig.bits_per_axon'),
  synapsesPerBlock: number(64, 'synapses', 'nengo-loihi, SynapseConfig.bits_per_axon'),

  weightMagnitudeBits: number(8, 'bits', 'Davies 2018, p. 87 and table 1: 1 … 9 bits, the ninth being the sign'),
  weightExponentMin: number(-8, '', 'Lava, weight_exp'),
  weightExponentMax: number(7, '', 'Lava, weight_exp'),
  delayMax: number(62, 'ticks beyond the first', 'Davies 2018, p. 92'),
  delayWithoutCost: number(8, 'ticks beyond the first', 'Davies 2018, p. 92'),

  stateLimit: number(2 ** 23 - 1, '', 'u and v of ±23 bits: Dey & Dimitrov 2022; Lava, PyLifModelBitAcc'),
  decayOne: number(4096, '', '12-bit decay: Dey & Dimitrov 2022; Lava, PyLifModelBitAcc'),
  thresholdMantissaMax: number(2 ** 17 - 1, '', '17 high bits of 23: Dey & Dimitrov 2022; nengo-loihi validator'),
  thresholdProfiles: number(8, 'thresholds per core', 'nengo-loihi validator'),
  /** A weight of 1 moves the membrane by 64, and a threshold of 1 is 64. */
  weightUnit: number(64, 'membrane units', 'Lava, PyLifModelBitAcc; nengo-loihi'),
  refractoryMax: number(63, 'ticks', 'nengo-loihi validator'),
  payloadMax: number(
    2 ** 23 - 1,
    '',
    'graded spikes of up to 24 bits: Lava, num_message_bits of sigma-delta; up to 32 bits are named second-hand',
  ),
  noiseRange: number(127, '', 'uniform whole number -127 … 127: nengo-loihi, CompartmentState'),

  traceMax: number(127, '', '7-bit traces: Davies 2018, p. 91'),
  preTraces: number(2, 'traces', 'x1, x2: Davies 2018, table 1; Lava'),
  postTraces: number(3, 'traces', 'y1, y2, y3: Davies 2018, table 1; Lava'),
  tagBits: number(9, 'bits, signed', 'Davies 2018, table 1'),
  delayVariableMax: number(255, '', 'Lava, tag_2'),
  rewardMax: number(127, '', 'r1, 8 bits signed: Davies 2018, table 1 (from memory); Lava clips a third factor to -128 … 127'),
  accumulatorFraction: number(7, 'bits', 'Lava, LearningRuleApplierBitApprox; nengo-loihi, learn_frac'),
  accumulatorBits: number(16, 'bits', 'Davies 2018, p. 91'),
  coefficientMantissaMax: number(7, '', 'Lava, ProductSeries'),
  coefficientExponentMin: number(-7, '', 'Lava, ProductSeries'),
  coefficientExponentMax: number(8, '', 'Lava, ProductSeries'),
  decimationMax: number(9, '', 'u0 … u9: Lava, SymbolicEquation'),
  epochMax: number(63, 'ticks', 'Davies 2018, p. 91; typically 2 … 8'),
} as const;

/** Differences from the chip that a user must know. */
export const CAVEATS = [
  "Arithmetic follows Lava's CPU models and published facts; it is not certified against silicon, and public emulators disagree in places (see the switches).",
  'Energies are those of Loihi 1 before silicon (simulated, 0.75 V, minimum per event); no energy table of Loihi 2 is public.',
  'Random bits come from our own counter-based generator: the generators of the chip are not published.',
  'A spike reaches synapse and learning engine at the same tick; on the chip learning notes it when it is fired.',
] as const;
