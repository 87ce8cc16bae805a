/** A gradient measured from the loss alone: central differences, (L(p + h) - L(p - h)) / 2h, one parameter after the other. */
export function finiteDifferences(parameters: readonly Float64Array[], loss: () => number, step = 1e-5): Float64Array[] {
  return parameters.map((values) =>
    Float64Array.from(values, (value, k) => {
      values[k] = value + step;
      const above = loss();
      values[k] = value - step;
      const below = loss();
      values[k] = value;
      return (above - below) / (2 * step);
    }),
  );
}
