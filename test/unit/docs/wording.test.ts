// Sentences that people who met the product for the first time had to read twice, and what they wrote instead. None of them comes back in what a user
// reads: pages, help and messages of the commands, the explorer, boards, alerts, checks of doctor.
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { pages, read, root } from '../../support/pages'

const filesBelow = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => /\.tsx?$/.test(file))
    .map(file => `${folder}/${file}`)

const files = [
  ...pages.filter(page => page !== 'CHANGELOG.md' && !page.startsWith('docs/decisions/')),
  ...['src/cli', 'src/doctor', 'src/explorer/i18n', 'src/dashboards/words', 'src/monitoring', 'src/slo', 'src/local'].flatMap(filesBelow), // biome-ignore format: one line
]

describe('what a user reads', () => {
  it.each([
    ['No alert fires', 'No alerts firing'],
    ['query is not right', 'Invalid query'],
    ['the command is not right', 'usage error'],
    ['trace is not here', 'Trace not found'],
    ['Ask again', 'Refresh'],
    ['Narrow down', 'Filter'],
    ['All traces with it', 'Show all traces with this error'],
    ['is kept so long', 'default: every trace is kept 3 days'],
    ['data points that are stored here', 'Calculated from the metrics stored here'],
    ['judged on what is there', 'based on the data available so far'],
    ['intervals of 95 %', '95 % confidence intervals'],
    ['What burns the error budget', 'when an objective burns its error budget too fast'],
    ['nobody is at http', 'nothing is listening on'],
    ['it may say:', 'Add names that only your code knows:'],
    ['and what never is', 'and what is not'],
    ['Alerts that fire', 'Firing alerts'],
    ['Checks that fail', 'Failing checks'],
    ['faster than it may', 'is burning 32.3× too fast'],
    ['it is only installed changes nothing', 'Merely installing the other SDK has no effect'],
    ['missing in one place and there in another', 'Why is there only one span'],
    ['Others are printed by these commands', 'Run these commands to get the other figures'],
  ])('says "%s" again, where "%s" is meant', sentence => {
    const saying = files.filter(file => read(file).replace(/\s+/g, ' ').includes(sentence))
    expect(saying).toEqual([])
  })
})
