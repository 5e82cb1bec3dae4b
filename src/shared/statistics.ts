/** What is needed of statistics, each held against scipy or statsmodels in test/unit/cost/statistics.test.ts. */

export interface Interval {
  readonly low: number
  readonly high: number
}

/** Where the standard normal distribution has `p` below. Wichura's algorithm AS 241, right to 16 digits. */
export function normalQuantile(p: number): number {
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    return (q * polynomial(CENTRE, r)) / polynomial(CENTRE_BELOW, r)
  }
  const r = Math.sqrt(-Math.log(Math.min(p, 1 - p)))
  const tail =
    r <= 5
      ? polynomial(TAIL, r - 1.6) / polynomial(TAIL_BELOW, r - 1.6)
      : polynomial(FAR, r - 5) / polynomial(FAR_BELOW, r - 5)
  return Math.sign(q) * tail
}

/** Coefficients by power, from 0 on. */
const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0)

const CENTRE = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.693765509461, 45921.95393154987, 67265.7709270087,
  33430.57558358813, 2509.0809287301227,
]
const CENTRE_BELOW = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943,
  5226.495278852854,
]
const TAIL = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
  0.022723844989269184, 0.0007745450142783414,
]
const TAIL_BELOW = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
]
const FAR = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
]
const FAR_BELOW = [
  1, 0.5998322065558879, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
  1.421511758316446e-7, 2.0442631033899397e-15,
]

/**
 * The same of Student's t distribution, by the Cornish-Fisher expansion: right to 1 % from 3 degrees of freedom on, and of less it is
 * wider than it should be nowhere that matters here.
 */
export function studentQuantile(p: number, degrees: number): number {
  const z = normalQuantile(p)
  const z2 = z * z
  const terms = [
    (z2 + 1) / 4,
    ((5 * z2 + 16) * z2 + 3) / 96,
    (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384,
    ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92_160,
  ]
  return terms.reduce((sum, term, index) => sum + (z * term) / degrees ** (index + 1), z)
}

/** Wilson's interval of a share. @param confidence of both sides, such as 0.9 */
export function shareInterval(count: number, of: number, confidence: number): Interval {
  const z = normalQuantile((1 + confidence) / 2)
  const share = count / of
  const middle = (share + (z * z) / (2 * of)) / (1 + (z * z) / of)
  const reach = (z / (1 + (z * z) / of)) * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))
  return { low: Math.max(0, middle - reach), high: Math.min(1, middle + reach) }
}

export interface Passed {
  readonly passed: number
  readonly of: number
}

/**
 * The score test of Farrington and Manning (1990): how far the passes of `candidate` speak against that its true share is lower than that
 * of `reference` by `margin` or more.
 * @returns standard normal under that hypothesis at its edge; a high value speaks against it
 */
export function noWorseScore(candidate: Passed, reference: Passed, margin: number): number {
  const [p1, p2] = [candidate.passed / candidate.of, reference.passed / reference.of]
  const q1 = likeliest(p1, p2, reference.of / candidate.of, margin)
  const q2 = q1 + margin
  const variance = (q1 * (1 - q1)) / candidate.of + (q2 * (1 - q2)) / reference.of
  return (p1 - p2 + margin) / Math.sqrt(variance)
}

/** The likeliest share of the candidate where it is lower by the margin: the root of a cubic equation. */
function likeliest(p1: number, p2: number, theta: number, margin: number): number {
  const s = -margin
  const a = 1 + theta
  const b = -(1 + theta + p1 + theta * p2 + s * (theta + 2))
  const c = s * s + s * (2 * p1 + theta + 1) + p1 + theta * p2
  const d = -p1 * s * (1 + s)
  const v = b ** 3 / (3 * a) ** 3 - (b * c) / (6 * a * a) + d / (2 * a)
  const u = (v < 0 ? -1 : 1) * Math.sqrt(Math.max(0, b ** 2 / (3 * a) ** 2 - c / (3 * a)))
  const w = u === 0 ? 0 : (Math.PI + Math.acos(Math.max(-1, Math.min(1, v / u ** 3)))) / 3
  const root = 2 * u * Math.cos(w) - b / (3 * a)
  return Math.max(0, Math.min(1 - margin, root))
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

export function variance(values: readonly number[]): number {
  const middle = mean(values)
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / Math.max(1, values.length - 1)
}

/** Of values in any order. @param share 0 to 1 */
export function quantileOf(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = share * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0]
  return low + (high - low) * (at - Math.floor(at))
}
