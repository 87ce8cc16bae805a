"""The network of scenarios/circuits/dfa.ts, 784-400-10, in the dense form of tensor frameworks: every tick multiplies all inputs by all weights.

One image at a time it learns as ours does; in batches (as such frameworks are used) it updates once per batch. Float32, numpy.
Usage: dense-dfa.py IMAGES BATCH  ->  prints images per second.
"""
import sys
import time

import numpy as np

IMAGES, BATCH = int(sys.argv[1]), int(sys.argv[2])
INPUTS, HIDDEN, CLASSES, TICKS, WINDOW = 784, 400, 10, 50, 40
LEAK = np.float32(np.exp(-1 / 9.5))
rng = np.random.default_rng(1)
f32 = np.float32


def gaussian(sd, *shape):
    return (sd * rng.standard_normal(shape)).astype(f32)


w1 = gaussian(0.4 / np.sqrt(INPUTS), INPUTS, HIDDEN)
w2 = gaussian(1 / np.sqrt(HIDDEN), HIDDEN, CLASSES)
back = gaussian(1 / np.sqrt(CLASSES), CLASSES, HIDDEN)
start = ((np.arange(INPUTS) * 0.618034) % 1 * 2).astype(f32)
# as sparse as MNIST: a fifth of the pixels are not black
pixels = (rng.random((IMAGES, INPUTS)) * (rng.random((IMAGES, INPUTS)) < 0.19)).astype(f32)
labels = np.eye(CLASSES, dtype=f32)[rng.integers(0, CLASSES, IMAGES)]


def layer(v, drive):
    v = np.maximum(LEAK * v + drive, -2)
    s = (v > 1).astype(f32)
    return v - s, s


began = time.perf_counter()
for first in range(0, IMAGES, BATCH):
    x, t = pixels[first : first + BATCH], labels[first : first + BATCH]
    n = len(x)
    phase = np.broadcast_to(start, (n, INPUTS)).copy()
    s0, s1, s2 = (np.zeros((n, k), f32) for k in (INPUTS, HIDDEN, CLASSES))
    v1, v2, gathered = np.zeros((n, HIDDEN), f32), np.zeros((n, CLASSES), f32), np.zeros((n, CLASSES), f32)
    count0, count1, error = np.zeros((n, INPUTS), f32), np.zeros((n, HIDDEN), f32), np.zeros((n, CLASSES), f32)
    for tick in range(TICKS):
        drive1, drive2 = s0 @ w1, s1 @ w2
        gathered += 0.5 * t - s2
        sent = np.where(gathered > 0.4995, f32(1), np.where(gathered < -0.4995, f32(-1), f32(0)))
        gathered -= 0.4995 * sent
        if tick >= TICKS - WINDOW:
            count0 += s0
            count1 += s1
            error += sent
        phase += x
        s0 = (phase >= 2).astype(f32)
        phase -= 2 * s0
        v1, s1 = layer(v1, drive1)
        v2, s2 = layer(v2, drive2)
    error /= WINDOW
    open_ = ((count1 > 0) & (count1 < 0.9 * WINDOW)).astype(f32)
    w1 += f32(2e-4) * (count0.T @ ((error @ back) * open_))
    w2 += f32(1.25e-4) * (count1.T @ error)
    np.clip(w1, -1, 1, out=w1)
    np.clip(w2, -1, 1, out=w2)
print(IMAGES / (time.perf_counter() - began))
