// Verdicts on an edited lexicon by the method of the library: crossread.measure.clumping, comparisons, families, pairs.
import { betaInc, betaInv, exactLimits, jeffreysLimits, lnBeta, normal, normalInv, student, studentInv } from "./stats.js";

const SURE = 0.05, LAGS = 20, LAG_WEIGHT = 0.85, LEAST_FREEDOM = 3, LARGEST_PART = 0.98, LARGEST_LISTED = 1000;
const DECAYS = [0.15, 0.3, 0.45, 0.55, 0.65, 0.72, 0.78, 0.83, 0.87, 0.9, 0.92, 0.94, 0.955, 0.97];
const ENOUGH_EXTREME = 50, MOST_PAIRED = 8, OMNIBUS_FREEDOM = 0.6, MOST_SIMULATED = 2 ** 25, POWER = 0.8;
const sum = values => values.reduce((a, b) => a + b, 0);

// --- how much a theme clumps ----------------------------------------------------------------------------------------

/** Estimate for one key how much it clumps in each document: counts and exposure are lists, one a document. */
export function estimateClumping(counts, exposure, share) {
  if (share) [counts, exposure] = [counts.map(own => own.map(n => (n > 0 ? 1 : 0))), counts.map(own => own.map(() => 1))];
  const documents = counts.map((own, d) => ({
    n: own.length, total: sum(own), hit: own.filter(n => n > 0).length, products: laggedProducts(own, exposure[d]),
  }));
  const spread = (fit, asked) => {
    const own = documents.map(({ n }) => {
      const all = Math.max(n, 1), value = fit.excess * (1 + fit.strength * sumOfMeans(fit.decay, all, all));
      return share ? Math.min(Math.max(value, 1), Math.max(LARGEST_PART * all, 1)) : value;
    });
    const freedom = sum(documents.map(({ n, hit }, d) => (asked(d) ? (hit * (1 - hit / Math.max(n, 1))) / own[d] : 0)));
    return { own, freedom };
  };
  const whole = spread(fitClumping(documents, share), () => true);
  let inflation = whole.own, freedom = documents.map(() => whole.freedom);
  if (documents.filter(one => one.n > 0).length > 1) {
    const longest = documents.reduce((best, one, d) => (one.n > documents[best].n ? d : best), 0);
    const rest = spread(fitClumping(documents.filter((_, d) => d !== longest), share), d => d !== longest);
    const higher = documents.map((_, d) => d !== longest && rest.own[d] > whole.own[d]);
    inflation = inflation.map((value, d) => (higher[d] ? rest.own[d] : value));
    freedom = freedom.map((value, d) => (higher[d] ? rest.freedom : value));
  }
  return { inflation, freedom: freedom.map(value => Math.max(value, LEAST_FREEDOM)) };
}

function laggedProducts(counts, exposure) {
  const held = sum(exposure), rate = sum(counts) / (held > 0 ? held : 1), centred = counts.map((n, i) => n - exposure[i] * rate);
  return Array.from({ length: LAGS + 1 }, (_, lag) => {
    let total = 0;
    for (let i = 0; i + lag < centred.length; i++) total += centred[i] * centred[i + lag];
    return total;
  });
}

function sumOfMeans(r, n, first) {
  const ends = (1 - r ** first) / (1 - r);
  return ((r / (1 - r)) / n) * (2 * first - ends - r ** (n - first) * ends);
}

const expectedOf = new Map(); // the same for every key

function expectedProducts(size, r) {
  const n = Math.max(size, 1), grand = sumOfMeans(r, n, n) / n, asked = `${size} ${r}`;
  if (!expectedOf.has(asked)) expectedOf.set(asked, Array.from({ length: LAGS + 1 }, (_, lag) => {
    const held = Math.max(size - lag, 0);
    if (!held) return [0, 0];
    return [lag ? -held / n : n - 1, held * ((lag ? r ** lag : 0) + grand) - 2 * sumOfMeans(r, n, held)];
  }));
  return expectedOf.get(asked);
}

