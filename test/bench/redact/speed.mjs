// How fast redactors are on texts of many kinds, lengths and shapes, mixed in one process: each piece of the mix in turn by all of
// them, in another order in each round. Of a piece counts the round that was disturbed least.
const ROUNDS = 16
/** Rounds at the start that only warm up. */
const WARM = 6

/** @typedef {import('./mix').Piece} Piece */
/** @typedef {(text: string) => string | Promise<string>} Read may throw, which costs what it took until then */

/**
 * By redactor the microseconds of CPU that each piece took. Texts are new in every round, since we remember those in which nothing was
 * found; what repeats within a piece repeats as it does in traffic.
 * @param {readonly Read[]} readers
 * @param {readonly Piece[]} pieces
 * @param {number} rounds
 */
async function leastTimes(readers, pieces, rounds) {
  const least = readers.map(() => pieces.map(() => Number.POSITIVE_INFINITY))
  for (let round = 0; round < WARM + rounds; round++) {
    for (const [at, { texts }] of pieces.entries()) {
      for (let turn = round; turn < round + readers.length; turn++) {
        const which = turn % readers.length
        const read = readers[which]
        const fresh = texts.map(({ text, shape }) => shape(`q${round} ${text}`))
        const from = process.cpuUsage()
        for (const text of fresh) {
          try {
            const left = read(text)
            if (typeof left !== 'string') await left
          } catch {}
        }
        const { user, system } = process.cpuUsage(from)
        if (round >= WARM) least[which][at] = Math.min(least[which][at], user + system)
      }
    }
  }
  return least
}

/** @param {Piece} piece */
const bytesOf = ({ texts }) => texts.reduce((sum, { text }) => sum + 3 + Buffer.byteLength(text), 0)

/** @param {number} length */
const upTo = length => (length < 1024 ? `up to ${length} characters` : `up to ${length / 1024} KiB`)

/**
 * Megabytes (10^6 bytes of UTF-8) per second of CPU time, of all pieces, by kind and by length. With two redactors the ratio of their times, too.
 * @param {Map<string, Read>} redactors
 * @param {readonly Piece[]} pieces
 */
export async function printSpeed(redactors, pieces, rounds = ROUNDS) {
  const names = [...redactors.keys()]
  const least = await leastTimes([...redactors.values()], pieces, rounds)
  const ratio = names.length === 2 ? ' time of the first / second |' : ''
  /** @param {string} title @param {(piece: Piece) => boolean} isOf */
  const row = (title, isOf) => {
    const own = [...pieces.keys()].filter(at => isOf(pieces[at]))
    const bytes = own.reduce((sum, at) => sum + bytesOf(pieces[at]), 0)
    const times = least.map(all => own.reduce((sum, at) => sum + all[at], 0))
    const speeds = times.map(time => (bytes / time).toFixed(1))
    console.log(`| ${[title, ...speeds].join(' | ')} |${ratio && ` ${(times[0] / times[1]).toFixed(2)} |`}`)
  }
  console.log(
    `\n| MB per CPU second | ${names.join(' | ')} |${ratio}\n|${'---|'.repeat(names.length + (ratio ? 2 : 1))}`,
  )
  row('all', () => true)
  for (const kind of [...new Set(pieces.map(({ kind }) => kind))].sort()) row(kind, piece => piece.kind === kind)
  for (const length of [...new Set(pieces.map(({ length }) => length))].sort((a, b) => a - b))
    row(upTo(length), piece => piece.length === length)
}
