// `npm run generate`: the tables of settings and diagnostics in the README.
import { readFileSync } from 'node:fs'
import { codes } from '../diag/codes'
import { settingsTable } from './explain'

export default function generate(): { path: string; content: string }[] {
  const readme = readFileSync('README.md', 'utf8')
  const rows = Object.entries(codes).map(([code, meaning]) => `| ${code} | ${meaning} |`)
  const codesTable = ['| code | meaning |', '|---|---|', ...rows].join('\n')
  return [{ path: 'README.md', content: fill(fill(readme, 'settings', settingsTable()), 'codes', codesTable) }]
}

/** Puts `text` between the two comments of that name. */
function fill(readme: string, name: string, text: string): string {
  const [before, after] = [`<!-- ${name}: written by npm run generate -->\n`, `<!-- /${name} -->`]
  const from = readme.indexOf(before)
  const to = readme.indexOf(after)
  if (from < 0 || to < from)
    throw new Error(`README.md has no place for the table of ${name}: it needs ${before.trim()} and ${after}`)
  return `${readme.slice(0, from + before.length)}${text}\n${readme.slice(to)}`
}
