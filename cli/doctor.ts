/**
 * `hillock doctor`: is this machine fit to run hillock, and does hillock calculate rightly on it? The self-test compares the random numbers
 * with a published answer, and the STDP window on the ideal chip with its closed form.
 */
import { accessSync, constants } from 'node:fs';
import { availableParallelism } from 'node:os';
import { ideal } from '../chips/ideal/ideal.ts';
import { EXIT } from '../core/errors.ts';
import { buildPlan } from '../core/plan/build-plan.ts';
import { pairStdp } from '../core/plasticity/library/pair-stdp.ts';
import { philox4x32 } from '../core/random.ts';
import { networkOf } from '../experiments/plan-runs.ts';
import { runOne } from '../experiments/run-worker.ts';
import { VERSION } from '../experiments/version.ts';
import { stdpWindow } from '../scenarios/stdp-window.ts';
import type { Answer, Terminal } from './answer.ts';
import { answer, jsonText } from './answer.ts';
import { textTable } from './table.ts';

export interface DoctorOptions {
  readonly json?: boolean;
}

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly found: string;
}

export function doctor(options: DoctorOptions, terminal: Terminal): Answer {
  const findings = [nodeVersion(), cores(), sharedMemory(), writeAccess(), randomNumbers(), stdpAgainstClosedForm()];
  const ok = findings.every((finding) => finding.ok);
  const exitCode = ok ? EXIT.ok : EXIT.runFailed;
  if (options.json === true) {
    const failed = findings.filter((finding) => !finding.ok).map(({ check }) => check);
    const error = ok ? {} : { error: { code: 'E-DOCTOR', message: `not in order: ${failed.join(', ')}` } };
    return answer(jsonText('doctor', ok, { ...error, checks: findings }), '', exitCode);
  }
  const rows = findings.map(({ check, ok: inOrder, found }) => [inOrder ? 'ok' : 'FAILED', check, found]);
  return answer(textTable(['', `hillock ${VERSION}`, ''], rows, terminal.colour), '', exitCode);
}

function nodeVersion(): Finding {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return { check: 'node', ok: major > 20 || (major === 20 && minor >= 19), found: `${process.versions.node} (20.19 and newer)` };
}

function cores(): Finding {
  const n = availableParallelism();
  return { check: 'cores', ok: n >= 1, found: `${n}, so up to ${n} runs at a time` };
}

function sharedMemory(): Finding {
  const ok = typeof SharedArrayBuffer === 'function' && typeof Atomics === 'object';
  return { check: 'shared memory', ok, found: ok ? 'SharedArrayBuffer and Atomics are there' : 'SharedArrayBuffer is missing' };
}

function writeAccess(): Finding {
  const folder = process.cwd();
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return { check: 'write access', ok: true, found: folder };
  } catch {
    return { check: 'write access', ok: false, found: `${folder} cannot be written; use --out with another folder` };
  }
}

/** Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC11); known answer of Random123 for a zero counter and key. */
const PHILOX_OF_ZEROS = '6627e8d5 e169c58d bc57ac4c 9b00dbd8';

function randomNumbers(): Finding {
  const out = new Uint32Array(4);
  philox4x32(0, 0, 0, 0, 0, 0, out);
  const words = Array.from(out, (word) => word.toString(16).padStart(8, '0')).join(' ');
  const ok = words === PHILOX_OF_ZEROS;
  return { check: 'random numbers', ok, found: ok ? 'Philox4x32-10 gives its published answer' : `Philox4x32-10 gives ${words}` };
}

/** Largest difference allowed, in weight units; weights are near 0.5, and their rounding is near 1e-16. */
const TOLERANCE = 1e-12;

function stdpAgainstClosedForm(): Finding {
  const check = 'pair STDP';
  const experiment = stdpWindow.build({ pixels: 1, realImages: false });
  const { task } = experiment;
  if (task.kind !== 'stdp-window') return { check, ok: false, found: 'the scenario stdp-window has another task' };
  const { aPlus, aMinus } = pairStdp.parameters;
  const plan = buildPlan(networkOf(experiment, pairStdp, 1), ideal());
  const measured = runOne({ plan, task, progress: new Int32Array(2) }).window?.mean ?? [];
  const { dt } = plan.network;
  const worst = task.deltaTicks.reduce((most, ticks, n) => {
    const { tau } = ticks >= 0 ? pairStdp.traces.x1 : pairStdp.traces.y1;
    const closedForm = (ticks >= 0 ? aPlus : -aMinus) * Math.exp((-Math.abs(ticks) * dt) / tau);
    // A missing point is no agreement.
    return Math.max(most, Math.abs((measured[n] ?? Number.POSITIVE_INFINITY) - closedForm));
  }, 0);
  return { check, ok: worst < TOLERANCE, found: `largest difference from the closed form ${worst.toExponential(1)}` };
}
