import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ruleFromNxsdk, ruleToNxsdk } from '../../../../chips/loihi-like/lava/nxsdk.ts';
import { loihiLike } from '../../../../chips/loihi-like/loihi-like.ts';
import { network } from '../../../../core/network/builder.ts';
import { checkDeployment } from '../../../../core/plan/build-plan.ts';

const pair = { x1Impulse: 16, x1TimeConstant: 10, y1Impulse: 16, y1TimeConstant: 12 } as const;

/** Rules of public projects of NxSDK's days. */
const RULES = [
  { dw: '2*x1*y0-2*y1*x0', ...pair, tEpoch: 1 },
  { dw: '2^-3*x1*y0-2^-3*y1*x0-2^-4*sgn(w-80)*x1*y0-2^-4*x1*y0', ...pair, tEpoch: 2 },
  { dw: '2*y0*x1-32*x0', x1Impulse: 16, x1TimeConstant: 10, tEpoch: 20 },
  { dw: '2^-5*u7*y1*x1 - 2^-6*u7*t*x1', dt: '2^0*y0 - 2^0*u7*t', ...pair, tEpoch: 1 },
  { dd: '4*2^-7*x1*y0 - 4*2^-7*y1*x0 + 4*x0 - 4*y0', ...pair, tEpoch: 1 },
  { dw: 'u1*x1*y1*(2^-7)', ...pair, tEpoch: 2 },
  { dw: 'u0*r1*t', dt: 'x1*y0 - u0*t*2^-2', x1Impulse: 16, x1TimeConstant: 10, tEpoch: 4 },
] as const;

for (const parameters of RULES) {
  test(`${Object.values(parameters).find((value) => typeof value === 'string')} comes in, fits, and goes out as it was`, () => {
    const rule = ruleFromNxsdk(parameters, { dt: 1e-3 });
    assert.equal(ruleToNxsdk(rule, 1e-3), parameters);
    const net = network({ dt: '1 ms' });
    const out = net.neurons('out', 2, { model: 'lif', tauMem: '20 ms', vThreshold: 1000 });
    net.connect(net.input('in', 2, { rates: '10 Hz' }), out, { name: 'p', weight: 20, rule });
    const { findings } = checkDeployment(net.freeze(), loihiLike());
    assert.equal(
      findings.filter(({ severity }) => severity === 'error'),
      [],
    );
  });
}

test('the reward trace is a modulator of the projection', () => {
  assert.equal(ruleFromNxsdk(RULES[6], { dt: 1e-3 }).modulators, { r1: { per: 'projection', range: 127 } });
});

test('everything that is wrong is said at once', () => {
  assert.throws(
    () => ruleFromNxsdk({ dw: 'u10*x1', x1TimeConst: 3 } as never, { dt: 1e-3 }),
    /unknown parameter "x1TimeConst"[\s\S]*x1TimeConstant is missing[\s\S]*unknown symbol "u10"/,
  );
  assert.throws(() => ruleFromNxsdk({}, { dt: 1e-3 }), /no learning rule is given/);
});

test.run();
