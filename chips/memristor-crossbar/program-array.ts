/** The array of one projection as it stands when a run begins: cells drawn, spare lines put in, start weights programmed and read back. */
import type { LoweredVariable, ProjectionSubject } from '../../core/chip-contract.ts';
import { transferShares } from '../../core/wires/tiles.ts';
import type { Ageing } from './age-cell.ts';
import { cellReadValue, PATH, placed, readKind, referenceState, SHARES, siemensOf } from './cell-reads.ts';
import type { CellSet, PerCell, Side } from './draw-cells.ts';
import { drawCells, programmingError, streamOfCells } from './draw-cells.ts';
import { keepsRest, nameCells } from './lower-rule.ts';
import type { CellTexts } from './move-cell.ts';
import type { Settings } from './options.ts';
import { readHeat, writeError } from './read-out.ts';
import { replaceWorstLines } from './spare-lines.ts';
import { pathOhms, seesHalfSelect, tileLayout, tileWires } from './tile-lines.ts';
import { gainOf, programmed, referencePoint } from './weights.ts';

export interface ProgrammedArray {
  readonly variables: readonly LoweredVariable[];
  readonly plus: CellTexts;
  readonly minus?: CellTexts;
  /** The fast pair of a two-array update. */
  readonly fast?: readonly CellTexts[];
}

export const at = (values: PerCell, k: number): number => (typeof values === 'number' ? values : values[k]);

export function programArray(
  { network, projection, weights, rule, table }: ProjectionSubject,
  settings: Settings,
  scale: number,
  ageing?: Ageing,
): ProgrammedArray {
  const { mapping, device, writePolicy, deviceSet } = settings;
  const n = weights.length;
  const paired = mapping !== 'reference';
  const sides: readonly Side[] = paired ? ['plus', 'minus'] : ['plus'];
  const drawn = Object.fromEntries(
    sides.map((side) => [side, drawCells(device, n, network.seed, projection.name, side, deviceSet)]),
  ) as Partial<Record<Side, CellSet>>;
  const cells = replaceWorstLines(drawn, table, settings, (side) =>
    drawCells(device, n, network.seed, `${projection.name}/spare`, side, deviceSet),
  );
  const reference = referencePoint(device);
  const held = (target: number, side: Side, k: number): number => {
    const { low, high } = cells[side] as CellSet;
    const asked = placed(target, settings) + programmingError(device, network.seed, streamOfCells(projection.name, side), k, deviceSet);
    return Math.min(at(high, k), Math.max(at(low, k), asked));
  };
  const [gPlus, gMinus, w, heat] = [0, 1, 2, 3].map(() => new Float64Array(n));
  for (let k = 0; k < n; k++) {
    const goal = programmed(mapping, reference, weights[k] / scale);
    gPlus[k] = held(goal.plus, 'plus', k);
    gMinus[k] = paired ? held(goal.minus, 'minus', k) : referenceState(settings);
  }
  const lines = lineVariables(table, settings, gPlus, paired ? gMinus : undefined);
  for (let k = 0; k < n; k++) {
    const ohm = lines.ohms === undefined ? settings.accessOhm : lines.ohms[k];
    const [plus, minus] = [gPlus, gMinus].map((state, side) => cellReadValue(state[k], { ohm, share: lines.shares?.[side][k] }, settings));
    w[k] = scale * gainOf(mapping) * (plus - minus);
    heat[k] = readHeat(settings, gPlus[k], gMinus[k], plus, minus);
  }
  const plus = nameCells(cells.plus as CellSet, 'plus', settings);
  const minus = cells.minus && nameCells(cells.minus, 'minus', settings);
  const learns = rule !== undefined;
  const aged = ageing === undefined ? [] : [...ageing.variables('plus', gPlus), ...(paired ? ageing.variables('minus', gMinus) : [])];
  const keepsError = ageing !== undefined && writeError(settings) > 0;
  const fast = learns && settings.update === 'two-array' ? fastPair(sides, n, network.seed, projection.name, settings) : undefined;
  return {
    variables: [
      variable('w', w),
      variable('gPlus', gPlus),
      ...(paired ? [variable('gMinus', gMinus)] : []),
      variable('heat', heat, 'i32'),
      ...lines.variables,
      ...aged,
      ...(keepsError ? [variable('readError', 0)] : []),
      ...(learns && keepsRest(writePolicy, device.continuous) ? [variable('pending', 0)] : []),
      ...(learns || seesHalfSelect(settings) ? plus.variables : []),
      ...((learns || seesHalfSelect(settings)) && minus ? minus.variables : []),
      ...(fast?.variables ?? []),
    ],
    plus: plus.texts,
    ...(minus === undefined ? {} : { minus: minus.texts }),
    ...(fast === undefined ? {} : { fast: fast.texts }),
  };
}

