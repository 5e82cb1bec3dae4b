// The fingerprint of an exception over deploys, as a browser computes it.
import { beforeAll, expect, it } from 'vitest'
import { describeError } from '../../src/browser/exception'
import { fingerprints } from '../../src/browser/features/fingerprints'

beforeAll(() => fingerprints())

const of = (file: string, message = 'no cart 7', place = '1:48213') => {
  const stack = `TypeError: ${message}\n    at t (https://shop.example/assets/${file}:${place})`
  return describeError({ name: 'TypeError', message, stack })['afn.error.fingerprint']
}

it.each([
  ['Vite', 'index-BdXkQzTa.js', 'index-D3f_k-1a.js'],
  ['esbuild', 'index-OUQJAMJO.js', 'index-4F3A2B1C.js'],
  ['webpack', 'main.3f2a1b2c.chunk.js', 'main.90817263.chunk.js'],
  ['a server, by a query', 'index.js?v=1', 'index.js?v=2'],
])('stays when %s names a file anew, and lines and columns move', (_, before, after) => {
  expect(of(after, 'no cart 12', '3:17')).toBe(of(before))
})

it('differs by file and by message', () => {
  expect(new Set([of('cart.js'), of('user-settings.js'), of('user-profile.js'), of('cart.js', 'no user')]).size).toBe(4)
})
