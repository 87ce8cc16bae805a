/** Plasticity: each moment runs the rule's program over just the synapses it concerns, then the traces take the impulse of the spike. */
import { finishEpoch, noteGradedSpikes, noteSpikes } from './epoch.ts';
import { failOnNonFiniteWrite } from './not-finite.ts';
import type { ShardProjection } from './projection-shape.ts';
import { rememberSpikes, sweepSilentRows } from './replay.ts';
import type { Shard } from './shard.ts';
import { ownedRows, TRACE_UPDATES } from './shard-events.ts';

export function decayTraces({ traces, epoch, replay }: ShardProjection, tick: number): void {
  if (epoch !== undefined) return; // replayed at the end of the epoch
  // pre traces of a replay decay when their row is visited
  for (const { decay, values, on } of traces) if (replay === undefined || on === 'post') decay?.run(0, values.length, tick);
}

/** Runs `onPre` for the rows a spike arrived on, then gives the pre traces their impulse. */
export function learnOnPre(shard: Shard, projection: ShardProjection, tick: number, rows: Int32Array, count: number): void {
  const { moments, replay, arrive } = projection;
  if (shard.learning && replay === undefined && (arrive ?? moments.onPre) !== undefined) {
    // absent where it has run while the spikes were delivered
    moments.onPre?.run(rows, count, tick);
    shard.log?.after(projection, 'onPre', tick);
    failOnNonFiniteWrite(shard, projection, 'onPre', rows, count);
  }
  if (projection.epoch === undefined) addImpulses(shard, projection, 'pre', rows, count, tick);
  else if (projection.epoch.arrival === undefined) noteSpikes(projection.epoch, 'pre', rows, count, tick);
  else noteGradedSpikes(projection.epoch, projection.epoch.arrival, rows, count, tick);
}

/** Runs `onPost` for the columns of the neurons that fired, then gives the post traces their impulse. */
export function learnOnPost(shard: Shard, projection: ShardProjection, tick: number): void {
  const { post, moments, replay } = projection;
  if (replay !== undefined) sweepSilentRows(replay, tick);
  if (post.firedCount[0] === 0) return;
  if (shard.learning && replay !== undefined) rememberSpikes(projection, replay, tick);
  if (shard.learning && moments.onPost !== undefined) {
    moments.onPost.run(post.fired, post.firedCount[0], tick);
    shard.log?.after(projection, 'onPost', tick);
    failOnNonFiniteWrite(shard, projection, 'onPost', post.fired, post.firedCount[0]);
  }
  if (projection.epoch === undefined) addImpulses(shard, projection, 'post', post.fired, post.firedCount[0], tick);
  else noteSpikes(projection.epoch, 'post', post.fired, post.firedCount[0], tick);
}

/** Sweeps all synapses at the end of each learning epoch. */
export function learnAtEpoch(shard: Shard, projection: ShardProjection, tick: number): void {
  const { moments, allRows, plan, epoch } = projection;
  if (epoch !== undefined) finishEpoch(shard, projection, epoch, tick);
  if (!shard.learning || moments.onLearningEpoch === undefined || tick % plan.lowered.epochTicks !== 0) return;
  moments.onLearningEpoch.run(allRows, allRows.length, tick);
  shard.log?.after(projection, 'onLearningEpoch', tick);
  failOnNonFiniteWrite(shard, projection, 'onLearningEpoch', allRows, allRows.length);
}

/**
 * A third factor arrives, between two ticks: `onModulator` runs for all synapses, or, when a modulator has a value per post neuron, for the
 * synapses of those neurons where one is not zero. Afterwards all modulators are zero again.
 */
export function learnOnModulator(shard: Shard, projection: ShardProjection): void {
  const { moments, modulators, modulateRows, allRows, someTargets, plan } = projection;
  if (shard.learning && moments.onModulator !== undefined) {
    const perPost = plan.lowered.modulators.filter((modulator) => modulator.per === 'post').map(({ name }) => modulators.get(name));
    let reached = 0;
    if (perPost.length > 0) {
      for (let j = 0; j < plan.table.nPost; j++) if (perPost.some((values) => values?.[j] !== 0)) someTargets[reached++] = j;
    }
    const overRows = perPost.length === 0 || (modulateRows !== undefined && reached === plan.table.nPost);
    if (overRows) (modulateRows ?? moments.onModulator).run(allRows, allRows.length, shard.tick);
    else moments.onModulator.run(someTargets, reached, shard.tick);
    shard.log?.after(projection, 'onModulator', shard.tick);
    const list = perPost.length === 0 ? allRows : someTargets;
    failOnNonFiniteWrite(shard, projection, 'onModulator', list, perPost.length === 0 ? allRows.length : reached);
  }
  for (const values of modulators.values()) values.fill(0);
}

function addImpulses(shard: Shard, projection: ShardProjection, on: 'pre' | 'post', list: Int32Array, count: number, tick: number): void {
  for (const trace of projection.traces) {
    if (trace.on !== on) continue;
    trace.impulse.run(list, count, tick);
    shard.events[TRACE_UPDATES] += on === 'pre' ? ownedRows(projection.plan, list, count) : count;
  }
}
