// Limits of counts and shares, by the formulas of crossread.measure.resampling.

const LANCZOS = [676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7];

/** Return the logarithm of the gamma function of x > 0. */
function lnGamma(x) {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x);
  x -= 1;
  const t = x + 7.5;
  const sum = LANCZOS.reduce((a, c, i) => a + c / (x + i + 1), 0.99999999999980993);
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(sum);
}

export const lnBeta = (a, b) => lnGamma(a) + lnGamma(b) - lnGamma(a + b);

/** Return first + a₁ / (b₁ + a₂ / (b₂ + …)) to the power of −1, by Lentz's method: `term` gives a and b. */
function fraction(first, term) {
  const guard = value => (Math.abs(value) < 1e-300 ? 1e-300 : value);
  let c = 1e300, d = 1 / guard(first), result = d;
  for (let i = 1; i <= 2000 && Math.abs(d * c - 1) >= 1e-15; i++) {
    const [a, b] = term(i);
    d = 1 / guard(b + a * d);
    c = guard(b + a / c);
    result *= d * c;
  }
  return result;
}

/** Return the regularised incomplete beta function I_x(a, b). */
export function betaInc(a, b, x) {
  if (!(x > 0)) return 0;
  if (x >= 1) return 1;
  return x > (a + 1) / (a + b + 2) ? 1 - betaPart(b, a, 1 - x) : betaPart(a, b, x);
}

function betaPart(a, b, x) {
  const term = (i, m = Math.floor(i / 2)) => [(i % 2 ? -(a + m) * (a + b + m) * x : m * (b - m) * x) / ((a + i - 1) * (a + i)), 1];
  return (Math.exp(a * Math.log(x) + b * Math.log1p(-x) - lnBeta(a, b)) * fraction(1, term)) / a;
}

/** Return the regularised incomplete gamma functions P(a, x) and Q(a, x): one less the other loses all digits far out. */
function gammaInc(a, x) {
  if (!(x > 0)) return [0, 1];
  const front = Math.exp(a * Math.log(x) - x - lnGamma(a));
  if (x >= a + 1) {
    const upper = front * fraction(x + 1 - a, i => [-i * (i - a), x + 1 - a + 2 * i]);
    return [1 - upper, upper];
  }
  let term = 1 / a, sum = term;
  for (let n = 1; n < 2000 && term > sum * 1e-17; n++) sum += term *= x / (a + n);
  return [sum * front, 1 - sum * front];
}

/** Return where something that is so at the lower end, and not at the upper, ceases to be so: the upper side of it. */
export function halve(low, high, so, rounds = 200) {
  for (let i = 0; i < rounds; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (so(middle)) low = middle; else high = middle;
  }
  return high;
}

export const betaInv = (p, a, b) => halve(0, 1, x => betaInc(a, b, x) < p);

export const gammaInv = (p, a) => halve(0, a + 12 * Math.sqrt(a) + 50, x => gammaInc(a, x)[0] < p);

/** Return the distribution function of the normal law, and its inverse. */
export const normal = z => { const [within, outside] = gammaInc(0.5, (z * z) / 2); return (z < 0 ? outside : 1 + within) / 2; };
export const normalInv = p => (p > 0.5 ? -normalInv(1 - p) : halve(-40, 0, z => normal(z) < p));

/** Return the lower tail of Student's t, and its inverse. */
export function student(t, freedom) {
  if (!(freedom < 1e9)) return normal(t);
  const tail = betaInc(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2;
  return t < 0 ? tail : 1 - tail;
}
export function studentInv(p, freedom) {
  if (!(freedom < 1e9)) return normalInv(p);
  if (p > 0.5) return -studentInv(1 - p, freedom);
  const x = betaInv(2 * p, freedom / 2, 0.5);
  return -Math.sqrt((freedom * (1 - x)) / x);
}

/** Return the exact limits of hits per unit (Garwood), or of a share of units (Clopper and Pearson). */
export function exactLimits(count, exposure, { share = false, inflation = 1, tail = 0.025 } = {}) {
  const hits = count / inflation, units = exposure / inflation;
  if (share) {
    return [hits > 0 ? betaInv(tail, hits, units - hits + 1) : 0, hits < units ? betaInv(1 - tail, hits + 1, units - hits) : 1];
  }
  return [hits > 0 ? gammaInv(tail, hits) / units : 0, gammaInv(1 - tail, hits + 1) / units];
}

/** Return Jeffreys's limits of a share, exact where nothing or everything was hit. */
export function jeffreysLimits(count, units, { inflation = 1, tail = 0.025 } = {}) {
  if (!(count > 0 && count < units)) return exactLimits(count, units, { share: true, inflation, tail });
  const hits = count / inflation, rest = (units - count) / inflation;
  return [betaInv(tail, hits + 0.5, rest + 0.5), betaInv(1 - tail, hits + 0.5, rest + 0.5)];
}

/** Return how many times more counts of segments vary than independent ones would: see frequency.segment_inflation. */
export function segmentInflation(counts, sizes, documents) {
  let observed = 0, expected = 0;
  for (const rows of documents) {
    const sum = part => rows.reduce((all, row) => all + part(row), 0), hits = sum(row => counts[row]), rate = hits / sum(row => sizes[row]);
    expected += hits;
    observed += rows.length < 2 ? hits : (sum(row => (counts[row] - rate * sizes[row]) ** 2) * rows.length) / (rows.length - 1);
  }
  const ratio = Math.max(1, observed / Math.max(expected, 1e-12));
  return ratio * (1 + Math.min(1, (ratio - 1) / Math.max(expected, 1)));
}

/** Return precision and recall with exact limits: see measure.validate_lexicon. */
export function scores(truePositive, falsePositive, missed) {
  const part = whole => (whole > 0 ? [truePositive / whole, ...exactLimits(truePositive, whole, { share: true })] : [NaN, NaN, NaN]);
  return { precision: part(truePositive + falsePositive), recall: part(truePositive + missed) };
}
