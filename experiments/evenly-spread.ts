/** Whether item n of `total` is one of `count` that are spread evenly over them: those at which the share of n steps up. */
export const isEvenlyChosen = (n: number, count: number, total: number): boolean =>
  Math.floor(((n + 1) * count) / total) > Math.floor((n * count) / total);