function fitClumping(documents, share) {
  const pooled = Array.from({ length: LAGS + 1 }, (_, lag) => sum(documents.map(one => one.products[lag])));
  const totals = Math.max(sum(documents.map(one => one.total)), 1e-12);
  let best = { strength: 0, decay: DECAYS[0], excess: 1, misfit: Infinity };
  for (const r of DECAYS) {
    const expected = documents.map(one => expectedProducts(one.n, r));
    let c = 0, variance, seen, slope;
    for (let round = 0; round < 3; round++) { // the variance that goes with c, then c again
      variance = documents.map((one, d) => {
        const held = expected[d][0][0] + c * expected[d][0][1];
        return held > 1e-9 ? one.products[0] / held : 0;
      });
      seen = pooled.map((value, lag) => value - sum(variance.map((v, d) => v * expected[d][lag][0])));
      slope = pooled.map((_, lag) => sum(variance.map((v, d) => v * expected[d][lag][1])));
      let above = 0, below = 0;
      for (let lag = 1; lag <= LAGS; lag++) {
        above += LAG_WEIGHT ** (lag - 1) * slope[lag] * seen[lag];
        below += LAG_WEIGHT ** (lag - 1) * slope[lag] ** 2;
      }
      c = Math.min(Math.max(above / Math.max(below, 1e-12), 0), 1);
    }
    let misfit = 0;
    for (let lag = 1; lag <= LAGS; lag++) misfit += LAG_WEIGHT ** (lag - 1) * (seen[lag] - c * slope[lag]) ** 2;
    if (misfit < best.misfit - 1e-12) {
      const excess = share ? 1 : Math.max(sum(variance.map((v, d) => v * documents[d].n)) / totals, 1);
      best = { strength: c, decay: r, excess, misfit };
    }
  }
  return best;
}

// --- two sides compared ---------------------------------------------------------------------------------------------

function betaParameters(share, units, inflation) {
  const clumped = Math.min(Math.max((inflation - 1) / Math.max(units - 1, 1e-9), 1e-6), 0.98), size = (1 - clumped) / clumped;
  return [share * size, (1 - share) * size];
}

function shareProbabilities(share, units, inflation) {
  const [a, b] = betaParameters(share, units, inflation), base = lnBeta(a, b);
  return Array.from({ length: units + 1 }, (_, hits) =>
    Math.exp(-lnBeta(hits + 1, units - hits + 1) - Math.log(units + 1) + lnBeta(hits + a, units - hits + b) - base));
}

/** Return a two-sided normal p-value as Student's t has it. */
const studentTail = (p, freedom) => (p >= 1 ? 1 : 2 * student(normalInv(Math.max(p, 1e-300) / 2), freedom));

/** Return how probable it is that two shares are at least so far apart: a function of the distance. */
function sharesLaw(first, second) {
  if (first.units > second.units) return sharesLaw(second, first);
  const own = shareProbabilities(first.share, first.units, first.inflation), listed = second.units <= LARGEST_LISTED;
  const probable = listed ? shareProbabilities(second.share, second.units, second.inflation) : [], most = probable.length, below = [0], above = [0];
  for (let i = 0; i < most; i++) { below.push(below[i] + probable[i]); above.push(above[i] + probable[most - 1 - i]); }
  const size = Math.max(second.units / second.inflation - 1, 1e-6), [a, b] = [second.share * size, (1 - second.share) * size];
  const within = value => Math.min(Math.max(value, 0), most), cut = x => Math.min(Math.max(x, 0), 1);
  const outside = listed ? (low, high) => below[within(Math.floor(low * second.units + 1e-9) + 1)] + above[most - within(Math.ceil(high * second.units - 1e-9))]
    : (low, high) => betaInc(b, a, 1 - cut(high)) + betaInc(a, b, cut(low));
  return distance => {
    let total = 0;
    own.forEach((probability, hits) => { const place = Math.min(hits / first.units, 1); total += probability * outside(place - distance, place + distance); });
    return Math.min(Math.max(total, 0), 1);
  };
}

