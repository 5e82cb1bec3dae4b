// What can be said of the boards without a server. Oracles: the units and the schema of Grafana's own SDK, the registry in YAML, rules of
// grafana/dashboard-linter (and that linter itself, where there is one), and a model of colour blindness.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import * as grafanaUnits from '@grafana/grafana-foundation-sdk/units'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Board, colourOf, colours } from '../../src/monitoring/dashboards/board'
import { boardsOf } from '../../src/monitoring/dashboards/boards'
import { folders } from '../../src/monitoring/dashboards/files'
import { type Exclusions, type GrafanaBoard, lint } from '../../src/monitoring/dashboards/lint'
import { metrics } from '../../src/monitoring/dashboards/metrics'
import { units } from '../../src/monitoring/dashboards/units'
import { deployed, root } from '../support/packed'
import { apart } from './colour-blindness'

const kept = { high: 7, medium: 32, low: 365 }
const boards = { en: Object.values(boardsOf('en', kept)), ja: Object.values(boardsOf('ja', kept)) }
const files = folders.flatMap(({ path: folder }) =>
  readdirSync(path.join(deployed, 'grafana', folder))
    .filter(name => name.endsWith('.json'))
    .map(name => path.join('grafana', folder, name)),
)
const read = (file: string): GrafanaBoard => JSON.parse(readFileSync(path.join(deployed, file), 'utf8'))
const exclusions: Exclusions = parse(readFileSync(path.join(deployed, 'grafana/dashboards/.lint'), 'utf8')).exclusions

it('five boards in two languages are generated, and no two have one uid', () => {
  expect(files.map(file => path.basename(file)).toSorted()).toEqual(
    ['coding-agents', 'llm-analytics', 'overview', 'performance', 'security'].flatMap(name => [
      `${name}.json`,
      `${name}.json`,
    ]),
  )
  expect(new Set(files.map(file => read(file).uid)).size).toBe(10)
})

describe.each(files)('%s', file => {
  it('breaks no rule', () => {
    expect(lint(read(file), exclusions)).toEqual([])
  })
})

it('every exclusion of a rule is needed, and says why', () => {
  for (const [rule, { reason }] of Object.entries(exclusions)) {
    const { [rule]: _, ...others } = exclusions
    expect(
      files.flatMap(file => lint(read(file), others)).some(found => found.rule === rule),
      rule,
    ).toBe(true)
    expect(reason.length).toBeGreaterThan(20)
  }
  expect(parse(readFileSync(path.join(deployed, 'grafana/dashboards-ja/.lint'), 'utf8')).exclusions).toEqual(exclusions)
})

it("units are Grafana's", () => {
  const theirs = Object.values(grafanaUnits).filter(value => typeof value === 'string')
  expect(units.toSorted()).toEqual([...new Set(theirs)].toSorted())
})

