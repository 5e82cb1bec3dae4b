/** The last requests of a page by `sendBeacon`, in browsers whose `fetch` has no `keepalive`. */
import { way } from '../delivery'

export function beacon(): void {
  if ('keepalive' in Request.prototype) return
  const { fetch } = way
  way.fetch = async (url, init) => {
    if (!way.leaving) return fetch(url, init)
    if (!navigator.sendBeacon(url, init.body)) throw new Error('beacon refused')
    return new Response()
  }
}