function sharesApart(a, b, share) {
  const distance = Math.abs(a.count / a.units - b.count / b.units) - 1e-9;
  return studentTail(sharesLaw({ ...a, share }, { ...b, share })(distance), Math.min(a.freedom, b.freedom));
}

function ratesApart(a, b) {
  const [hitsA, hitsB, unitsA, unitsB] = [a.count / a.inflation, b.count / b.inflation, a.units / a.inflation, b.units / b.inflation];
  const part = unitsA / (unitsA + unitsB);
  const atLeast = hitsA > 0 ? betaInc(Math.max(hitsA, 1e-12), hitsB + 1, part) : 1;
  const atMost = hitsB > 0 ? betaInc(Math.max(hitsB, 1e-12), hitsA + 1, 1 - part) : 1;
  return studentTail(Math.min(2 * Math.min(atLeast, atMost), 1), Math.min(a.freedom, b.freedom));
}

/** Return the p-value of a difference of two sides, and the smallest that it could have been. */
function compareSides(a, b, share, most = null) {
  if (!(a.units > 0 && b.units > 0)) return { p: NaN, best: 1 };
  const p = (a, b) => (share ? sharesApart(a, b, commonShare([a, b])) : ratesApart(a, b));
  const [mostA, mostB] = most ? [Math.max(most[0], a.count), Math.max(most[1], b.count)] : [a.units, b.units];
  const best = Math.min(p({ ...a, count: mostA }, { ...b, count: 0 }), p({ ...a, count: 0 }, { ...b, count: mostB }));
  return { p: p(a, b), best };
}

const normalLevel = (level, freedom) => 2 * normal(studentInv(level / 2, freedom));

/** Return the share that several sides have in common, each weighed by its effective units. */
const commonShare = sides => (sum(sides.map(side => side.count / side.inflation)) + 0.5) / (sum(sides.map(side => side.units / side.inflation)) + 1);

/** Return the smallest ratio of two shares that is found in 80 of 100 texts: see measure.comparisons.minimum_ratio. */
function minimumRatio(share, a, b, level, freedom) {
  [a, b] = [a, b].map(side => ({ units: Math.max(side.units, 1), inflation: Math.max(side.inflation, 1) }));
  const normally = normalLevel(level, freedom), weightA = a.units / a.inflation, weightB = b.units / b.inflation, largest = 1 / share;
  const raised = ratio => Math.min(ratio * share, 1 - 1e-9);
  const critical = ratio => { // how far apart two equal documents seldom are, and whether they ever can be
    const mean = (raised(ratio) * weightA + share * weightB) / (weightA + weightB), equal = sharesLaw({ ...a, share: mean }, { ...b, share: mean });
    let low = 0, high = 1;
    for (let i = 0; i < 18; i++) { const middle = (low + high) / 2; if (equal(middle) > normally) low = middle; else high = middle; }
    return equal(high) <= normally ? high : null;
  };
  const power = (ratio, distance) => (distance === null ? 0 : sharesLaw({ ...a, share: raised(ratio) }, { ...b, share })(distance));
  if (power(largest, critical(largest)) < POWER) return Infinity;
  let ratio = ratioByFormula(share, a, b, level, freedom), high;
  if (!Number.isFinite(ratio)) ratio = Math.sqrt(largest);
  for (let round = 0; round < 2; round++) { // the critical distance depends a little on the ratio
    const distance = critical(ratio);
    let low = 1;
    high = largest;
    for (let i = 0; i < 12; i++) {
      if (power(ratio, distance) >= POWER) high = ratio; else low = ratio;
      ratio = Math.min(Math.max(Math.sqrt(low * high), ratio / 1.2), ratio * 1.2); // near the start first
    }
  }
  return high;
}

