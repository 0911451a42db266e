// Verdicts on an edited lexicon by the method of the library: crossread.measure.clumping, comparisons, families, pairs.
import { betaInc, betaInv, halve, lnBeta, normal, normalInv, student, studentInv } from "./stats.js";

const SURE = 0.05, LAGS = 20, LAG_WEIGHT = 0.85, LEAST_FREEDOM = 3, LARGEST_PART = 0.98, MUCH_LONGER = 3.5, WIDEST = 4.5, LARGEST_LISTED = 1000;
const DECAYS = [0.15, 0.3, 0.45, 0.55, 0.65, 0.72, 0.78, 0.83, 0.87, 0.9, 0.92, 0.94, 0.955, 0.97];
const ENOUGH_EXTREME = 50, MOST_PAIRED = 8, OMNIBUS_FREEDOM = 0.5, MOST_SIMULATED = 2 ** 25;
const POWER = 0.8, POWER_OF_EACH = 0.92, HIGHER = 1.5, HIGHER_BELOW = 2.5, GROWTH = 0.5, VARIES = 2, NONE_LEFT = 1000;
const sum = values => values.reduce((a, b) => a + b, 0), times = (n, make) => Array.from({ length: n }, (_, i) => make(i));

/** Return what is known of each document: sentences with a hit, all sentences, how much hits clump, and how sure that is. */
export function sidesOf(counts) {
  const documents = counts.map(own => [own, own.length, own.filter(hits => hits > 0).length])
    .map(([own, n, hit]) => ({ n, hit, products: laggedProducts(own.map(hits => (hits > 0) - hit / n)) }));
  const tell = asked => { // of all documents, by those asked
    const them = documents.filter((_, d) => asked[d]), fit = fitClumping(them), inflation = documents.map(({ n }) =>
      Math.min(1 + fit.strength * sumOfMeans(fit.decay, Math.max(n, 1), Math.max(n, 1)), Math.max(LARGEST_PART * n, 1)));
    const isSeldom = 2 * sum(them.map(one => one.hit)) <= sum(them.map(one => one.n)), fewer = ({ n, hit }) => Math.min(isSeldom ? hit : n - hit, n / 2);
    return { inflation, freedom: sum(documents.map((one, d) => (asked[d] ? (fewer(one) * (1 - fewer(one) / Math.max(one.n, 1))) / inflation[d] : 0))) };
  };
  const whole = tell(documents.map(() => true)), longest = documents.reduce((best, one, d) => (one.n > documents[best].n ? d : best), 0);
  const inflation = [...whole.inflation], freedom = documents.map(() => whole.freedom), groups = lengthGroups(documents.map(one => one.n));
  for (const group of new Set(groups)) {
    const alike = tell(groups.map(own => own <= group)), without = tell(groups.map((own, d) => own <= group && d !== longest));
    for (const d of documents.keys()) if (groups[d] === group) {
      [inflation[d], freedom[d]] = [Math.max(inflation[d], alike.inflation[d]), Math.min(freedom[d], alike.freedom)];
      if (d !== longest && without.inflation[d] > inflation[d]) [inflation[d], freedom[d]] = [without.inflation[d], without.freedom];
    }
  }
  return documents.map(({ n, hit }, d) => ({ count: hit, units: n, inflation: inflation[d], freedom: Math.max(freedom[d], LEAST_FREEDOM) }));
}

/** Number the groups of documents that are about as long, from the shortest on: see measure.clumping. */
function lengthGroups(sentences) {
  let groups = [], group = 0, shortest = Infinity, last = Infinity;
  for (const [n, d] of sentences.map((n, d) => [Math.max(n, 1), d]).sort(([one], [other]) => one - other)) {
    if (n > MUCH_LONGER * last || n > WIDEST * shortest) [group, shortest] = [group + 1, n];
    [groups[d], shortest, last] = [group, Math.min(shortest, n), n];
  }
  return groups;
}

const laggedProducts = centred =>
  times(LAGS + 1, lag => centred.reduce((total, value, i) => (i < lag ? total : total + value * centred[i - lag]), 0));

const sumOfMeans = (r, n, first) => (r / (1 - r) / n) * (2 * first - (1 + r ** (n - first)) * ((1 - r ** first) / (1 - r)));

const expectedOf = new Map(); // the same for every key

