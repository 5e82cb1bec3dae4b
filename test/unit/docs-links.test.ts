// The README and the pages that it leads to: links, figures, and sentences that a stranger did not understand.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { retention } from '../../src/tiers'

const root = path.join(import.meta.dirname, '../..')
const read = (page: string) => readFileSync(path.join(root, page), 'utf8')
const docs = readdirSync(path.join(root, 'docs')).filter(name => name.endsWith('.md'))
const PAGES = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', ...docs.map(name => `docs/${name}`)]

/** As GitHub makes them of headings. */
function anchorsOf(page: string): Set<string> {
  const headings = read(page)
    .replace(/^```[\s\S]*?^```/gm, '')
    .matchAll(/^#+ (.+)$/gm)
  return new Set(
    Array.from(headings, ([, text]) =>
      text!
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

function brokenLinks(page: string): string[] {
  const links = [...read(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, target]) => target!)
  return links.filter(target => {
    const [file = '', anchor] = target.split('#')
    const there = file === '' ? page : path.join(path.dirname(page), file)
    if (!existsSync(path.join(root, there))) return true
    return anchor !== undefined && there.endsWith('.md') && !anchorsOf(there).has(anchor)
  })
}

describe('the pages', () => {
  it.each(PAGES)('lead nowhere: %s', page => expect(brokenLinks(page)).toEqual([]))

  it('are not all to be reached from the README', () => {
    const readme = read('README.md')
    const forMaintainers = ['detectors.md', 'redaction-speed.md']
    const missing = docs.filter(name => !readme.includes(`](docs/${name})`) && !forMaintainers.includes(name))
    expect(missing).toEqual([])
  })

  it('are a README of more than 150 lines, with the first picture far below', () => {
    const lines = read('README.md').split('\n')
    expect(lines.length).toBeLessThanOrEqual(150)
    const picture = lines.findIndex(line => line.startsWith('!['))
    expect(picture).toBeGreaterThanOrEqual(0)
    expect(picture).toBeLessThan(15)
  })

  it('give other days than the table of retention has', () => {
    for (const [tier, days] of Object.entries(retention.traces))
      expect(read('README.md')).toMatch(new RegExp(`^\\| ${tier} \\| ${days} days \\|`, 'm'))
  })

  it('count other questions than the catalogue has', () => {
    const questions = readdirSync(path.join(root, 'collector/queries')).filter(name => /\.(traceql|promql)$/.test(name))
    expect(read('docs/queries.md')).toContain(`# ${questions.length} questions`)
  })

  it.each([
    "takes OpenTelemetry's NodeSDK from us",
    'works without a word of code, works',
    'Each returns and throws what your function does',
    'bare in a sentence, only those in Japanese are',
    'are told by how they are written',
    'becomes what the mode says',
    'series that are alike by then',
    'as long as you keep what was written under it',
    'forgets the traces that it had not decided on',
    'that repeats what its calls cost has no cost',
    'A judge that comes later tells the span',
    'says which deploy a page is of',
    'looks for what RE2 can say of the rules',
    'every other word leaves them',
    "over more than Tempo's week",
  ])('say again what nobody understood: %s', sentence => {
    const texts = ['README.md', ...docs.map(name => `docs/${name}`)].map(page => read(page).replace(/\s+/g, ' '))
    expect(texts.filter(text => text.includes(sentence))).toEqual([])
  })
})
