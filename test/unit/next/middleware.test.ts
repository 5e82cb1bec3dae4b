// What the middleware makes of a request, as Next.js reads it.
import { describe, expect, it } from 'vitest'
import { observabilityMiddleware } from '../../../src/app/next/middleware'

const TRACE = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
const through = (headers: Record<string, string>) =>
  observabilityMiddleware(new Request('https://shop.example/', { headers })).headers

describe('observabilityMiddleware', () => {
  it('goes on in the trace that the request is in, with all its headers', () => {
    const headers = through({ traceparent: TRACE, cookie: 'a=1' })
    expect(headers.get('x-middleware-next')).toBe('1')
    expect(headers.get('x-middleware-request-traceparent')).toBe(TRACE)
    expect(headers.get('x-middleware-request-cookie')).toBe('a=1')
    expect(headers.get('x-middleware-override-headers')?.split(',').sort()).toEqual(['cookie', 'traceparent'])
    expect(headers.get('server-timing')).toBe(`traceparent;desc="${TRACE}"`)
  })

  it.each([[{}], [{ traceparent: 'nonsense"; x' }]])('begins one otherwise: %o', incoming => {
    const headers = through(incoming as Record<string, string>)
    const begun = headers.get('x-middleware-request-traceparent')
    expect(begun).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-01$/)
    expect(headers.get('server-timing')).toContain(begun)
  })
})