/** Cells of their own, at weight 0, for the fast pair of a two-array update; with a counter of changes and the digital buffer. */
function fastPair(
  sides: readonly Side[],
  n: number,
  seed: number,
  projection: string,
  settings: Settings,
): { texts: readonly CellTexts[]; variables: readonly LoweredVariable[] } {
  const rest = programmed(settings.mapping, referencePoint(settings.device), 0);
  const named = sides.map((side) => {
    const drawn = drawCells(settings.device, n, seed, `${projection}/fast`, side, settings.deviceSet);
    const { texts, variables } = nameCells(drawn, side, settings);
    const state = side === 'plus' ? 'fPlus' : 'fMinus';
    const own = (text: string): string => text.replace(/^(plus|minus)(?=[A-Z])/, (word) => `fast${word === 'plus' ? 'Plus' : 'Minus'}`);
    const motion = (one: CellTexts['up']): CellTexts['up'] =>
      Object.fromEntries(
        Object.entries(one).map(([part, text]) => [part, part === 'kind' ? text : own(text)]),
      ) as unknown as CellTexts['up'];
    const start = Float64Array.from({ length: n }, (_, k) =>
      Math.min(at(drawn.high, k), Math.max(at(drawn.low, k), placed(rest[side], settings))),
    );
    return {
      texts: { state, low: own(texts.low), high: own(texts.high), up: motion(texts.up), down: motion(texts.down) },
      variables: [variable(state, start), ...variables.map((one) => ({ ...one, name: own(one.name) }))],
    };
  });
  const registers = [variable('visits', 0), ...(settings.device.continuous ? [] : [variable('buffer', 0)])];
  return { texts: named.map(({ texts }) => texts), variables: [...registers, ...named.flatMap(({ variables }) => variables)] };
}

export const variable = (name: string, initial: number | Float64Array, storage: LoweredVariable['storage'] = 'f64'): LoweredVariable => ({
  name,
  storage,
  initial,
  scale: 1,
});

interface Lines {
  readonly variables: readonly LoweredVariable[];
  /** [nSynapses] ohms in series, where they differ from cell to cell. */
  readonly ohms?: Float64Array;
  /** [plus, minus][nSynapses] */
  readonly shares?: readonly Float64Array[];
}

/** What reads need to know about the lines, worked out for the start conductances. @param minus absent for a shared reference column */
function lineVariables(table: ProjectionSubject['table'], settings: Settings, plus: Float64Array, minus: Float64Array | undefined): Lines {
  const kind = readKind(settings);
  if (kind === 'series' && settings.wires !== 'none') {
    const ohms = pathOhms(table, settings);
    return { variables: [variable(PATH, ohms)], ohms };
  }
  if (kind !== 'shared') return { variables: [] };
  const { span, zero } = siemensOf(settings.device);
  const siemens = (states: Float64Array): Float64Array => states.map((u) => span * (u + zero));
  const columns = [plus, ...(minus === undefined ? [] : [minus])].map(siemens);
  const shared = minus === undefined ? span * (referenceState(settings) + zero) : 0;
  const shares = transferShares(table, tileLayout(settings), columns, tileWires(settings), shared);
  const counted = seesHalfSelect(settings)
    ? ['sentUp', 'sentDown', ...['Plus', ...(minus === undefined ? [] : ['Minus'])].flatMap((side) => [`halfUp${side}`, `halfDown${side}`])]
    : [];
  return {
    shares,
    variables: [
      ...(['plus', 'minus'] as const).flatMap((side, s) => [variable(SHARES[side], shares[s]), variable(`${SHARES[side]}Next`, shares[s])]),
      ...counted.map((name) => variable(name, 0)),
    ],
  };
}
