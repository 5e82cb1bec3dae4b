// The page of the explorer and its addresses. The oracle of where an address leads is the browser's own rule for relative addresses, URL.
import { describe, expect, it } from 'vitest'
import { servePage } from '../../../../src/backend/api/page'

const page = new Map([['/index.html', { type: 'text/html', body: Buffer.from('<p>'), hashed: false }]])
const browser = 'text/html,application/xhtml+xml,*/*;q=0.8'
const placeOf = (address: string) => {
  const location = servePage(page, new URL(address), browser).headers.get('location')
  return new URL(location!, address).href
}

describe('a place of the page that is given as a path', () => {
  it.each([
    ['/overview', '/#/overview'],
    ['/traces?q=%7B%7D&range=6h', '/#/traces?q=%7B%7D&range=6h'],
    ['/trace/00f067aa0ba902b7', '/#/trace/00f067aa0ba902b7'],
    ['//example.com/x', '/#//example.com/x'],
  ])('is a bare 404, or leads elsewhere: %s', (address, place) => {
    expect(placeOf(`http://localhost:3200${address}`)).toBe(`http://localhost:3200${place}`)
  })

  it('is taken for a file, or is a page for who asks for none', () => {
    for (const [pathname, accept] of [
      ['/overview', '*/*'],
      ['/assets/gone.js', browser],
    ] as const)
      expect(() => servePage(page, new URL(pathname, 'http://localhost'), accept)).toThrow('not found')
    expect(servePage(page, new URL('http://localhost/'), browser).status).toBe(200)
    expect(() => servePage(new Map(), new URL('http://localhost/overview'), browser)).toThrow('not found')
  })
})
