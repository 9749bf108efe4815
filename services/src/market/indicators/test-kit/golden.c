/* Reads columns of doubles (count, then high, low, close) and writes what TA-Lib makes of them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "ta_libc.h"

static int count;
static double *out[3];

static void column(double *into) {
  if (fread(into, sizeof(double), count, stdin) != (size_t)count) exit(2);
}

/* Each series has a value for every bar: NaN where TA-Lib gives none. */
static void write_series(TA_RetCode code, int begin, int made, int series) {
  if (code != TA_SUCCESS) exit(3);
  for (int s = 0; s < series; s++) {
    double none = NAN;
    for (int i = 0; i < begin; i++) fwrite(&none, sizeof none, 1, stdout);
    fwrite(out[s], sizeof(double), made, stdout);
    for (int i = begin + made; i < count; i++) fwrite(&none, sizeof none, 1, stdout);
  }
}

int main(void) {
  double size;
  if (fread(&size, sizeof size, 1, stdin) != 1) return 2;
  count = (int)size;
  double *high = malloc(count * sizeof(double));
  double *low = malloc(count * sizeof(double));
  double *close = malloc(count * sizeof(double));
  for (int s = 0; s < 3; s++) out[s] = malloc(count * sizeof(double));
  column(high);
  column(low);
  column(close);
  if (TA_Initialize() != TA_SUCCESS) return 3;
  int begin, made, last = count - 1;
  TA_RetCode code;
  code = TA_RSI(0, last, close, 14, &begin, &made, out[0]);
  write_series(code, begin, made, 1);
  code = TA_ATR(0, last, high, low, close, 14, &begin, &made, out[0]);
  write_series(code, begin, made, 1);
  code = TA_ADX(0, last, high, low, close, 14, &begin, &made, out[0]);
  write_series(code, begin, made, 1);
  code = TA_EMA(0, last, close, 20, &begin, &made, out[0]);
  write_series(code, begin, made, 1);
  code = TA_EMA(0, last, close, 50, &begin, &made, out[0]);
  write_series(code, begin, made, 1);
  code = TA_BBANDS(0, last, close, 20, 2, 2, TA_MAType_SMA, &begin, &made, out[0], out[1], out[2]);
  write_series(code, begin, made, 3);
  TA_Shutdown();
  return 0;
}
