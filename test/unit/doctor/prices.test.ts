// The price file of the app, as doctor sees it. The oracle is what the preload itself makes of the file.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import * as prices from '../../../src/app/llm/report/cost/prices'
import { priceChecks } from '../../../src/pipeline/doctor/prices'

vi.mock('../../../src/app/chunks', () => ({ loadChunk: () => prices }))

const folder = mkdtempSync(path.join(tmpdir(), 'afn-doctor-prices-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it.each([
  ['{"openai/gpt-5-mini": {"input": 1, "output": 2}}', true],
  ['{"gpt-5-mini": 2}', false],
  ['[1', false],
  [undefined, false],
])('a file of prices that the app can not use is right for doctor: %s', (text, ok) => {
  if (text === undefined) rmSync(path.join(folder, 'prices.json'), { force: true })
  else writeFileSync(path.join(folder, 'prices.json'), text)
  const [check] = priceChecks('prices.json', folder)
  expect(check).toMatchObject({ name: 'prices', ok })
  expect(check!.detail).toContain('prices.json')
})

it('prices are looked at where there are none of the app', () => {
  expect(priceChecks(undefined, folder)).toEqual([])
})
