// Which suites `.ci/run` runs in full: those whose sources differ from where the branch left its upstream.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parts } from '../long.mjs'
import { pairs } from '../support/long'

const root = path.resolve(import.meta.dirname, '../..')

describe('node test/long.mjs --changed', () => {
  let clone: string
  beforeEach(() => {
    clone = mkdtempSync(path.join(tmpdir(), 'afn-long-'))
    mkdirSync(path.join(clone, 'test'))
    cpSync(path.join(root, 'test/long.mjs'), path.join(clone, 'test/long.mjs'))
  })
  afterEach(() => rmSync(clone, { recursive: true, force: true }))

  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: clone, stdio: 'pipe' })
  function commit(file: string): void {
    mkdirSync(path.dirname(path.join(clone, file)), { recursive: true })
    writeFileSync(path.join(clone, file), `${Math.random()}`)
    git('add', '.')
    git('commit', '-qm', file)
  }
  function changed(...args: string[]) {
    const env = { PATH: process.env.PATH, GIT_CEILING_DIRECTORIES: path.dirname(clone) }
    const command = [path.join(clone, 'test/long.mjs'), '--changed', ...args]
    const { stdout, stderr, status } = spawnSync(process.execPath, command, { encoding: 'utf8', env })
    expect(status).toBe(0)
    return { parts: stdout.trim(), said: stderr }
  }

  it('has what a branch changed since it left main, however many commits that are', () => {
    git('init', '-qb', 'main')
    commit('LICENSE')
    git('switch', '-qc', 'work')
    commit('src/shared/redact/engine.ts')
    commit('LICENSE')
    expect(changed().parts).toBe('redaction')
    commit('src/app/llm/tap.ts')
    expect(changed().parts).toBe('recordings,redaction,clients')
  })

  it('has no more than CI has time for, and names what is left, where everything has changed', () => {
    git('init', '-qb', 'main')
    commit('LICENSE')
    git('switch', '-qc', 'work')
    for (const room of ['app/llm', 'app/sdk', 'monitoring/slo', 'pipeline/deployment', 'backend/store'])
      commit(`src/${room}/x.ts`)
    const { parts: chosen, said } = changed()
    const minutes = chosen.split(',').reduce((sum, name) => sum + (parts[name as 'store'].minutes ?? 0), 0)
    expect(minutes).toBeLessThanOrEqual(20)
    expect(minutes).toBeGreaterThan(0)
    expect(said).toMatch(/no time for .*store.*; "npm run test:long" runs them/)
  })

  it('has what the last commit changed, on main itself', () => {
    git('init', '-qb', 'main')
    commit('src/shared/redact/engine.ts')
    commit('src/browser/index.ts')
    expect(changed().parts).toBe('leaving')
    commit('LICENSE')
    expect(changed()).toEqual({ parts: '', said: expect.stringContaining('long suites: none, by what changed since') })
  })

  it('says so where there is nothing to compare with: a clone of one commit, or no repository', () => {
    expect(changed()).toEqual({ parts: '', said: expect.stringContaining('no commit to compare with') })
    git('init', '-qb', 'main')
    commit('src/shared/redact/engine.ts')
    expect(changed()).toEqual({ parts: '', said: expect.stringContaining('npm run test:long') })
  })
})

it.each(Object.entries(parts))('the files of %s are there', (_, { files }) => {
  expect(files.filter(file => !existsSync(path.join(root, `${file}.test.ts`)))).toEqual([])
})

/** An expression of alternatives → those without any, such as `a(b|c)` → `ab`, `ac`. */
function alternatives(expression: string): string[] {
  const innermost = /\((?:\?:)?([^()]*)\)/.exec(expression)
  if (!innermost) return expression.split('|')
  const [group, inside] = innermost
  return inside!.split('|').flatMap(one => alternatives(expression.replace(group, () => one)))
}

it.each(Object.entries(parts))(
  'each path that %s covers is there, so that a moved folder is noticed',
  (_, { covers }) => {
    const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n')
    const paths = [...new Set(alternatives(covers.source.slice(1)))]
    expect(paths.filter(one => !files.some(file => new RegExp(`^${one}`).test(file)))).toEqual([])
  },
)

it('the short version has each value once, and other pairs in each round', () => {
  const rounds = [0, 1, 2].map(round => pairs('leaving', ['a', 'b', 'c'], [1, 2, 3], round))
  for (const round of rounds) {
    expect(round.map(([one]) => one)).toEqual(['a', 'b', 'c'])
    expect(round.map(([, other]) => other).sort()).toEqual([1, 2, 3])
  }
  expect(new Set(rounds.flat().map(String)).size).toBe(9)
})
