// How fast our redactor is beside that of another checkout, in one process: each piece of a text in turn by both, the least of
// many rounds, so that a busy machine treats both alike.
import { corpus } from '../../redact/corpus/generate.mjs'
import { leastCost, textsOfKinds } from './kinds.mjs'

const ROUNDS = 16
/** Rounds at the start that only warm up. */
const WARM = 3
const SEEDS = 2
/** Texts whose time is taken together: so few that some round is not disturbed. */
const TOGETHER = 40

/** Mixes that are read by both in turns, and those before that only warm up. */
const MIXES = 12
const WARM_MIXES = 4

/** @typedef {{ blocks: readonly string[], short: readonly string[] }} Mix */
/** @typedef {{ createRedactor(): { text(text: string): string } }} Engine */

/**
 * Texts full of values that have to go (`test/redact/corpus`), then 256 KiB of each kind.
 * @param {Engine} ours
 * @param {Engine} theirs
 * @param {string} name of theirs
 * @param {(seed: number) => Mix} mixOf
 */
export function printAgainst(ours, theirs, name, mixOf) {
  const engines = [ours, theirs].map(({ createRedactor }) => createRedactor())
  printMixes(engines, name, mixOf)
  const pieces = piecesOfCorpus()
  for (let round = 0; round < ROUNDS; round++) {
    for (const { texts, least } of pieces) {
      // new ones, since texts in which nothing was found are remembered; copied, since joined ones are slower to read at first
      const fresh = texts.map(text => Buffer.from(`${text}\n~${round}`).toString())
      for (const turn of [round, round + 1]) {
        const which = turn % 2
        const from = process.hrtime.bigint()
        for (const text of fresh) engines[which]?.text(text)
        const spent = Number(process.hrtime.bigint() - from)
        if (round >= WARM) least[which] = Math.min(least[which] ?? Number.POSITIVE_INFINITY, spent)
      }
    }
  }
  console.log(`| corpus | ours, ms | ${name}, ms | ours / theirs |\n|---|---|---|---|`)
  const families = [...new Set(pieces.map(({ family }) => family))]
  for (const of of [...families, 'all']) {
    const mine = pieces.filter(({ family }) => of === 'all' || family === of)
    const [a = 0, b = 0] = [0, 1].map(which => mine.reduce((sum, { least }) => sum + (least[which] ?? 0), 0) / 1e6)
    console.log(`| ${of} | ${a.toFixed(1)} | ${b.toFixed(1)} | ${(a / b).toFixed(2)} |`)
  }
  console.log(`\n| 256 KiB of | ours, MB per CPU second | ${name} | ours / theirs, time |\n|---|---|---|---|`)
  for (const [kind, text] of textsOfKinds()) {
    const bytes = Buffer.byteLength(text)
    const [a = 0, b = 0] = engines.map(engine => leastCost(left => engine.text(left), text))
    console.log(`| ${kind} | ${(bytes / a).toFixed(1)} | ${(bytes / b).toFixed(1)} | ${(a / b).toFixed(2)} |`)
  }
}

/**
 * The mix of `mix.ts`: of some mixes, each read by both, the median of their speeds.
 * @param {{ text(text: string): string }[]} engines
 * @param {string} name
 * @param {(seed: number) => Mix} mixOf
 */
function printMixes(engines, name, mixOf) {
  console.log(`| mix | ours, MB per CPU second | ${name} | ours / theirs, time |\n|---|---|---|---|`)
  for (const kind of /** @type {const} */ (['blocks', 'short'])) {
    /** @type {number[][]} */
    const speeds = [[], []]
    for (let round = 0; round < WARM_MIXES + MIXES; round++) {
      const texts = mixOf(100 + round)[kind]
      for (const which of [round % 2, (round + 1) % 2]) {
        const fresh = texts.map(text => Buffer.from(text).toString())
        const from = process.cpuUsage()
        for (const text of fresh) engines[which]?.text(text)
        const { user, system } = process.cpuUsage(from)
        const bytes = fresh.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
        if (round >= WARM_MIXES) speeds[which]?.push(bytes / (user + system))
      }
    }
    const [a = 0, b = 0] = speeds.map(all => all.sort((one, other) => one - other)[MIXES / 2])
    console.log(
      `| ${kind === 'blocks' ? 'blocks of 1 to 4 KiB' : 'span attributes'} | ${a.toFixed(1)} | ${b.toFixed(1)} | ${(b / a).toFixed(2)} |`,
    )
  }
  console.log()
}

/** @returns {{ family: string, texts: string[], least: number[] }[]} */
function piecesOfCorpus() {
  const pieces = []
  for (let seed = 1; seed <= SEEDS; seed++) {
    /** @type {Map<string, string[]>} */
    const byFamily = new Map()
    for (const { family, text } of corpus({ seed })) byFamily.set(family, [...(byFamily.get(family) ?? []), text])
    for (const [family, texts] of byFamily) {
      for (let at = 0; at < texts.length; at += TOGETHER)
        pieces.push({ family, texts: texts.slice(at, at + TOGETHER), least: [] })
    }
  }
  return pieces
}
