/**
 * Compact models: devices described by a state and what a voltage does to it, in seconds and volts rather than in pulses. A model is text of the
 * small language and a list of parameters with units; here it is compiled and stepped.
 *
 * `rest` says what a time without voltage does in closed form, so that a device which only sees spikes costs nothing between them; `pulse` says
 * the same of a constant voltage where the law has a closed form, else `rates` are integrated: one Euler step as published, or Runge-Kutta steps
 * no longer than `longestStep`. A voltage or a parameter outside the valid range is refused.
 */
import type { Problem } from '../../../core/errors.ts';
import { didYouMean, UserError } from '../../../core/errors.ts';
import { compileExpressionOrThrow, compileOrThrow } from '../../../core/program/check-types.ts';
import { evaluate, evaluateExpr } from '../../../core/program/evaluate.ts';
import { FLOAT64 } from '../../../core/program/number-format.ts';
import type { SymbolInfo } from '../../../core/program/symbols.ts';
import { symbolTable } from '../../../core/program/symbols.ts';

export interface CompactParameter {
  /** SI unit, or '1'. */
  readonly unit: string;
  readonly value: number;
  readonly meaning: string;
  readonly min?: number;
  readonly max?: number;
}

export interface CompactModel {
  readonly name: string;
  readonly title: string;
  readonly citation: string;
  readonly valid: string;
  /** Largest voltage of either sign that the model is meant for. */
  readonly mostVolts: number;
  readonly parameters: Readonly<Record<string, CompactParameter>>;
  /** What parameters must fulfil together: expressions that are above 0, each with words for when they are not. */
  readonly conditions?: readonly { readonly above0: string; readonly words: string }[];
  /** States with their initial values, expressions over the parameters. */
  readonly state: Readonly<Record<string, string>>;
  /** Program: state after `seconds` of constant `volts`; models that know no width count `pulses`. */
  readonly pulse?: string;
  /** Program that sets `<state>Rate` for every state, per second, from `volts`; where there is no `pulse`. */
  readonly rates?: string;
  /** Program that keeps the states within their limits after each step. */
  readonly limits?: string;
  /** Program: state after `seconds` without voltage; where it differs from `pulse` at 0 V. */
  readonly rest?: string;
  /** Current through the device, an expression over parameters, states and `volts`. */
  readonly current: string;
  /** Conductance with no voltage to speak of, an expression over parameters and states; where it is not current(volts)/volts at 0.1 V. */
  readonly conductance?: string;
  /** Largest step of the integration, seconds. */
  readonly longestStep?: number;
}

export interface CompactDevice {
  readonly model: CompactModel;
  state(name: string): number;
  setState(name: string, value: number): void;
  /** Constant voltage for a time, the closed form or as many small steps as it takes. */
  apply(volts: number, seconds: number, pulses?: number): void;
  /** One Euler step, for models that are integrated. */
  step(volts: number, seconds: number): void;
  current(volts: number): number;
  conductance(): number;
}