function expectedProducts(size, r) {
  const n = Math.max(size, 1), grand = sumOfMeans(r, n, n) / n, asked = `${size} ${r}`;
  if (!expectedOf.has(asked)) expectedOf.set(asked, times(LAGS + 1, lag => {
    const held = Math.max(size - lag, 0);
    return held ? [lag ? -held / n : n - 1, held * ((lag ? r ** lag : 0) + grand) - 2 * sumOfMeans(r, n, held)] : [0, 0];
  }));
  return expectedOf.get(asked);
}

function fitClumping(documents) {
  const pooled = times(LAGS + 1, lag => sum(documents.map(one => one.products[lag]))), weight = lag => (lag ? LAG_WEIGHT ** (lag - 1) : 0);
  let best = { strength: 0, decay: DECAYS[0], misfit: Infinity };
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
      const above = sum(slope.map((own, lag) => weight(lag) * own * seen[lag])), below = sum(slope.map((own, lag) => weight(lag) * own ** 2));
      c = Math.min(Math.max(above / Math.max(below, 1e-12), 0), 1);
    }
    const misfit = sum(slope.map((own, lag) => weight(lag) * (seen[lag] - c * own) ** 2));
    if (misfit < best.misfit - 1e-12) best = { strength: c, decay: r, misfit };
  }
  return best;
}

function betaParameters(share, units, inflation) {
  const clumped = Math.min(Math.max((inflation - 1) / Math.max(units - 1, 1e-9), 1e-6), 0.98), size = (1 - clumped) / clumped;
  return [share * size, (1 - share) * size];
}

