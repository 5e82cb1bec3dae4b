// The pages for maintainers name files and folders: each of them exists, so that a move changes its page, too.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const PAGES = ['docs/architecture.md', 'docs/development/rooms.md', 'docs/detectors.md', 'docs/redaction-speed.md']
const ROOMS = /^(?:src|test|docs|scripts|semconv|collector|examples)\//

/** What stands between backticks and begins with a folder of the repository, and the targets of links. */
function named(page: string): string[] {
  const text = readFileSync(page, 'utf8')
  const inCode = [...text.matchAll(/`([^`\s]+)`/g)].map(([, name]) => name!).filter(name => ROOMS.test(name))
  const linked = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) =>
    path.join(path.dirname(page), target!),
  )
  return [...inCode, ...linked]
}

describe.each(PAGES)('%s', page => {
  it('names at least ten files', () => expect(new Set(named(page)).size).toBeGreaterThanOrEqual(10))
  it('names files that exist', () => expect(named(page).filter(name => !existsSync(name))).toEqual([]))
  it('is linked from CONTRIBUTING', () => expect(readFileSync('CONTRIBUTING.md', 'utf8')).toContain(`](${page})`))
})
