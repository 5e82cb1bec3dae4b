/**
 * The growth check of a user's regular expression: proves, without running it, that it takes linear time on any text.
 *
 * JavaScript's expressions backtrack, and what backtracks in a loop without an end is quadratic or worse. So every
 * repetition needs an upper bound, and the ways in which the expression can match at one place are counted: alternatives
 * add up, parts in sequence multiply, `{m,n}` of something simple is n - m + 1.
 */

/** More ways than these at one place of the text are too slow, however linear. */
const MOST_WAYS = 5_000

interface Cost {
  /** ways to match, at most */
  readonly ways: number
  /** fewest characters of a match */
  readonly least: number
}

/** @throws an Error that says what to change, where the expression may take more than linear time or matches nothing */
export function checkPattern(pattern: RegExp): void {
  const reader = new Reader(pattern)
  const { ways, least } = reader.alternatives()
  if (least === 0) reader.fail('it also matches an empty text')
  if (ways > MOST_WAYS)
    reader.fail(`it can match in ${ways} ways at one place (at most ${MOST_WAYS}); shorten its repetitions`)
}

class Reader {
  readonly #pattern: RegExp
  readonly #source: string
  #at = 0

  constructor(pattern: RegExp) {
    this.#pattern = pattern
    this.#source = pattern.source
  }

  fail(why: string): never {
    throw new Error(`@afn/otel/redact: the pattern ${this.#pattern} does not pass the growth check: ${why}`)
  }

  alternatives(): Cost {
    let { ways, least } = this.#sequence()
    while (this.#takes('|')) {
      const next = this.#sequence()
      ways += next.ways
      least = Math.min(least, next.least)
    }
    return { ways, least }
  }

  #sequence(): Cost {
    let ways = 1
    let least = 0
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at]!)) {
      const part = this.#quantified(this.#atom())
      ways *= part.ways
      least += part.least
    }
    return { ways, least }
  }

  #takes(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false
    this.#at += text.length
    return true
  }

  #atom(): Cost {
    if (this.#takes('(')) return this.#group()
    if (this.#source[this.#at] === '[') return this.#class()
    if (this.#takes('\\')) return this.#escape()
    const isEdge = /[\^$]/.test(this.#source[this.#at]!)
    this.#at += this.#source.codePointAt(this.#at)! > 0xffff ? 2 : 1
    return { ways: 1, least: isEdge ? 0 : 1 }
  }

  #group(): Cost {
    const kind = /^\?(?:[:=!]|<[=!]|<[^>]*>)?/.exec(this.#source.slice(this.#at))?.[0] ?? ''
    if (kind === '?') this.fail('it has flags inside')
    this.#at += kind.length
    const inner = this.alternatives()
    this.#at++
    return /[=!]$/.test(kind) ? { ways: inner.ways, least: 0 } : inner
  }

  #class(): Cost {
    for (let depth = 0; this.#at < this.#source.length; this.#at++) {
      const char = this.#source[this.#at]
      if (char === '\\') this.#at++
      else if (char === '[' && (depth === 0 || this.#pattern.flags.includes('v'))) depth++
      else if (char === ']' && --depth === 0) break
    }
    this.#at++
    return { ways: 1, least: 1 }
  }

  #escape(): Cost {
    const [text] = /^(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[A-Za-z]|k<|.|\n)/.exec(
      this.#source.slice(this.#at),
    )!
    if (/^(?:[1-9]|k<)/.test(text)) this.fail('it refers back to a group')
    this.#at += text.length
    return { ways: 1, least: /^[bB]$/.test(text) ? 0 : 1 }
  }

  #quantified(atom: Cost): Cost {
    const found = /^(?:([*+])|(\?)|\{(\d+)(?:(,)(\d*))?\})\??/.exec(this.#source.slice(this.#at))
    if (!found) return atom
    this.#at += found[0].length
    const [, endless, optional, from, comma, to] = found
    if (endless || (comma && to === '')) this.fail(`the repetition \`${found[0]}\` has no upper bound`)
    const least = optional ? 0 : Number(from)
    const most = optional ? 1 : Number(comma ? to : from)
    // what can match in several ways by itself multiplies with each round
    const ways = atom.ways === 1 ? most - least + 1 : (most - least + 1) * atom.ways ** most
    return { ways, least: atom.least * least }
  }
}
