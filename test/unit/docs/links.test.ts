// Every page: links, the menu of the site, and sentences that a stranger did not understand. Whether the site builds is in site.test.ts.
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { pages as inMenu } from '../../../docs/.vitepress/navigation'
import { slug } from '../../../docs/.vitepress/plain-markdown'
import { wordsOf } from '../../../docs/.vitepress/words'
import { retention } from '../../../src/shared/tiers'
import { pages, proseOf, read, root } from '../../support/pages'

function anchorsOf(page: string): Set<string> {
  const headings = proseOf(page).matchAll(/^#+ (.+)$/gm)
  return new Set(Array.from(headings, ([, text]) => slug(text!)))
}

function brokenLinks(page: string): string[] {
  const links = [...proseOf(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, target]) => target!)
  return links.filter(target => {
    const [file = '', anchor] = target.split('#')
    const there = file === '' ? page : path.join(path.dirname(page), file)
    if (!existsSync(path.join(root, there))) return true
    return anchor !== undefined && there.endsWith('.md') && !anchorsOf(there).has(anchor)
  })
}

describe('the pages', () => {
  it('lead nowhere', () => {
    expect(
      Object.fromEntries(pages.map(page => [page, brokenLinks(page)]).filter(([, links]) => links!.length)),
    ).toEqual({})
  })

  it('lack the way to their translation, or back', () => {
    const japanese = pages.filter(page => page.startsWith('docs/ja/') && page !== 'docs/ja/index.md')
    expect(japanese.length).toBeGreaterThan(8)
    const lacking = japanese.flatMap(page => {
      const english = page.replace('docs/ja/', 'docs/')
      const from = (one: string, other: string) => `](${path.posix.relative(path.posix.dirname(one), other)})`
      const ways = [read(page).includes(from(page, english)), read(english).includes(from(english, page))]
      return ways.includes(false) ? [page] : []
    })
    expect(lacking).toEqual([])
  })

  it('are found by no word of Japanese, or by no part of a name', () => {
    expect(wordsOf('トレースを保持する日数')).toEqual(expect.arrayContaining(['トレース', '保持', '日数']))
    expect(wordsOf('gen_ai.usage.input_tokens')).toEqual(['gen', 'ai', 'usage', 'input', 'tokens'])
  })

  it('are not in the menu of the site, or the menu has pages that are not there', () => {
    expect([...inMenu].sort()).toEqual([...pages].sort())
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
    expect(read('docs/queries.md')).toContain(`# ${questions.length} queries`)
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
    const texts = pages.filter(page => page !== 'CHANGELOG.md').map(page => read(page).replace(/\s+/g, ' '))
    expect(texts.filter(text => text.includes(sentence))).toEqual([])
  })
})
