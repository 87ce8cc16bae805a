/**
 * The kinds of events that cost energy on a chip. The kernels and the chips' device models count them, an energy table gives each its
 * joules, and `estimate` multiplies. A kind belongs to one account of the report, and is flagged when it is spent on learning: the sum over
 * the flagged kinds, divided by the number of synaptic updates, is the energy per update.
 */

export type EnergyAccount = 'read' | 'trace' | 'compute' | 'write' | 'route' | 'neuron' | 'static';

interface EventKindRow {
  /** What one count is, for tables: `pJ per <unit>`. */
  readonly unit: string;
  readonly meaning: string;
  readonly account: Exclude<EnergyAccount, 'static'>;
  /** Spent on plasticity, not on running the network. */
  readonly learning: boolean;
}

export const EVENT_KINDS = {
  synapticEvent: { unit: 'event', meaning: 'one spike delivered over one synapse', account: 'read', learning: false },
  readPulse: { unit: 'pulse', meaning: 'one read pulse on one device', account: 'read', learning: false },
  readHeat: {
    unit: 'quantum',
    meaning: 'heat of reading, in quanta of which the chip states the joules',
    account: 'read',
    learning: false,
  },
  adcConversion: { unit: 'conversion', meaning: 'one conversion of a column current to a number', account: 'read', learning: false },
  dacDrive: { unit: 'drive', meaning: 'one drive of a row by its converter', account: 'read', learning: false },
  neuronUpdate: { unit: 'update', meaning: 'one neuron advanced by one tick', account: 'neuron', learning: false },
  neuronSpike: { unit: 'spike', meaning: 'one spike fired, with its reset', account: 'neuron', learning: false },
  spikeHop: { unit: 'hop', meaning: 'one spike message passed from one core or tile to the next', account: 'route', learning: false },
  spikeMessage: { unit: 'message', meaning: 'one copy of a spike to a further core, beyond the first', account: 'route', learning: false },
  spikeHopEastWest: { unit: 'hop', meaning: 'one spike message passed to the next tile east or west', account: 'route', learning: false },
  spikeHopNorthSouth: {
    unit: 'hop',
    meaning: 'one spike message passed to the next tile north or south',
    account: 'route',
    learning: false,
  },
  hostTransfer: { unit: 'transfer', meaning: 'one message between the chip and its host', account: 'route', learning: false },
  traceUpdate: { unit: 'update', meaning: 'one pre- or post-synaptic trace decayed or raised', account: 'trace', learning: true },
  synapticUpdate: { unit: 'update', meaning: 'one evaluation of the plasticity rule for one synapse', account: 'compute', learning: true },
  writePulse: {
    unit: 'pulse',
    meaning: 'one programming pulse on one device, or one write of a synaptic word',
    account: 'write',
    learning: true,
  },
  writeHeat: {
    unit: 'quantum',
    meaning: 'heat of programming, in quanta of which the chip states the joules',
    account: 'write',
    learning: true,
  },
  verifyRead: { unit: 'read', meaning: 'one read-back of a synapse while it is programmed', account: 'write', learning: true },
  halfSelectHeat: {
    unit: 'quantum',
    meaning: 'heat in half-selected cells while others are programmed, in quanta of which the chip states the joules',
    account: 'write',
    learning: true,
  },
} as const satisfies Readonly<Record<string, EventKindRow>>;

export type EventKind = keyof typeof EVENT_KINDS;

/** How often each kind happened, as whole numbers, so that sums over shards do not depend on their order. Absent means never. */
export type EventCounts = Readonly<Partial<Record<EventKind, number>>>;
