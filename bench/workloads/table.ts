/** All workloads by name. */
import type { Workload } from '../workload.ts';
import { cuba } from './w1.ts';
import { w2, w2c } from './w2.ts';
import { w3, w3s } from './w3.ts';
import { diehlCook } from './w4.ts';

export const WORKLOADS: Readonly<Record<string, Workload>> = Object.fromEntries(
  [cuba('W1', 1, 5.17, 0.15), cuba('W1x10', 10, 5.15, 0.1), w2, w2c, w3, w3s, diehlCook(400, 13700, 700), diehlCook(1600, 28200, 1400)].map(
    (workload) => [workload.name, workload],
  ),
);