function ratioByFormula(share, sideA, sideB, level, freedom, wanted = -normalInv(normalLevel(level, freedom) / 2)) {
  const sure = normalInv(POWER), a = sideA.inflation / sideA.units, b = sideB.inflation / sideB.units;
  const missing = ratio => {
    const above = Math.min(ratio * share, 1), mean = (above / a + share / b) / (1 / a + 1 / b);
    return wanted * Math.sqrt(mean * (1 - mean) * (a + b)) + sure * Math.sqrt(above * (1 - above) * a + share * (1 - share) * b) - (above - share);
  };
  let low = 1, high = 1 / share;
  if (missing(high) > 0) return Infinity;
  for (let i = 0; i < 50; i++) { const middle = (low + high) / 2; if (missing(middle) > 0) low = middle; else high = middle; }
  return high;
}

/** Return the smallest ratio of two rates of hits that would be found: see measure.comparisons.rate_ratio. */
function rateRatio(rate, a, b, level, freedom) {
  const wanted = normalInv(POWER) - normalInv(normalLevel(level, freedom) / 2);
  let ratio = 1;
  for (let i = 0; i < 100; i++) ratio = Math.exp(Math.min(wanted * Math.sqrt(a.inflation / (ratio * rate * a.units) + b.inflation / (rate * b.units)), 100));
  return ratio * rate > 1 ? Infinity : ratio;
}

/** Return the smallest ratio that could have been seen, the higher side being raised. */
function smallestRatio(a, b, all, share, level) {
  const [upper, lower] = a.count * b.units >= b.count * a.units ? [a, b] : [b, a];
  return (share ? minimumRatio : rateRatio)(commonShare(all), upper, lower, level, Math.min(a.freedom, b.freedom));
}

/** Return the smallest ratio that the test over all documents sees, one of them being raised: see measure.comparisons.omnibus_deviate. */
function omnibusRatio(upper, all, level) {
  const n = all.length, own = OMNIBUS_FREEDOM * Math.min(...all.map(side => side.freedom)), part = betaInv(level, own / 2, (n - 1) / 2);
  const units = sum(all.map(side => side.units / side.inflation)) - upper.units / upper.inflation;
  return ratioByFormula(commonShare(all), upper, { units, inflation: 1 }, null, null, Math.sqrt(Math.max((own * (1 - part)) / part - (n - 2), 0)));
}

/** Return the limits of a difference, which leave out zero exactly when p is at most the level. */
function differenceLimits(a, b, share, p, level) {
  const of = side => (share ? jeffreysLimits : exactLimits)(side.count, side.units, { inflation: side.inflation, tail: normalLevel(level, side.freedom) / 2 });
  const [rateA, rateB] = [a.count / a.units, b.count / b.units], [lowA, highA] = of(a), [lowB, highB] = of(b), difference = rateA - rateB;
  const low = difference - Math.hypot(rateA - lowA, highB - rateB), high = difference + Math.hypot(highA - rateA, rateB - lowB);
  const reach = Math.abs(difference) / (difference > 0 ? difference - low : high - difference);
  let factor = (reach * normalInv(level / 2)) / normalInv(Math.max(p, 1e-300) / 2);
  factor = Number.isFinite(factor) && p < 0.6 ? Math.min(Math.max(factor, 0.3), 3) : 1;
  factor = p <= level ? Math.min(factor, reach) : Math.max(factor, reach);
  return [difference - factor * (difference - low), difference + factor * (high - difference)];
}

// --- families -------------------------------------------------------------------------------------------------------

function possibleEqualities(n) {
  if (n < 2) return [0];
  const alike = new Set();
  for (let size = 1; size <= n; size++) for (const rest of possibleEqualities(n - size)) alike.add((size * (size - 1)) / 2 + rest);
  return [...alike].sort((a, b) => a - b);
}

