// A seeded search for texts that are dear to read: pieces of what a surface looks for, put together, the dearest changed again and
// again. What a text costs is CPU beside that of harmless text of its length, the two measured in turn, so that a busy machine
// treats both alike. `test/adversary/seeds` keeps what was found, from which the next search goes on.
import { Mutations, textOf } from './shapes.mjs'

/** @typedef {import('./shapes.mjs').Shape} Shape */

/**
 * @typedef {object} Surface
 * @property {string} name
 * @property {readonly string[]} anchors pieces of what it looks for; `{n}` in one stands for a number that is new in each repetition
 * @property {(length: number) => string} harmless ordinary text of this length, as this surface reads it all day
 * @property {(text: string, turn?: () => void) => unknown} run reads a text; a promise is waited for. `turn` is called between pieces that
 *   come in turns of the event loop of their own
 * @property {number} [bar] times harmless text, where the least that such a text can be is dearer by its nature
 */

/**
 * @typedef {object} Measured
 * @property {Shape} shape
 * @property {number} length characters
 * @property {number} ratio CPU beside that of harmless text of the length
 * @property {number} micros CPU of one reading, in microseconds
 */
/** @typedef {Measured & { turn: number }} Found `turn`: CPU of the longest turn of the event loop, in microseconds */

/** How many are kept to be changed, and how many are measured with care in the end. */
const [KEPT, CONFIRMED] = [32, 6]
/** Share of the time for texts that are put together at random, and for the careful measurement. */
const [AT_RANDOM, AT_THE_END] = [0.4, 0.2]
/** Enough for the clock of the process, which counts microseconds. */
const LEAST_MICROS = 500

/** @param {Surface} surface @param {string} text */
async function cpuOf({ run }, text) {
  const from = process.cpuUsage()
  let calls = 0
  for (;;) {
    const answer = run(text)
    if (answer instanceof Promise) await answer
    calls++
    const { user, system } = process.cpuUsage(from)
    if (user + system >= LEAST_MICROS) return (user + system) / calls
  }
}

/**
 * CPU of the longest turn of the event loop that a reading takes, in microseconds: the least of some readings.
 * @param {Surface} surface @param {string} text @param {number} [rounds]
 */
export async function turnOf({ run }, text, rounds = 3) {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) {
    let longest = 0
    let from = process.cpuUsage()
    const turn = () => {
      const { user, system } = process.cpuUsage(from)
      longest = Math.max(longest, user + system)
      from = process.cpuUsage()
    }
    const answer = run(text, turn)
    turn()
    if (answer instanceof Promise) {
      let isOver = false
      const over = answer.then(() => {
        isOver = true
      })
      while (!isOver) {
        await new Promise(setImmediate)
        turn()
      }
      await over
    }
    least = Math.min(least, longest)
  }
  return least
}

/**
 * What a text costs beside harmless text of its length: the least of some rounds of each, in turn.
 * @param {Surface} surface @param {Shape} shape @param {number} length
 * @param {number} [rounds]
 * @returns {Promise<Measured>}
 */
async function measure(surface, shape, length, rounds = 5) {
  const texts = [surface.harmless(length), textOf(shape, length)]
  const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let round = 0; round < rounds; round++)
    for (const which of [round % 2, (round + 1) % 2])
      least[which] = Math.min(least[which] ?? 0, await cpuOf(surface, texts[which] ?? ''))
  const [harmless = 1, micros = 0] = least
  return { shape, length, ratio: micros / harmless, micros }
}

/**
 * The same with its longest turn.
 * @param {Surface} surface @param {Shape} shape @param {number} length
 * @param {number} [rounds]
 * @returns {Promise<Found>}
 */
export async function look(surface, shape, length, rounds) {
  const measured = await measure(surface, shape, length, rounds)
  return { ...measured, turn: await turnOf(surface, textOf(shape, length), rounds) }
}

/**
 * @param {Surface} surface
 * @param {{ seconds: number, seed?: number, seeds?: readonly Shape[], lengths?: readonly number[] }} options `lengths`: the search is
 *   made at the first; the dearest are measured at all of them, so that what grows faster than its length shows
 * @returns {Promise<{ dearest: Found[], tried: number }>} the dearest first, one for each shape and length
 */
export async function search(surface, { seconds, seed = 1, seeds = [], lengths = [4096, 16_384, 65_536] }) {
  const [length = 4096] = lengths
  const until = (/** @type {number} */ share) => begun + seconds * 1000 * share
  const begun = performance.now()
  const mutations = new Mutations(surface.anchors, seed)
  /** @type {Measured[]} */
  const kept = []
  const known = new Set()
  let tried = 0

  /** @param {Shape} shape */
  async function attempt(shape) {
    const key = JSON.stringify(shape)
    if (known.has(key)) return
    known.add(key)
    tried++
    const least = kept.length < KEPT ? 0 : (kept.at(-1)?.ratio ?? 0)
    let found = await measure(surface, shape, length, 1)
    // one look is enough for most; what seems dear is looked at again
    if (found.ratio > least) found = await measure(surface, shape, length, 3)
    if (found.ratio <= least) return
    kept.push(found)
    kept.sort((a, b) => b.ratio - a.ratio)
    kept.length = Math.min(kept.length, KEPT)
  }

  await measure(surface, { opening: '', pieces: ['a'], ending: '' }, length, 20)
  for (const shape of seeds) await attempt(shape)
  for (const anchor of surface.anchors) {
    if (performance.now() > until(AT_RANDOM)) break
    await attempt({ opening: '', pieces: [anchor], ending: '' })
  }
  while (performance.now() < until(AT_RANDOM)) await attempt(mutations.fresh())
  while (performance.now() < until(1 - AT_THE_END)) await attempt(mutations.change(kept.map(({ shape }) => shape)))
  const dearest = []
  for (const { shape } of kept.slice(0, CONFIRMED))
    for (const each of lengths) dearest.push(await look(surface, shape, each, 3))
  return { dearest: dearest.sort((a, b) => b.ratio - a.ratio), tried }
}

/**
 * What was found, measured again while it is above the bar: a busy machine can spoil one measurement, not eight.
 * @param {Surface} surface @param {Found} found @param {(found: Found) => boolean} isAbove
 */
export async function confirmed(surface, found, isAbove) {
  let least = found
  for (let again = 0; again < 7 && isAbove(least); again++) {
    const { ratio, turn } = await look(surface, found.shape, found.length)
    least = { ...least, ratio: Math.min(least.ratio, ratio), turn: Math.min(least.turn, turn) }
  }
  return least
}
