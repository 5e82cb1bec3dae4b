/** The last requests of a page by `sendBeacon`, in browsers whose `fetch` has no `keepalive`. */
import { way } from '../delivery'

export function beacon(): void {
  if ('keepalive' in Request.prototype) return
  const { fetch } = way
  way.fetch = async (url, init) => {
    if (!way.leaving) return fetch(url, init)
    // it can't say that a body is packed
    const body = new Blob([init.body as BlobPart], { type: 'application/json' })
    if ('content-encoding' in init.headers! || !navigator.sendBeacon(url, body)) throw new Error('no beacon')
    return new Response()
  }
}