/** Return by what the p-values of a theme are multiplied once its omnibus test is passed, the smallest first. */
function factorsOf(n, againstRest) {
  const pairs = againstRest ? n : (n * (n - 1)) / 2;
  if (pairs === 1) return [1];
  const possible = (againstRest ? Array.from({ length: pairs + 1 }, (_, i) => i).filter(i => i !== pairs - 1) : possibleEqualities(n)).filter(i => i < pairs);
  return Array.from({ length: pairs }, (_, i) => Math.max(possible.filter(one => one <= pairs - i).at(-1), 1));
}

function stepDown(p, factors) {
  const order = p.map((_, i) => i).sort((a, b) => p[a] - p[b]), result = [];
  let most = 0;
  order.forEach((i, rank) => { result[i] = most = Math.min(Math.max(most, p[i] * factors[rank]), 1); });
  return result;
}

/** Return what a p-value would be adjusted to, were it as small as can be and the others as they are. */
function adjustedAlone(best, p, factors) {
  const ordered = [...p].sort((a, b) => a - b), before = [];
  ordered.forEach((value, i) => { before[i] = Math.max(before[i - 1] ?? 0, value * factors[i]); });
  return best.map(value => {
    const rank = Math.min(ordered.filter(one => one < value).length, factors.length - 1);
    return Math.max(value * factors[rank], rank ? before[rank - 1] : 0);
  });
}

