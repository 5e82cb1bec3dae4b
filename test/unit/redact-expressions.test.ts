// Every regular expression of the redactor, written or put together, is looked at by two that prove its time without
// running it: our own growth check, which counts the ways in which it matches at one place, and `recheck`, which searches
// for a text that it is slow on. Where neither has an answer in time, nothing was found.
// What recheck found is kept in redact-expressions.json by expression, so that only new ones are looked at.
// `npm run test:long -- redaction` looks at all, and writes the file anew.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { parse } from 'acorn'
import { buildSync } from 'esbuild'
import type { VulnerableDiagnostics } from 'recheck'
import { beforeAll, describe, expect, it } from 'vitest'
import { redact } from '../../src/shared/redact'
import { checkPattern } from '../../src/shared/redact/pattern'
import { isLong } from '../support/long'

/** Milliseconds for one expression: some eighty are checked when all are, hardly any otherwise. */
const ENOUGH = 2000

const FILE = path.join(import.meta.dirname, 'redact-expressions.json')

/**
 * What recheck found: `safe`, `unknown` in the time that it had, or by how much the time grows; `refuted` where it took a text for
 * slow that is not.
 */
type Verdict = 'safe' | 'unknown' | 'refuted' | 'polynomial' | 'exponential'
type Attack = Pick<VulnerableDiagnostics['attack'], 'pumps' | 'suffix' | 'base'>
interface Kept {
  readonly checker: string
  readonly milliseconds: number
  readonly verdicts: Readonly<Record<string, Verdict>>
}

/** Verdicts of another version of the checker, or of another time, are none. */
function kept(checker: string): Kept['verdicts'] {
  if (isLong('redaction')) return {}
  const file: Kept = JSON.parse(readFileSync(FILE, 'utf8'))
  return file.checker === checker && file.milliseconds === ENOUGH ? file.verdicts : {}
}

/** All expressions of `src/shared/redact`: literals from its text, others while it loads and reads a text of each language. */
function expressions(): RegExp[] {
  const { outputFiles } = buildSync({
    entryPoints: ['src/shared/redact/index.ts'],
    bundle: true,
    write: false,
    format: 'cjs',
    logLevel: 'silent',
  })
  const code = outputFiles[0]!.text
  const found = new Map<string, RegExp>()
  const keep = (pattern: RegExp) => found.set(String(pattern), pattern)
  parse(code, {
    ecmaVersion: 'latest',
    onToken: token => {
      if (token.type.label !== 'regexp') return
      const { pattern, flags } = (token as unknown as { value: { pattern: string; flags: string } }).value
      keep(new RegExp(pattern, flags))
    },
  })
  const Kept = class extends RegExp {
    constructor(pattern: string | RegExp, flags?: string) {
      super(pattern, flags)
      keep(new RegExp(this.source, this.flags))
    }
  }
  const module = { exports: {} as { redact: (text: string) => string } }
  new Function('module', 'exports', 'RegExp', code)(module, module.exports, Kept)
  module.exports.redact('password: hunter2, 12 High Street, 東京都港区芝1-2-3, bob@example.com')
  return [...found.values()]
}

/** What our check has against it; undefined when it is proven. */
function objection(pattern: RegExp): string | undefined {
  try {
    checkPattern(pattern)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** CPU time of recheck's text, once and four times as long: its fuzzer guesses from steps what a chain of names costs. */
function growth(pattern: RegExp, { pumps, suffix, base }: Attack): number {
  const cost = (times: number) => {
    const text = pumps.map(({ prefix, pump, bias }) => prefix + pump.repeat(bias + times)).join('') + suffix
    let least = Number.POSITIVE_INFINITY
    for (let round = 0; round < 5; round++) {
      const from = process.cpuUsage()
      pattern.test(text)
      const { user, system } = process.cpuUsage(from)
      least = Math.min(least, user + system)
    }
    return Math.max(least, 1)
  }
  const count = Math.ceil(base / 8)
  return cost(4 * count) / cost(count)
}

describe('regular expressions', () => {
  let check: typeof import('recheck').checkSync

  beforeAll(async () => {
    // the one of its backends that needs no binary
    process.env.RECHECK_BACKEND = 'pure'
    check = (await import('recheck')).checkSync
  })
  const require = createRequire(import.meta.url)
  const checker = `recheck ${require('recheck/package.json').version}`
  const ask = (pattern: RegExp): Verdict => {
    const found = check(pattern.source, pattern.flags, { timeout: ENOUGH })
    if (found.status !== 'vulnerable') return found.status
    const { type, isFuzz } = found.complexity
    return isFuzz && type === 'polynomial' && growth(pattern, found.attack) < 8 ? 'refuted' : type
  }

  it('the checker knows a slow one', () => {
    expect(check('^(?:\\{+[^}]*\\}+|:)+$', '').status).toBe('vulnerable')
  }, 60_000)

  it('none takes more than linear time', () => {
    const all = expressions()
    expect(all.length).toBeGreaterThan(200)
    const known = kept(checker)
    const verdicts: Record<string, Verdict> = {}
    const slow = all.flatMap(pattern => {
      const why = objection(pattern)
      if (why === undefined) return []
      const verdict = known[String(pattern)] ?? ask(pattern)
      verdicts[String(pattern)] = verdict
      if (verdict !== 'polynomial' && verdict !== 'exponential') return []
      // with an end at every repetition, a polynomial is a constant for each place of the text
      const isBounded = verdict === 'polynomial' && !why.includes('no upper bound')
      return isBounded ? [] : [`${verdict}: ${pattern}`]
    })
    expect(slow).toEqual([])
    if (isLong('redaction') && process.env.CI !== 'true') {
      const sorted = Object.fromEntries(Object.entries(verdicts).sort(([one], [other]) => (one < other ? -1 : 1)))
      const file: Kept = { checker, milliseconds: ENOUGH, verdicts: sorted }
      writeFileSync(FILE, `${JSON.stringify(file, null, 2)}\n`)
    }
  }, 600_000)

  it('braces in the credentials of a URL cost no more than other characters', () => {
    expect(redact(`postgres://${'{{}'.repeat(150)}x:hunter2@db`)).toBe('postgres://[REDACTED]@db')
  })
})
