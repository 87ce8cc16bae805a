/** A cell that has every non-ideality there is. */
export const FAULTY_CELL = {
  base: 'soft-bounds',
  programmingStd: 0.02,
  readNoiseStd: 0.02,
  stuckOn: 0.05,
  stuckOff: 0.05,
  retention: 'pcm',
  wMax: 1,
  wMin: -1,
  step: 0.05,
  stepStd: 0.3,
  writeNoiseStd: 0.5,
} as const;