/** Numbers by chance from a seed, so that the same edit gets the same verdict. */
function randomFrom(seed) {
  let state = (seed * 2654435761 + 1) >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
  const gauss = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const gamma = shape => { // Marsaglia and Tsang 2000
    if (shape < 1) return gamma(shape + 1) * uniform() ** (1 / shape);
    const d = shape - 1 / 3, c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = gauss(), v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  const beta = (a, b) => { const x = gamma(a), y = gamma(b); return x + y > 0 ? x / (x + y) : uniform() < a / (a + b) ? 1 : 0; };
  const binomial = (n, p) => { let hits = 0; for (let i = 0; i < n; i++) if (uniform() < p) hits++; return hits; };
  return { beta, binomial, gamma };
}

const drawsNeeded = (multiplicity, extreme) => Math.ceil((extreme * multiplicity) / SURE - 1e-9);

/** Return the p-value of any difference among documents, and its error by chance. */
function omnibus(sides, multiplicity, nKeys, seed) {
  const there = sides.filter(side => side.units > 0), random = randomFrom(seed + 1);
  const draws = Math.max(drawsNeeded(multiplicity, 20), Math.min(drawsNeeded(multiplicity, 100), Math.floor(MOST_SIMULATED / Math.max(there.length * nKeys, 1))));
  const weights = there.map(side => side.units / side.inflation), all = sum(weights), freedom = OMNIBUS_FREEDOM * Math.min(...there.map(side => side.freedom));
  const common = commonShare(there);
  const spread = counts => {
    const rates = counts.map((count, i) => count / there[i].units), mean = sum(rates.map((rate, i) => rate * weights[i])) / all;
    return sum(rates.map((rate, i) => (rate - mean) ** 2 * weights[i]));
  };
  const observed = spread(there.map(side => side.count)) - 1e-9;
  let extreme = 0, made = 0;
  while (made < draws && extreme < ENOUGH_EXTREME) {
    const wider = freedom / (2 * random.gamma(freedom / 2));
    const drawn = there.map(side => {
      const inflation = Math.min(Math.max(side.inflation * wider, 1), Math.max(0.98 * side.units, 1));
      return random.binomial(side.units, random.beta(...betaParameters(common, side.units, inflation)));
    });
    if (spread(drawn) >= observed) extreme++;
    made++;
  }
  const p = extreme >= ENOUGH_EXTREME ? ENOUGH_EXTREME / made : (1 + extreme) / (1 + draws);
  return { p, error: 2 * Math.sqrt((p * (1 - p)) / made), draws: made };
}

const verdictOf = (adjusted, tooFew) => (adjusted <= SURE ? "supported" : tooFew ? "too few units" : "not distinguishable");

/** About what the test over all says, by an F law. */
function omnibusByFormula(sides) {
  const weight = side => side.units / side.inflation, common = commonShare(sides), free = sides.length - 1;
  const mean = sum(sides.map(side => (side.count / side.units) * weight(side))) / sum(sides.map(weight));
  const spread = sum(sides.map(side => (side.count / side.units - mean) ** 2 * weight(side))) / (common * (1 - common));
  const own = OMNIBUS_FREEDOM * Math.min(1e9, ...sides.map(side => side.freedom));
  return betaInc(own / 2, free / 2, own / (own + spread));
}

/** Compare documents on one theme: all of them first, then in pairs, or each with the others where there are many. */
function judgeTheme(key, sides, documents, nThemes, seed) {
  const named = sides.map((side, i) => ({ ...side, name: documents[i] })).filter(side => side.units > 0), n = named.length;
  const againstRest = n > MOST_PAIRED, pairs = [];
  if (n < 2) return { rows: [], draws: 0 };
  if (againstRest) {
    const total = part => sum(named.map(part)), freedom = Math.min(...named.map(side => side.freedom));
    for (const side of named) {
      const units = total(one => one.units) - side.units, variance = total(one => one.units * one.inflation) - side.units * side.inflation;
      pairs.push([side, { name: "all others", count: total(one => one.count) - side.count, units, inflation: variance / Math.max(units, 1), freedom }]);
    }
  } else for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) pairs.push([named[i], named[j]]);
  const compared = pairs.map(([a, b]) => compareSides(a, b, true)), p = compared.map(one => one.p), factors = factorsOf(n, againstRest);
  const all = p.length === 1 ? { p: p[0], error: 0, draws: 0 } : omnibus(named, nThemes, nThemes, seed);
  const whole = Math.min(nThemes * all.p, 1), level = SURE / nThemes;
  const near = one => Math.abs(nThemes * one.p - SURE) < nThemes * one.error;
  const most = (upper, lower) => { // all sentences of the one with a hit, and none of the other
    const made = named.map(side => (side === upper ? { ...side, count: side.units } : side === lower ? { ...side, count: 0 } : side));
    return againstRest ? { p: omnibusByFormula(made), error: 0 } : omnibus(made, nThemes, nThemes, seed);
  };
  const best = adjustedAlone(compared.map(one => one.best), p, factors);
  const rows = stepDown(p, factors).map((stepped, i) => {
    const [a, b] = pairs[i], alone = Math.min(nThemes * stepped, 1), adjusted = Math.max(alone, whole);
    const asked = whole > SURE && nThemes * best[i] <= SURE && p.length > 1;
    const reach = asked ? [most(a, b), most(b, a)].reduce((one, other) => (other.p < one.p ? other : one)) : null;
    const edge = (alone <= SURE && near(all)) || (reach !== null && near(reach));
    const tooFew = nThemes * best[i] > SURE || (reach !== null && reach.p > level);
    const upper = a.count * b.units >= b.count * a.units ? a : b;
    const smallest = () => Math.max(smallestRatio(a, b, named, true, level / factors[0]), p.length > 1 ? omnibusRatio(upper, named, level) : 1);
    return { key, doc_a: a.name, doc_b: b.name, difference: a.count / a.units - b.count / b.units, p: p[i], p_adjusted: adjusted, verdict: verdictOf(adjusted, tooFew), edge, smallest };
  });
  return { rows, draws: all.draws };
}

/** Judge a lexicon: `sentences` gives, for each key, the hits of each sentence of each document; tokens their lengths. */
export function judge({ themes, documents, sentences, tokens, claims }) {
  const rows = [];
  let draws = 0;
  themes.forEach((key, number) => {
    const found = judgeTheme(key, sidesOf(sentences[key], tokens, true), documents, themes.length, number);
    rows.push(...found.rows);
    draws = Math.max(draws, found.draws);
  });
  const ratios = own => own.map(({ smallest, ...row }) => ({ ...row, minimum_ratio: row.verdict === "not distinguishable" ? smallest() : null }));
  return { contrasts: ratios(rows), claims: ratios(judgeClaims(claims, sentences, tokens)), draws };
}

