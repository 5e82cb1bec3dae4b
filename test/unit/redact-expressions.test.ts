// Every regular expression of the redactor, written or put together, is looked at by two that prove its time without
// running it: our own growth check, which counts the ways in which it matches at one place, and `recheck`, which searches
// for a text that it is slow on. Where neither has an answer in time, nothing was found.
import { parse } from 'acorn'
import { buildSync } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import { redact } from '../../src/redact'
import { checkPattern } from '../../src/redact/pattern'

/** Milliseconds for one expression: there are some eighty for `recheck`. */
const ENOUGH = 500

/** All expressions of `src/redact`: literals from its text, others while it loads and reads a text of each language. */
function expressions(): RegExp[] {
  const { outputFiles } = buildSync({
    entryPoints: ['src/redact/index.ts'],
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

describe('regular expressions', () => {
  let check: typeof import('recheck').checkSync

  beforeAll(async () => {
    // the one of its backends that needs no binary
    process.env.RECHECK_BACKEND = 'pure'
    check = (await import('recheck')).checkSync
  })

  it('the checker knows a slow one', () => {
    expect(check('^(?:\\{+[^}]*\\}+|:)+$', '').status).toBe('vulnerable')
  }, 60_000)

  it('none takes more than linear time', () => {
    const all = expressions()
    expect(all.length).toBeGreaterThan(200)
    const slow = all.flatMap(pattern => {
      const why = objection(pattern)
      if (why === undefined) return []
      const found = check(pattern.source, pattern.flags, { timeout: ENOUGH })
      if (found.status !== 'vulnerable') return []
      // with an end at every repetition, a polynomial is a constant for each place of the text
      const isBounded = found.complexity.type === 'polynomial' && !why.includes('no upper bound')
      return isBounded ? [] : [`${found.complexity.type}: ${pattern}`]
    })
    expect(slow).toEqual([])
  }, 120_000)

  it('braces in the credentials of a URL cost no more than other characters', () => {
    expect(redact(`postgres://${'{{}'.repeat(150)}x:hunter2@db`)).toBe('postgres://[REDACTED]@db')
  })
})