it('metrics of ours are of the kind and unit that the registry says', () => {
  const registered = new Map(
    readdirSync(path.join(root, 'semconv/registry'), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.yaml'))
      .flatMap(name => parse(readFileSync(path.join(root, 'semconv/registry', name), 'utf8')).metrics ?? [])
      .map(({ name, unit, instrument }: Record<string, string>) => [name, { name, unit, instrument }]),
  )
  const ours = Object.values(metrics).filter(({ name }) => registered.has(name))
  expect(ours.length).toBeGreaterThan(25)
  for (const metric of ours) expect(metric).toEqual(registered.get(metric.name))
})

it('both languages ask the same, each in its own words', () => {
  const shape = (all: readonly Board[], language: string) =>
    all.map(({ panels, rows, variables }) => ({
      panels: panels.map(({ type, place, unit, queries }) => ({
        type,
        place,
        unit,
        // the words that a query puts where there is nothing
        queries: queries.map(({ expr, store }) => [store, expr.replace(/"[^"]*", "\w*", ""\)/g, '')]),
      })),
      rows: rows.map(({ y }) => y),
      variables: variables.map(({ name, query }) => [name, query]),
      language,
    }))
  expect(shape(boards.ja, '')).toEqual(shape(boards.en, ''))
  const texts = (all: readonly Board[]) =>
    all.flatMap(({ title, description, panels, rows }) => [
      title,
      description,
      ...rows.map(row => row.title),
      ...panels.flatMap(panel => [panel.title, panel.description]),
    ])
  const english = texts(boards.en)
  const japanese = texts(boards.ja)
  // names that are the same in Japanese
  const isName = (text: string) => /^(?:LCP|INP|CLS|FCP|TTFB|Node\.js|\d{3})$/.test(text)
  for (const [index, text] of japanese.entries()) {
    if (isName(text)) continue
    expect(text, english[index]).toMatch(/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u)
    expect(english[index]).not.toMatch(/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u)
  }
})

it('variables have one name on all boards, and every link keeps them and the time', () => {
  for (const all of Object.values(boards)) {
    const [first, ...others] = all.map(({ variables }) => variables)
    for (const other of others) expect(other).toEqual(first)
  }
  for (const file of files) {
    const { links, templating, tags } = read(file) as unknown as {
      links: { type: string; tags: string[]; includeVars: boolean; keepTime: boolean; url?: string }[]
      templating: { list: { name: string; hide: number; type: string }[] }
      tags: string[]
    }
    const [toBoards, ...toTimes] = links
    expect(toBoards).toMatchObject({ type: 'dashboards', includeVars: true, keepTime: true })
    expect(tags).toEqual(expect.arrayContaining(toBoards!.tags))
    expect(toTimes).toHaveLength(3)
    for (const { url } of toTimes)
      for (const { name } of templating.list.filter(({ type }) => type === 'query'))
        expect(url).toContain(`\${${name}:queryparam}`)
  }
})

it('durations of requests and calls lead to their traces', () => {
  const withExemplars = boards.en
    .flatMap(({ panels }) => panels)
    .filter(({ queries }) => queries.some(one => one.exemplars))
  expect(withExemplars.length).toBeGreaterThanOrEqual(4)
  // of the metrics that the app itself counts none has exemplars: the Collector's has
  for (const { queries } of withExemplars)
    for (const { expr, exemplars } of queries) if (exemplars) expect(expr).toContain('afn_span_duration_seconds_bucket')
})

it('good, warning and bad can be distinguished with any kind of colour blindness', () => {
  const levels = (['good', 'warning', 'bad'] as const).map(level => colours[colourOf[level]])
  const least = (all: readonly string[]) =>
    Math.min(...all.flatMap((one, index) => all.slice(index + 1).map(other => apart(one, other))))
  expect(least(levels)).toBeGreaterThan(15)
  expect(least(Object.values(colours))).toBeGreaterThan(8)
  // the green and red that Grafana has by itself
  expect(apart('#73BF69', '#F2495C')).toBeLessThan(10)
})

const { DASHBOARD_LINTER_BIN: linter, PERCLI_BIN: percli, PERCLI_PLUGINS } = process.env
const plugins = PERCLI_PLUGINS ? ['--plugin.path', PERCLI_PLUGINS] : []
if (!linter) console.log('skipped: dashboard-linter: DASHBOARD_LINTER_BIN names no binary; no package registry has one')
if (!percli) console.log('skipped: percli: PERCLI_BIN names no binary; no package registry has one')

it.skipIf(!linter).each(files)("grafana's own linter passes %s", file => {
  const args = ['lint', '--strict', '--config', path.join(path.dirname(file), '.lint'), file]
  const { status, stdout, stderr } = spawnSync(linter!, args, { cwd: root, encoding: 'utf8' })
  expect([status, `${stdout}${stderr}`]).toEqual([0, expect.any(String)])
})

interface Migrated {
  readonly spec: {
    readonly panels: Record<
      string,
      {
        readonly spec: {
          readonly display: { readonly name: string }
          readonly plugin: { readonly kind: string; readonly spec: object }
          readonly queries?: readonly {
            readonly spec: { readonly plugin: { readonly spec: { readonly query: string } } }
          }[]
        }
      }
    >
  }
}

describe.skipIf(!percli)('percli', () => {
  const run = (args: string[], input?: string) =>
    spawnSync(percli!, [...args, ...plugins], { cwd: root, encoding: 'utf8', ...(input !== undefined && { input }) })
  const migrate = (file: string): Migrated => {
    const { status, stdout, stderr } = run(['migrate', '-f', file, '-o', 'json'])
    expect([status, stderr]).toEqual([0, expect.any(String)])
    return JSON.parse(stdout)
  }
  const lintOf = (board: Migrated) => run(['lint', '-f', '-'], JSON.stringify(board))

  it.each(files)('migrates %s with every query of it, and lints what comes out', file => {
    const board = migrate(file)
    const linted = lintOf(board)
    expect([linted.status, `${linted.stdout}${linted.stderr}`]).toEqual([0, expect.any(String)])
    const migrated = Object.values(board.spec.panels).map(({ spec }) => spec)
    const lost = migrated.filter(({ plugin }) => plugin.kind === 'Markdown').map(({ display }) => display.name)
    const { panels } = read(file) as unknown as {
      panels: { type: string; title: string; targets?: { expr: string }[] }[]
    }
    // a heatmap is what its migration does not know: "Migration from Grafana not supported !"
    expect(lost).toEqual(panels.filter(({ type }) => type === 'heatmap').map(({ title }) => title))
    if (lost.length > 0) console.log(`not supported by Perses' migration, ${file}: ${lost.join(', ')}`)
    const expected = panels.filter(({ title }) => !lost.includes(title)).flatMap(({ targets = [] }) => targets)
    const kept = migrated.flatMap(({ queries = [] }) => queries.map(({ spec }) => spec.plugin.spec.query))
    expect(kept.toSorted()).toEqual(expected.map(({ expr }) => expr).toSorted())
  })

  it('refuses a panel that it does not know, so that its lint means something', () => {
    const board = migrate(files[0]!)
    const [panel] = Object.values(board.spec.panels)
    Object.assign(panel!.spec.plugin, {
      kind: 'TimeSeriesChart',
      spec: { yAxis: { format: { unit: 'no-such-unit' } } },
    })
    expect(lintOf(board)).toMatchObject({ status: 1, stderr: expect.stringContaining('no-such-unit') })
  })
})
