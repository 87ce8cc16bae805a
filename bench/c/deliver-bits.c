// The whole of a delivery by rows of bits, as core/program/wasm-count.ts does it, in C for the widest vectors of the machine: arriving rows are added by
// carry-save adders eight at a time, the planes are turned into one byte per target and these into 16-bit counts, and further synapses of a row onto one
// target are counted from the list behind its bits. Bits lie in the order of the targets, which is best here.
//
//   deliver-bits <tables> <ticks> <rounds>      prints the median of the rounds in millions of synaptic events per second
//
// and how many events have been counted in all ticks together. The file of tables is little-endian words: how many tables; then for each one nPre, nPost,
// nSynapses, spikes per tick, rowStart[nPre + 1], its targets in 32 bits, and the rows of all ticks.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#if defined(__AVX512BW__)
#include <immintrin.h>
#endif

#ifndef WIDTH
#define WIDTH 64
#endif
typedef uint64_t vector __attribute__((vector_size(WIDTH), aligned(4), may_alias));
enum { PLANES = 6, MOST_ROWS = (1 << PLANES) - 1 };

struct table {
  int32_t n_pre, n_post, n_synapses, per_tick, row_bytes;
  const int32_t *row_start, *target, *rows;
  uint8_t *bits;     // row by row: its bits in whole vectors, the length of its list, the list in 16 bits
  uint32_t *row_at;  // byte at which a row begins
  uint16_t *arrivals;
};

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void fill(struct table *t) {
  t->row_bytes = (t->n_post + 8 * WIDTH - 1) / (8 * WIDTH) * WIDTH;
  t->row_at = malloc(4u * (size_t)(t->n_pre + 1));
  size_t end = 0;
  for (int r = 0; r < t->n_pre; r++) {
    int listed = 0;
    for (int k = t->row_start[r] + 1; k < t->row_start[r + 1]; k++) listed += t->target[k] == t->target[k - 1];
    t->row_at[r] = (uint32_t)end;
    end += (size_t)t->row_bytes + (2u * (size_t)(1 + listed) + 15) / 16 * 16;
  }
  t->arrivals = aligned_alloc(64, 16u * (size_t)t->row_bytes);
  t->bits = aligned_alloc(64, (end + 127) / 64 * 64);
  memset(t->bits, 0, (end + 127) / 64 * 64);
  for (int r = 0; r < t->n_pre; r++) {
    uint8_t *row = t->bits + t->row_at[r];
    uint16_t *list = (uint16_t *)(row + t->row_bytes);
    for (int k = t->row_start[r], last = -1; k < t->row_start[r + 1]; k++) {
      int j = t->target[k];
      if (j == last) list[++list[0]] = (uint16_t)j;
      else row[j / 8] |= (uint8_t)(1 << j % 8);
      last = j;
    }
  }
}

static inline void add_three(vector *carry, vector *sum, vector a, vector b) {
  vector one = *sum ^ a;
  *carry = (*sum & a) | (one & b);
  *sum = one ^ b;
}

