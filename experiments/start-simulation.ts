/** How a task gets its simulation: plainly, or one that is being watched. */
import type { Plan } from '../core/plan/plan.ts';
import { Simulation } from '../workers/simulation.ts';

export type StartSimulation = (plan: Plan) => Simulation;

export const startPlain: StartSimulation = (plan) => new Simulation(plan);
