// Views under a name. The oracle of an address is the browser's own URL and URLSearchParams.
import { describe, expect, it } from 'vitest'
import { exportHash, readViews, renamed, withView } from '../../../src/backend/explorer/data/saved-views'
import { parseRoute } from '../../../src/backend/explorer/route'

const slow = { name: 'Slow & <b>costly</b> 遅い', hash: '#/traces?q=%7B+duration+%3E+2s+%7D&range=6h&sort=cost.asc' }
const cost = { name: 'Cost', hash: '#/cost' }

describe('saved views', () => {
  it('come out of an address other than they went in', () => {
    const url = new URL(exportHash([slow, cost]), 'http://localhost:3200/')
    const params = new URLSearchParams(url.hash.split('?')[1])
    expect(JSON.parse(params.get('views')!)).toEqual([slow, cost])
    expect(readViews(parseRoute(url.hash).params.get('views')!)).toEqual([slow, cost])
    expect(parseRoute(slow.hash).params.get('q')).toBe('{ duration > 2s }')
  })

  it.each(['javascript:alert(1)', 'https://example.com/#/traces', '//example.com', 'data:text/html,x', ''])(
    'lead out of the page: %s',
    hash => {
      const [view] = readViews(JSON.stringify([{ name: 'x', hash }]))
      expect(view!.hash).toMatch(/^#\//)
      expect(new URL(view!.hash, 'http://localhost:3200/').host).toBe('localhost:3200')
    },
  )

  it('break on what somebody else wrote, or have no bound', () => {
    for (const text of [
      '',
      '{',
      'null',
      '{}',
      '[null, 1, "x", {}, {"name": 1, "hash": 2}, {"name": " ", "hash": "#/"}]',
    ])
      expect(readViews(text)).toEqual([])
    const many = Array.from({ length: 1_000 }, (_, n) => ({ name: `view ${n}`, hash: '#/traces' }))
    expect(readViews(JSON.stringify(many))).toHaveLength(100)
    expect(readViews(JSON.stringify([{ name: 'n'.repeat(500), hash: '#/' }]))[0]!.name).toHaveLength(100)
    expect(readViews(JSON.stringify([{ name: 'long', hash: `#/traces?q=${'x'.repeat(5_000)}` }]))).toEqual([])
  })

  it('have one name twice, or lose one when another is renamed', () => {
    const views = [slow, cost]
    expect(withView(views, { name: ' Cost ', hash: '#/cost?by=user' })).toEqual([
      slow,
      { name: 'Cost', hash: '#/cost?by=user' },
    ])
    expect(renamed(views, 'Cost', 'Money')).toEqual([slow, { ...cost, name: 'Money' }])
    expect(renamed(views, 'Cost', slow.name)).toEqual(views)
    expect(renamed(views, 'Cost', '  ')).toEqual(views)
  })
})