/** @param given parameters that differ from the model's own, in SI units */
export function compactDevice(model: CompactModel, given: Readonly<Record<string, number>> = {}): CompactDevice {
  const parameters = readParameters(model, given);
  const states = Object.keys(model.state);
  const values = new Map<string, number>(Object.entries(parameters));
  const symbol = (name: string, writable: boolean): SymbolInfo => ({ name, scope: 'neuron', format: FLOAT64, writable });
  const constants = Object.keys(parameters).map((name) => symbol(name, false));
  const drive = ['volts', 'seconds', 'pulses'].map((name) => symbol(name, false));
  const own = symbolTable(constants);
  const whole = symbolTable([...constants, ...drive, ...states.flatMap((name) => [symbol(name, true), symbol(`${name}Rate`, true)])]);
  const title = `device model ${model.name}`;
  const read = (name: string): number => values.get(name) ?? 0;
  const noDraw = (): number => 0;
  const compile = (text: string | undefined) => (text === undefined ? undefined : compileOrThrow(text, whole, { title }));
  const expression = (text: string) => compileExpressionOrThrow(text, whole, { title });
  const programs = { pulse: compile(model.pulse), rates: compile(model.rates), limits: compile(model.limits), rest: compile(model.rest) };
  const current = expression(model.current);
  const conductance = model.conductance === undefined ? undefined : expression(model.conductance);
  refuseConditions(model, (text) => evaluateExpr(compileExpressionOrThrow(text, own, { title }), read, noDraw));
  for (const [name, text] of Object.entries(model.state)) {
    values.set(name, evaluateExpr(compileExpressionOrThrow(text, own, { title }), read, noDraw));
  }
  const run = (program: ReturnType<typeof compile>, volts: number, seconds: number): void => {
    if (program === undefined) return;
    values.set('volts', volts);
    values.set('seconds', seconds);
    evaluate(program, read, (name, _scope, value) => values.set(name, value), noDraw);
  };
  const ratesAt = (volts: number, at: readonly number[]): number[] => {
    states.forEach((name, n) => {
      values.set(name, at[n]);
    });
    run(programs.rates, volts, 0);
    return states.map((name) => read(`${name}Rate`));
  };
  const moveTo = (volts: number, seconds: number, at: readonly number[]): void => {
    states.forEach((name, n) => {
      values.set(name, at[n]);
    });
    run(programs.limits, volts, seconds);
  };

  /** Classical Runge-Kutta. */
  function integrate(volts: number, seconds: number): void {
    const steps = Math.max(1, Math.ceil(seconds / (model.longestStep ?? seconds)));
    const h = seconds / steps;
    for (let n = 0; n < steps; n++) {
      const at = states.map(read);
      const along = (rates: readonly number[], part: number): number[] => at.map((value, k) => value + part * h * rates[k]);
      const k1 = ratesAt(volts, at);
      const k2 = ratesAt(volts, along(k1, 0.5));
      const k3 = ratesAt(volts, along(k2, 0.5));
      const k4 = ratesAt(volts, along(k3, 1));
      moveTo(
        volts,
        h,
        at.map((value, k) => value + (h / 6) * (k1[k] + 2 * k2[k] + 2 * k3[k] + k4[k])),
      );
    }
  }

  const readCurrent = (volts: number): number => {
    values.set('volts', volts);
    return evaluateExpr(current, read, noDraw);
  };
  return {
    model,
    state(name) {
      if (!states.includes(name)) throw new UserError(unknown(`state of ${title}`, name, states));
      return read(name);
    },
    setState(name, value) {
      if (!states.includes(name)) throw new UserError(unknown(`state of ${title}`, name, states));
      if (!Number.isFinite(value)) throw new UserError({ code: 'E-NOT-FINITE', message: `${title}: the state ${name} would be ${value}` });
      values.set(name, value);
    },
    apply(volts, seconds, pulses = 1) {
      refuseDrive(model, volts, seconds);
      values.set('pulses', pulses);
      if (volts === 0 && programs.rest !== undefined) run(programs.rest, volts, seconds);
      else if (programs.pulse !== undefined) run(programs.pulse, volts, seconds);
      else if (seconds > 0) integrate(volts, seconds);
    },
    step(volts, seconds) {
      refuseDrive(model, volts, seconds);
      if (programs.rates === undefined) return run(programs.pulse, volts, seconds);
      const at = states.map(read);
      const rates = ratesAt(volts, at);
      moveTo(
        volts,
        seconds,
        at.map((value, k) => value + seconds * rates[k]),
      );
    },
    current: readCurrent,
    conductance: () => (conductance === undefined ? readCurrent(READ_VOLTS) / READ_VOLTS : evaluateExpr(conductance, read, noDraw)),
  };
}

/** Conductances are told at this voltage where the model has no ohmic one. */
const READ_VOLTS = 0.1;

function readParameters(model: CompactModel, given: Readonly<Record<string, number>>): Record<string, number> {
  const problems: Problem[] = [];
  const names = Object.keys(model.parameters);
  for (const [name, value] of Object.entries(given)) {
    const row = Object.hasOwn(model.parameters, name) ? model.parameters[name] : undefined;
    if (row === undefined) {
      problems.push(unknown(`parameter of device model ${model.name}`, name, names));
      continue;
    }
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, unit } = row;
    const inUnit = unit === '1' ? '' : ` ${unit}`;
    if (!Number.isFinite(value) || value < min || value > max) {
      const allowed = [
        ...(min === Number.NEGATIVE_INFINITY ? [] : [`at least ${min}${inUnit}`]),
        ...(max === Number.POSITIVE_INFINITY ? [] : [`at most ${max}${inUnit}`]),
      ];
      problems.push({
        code: 'E-RANGE',
        message: `device model ${model.name}: ${name} is ${value}${inUnit}, but must be ${allowed.length === 0 ? 'a number' : allowed.join(' and ')}`,
        where: { path: name },
      });
    }
  }
  if (problems.length > 0) throw new UserError(problems);
  return Object.fromEntries(names.map((name) => [name, given[name] ?? model.parameters[name].value]));
}

function refuseConditions({ name, conditions = [] }: CompactModel, value: (text: string) => number): void {
  const broken = conditions.filter(({ above0 }) => !(value(above0) > 0));
  if (broken.length > 0) {
    throw new UserError(broken.map(({ words }) => ({ code: 'E-DEVICE', message: `device model ${name}: ${words}` })));
  }
}

function refuseDrive({ name, mostVolts, valid }: CompactModel, volts: number, seconds: number): void {
  if (!(Math.abs(volts) <= mostVolts)) {
    throw new UserError({
      code: 'E-DEVICE-RANGE',
      message: `device model ${name} is not meant for ${volts} V, only up to ${mostVolts} V of either sign`,
      hint: `valid: ${valid}`,
    });
  }
  if (!(seconds >= 0) || !Number.isFinite(seconds)) {
    throw new UserError({ code: 'E-RANGE', message: `device model ${name}: a pulse lasts ${seconds} s, but must last 0 s or more` });
  }
}

const unknown = (what: string, name: string, known: readonly string[]): Problem => {
  const near = didYouMean(name, known);
  return {
    code: 'E-CHOICE',
    message: `there is no ${what} called "${name}"${near === undefined ? '' : ` - did you mean "${near}"?`} (${known.join(', ')})`,
  };
};
