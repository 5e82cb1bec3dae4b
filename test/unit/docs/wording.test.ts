// docs/development/word-list.yaml holds phrases that readers had to read twice, and what to write instead. None of them is in what a user reads.
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { expressionOf, lintPages, lintProse, wordList } from '../../../scripts/prose.mjs'
import { pages, read, root } from '../../support/pages'

const filesBelow = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => /\.tsx?$/.test(file))
    .map(file => `${folder}/${file}`)

const folders = ['backend', 'cli', 'monitoring', 'pipeline/doctor']
const texts = [
  ...pages.filter(page => page !== 'CHANGELOG.md' && !page.startsWith('docs/decisions/')),
  ...folders.flatMap(folder => filesBelow(`src/${folder}`)),
].map(file => [file, read(file)] as const)

describe('the word list', () => {
  it('finds a phrase across a line break and in a table, and names its line', () => {
    expect(lintProse('# Title\n\nIf *no\nalert* fires, it\nsays\nso.\n\n| a |\n| - |\n| in clear |\n')).toEqual([
      expect.stringMatching(/^3: "no alert fires": write "No alerts firing"/),
      expect.stringMatching(/^5: "says so"/),
      expect.stringMatching(/^10: "in clear"/),
    ])
  })

  it('lets code, and a quotation marked as such, pass', () => {
    expect(lintProse('`in clear`, says `x` so\n\n```\nin clear\n```\n')).toEqual([])
    expect(lintProse('<!-- lint disable word-list -->\n\nWe avoid "in clear".\n')).toEqual([])
  })

  it('holds in the documentation', () => {
    expect(lintPages()).toEqual([])
  })

  it.each(wordList.filter(entry => entry.messages).map(entry => [entry.avoid, entry]))(
    'lets no page and no message say "%s"',
    (_, entry) => {
      expect(texts.filter(([, text]) => expressionOf(entry).test(text)).map(([file]) => file)).toEqual([])
    },
  )
})
