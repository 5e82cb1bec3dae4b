// Values in the explorer's boards are written as Grafana writes them. Oracle: Grafana's own package @grafana/data, in Chromium, since it needs
// a document. It is in the cache as a part of Grafana's panels: node scripts/prepare-binaries.mjs grafana-panels.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { format } from '../../src/backend/explorer/data/board/units'
import { units } from '../../src/monitoring/dashboards/units'
import { findGrafanaPanels } from '../support/binaries.mjs'
import { type Browser, hasChromium, startChromium } from './chromium'

const panels = findGrafanaPanels()
if ('missing' in panels) console.log(`skipped: units as Grafana writes them: ${panels.missing}`)

const values = [
  0, 1, 1e-12, 1e-9, 2.5e-7, 1e-6, 0.00001234, 0.001, 0.00123, 0.0225, 0.0226, 0.01, 0.05, 0.1, 0.123456, 0.5, 0.99,
  0.999, 0.9999, 1.001, 1.5, 2.25, 2.26, 3.2, 9.99, 10, 12.345, 59.9, 60, 61, 99.94, 99.95, 99.96, 100, 119.5, 120,
  123.456, 500, 999, 999.4, 999.5, 999.95, 1000, 1023, 1024, 1025, 1234.5, 3599, 3600, 3661, 7200, 10_000, 12_345.678,
  86_399, 86_400, 90_061, 100_000, 123_456, 604_800, 999_999, 1e6, 1_048_576, 1_234_567.89, 2_629_800, 31_536_000, 5e7,
  1e9, 1.5e9, 123_456_789_012, 1e12, 1e15, 1e18, 1e21, -1, -3.3, -0.0045, -1234.5, -1e6, -0.05,
]
const decimals = [undefined, 0, 1, 2, 3]

/**
 * What Grafana writes otherwise: of a stopwatch that goes backwards the time of day before 1970, and nothing at all of less than a
 * millisecond. How long ago a time is, depends on the moment, and is in words of a library.
 */
const isOtherwise = (unit: string, value: number): boolean =>
  unit === 'dateTimeFromNow' ||
  (/^clock/.test(unit) && (value < 0 || value >= 1e15)) ||
  (/^dtduration/.test(unit) && Math.abs(value) < 1)

describe.skipIf(!hasChromium || 'missing' in panels)('values of all units', () => {
  let browser: Browser
  let written: Record<string, string[][]>

  beforeAll(async () => {
    browser = await startChromium()
    const page = await browser.context.newPage()
    const script = readFileSync((panels as { file: string }).file, 'utf8')
    await page.route('**/*', route =>
      route.request().url().endsWith('.mjs')
        ? route.fulfill({ contentType: 'text/javascript', body: script })
        : route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
    )
    await page.goto('http://units.example/')
    written = await page.evaluate(`import('/panels.mjs').then(({ createTheme, FieldType, getDisplayProcessor }) => {
      const theme = createTheme({})
      const write = (unit, decimals) => {
        const config = { unit, ...(decimals !== null && { decimals }) }
        const display = getDisplayProcessor({ field: { type: FieldType.number, config }, theme, timeZone: 'utc' })
        return ${JSON.stringify(values)}.map(value => {
          const { prefix = '', text, suffix = '' } = display(value)
          return prefix + text + suffix
        })
      }
      return Object.fromEntries(${JSON.stringify(units)}.map(unit =>
        [unit, ${JSON.stringify(decimals)}.map(decimals => write(unit, decimals))]))
    })`)
  })
  afterAll(() => browser?.close())

  it('are written as Grafana writes them, with any number of decimals', () => {
    const wrong: string[] = []
    let compared = 0
    for (const [unit, byDecimals] of Object.entries(written))
      for (const [index, texts] of byDecimals.entries())
        for (const [at, text] of texts.entries()) {
          const value = values[at]!
          if (isOtherwise(unit, value)) continue
          compared++
          const ours = format(value, unit, { decimals: decimals[index], timeZone: 'UTC' })
          // a short form of the SI without a prefix ends with a space there
          if (ours !== text.trimEnd()) wrong.push(`${unit} ${value} to ${decimals[index]}: ${text}, not ${ours}`)
        }
    expect(wrong).toEqual([])
    expect(compared).toBeGreaterThan(100_000)
  })
})