static void deliver(const struct table *t, const int32_t *rows) {
  const int m = t->per_tick;
  const uint8_t *at[MOST_ROWS];
  for (int r = 0; r < m; r++) {
    at[r] = t->bits + t->row_at[rows[r]];
#ifdef AHEAD
    for (int line = 0; line <= t->row_bytes; line += 64) __builtin_prefetch(at[r] + line);
#endif
  }
  for (int column = 0; column < t->row_bytes; column += WIDTH) {
    vector plane[PLANES] = {0}, a, b, c, d, e;
#define BITS(n) (*(const vector *)(at[r + (n)] + column))
    int r = 0;
    for (; r + 8 <= m; r += 8) {
      add_three(&a, &plane[0], BITS(0), BITS(1));
      add_three(&b, &plane[0], BITS(2), BITS(3));
      add_three(&c, &plane[0], BITS(4), BITS(5));
      add_three(&d, &plane[0], BITS(6), BITS(7));
      add_three(&e, &plane[1], a, b);
      add_three(&a, &plane[1], c, d);
      add_three(&b, &plane[2], e, a);
      for (int p = 3; p < PLANES; p++) {
        c = plane[p] & b;
        plane[p] ^= b;
        b = c;
      }
    }
    for (; r < m; r++) {
      a = BITS(0);
      for (int p = 0; p < PLANES; p++) {
        b = plane[p] & a;
        plane[p] ^= a;
        a = b;
      }
    }
    const uint8_t *byte = (const uint8_t *)plane;
    for (int group = 0; group < WIDTH / 8; group++) {
      uint16_t *out = t->arrivals + 8 * (column + 8 * group);
#if defined(__AVX512BW__)
      __m512i sum = _mm512_setzero_si512();
      for (int p = 0; p < PLANES; p++) {
        uint64_t mask;
        memcpy(&mask, byte + WIDTH * p + 8 * group, 8);
        sum = _mm512_mask_add_epi8(sum, mask, sum, _mm512_set1_epi8((char)(1 << p)));
      }
      _mm512_storeu_si512(out, _mm512_cvtepu8_epi16(_mm512_castsi512_si256(sum)));
      _mm512_storeu_si512(out + 32, _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(sum, 1)));
#else
      memset(out, 0, 64 * sizeof *out);
      for (int p = 0; p < PLANES; p++) {
        uint64_t mask;
        memcpy(&mask, byte + WIDTH * p + 8 * group, 8);
        for (int n = 0; n < 64; n++) out[n] = (uint16_t)(out[n] + ((mask >> n & 1) << p));
      }
#endif
    }
  }
  for (int r = 0; r < m; r++) {
    const uint16_t *list = (const uint16_t *)(at[r] + t->row_bytes);
    for (int k = 1; k <= list[0]; k++) t->arrivals[list[k]]++;
  }
}

static int ascending(const void *a, const void *b) { return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b); }

int main(int n_arguments, char **arguments) {
  if (n_arguments < 4) return 2;
  FILE *file = fopen(arguments[1], "rb");
  if (file == NULL) return 2;
  fseek(file, 0, SEEK_END);
  size_t size = (size_t)ftell(file);
  rewind(file);
  int32_t *words = malloc(size);
  if (words == NULL || fread(words, 1, size, file) != size) return 2;
  int ticks = atoi(arguments[2]), rounds = atoi(arguments[3]), n_tables = *words++;
  struct table *tables = calloc((size_t)n_tables, sizeof *tables);
  double events = 0, counted = 0;
  for (struct table *t = tables; t < tables + n_tables; t++) {
    t->n_pre = *words++, t->n_post = *words++, t->n_synapses = *words++, t->per_tick = *words++;
    if (t->per_tick > MOST_ROWS) return 2;
    t->row_start = words, words += t->n_pre + 1;
    t->target = words, words += t->n_synapses;
    t->rows = words, words += ticks * t->per_tick;
    for (int n = 0; n < ticks * t->per_tick; n++) events += t->row_start[t->rows[n] + 1] - t->row_start[t->rows[n]];
    fill(t);
  }
  double *rates = malloc((size_t)rounds * sizeof *rates);
  for (int round = 0; round < rounds; round++) {
    double began = seconds();
    for (int tick = 0; tick < ticks; tick++)
      for (const struct table *t = tables; t < tables + n_tables; t++) deliver(t, t->rows + tick * t->per_tick);
    rates[round] = events / (seconds() - began) / 1e6;
  }
  qsort(rates, (size_t)rounds, sizeof *rates, ascending);
  for (int tick = 0; tick < ticks; tick++)
    for (const struct table *t = tables; t < tables + n_tables; t++) {
      deliver(t, t->rows + tick * t->per_tick);
      for (int j = 0; j < t->n_post; j++) counted += t->arrivals[j];
    }
  printf("%.1f M events/s, median; counted %.0f events\n", rates[rounds / 2], counted);
  return 0;
}
