/**
 * The small door, `hillock/simulation`: networks, rules and runs on the ideal chip, for scripts that want to begin quickly. The large door
 * (`index.ts`, `hillock`) opens the same names and all others; both give the same objects.
 */
export { ideal } from './chips/ideal/ideal.ts';
export type { ChipBackend, ChipProfile } from './core/chip-contract.ts';
export { estimate } from './core/energy/estimate.ts';
export { type Problem, UserError } from './core/errors.ts';
export type { LogRequest, SynapseHistory, WeightChange } from './core/kernel/learning-log.ts';
export type { NamedSynapse } from './core/kernel/named-synapses.ts';
export { planBytes } from './core/kernel/shard.ts';
export { network } from './core/network/builder.ts';
export type { Network } from './core/network/network.ts';
export { buildPlan, checkDeployment } from './core/plan/build-plan.ts';
export type { Plan } from './core/plan/plan.ts';
export { ruleLibrary } from './core/plasticity/library/rules.ts';
export { rule } from './core/plasticity/read-rule.ts';
export type { PlasticityRule } from './core/plasticity/rule.ts';
export type { SimulationCheckpoint } from './workers/checkpoint.ts';
export { packCheckpoint, unpackCheckpoint } from './workers/checkpoint.ts';
export { explainMemory, explainPlan } from './workers/explain.ts';
export { Simulation } from './workers/simulation.ts';
