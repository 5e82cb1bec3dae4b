/**
 * Requests of `fetch` and `XMLHttpRequest` as CLIENT spans, with `traceparent` to the page's origin and those that
 * `propagateTo` names. The app gets its own response; no body is cloned or read.
 */
import { guarded } from '../diagnose'
import type { Feature } from '../options'
import { type RequestSpan, requestSpan, watchers } from '../request-span'

export const fetchSpans: Feature = options => {
  const original = globalThis.fetch
  globalThis.fetch = function fetch(this: unknown, ...args: Parameters<typeof original>) {
    let [input, init] = args
    let request: RequestSpan | undefined
    guarded(() => {
      const fromRequest = input instanceof Request ? input : undefined
      const method = (init?.method ?? fromRequest?.method ?? 'GET').toUpperCase()
      request = requestSpan(method, fromRequest?.url ?? `${input as string | URL}`, options)
      if (!request?.traceparent || (init?.mode ?? fromRequest?.mode) === 'no-cors') return
      const headers = new Headers(init?.headers ?? fromRequest?.headers)
      if (headers.has('traceparent')) return
      headers.set('traceparent', request.traceparent)
      init = { ...init, headers }
    })()
    const answer = original.call(this as typeof globalThis, input, init)
    // a handler on the side would hide a rejection that the app doesn't handle
    return answer.then(
      response => {
        if (request) for (const see of watchers) guarded(see)(response, request)
        request?.end(response.status)
        return response
      },
      error => {
        request?.end(0, error?.name)
        throw error
      },
    )
  }
}

export const xhrSpans: Feature = options => {
  const { prototype } = XMLHttpRequest
  const { open, send, setRequestHeader } = prototype
  const opened = new WeakMap<XMLHttpRequest, { readonly method: string; readonly url: string; traced?: boolean }>()
  // the third argument counts by being there
  prototype.open = function (this: XMLHttpRequest, ...args: unknown[]) {
    opened.set(this, { method: `${args[0]}`.toUpperCase(), url: `${args[1]}` })
    return open.apply(this, args as Parameters<typeof open>)
  }
  prototype.setRequestHeader = function (name, value) {
    const opening = opened.get(this)
    if (opening && /^traceparent$/i.test(name)) opening.traced = true
    return setRequestHeader.call(this, name, value)
  }
  prototype.send = function (body) {
    guarded(() => {
      const opening = opened.get(this)
      const request = opening && requestSpan(opening.method, opening.url, options)
      if (!request) return
      if (request.traceparent && !opening.traced) setRequestHeader.call(this, 'traceparent', request.traceparent)
      let failure = 'NetworkError'
      this.addEventListener('abort', () => (failure = 'AbortError'))
      this.addEventListener('timeout', () => (failure = 'TimeoutError'))
      this.addEventListener('loadend', () => request.end(this.status, this.status ? undefined : failure))
    })()
    return send.call(this, body)
  }
}
