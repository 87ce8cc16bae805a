/** The cells of a projection that does not learn, when each weight lies on several pairs: drawn, programmed and read back slice by slice. */
import type { LoweredVariable, ProjectionSubject } from '../../core/chip-contract.ts';
import { significances, sliceWeight } from './bit-slices.ts';
import { cellReadValue, placed, referenceState, siemensOf } from './cell-reads.ts';
import type { CellSet, Side } from './draw-cells.ts';
import { drawCells, programmingError, streamOfCells } from './draw-cells.ts';
import type { Settings } from './options.ts';
import type { ProgrammedArray } from './program-array.ts';
import { at, variable } from './program-array.ts';
import { readHeat, SQUARES } from './read-out.ts';
import { gainOf, programmed, referencePoint } from './weights.ts';

export function programSlices({ network, projection, weights }: ProjectionSubject, settings: Settings, scale: number): ProgrammedArray {
  const { mapping, device, deviceSet, slices, sliceBase, sliceLevels, accessOhm } = settings;
  const slicing = { slices, base: sliceBase, levels: sliceLevels };
  const significance = significances(slicing);
  const paired = mapping !== 'reference';
  const n = weights.length;
  const { zero } = siemensOf(device);
  const [w, heat, squares] = [0, 1, 2].map(() => new Float64Array(n));
  const digits = Array.from(weights, (weight) => sliceWeight(weight / scale, slicing));
  for (let s = 0; s < slices; s++) {
    const name = `${projection.name}/slice ${s}`;
    const held = (side: Side, cells: CellSet, target: number, k: number): number => {
      const asked = placed(target, settings) + programmingError(device, network.seed, streamOfCells(name, side), k, deviceSet);
      return Math.min(at(cells.high, k), Math.max(at(cells.low, k), asked));
    };
    const plusCells = drawCells(device, n, network.seed, name, 'plus', deviceSet);
    const minusCells = paired ? drawCells(device, n, network.seed, name, 'minus', deviceSet) : undefined;
    for (let k = 0; k < n; k++) {
      const goal = programmed(mapping, referencePoint(device), digits[k][s]);
      const plus = held('plus', plusCells, goal.plus, k);
      const minus = minusCells === undefined ? referenceState(settings) : held('minus', minusCells, goal.minus, k);
      const [readPlus, readMinus] = [plus, minus].map((state) => cellReadValue(state, { ohm: accessOhm }, settings));
      w[k] += scale * gainOf(mapping) * significance[s] * (readPlus - readMinus);
      heat[k] += readHeat(settings, plus, minus, readPlus, readMinus);
      // plain reads leave out what stands for 0 S, which cancels in the difference but not in the noise
      const offset = accessOhm > 0 ? 0 : zero;
      squares[k] += significance[s] ** 2 * ((readPlus + offset) ** 2 + (readMinus + offset) ** 2);
    }
  }
  const variables: LoweredVariable[] = [variable('w', w), variable('heat', heat, 'i32'), variable(SQUARES, squares)];
  // nothing is written, so no text asks for the cells
  const none = { state: '', low: '', high: '', up: { kind: 'constant', step: '' }, down: { kind: 'constant', step: '' } } as const;
  return { variables, plus: none };
}
