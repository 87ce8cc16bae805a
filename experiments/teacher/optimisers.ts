/** Steps against a gradient. An optimiser keeps what it remembers per parameter; make one per network. */
export interface Optimiser {
  /** One step: parameters change in place. @param scale factor on the gradients, 1/n for sums over n samples */
  step(parameters: readonly Float64Array[], gradients: readonly Float64Array[], rate: number, scale?: number): void;
}

/** Plain stochastic gradient descent. */
export function sgd(): Optimiser {
  return {
    step: (parameters, gradients, rate, scale = 1) => {
      parameters.forEach((values, n) => {
        const gradient = gradients[n];
        for (let k = 0; k < values.length; k++) values[k] -= rate * scale * gradient[k];
      });
    },
  };
}

/** Kingma & Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1, with its default constants. */
export function adam(beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8): Optimiser {
  let moments: { readonly first: Float64Array; readonly second: Float64Array }[] = [];
  let [power1, power2] = [1, 1];
  return {
    step: (parameters, gradients, rate, scale = 1) => {
      if (moments.length === 0)
        moments = parameters.map(({ length }) => ({ first: new Float64Array(length), second: new Float64Array(length) }));
      power1 *= beta1;
      power2 *= beta2;
      parameters.forEach((values, n) => {
        const { first, second } = moments[n];
        const gradient = gradients[n];
        for (let k = 0; k < values.length; k++) {
          const g = scale * gradient[k];
          first[k] = beta1 * first[k] + (1 - beta1) * g;
          second[k] = beta2 * second[k] + (1 - beta2) * g * g;
          values[k] -= (rate * (first[k] / (1 - power1))) / (Math.sqrt(second[k] / (1 - power2)) + epsilon);
        }
      });
    },
  };
}
