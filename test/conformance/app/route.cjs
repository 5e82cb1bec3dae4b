// Stands under the tap: required before the preload by the app of the conformance run. Callers keep the provider's URLs;
// what goes over the wire goes to the provider on this machine, which knows the recording by a header of the request.
const net = require('node:net')
const tls = require('node:tls')

const { PROVIDER_PORT, PROVIDER_PORT2, SPLIT } = process.env
const native = globalThis.fetch

globalThis.fetch = async (input, init) => {
  const { pathname, search } = new URL(input instanceof Request ? input.url : input)
  const there = `http://127.0.0.1:${PROVIDER_PORT}${pathname}${search}`
  const response = await (input instanceof Request ? native(new Request(there, input), init) : native(there, init))
  return SPLIT && response.body ? new Response(inPieces(response.body, Number(SPLIT)), response) : response
}

/** Undici joins what came together, so the pieces of the wire are made again here. */
function inPieces(body, size) {
  return new ReadableStream({
    async start(controller) {
      for await (const chunk of body) {
        for (let at = 0; at < chunk.length; at += size) controller.enqueue(chunk.subarray(at, at + size))
      }
      controller.close()
    },
  })
}

// node:https and node:http2 both connect by tls.connect(), each in its own form; a plain socket serves them as well.
tls.connect = (...args) => {
  const { ALPNProtocols = [] } = args.find(arg => typeof arg === 'object' && arg !== null) ?? {}
  const second = [ALPNProtocols].flat().includes('h2')
  return net.connect(Number(second ? PROVIDER_PORT2 : PROVIDER_PORT), '127.0.0.1')
}
