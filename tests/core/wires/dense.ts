/** Nodal analysis by a dense matrix and Gaussian elimination with pivoting: slow, and shares nothing with core/wires. */
import type { Grid } from '../../../core/wires/grid.ts';

/** [outputs] amperes into the sense nodes. Segments need a resistance. */
export function denseCurrents(
  { inputs, outputs, conductance, inputOhm, outputOhm, driverOhm = 0, senseOhm = 0 }: Grid,
  volts: ArrayLike<number>,
): Float64Array {
  const n = 2 * inputs * outputs;
  const matrix = Array.from({ length: n }, () => new Float64Array(n + 1));
  const inputNode = (o: number, i: number): number => o * inputs + i;
  const outputNode = (o: number, i: number): number => inputs * outputs + o * inputs + i;
  const join = (a: number, b: number, siemens: number): void => {
    matrix[a][a] += siemens;
    matrix[b][b] += siemens;
    matrix[a][b] -= siemens;
    matrix[b][a] -= siemens;
  };
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      join(inputNode(o, i), outputNode(o, i), conductance[o * inputs + i]);
      if (o > 0) join(inputNode(o - 1, i), inputNode(o, i), 1 / inputOhm);
      if (i > 0) join(outputNode(o, i - 1), outputNode(o, i), 1 / outputOhm);
    }
  }
  for (let i = 0; i < inputs; i++) {
    const siemens = 1 / (inputOhm + driverOhm);
    matrix[inputNode(0, i)][inputNode(0, i)] += siemens;
    matrix[inputNode(0, i)][n] += siemens * volts[i];
  }
  const sense = 1 / (outputOhm + senseOhm);
  for (let o = 0; o < outputs; o++) matrix[outputNode(o, inputs - 1)][outputNode(o, inputs - 1)] += sense;
  const node = eliminate(matrix);
  return Float64Array.from({ length: outputs }, (_, o) => sense * node[outputNode(o, inputs - 1)]);
}

function eliminate(matrix: Float64Array[]): Float64Array {
  const n = matrix.length;
  for (let p = 0; p < n; p++) {
    let best = p;
    for (let r = p + 1; r < n; r++) if (Math.abs(matrix[r][p]) > Math.abs(matrix[best][p])) best = r;
    [matrix[p], matrix[best]] = [matrix[best], matrix[p]];
    for (let r = p + 1; r < n; r++) {
      const factor = matrix[r][p] / matrix[p][p];
      if (factor !== 0) for (let c = p; c <= n; c++) matrix[r][c] -= factor * matrix[p][c];
    }
  }
  const x = new Float64Array(n);
  for (let p = n - 1; p >= 0; p--) {
    let sum = matrix[p][n];
    for (let c = p + 1; c < n; c++) sum -= matrix[p][c] * x[c];
    x[p] = sum / matrix[p][p];
  }
  return x;
}