function sidesOf(counts, tokens, share) {
  const { inflation, freedom } = estimateClumping(counts, tokens, share);
  return counts.map((own, d) => ({ count: share ? own.filter(n => n > 0).length : sum(own), units: share ? own.length : sum(tokens[d]), inflation: inflation[d], freedom: freedom[d], sentences: own.length }));
}

// --- claims ---------------------------------------------------------------------------------------------------------

/** Return the level at which Holm's procedure tests each p-value. */
function holmLevels(p) {
  const order = p.map((_, i) => i).sort((a, b) => p[a] - p[b]), levels = [];
  let stuck = null;
  order.forEach((i, rank) => {
    const level = SURE / (p.length - rank);
    if (stuck === null && p[i] > level) stuck = level;
    levels[i] = stuck ?? level;
  });
  return levels;
}

/** Judge claims together: see measure.ledger.evaluate_claims. */
function judgeClaims(claims, sentences, tokens) {
  const sides = new Map(), sidesFor = (key, share) => {
    const name = `${key} ${share}`;
    if (!sides.has(name)) sides.set(name, sidesOf(sentences[key], tokens, share));
    return sides.get(name);
  };
  const pairsOf = claim => (claim.direction === "absent" ? [] : claim.direction === "first"
    ? tokens.map((_, d) => [claim.documents[0], d]).filter(([a, b]) => a !== b) : [claim.documents]);
  const tested = claims.map(claim => {
    const share = claim.measure === "share", own = sidesFor(claim.key, share);
    return pairsOf(claim).map(([a, b]) => ({ a: own[a], b: own[b], difference: own[a].count / own[a].units - own[b].count / own[b].units,
      ...compareSides(own[a], own[b], share, share ? null : [own[a].sentences, own[b].sentences]) }));
  });
  const asked = claims.map((_, i) => i).filter(i => claims[i].direction !== "absent");
  const p = asked.map(i => (claims[i].direction === "no difference" ? 1 : Math.max(...tested[i].map(one => one.p)))), levels = holmLevels(p);
  return claims.map((claim, i) => {
    if (claim.direction === "absent") {
      const side = sidesFor(claim.key, claim.measure === "share")[claim.documents[0]], n = sum(tokens[claim.documents[0]]);
      return { claim: claim.claim, verdict: side.count ? "contradicted" : allowedBySilence(n, side) > RARE ? "too few units" : "supported", edge: false };
    }
    const at = asked.indexOf(i), level = p[at] === 1 ? SURE / asked.length : levels[at], share = claim.measure === "share", sign = claim.direction === "lower" ? -1 : 1, pairs = tested[i];
    const closest = pairs.reduce((best, pair) => (sign * pair.difference < sign * best.difference ? pair : best));
    let holds = pairs.every(pair => pair.p <= level && sign * pair.difference > 0), against = pairs.some(pair => pair.p <= level && sign * pair.difference < 0);
    if (claim.direction === "no difference") {
      const scale = share ? 1 : 1000, [low, high] = differenceLimits(closest.a, closest.b, share, closest.p, level);
      against = closest.p <= level;
      holds = !against && -claim.margin <= scale * low && scale * high <= claim.margin;
    }
    const tooFew = pairs.some(pair => asked.length * pair.best > SURE), smallest = () => smallestRatio(closest.a, closest.b, sidesFor(claim.key, share), share, level);
    return { claim: claim.claim, verdict: holds ? "supported" : against ? "contradicted" : tooFew ? "too few units" : "not distinguishable", edge: false, smallest };
  });
}

const RARE = 2; // hits per 1,000 words: about one on a page
const allowedBySilence = (words, side) => 1000 * exactLimits(0, Math.max(words, 1), { inflation: side.inflation, tail: normalLevel(SURE, side.freedom) / 2 })[1];
