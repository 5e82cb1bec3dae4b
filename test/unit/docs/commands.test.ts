// Every command that a page shows is run by a test, which the table names, or its block says that it is not: ```sh not-run="why". The
// reader of the site sees why. Our own commands also have the options that their help lists. (Runbooks: test/monitoring/runbooks.test.ts.)
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { blocksOf, pages, read, root } from '../../support/pages'
import { runBy } from './run-by'

/** A test runs all blocks of these pages as they stand there. */
const runWhole: Record<string, string> = {
  'docs/gdpr.md': 'test/e2e/gdpr-docs.test.ts',
  'docs/ja/gdpr.md': 'test/e2e/gdpr-docs.test.ts',
}

const blocks = pages
  .filter(page => !page.startsWith('docs/runbooks/'))
  .flatMap(blocksOf)
  .filter(({ language }) => language === 'sh' || language === 'bash')

/** Without comments, with lines joined that a backslash continues. */
const commandsIn = (text: string): string[] =>
  text
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .map(line => line.replace(/(?:^|\s+)#\s.*$/, '').trim())
    .filter(line => line !== '')

/** What only says where and with what the next command runs. */
const isSetting = (command: string): boolean => /^(?:export|cd|cp -r|mkdir) /.test(command)

/** Without variables before it and `npx`. */
const plain = (command: string): string => command.replace(/^(?:[A-Z_]+=\S* )+/, '').replace(/^npx /, '')

const help = read('docs/cli.md')
const sections = new Map(
  help.split(/^#{2,3} (?=afn-otel )/m).map(section => [section.slice(0, section.indexOf('\n')), section] as const),
)

/** What is wrong with one of our commands; undefined where nothing is. */
function wrongWith(command: string): string | undefined {
  const [, name = '', ...rest] = command.match(/'[^']*'|"[^"]*"|\S+/g)!
  const own = sections.get(`afn-otel ${name}`)
  if (own === undefined) return name.startsWith('--') ? undefined : `there is no command ${name}`
  const said = sections.get(`afn-otel ${name} ${rest[0]}`) ?? own
  // what follows the app is the app's
  const words = name === 'run' ? rest.slice(0, rest.findIndex(word => !word.startsWith('-')) + 1) : rest
  const option = words.map(word => /^--[\w-]+/.exec(word)?.[0]).find(word => word && !said.includes(word))
  return option && option !== '--help' ? `${command} has no option ${option}` : undefined
}

const ours = /(?:^|[\s|&;(])(?:npx )?(afn-otel (?=-|[a-z]+(?:\s|$))[^|&;#)]*)/g
const oursIn = (command: string): string[] => Array.from(command.matchAll(ours), ([, found]) => found!.trim())

describe('commands of the pages', () => {
  it('are run by no test, and no mark says so', () => {
    const left = blocks
      .filter(({ page, mark }) => !runWhole[page] && !/\bnot-run="[^"]{10,}"/.test(mark))
      .flatMap(({ page, line, text }) => commandsIn(text).map(command => ({ at: `${page}:${line}`, command })))
      .filter(({ command }) => !isSetting(command) && !runBy.some(({ command: known }) => known.test(plain(command))))
    expect(left.map(({ at, command }) => `${at} ${command}`)).toEqual([])
  })

  it('have a name or an option that the command line does not know', () => {
    const inProse = pages
      .filter(page => !['CHANGELOG.md', 'docs/cli.md', 'docs/plan.md'].includes(page))
      .flatMap(page => [...read(page).matchAll(/`(?:npx )?(afn-otel [^`|]+)`/g)].map(([, command]) => command!))
    const all = [...blocks.flatMap(({ text }) => commandsIn(text).flatMap(oursIn)), ...inProse]
    expect(all.length).toBeGreaterThan(150)
    expect(all.flatMap(command => wrongWith(command) ?? [])).toEqual([])
  })

  it.each(['afn-otel doktor', 'afn-otel traces --sicne 1h', 'afn-otel cost budget --evry 1m'])(
    'would pass with a mistake: %s',
    command => expect(wrongWith(command)).toMatch(/no (?:command|option)/),
  )

  it('are of scripts that package.json lacks', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
    const named = pages
      .filter(page => !page.startsWith('examples/') && !['CHANGELOG.md', 'docs/plan.md'].includes(page))
      .flatMap(page => [...read(page).matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map(([, name]) => `${page} ${name}`))
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter(at => !scripts[at.split(' ')[1]!])).toEqual([])
  })
})

describe('the tests that run them', () => {
  it.each(runBy.map(entry => [String(entry.command), entry] as const))('lack it: %s', (_, { by, as }) => {
    expect(existsSync(path.join(root, by)), by).toBe(true)
    expect(readFileSync(path.join(root, by), 'utf8').replace(/\s+/g, ' ')).toContain(as)
  })
})
