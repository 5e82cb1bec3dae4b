// A user's own boards through the commands of the package.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type GrafanaBoard, lint } from '../../src/monitoring/dashboards/lint'
import { good } from '../dashboards/broken'
import { deployed, makeApp } from '../support/packed'
import { run } from '../support/run'

let app: string
const target = mkdtempSync(path.join(tmpdir(), 'afn-boards-'))
beforeAll(() => {
  app = makeApp({ files: {} })
})
afterAll(() => {
  rmSync(app, { recursive: true, force: true })
  rmSync(target, { recursive: true, force: true })
})

const command = (...args: string[]) => run(app, ['node_modules/@afn/otel/dist/cli.cjs', ...args])
const write = (text: string) => writeFileSync(path.join(app, 'monitoring-config.json'), text)
const dashboards = () => readdirSync(path.join(target, 'grafana/dashboards')).filter(name => name.endsWith('.json'))

it('check names each mistake with its place, and generate writes nothing then', async () => {
  write(good.replace('"unit": "currencyUSD"', '"unit": "usd"'))
  const mistake = 'monitoring-config.json:21:21 Grafana has no unit "usd"; did you mean "currencyUSD"?\n'
  expect(await command('dashboards', 'check')).toMatchObject({ code: 1, stdout: mistake })
  expect(await command('generate', '--target', target)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(mistake),
  })
  expect(readdirSync(target)).toEqual([])
})

it('generate writes them beside the boards of the package, and takes away what is no longer in the file', async () => {
  write(good)
  expect(await command('dashboards', 'check')).toMatchObject({
    code: 0,
    stdout: 'ok: monitoring-config.json has 2 boards\n',
  })
  expect(await command('generate', '--target', target)).toMatchObject({ code: 0 })
  const shipped = ['coding-agents.json', 'llm-analytics.json', 'overview.json', 'performance.json', 'security.json']
  expect(dashboards().toSorted()).toEqual([...shipped, 'own-shop-cost.json', 'own-shop-orders.json'].toSorted())
  expect(await command('generate', '--target', target, '--check')).toMatchObject({ code: 0 })

  const budgets =
    '"budget_config": { "time_zone": "Asia/Tokyo", "budgets": [{ "name": "all", "period": "month", "amount": 50 }] },'
  write(good.replace('"dashboard_config"', `${budgets} "dashboard_config"`))
  expect(await command('generate', '--target', target)).toMatchObject({ code: 0 })
  expect(JSON.parse(readFileSync(path.join(target, 'grafana/dashboards/budgets.json'), 'utf8'))).toMatchObject({
    uid: 'afn-budgets',
    timezone: 'Asia/Tokyo',
  })

  write(good.replace('"shop-orders"', '"shop-sales"'))
  expect(await command('generate', '--target', target, '--check')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('own-shop-orders.json is obsolete'),
  })
  expect((await command('generate', '--target', target)).stdout).toContain('own-shop-orders.json')
  expect(dashboards().toSorted()).toEqual([...shipped, 'own-shop-cost.json', 'own-shop-sales.json'].toSorted())
  const { uid } = JSON.parse(readFileSync(path.join(target, 'grafana/dashboards/own-shop-sales.json'), 'utf8'))
  expect(uid).toBe('shop-sales')
})

it('export writes boards that any Grafana takes: one variable has the data source, and the linter finds nothing', async () => {
  write(good)
  const out = path.join(target, 'exported')
  expect(await command('dashboards', 'export', '--out', out)).toMatchObject({ code: 0, stderr: '' })
  const files = readdirSync(out)
  expect(files).toEqual(expect.arrayContaining(['afn-overview.json', 'afn-llm-analytics.json']))
  expect(files.length).toBeGreaterThan(4)
  // the one rule that does not hold for a folder of three servers holds here
  const { exclusions } = parse(readFileSync(path.join(deployed, 'grafana/dashboards/.lint'), 'utf8'))
  const { 'template-datasource-rule': _, ...others } = exclusions
  const rules = {
    ...others,
    'uneditable-dashboard': { reason: 'an imported board is its reader’s, and no start overwrites it' },
  }
  for (const file of files) {
    const text = readFileSync(path.join(out, file), 'utf8')
    const board = JSON.parse(text) as GrafanaBoard & {
      templating: { list: { type: string; name: string; current: object }[] }
    }
    expect(text, file).not.toMatch(/datasource_|prometheus-(?:high|medium|low)|afn-every-tier/)
    const sources = board.templating.list.filter(({ type }) => type === 'datasource')
    expect(sources, file).toMatchObject([{ name: 'datasource', current: {} }])
    if (file.startsWith('afn-')) expect(lint(board, rules), file).toEqual([])
  }
  expect(await command('dashboards', 'export', '--language', 'de')).toMatchObject({ code: 2 })
})