function shareProbabilities(share, units, inflation) {
  const [a, b] = betaParameters(share, units, inflation), base = lnBeta(a, b);
  return times(units + 1, hits =>
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

function sharesApart(a, b) {
  const distance = Math.abs(a.count / a.units - b.count / b.units) - 1e-9, share = commonShare([a, b]);
  return studentTail(sharesLaw({ ...a, share }, { ...b, share })(distance), Math.min(a.freedom, b.freedom));
}

/** Return a side with its degrees of freedom were all sentences of another one hits: see measure.clumping. */
const atBest = (side, upper) => (upper.units <= MUCH_LONGER * side.units ? { ...side, freedom: Math.max(side.freedom, effective(upper) / 4) } : side);

/** Return the p-value of a difference of two sides, and the smallest that it could have been. */
function compareSides(a, b) {
  const reach = (upper, lower) => sharesApart({ ...atBest(upper, upper), count: upper.units }, { ...atBest(lower, upper), count: 0 });
  return { p: sharesApart(a, b), best: Math.min(reach(a, b), reach(b, a)) };
}

/** Return the share that several sides have in common, each weighed by its effective units. */
const commonShare = sides => (sum(sides.map(side => side.count / side.inflation)) + 0.5) / (sum(sides.map(effective)) + 1);
const effective = side => side.units / side.inflation, variance = share => share * (1 - share);

/** Return the degrees of freedom of a sum of variances that err together: see measure.comparisons.mean_freedom. */
const meanFreedom = (sides, weights) => (sum(weights) / sum(weights.map((weight, i) => weight / Math.sqrt(sides[i].freedom)))) ** 2;
const freedomOfAll = sides => meanFreedom(sides, sides.map(side => sum(sides.map(effective)) - effective(side)));

/** Return a side with the clumping that goes with so many times the share. */
const grown = (side, ratio) => ({ ...side, inflation: 1 + (side.inflation - 1) * ratio ** GROWTH });

/** Return a side with the clumping that it is likely to have in other texts: see measure.comparisons.likely_elsewhere. */
function likelyElsewhere(side, share, lowered) {
  const own = { ...side, inflation: side.inflation * (1 + (lowered ? HIGHER_BELOW : HIGHER) / Math.sqrt(side.freedom)) };
  return { ...own, freedom: Math.max((side.freedom * side.inflation) / grown(own, 1 / share).inflation, LEAST_FREEDOM) };
}

/** Return how far apart sides have to be for texts in which the clumping is estimated anew: see measure.comparisons.deviate_anew. */
function deviateAnew(deviate, freedom, sure) {
  const varied = times(10, i => betaInv((i + 0.5) / 10, (VARIES * freedom) / 2, (VARIES * freedom) / 2)).map(x => x / (1 - x));
  const asked = varied.map(anew => deviate(Math.max(freedom / anew, LEAST_FREEDOM)) * Math.sqrt(anew));
  return halve(Math.min(...asked) - 8, Math.max(...asked) + 8, x => sum(asked.map(one => normal(x - one))) < 10 * sure, 60) - normalInv(sure);
}

/** Return the smallest ratio of two sides that is not missed, the upper one being raised from a share or the lower one lowered. */
function firstRatio([upper, lower], share, lowered, missed) {
  const apart = (raised, fallen) => missed({ ...grown(upper, raised), share: Math.min(raised * share, 1 - 1e-9) }, { ...grown(lower, raised), share: share / fallen });
  const most = Math.log(lowered ? NONE_LEFT : 1 / share), short = log => (lowered ? apart(1, Math.exp(log)) : apart(Math.exp(log), 1));
  return short(most) ? Infinity : Math.exp(halve(0, most, short, 14));
}

/** Return the smallest ratio of two sides that was sure to be seen: see measure.comparisons.smallest_ratio. */
function pairRatio(order, lowered, all, level, sure) {
  const share = commonShare(all), sides = order.map(side => likelyElsewhere(side, share, lowered));
  const deviate = deviateAnew(freedom => -studentInv(level / 2, freedom), Math.min(...sides.map(side => side.freedom)), sure), seldom = 2 * normal(-deviate);
  return firstRatio(sides, share, lowered, (upper, lower) => { // by the test whose critical distance two equal documents seldom reach
    const mean = (upper.share * effective(upper) + lower.share * effective(lower)) / (effective(upper) + effective(lower));
    const equal = sharesLaw({ ...upper, share: mean }, { ...lower, share: mean }), apart = halve(0, 1, distance => equal(distance) > seldom, 18);
    return equal(apart) > seldom || sharesLaw(upper, lower)(apart) < sure;
  });
}

/** Return the smallest ratio of one document to all others that the test over all is sure to see: see measure.comparisons.smallest_ratio_of_all. */
function omnibusRatio(one, lowered, all, level, power) {
  const share = commonShare(all), [own, ...sides] = [one, ...all].map(side => likelyElsewhere(side, share, lowered));
  const units = sum(all.map(side => side.units)) - one.units, rest = { units, inflation: units / (sum(sides.map(effective)) - effective(own)) };
  const wanted = deviateAnew(freedom => {
    const free = OMNIBUS_FREEDOM * freedom, part = betaInv(level, free / 2, (all.length - 1) / 2);
    return Math.sqrt(Math.max((free * (1 - part)) / part - (all.length - 2), 0));
  }, freedomOfAll(sides), power), sure = normalInv(power);
  return firstRatio(lowered ? [rest, own] : [own, rest], share, lowered, (upper, lower) => {
    const [a, b] = [upper, lower].map(side => Math.min(1 / effective(side), 1)), mean = (upper.share / a + lower.share / b) / (1 / a + 1 / b);
    return wanted * Math.sqrt(variance(mean) * (a + b)) + sure * Math.sqrt(variance(upper.share) * a + variance(lower.share) * b) > upper.share - lower.share;
  });
}

/** Return p-values that are stepped down, and what each would be, were it as small as can be and the others as they are. */
function stepDown(p, best, factors) {
  const ordered = [...p].sort((a, b) => a - b), most = [];
  ordered.forEach((value, i) => { most[i] = Math.max(most[i - 1] ?? 0, value * factors[i]); });
  return { stepped: p.map(value => Math.min(most[ordered.indexOf(value)], 1)), alone: best.map(value => {
    const rank = Math.min(ordered.filter(one => one < value).length, factors.length - 1);
    return Math.max(value * factors[rank], most[rank - 1] ?? 0);
  }) };
}

/** Numbers by chance from a seed, so that the same edit gets the same verdict. */
function randomFrom(seed) {
  let state = Math.imul(seed + 1, 2654435761) | 1;
  const uniform = () => { // Marsaglia 2003
    state ^= state << 13; state ^= state >>> 17; state ^= state << 5;
    return ((state >>> 0) + 0.5) / 4294967296;
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

/** Return how far shares lie from what they have in common, each weighed by its effective units. */
function spreadOf(sides, counts = sides.map(side => side.count)) {
  const rates = counts.map((count, i) => count / sides[i].units), weights = sides.map(effective);
  const mean = sum(rates.map((rate, i) => rate * weights[i])) / sum(weights);
  return sum(rates.map((rate, i) => (rate - mean) ** 2 * weights[i]));
}

/** Return the p-value of any difference among documents, and its error by chance. */
function omnibus(sides, nThemes, seed) {
  const random = randomFrom(seed + 1), common = commonShare(sides), observed = spreadOf(sides) - 1e-9, together = freedomOfAll(sides), freedom = OMNIBUS_FREEDOM * together;
  const needed = extreme => Math.ceil((extreme * nThemes) / SURE - 1e-9), draws = Math.max(needed(20), Math.min(needed(100), Math.floor(MOST_SIMULATED / (sides.length * nThemes))));
  let extreme = 0, made = 0;
  while (made < draws && extreme < ENOUGH_EXTREME) {
    const wider = freedom / (2 * random.gamma(freedom / 2));
    const drawn = sides.map(side => {
      const inflation = Math.min(Math.max(side.inflation * wider ** Math.sqrt(together / side.freedom), 1), Math.max(0.98 * side.units, 1));
      return random.binomial(side.units, random.beta(...betaParameters(common, side.units, inflation)));
    });
    if (spreadOf(sides, drawn) >= observed) extreme++;
    made++;
  }
  const p = extreme >= ENOUGH_EXTREME ? ENOUGH_EXTREME / made : (1 + extreme) / (1 + draws);
  return { p, error: 2 * Math.sqrt((p * (1 - p)) / made) };
}

/** About what the test over all says, by an F law. */
function omnibusByFormula(sides) {
  const common = commonShare(sides), spread = spreadOf(sides) / variance(common), own = OMNIBUS_FREEDOM * freedomOfAll(sides);
  return betaInc(own / 2, (sides.length - 1) / 2, own / (own + spread));
}

/** Compare documents on one theme: all of them first, then in pairs, or each with the others where there are many. */
function judgeTheme(key, sides, { documents, factors }, nThemes, seed) {
  const named = sides.map((side, i) => ({ ...side, name: documents[i] })).filter(side => side.units > 0), n = named.length;
  if (n < 2) return [];
  const againstRest = n > MOST_PAIRED, freedom = meanFreedom(named, named.map(one => one.units * one.inflation)), allOthers = side => {
    const others = part => sum(named.map(part)) - part(side), units = others(one => one.units), inflation = others(one => one.units * one.inflation) / units;
    return { name: "all others", count: others(one => one.count), units, inflation, freedom };
  };
  const pairs = named.flatMap((side, i) => (againstRest ? [[side, allOthers(side)]] : named.slice(i + 1).map(other => [side, other])));
  const compared = pairs.map(([a, b]) => compareSides(a, b)), p = compared.map(one => one.p);
  const all = omnibus(named, nThemes, seed), whole = Math.min(nThemes * all.p, 1), level = SURE / nThemes, near = one => Math.abs(nThemes * one.p - SURE) < nThemes * one.error;
  const most = (upper, lower) => { // all sentences of the one with a hit, and none of the other
    const made = named.map(side => ({ ...(named.includes(upper) ? atBest(side, upper) : side), count: side === upper ? side.units : side === lower ? 0 : side.count }));
    const about = omnibusByFormula(made);
    return againstRest || nThemes * about <= SURE / 10 ? { p: about, error: 0 } : omnibus(made, nThemes, seed);
  };
  const { stepped, alone: best } = stepDown(p, compared.map(one => one.best), factors);
  return pairs.map(([a, b], i) => {
    const alone = Math.min(nThemes * stepped[i], 1), adjusted = Math.max(alone, whole);
    const reach = whole > SURE && nThemes * best[i] <= SURE ? [most(a, b), most(b, a)].reduce((one, other) => (other.p < one.p ? other : one)) : null;
    const edge = (alone <= SURE && near(all)) || (reach !== null && near(reach)), tooFew = nThemes * best[i] > SURE || (reach !== null && reach.p > level);
    const verdict = adjusted <= SURE ? "supported" : tooFew ? "too few units" : "not distinguishable", difference = a.count / a.units - b.count / b.units;
    const order = difference >= 0 ? [a, b] : [b, a], lowered = againstRest && difference < 0, power = p.length > 1 ? POWER_OF_EACH : POWER;
    const smallest = () => Math.max(pairRatio(order, lowered, named, level / factors[0], power), omnibusRatio(againstRest ? a : order[0], lowered, named, level, power));
    return { key, doc_a: a.name, doc_b: b.name, difference, p: p[i], p_adjusted: adjusted, verdict, edge,
      minimum_ratio: verdict === "not distinguishable" ? smallest() : null };
  });
}

/** Judge a lexicon: `sentences` has, by key, the hits of each sentence of each document; factors multiply p-values, the smallest first. */
export const judge = ({ themes, sentences, ...compared }) =>
  themes.flatMap((key, number) => judgeTheme(key, sidesOf(sentences[key]), compared, themes.length, number));
