// A variable that a page names is read somewhere: by the package, by a file that it generates, or by a tool of the repository.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { codes } from '../../../src/shared/diag/codes'
import { pages, read, root } from '../../support/pages'

const namesIn = (text: string): string[] => text.match(/\b(?:AFN|OTEL)_[A-Z\d]+(?:_[A-Z\d]+)*\b/g) ?? []

const sources = execFileSync('git', ['ls-files', 'src', 'collector', 'scripts', 'test', '*.yaml', '.ci'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter(file => /\.(?:[cm]?[jt]sx?|yaml|sh|py)$|\.ci\//.test(file))

it('pages name variables that nobody reads', () => {
  const known = new Set(sources.flatMap(file => namesIn(readFileSync(path.join(root, file), 'utf8'))))
  expect(known.size).toBeGreaterThan(150)
  const unknown = pages
    .filter(page => page !== 'CHANGELOG.md')
    .flatMap(page =>
      namesIn(read(page))
        .filter(name => !known.has(name))
        .map(name => `${page}: ${name}`),
    )
  expect([...new Set(unknown)]).toEqual([])
})

it('pages name codes of diagnostics that are in no table', () => {
  const unknown = pages.flatMap(page => (read(page).match(/\bAFN\d{3}\b/g) ?? []).filter(code => !(code in codes)))
  expect(unknown).toEqual([])
})

it.each(['docs/troubleshooting.md', 'docs/ja/troubleshooting.md'])('%s does not say what to do about a code', page => {
  expect(Object.keys(codes).filter(code => !read(page).includes(`\`${code}\``))).toEqual([])
})
