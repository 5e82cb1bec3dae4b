// A generator of HTTP requests that costs little: plain sockets, the next request when an answer is complete.
import { once } from 'node:events'
import { connect } from 'node:net'

const CONNECTIONS = 32
const LENGTH = /\r\ncontent-length: *(\d+)/i

/**
 * @param {number} port of a server whose answers have a Content-Length
 * @param {number} requests
 * @returns {Promise<{ perSecond: number, p50: number, p99: number }>} latencies in ms
 */
export async function load(port, requests) {
  const latencies = new Float64Array(requests)
  let sent = 0
  let answered = 0
  let finish
  const done = new Promise(resolve => {
    finish = resolve
  })
  const sockets = await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const socket = connect(port, '127.0.0.1').setNoDelay()
      await once(socket, 'connect')
      return socket
    }),
  )
  const begun = performance.now()
  for (const socket of sockets) {
    let at = 0
    let left = ''
    const next = () => {
      if (sent === requests) return
      at = performance.now()
      socket.write(
        `GET /orders/${sent++}?page=2 HTTP/1.1\r\nHost: shop.example:8080\r\nUser-Agent: bench/1.0\r\nAccept: */*\r\n\r\n`,
      )
    }
    socket.setEncoding('latin1').on('data', chunk => {
      left += chunk
      const head = left.indexOf('\r\n\r\n')
      if (head < 0) return
      const end = head + 4 + Number(LENGTH.exec(left)?.[1])
      if (!(left.length >= end)) return
      if (!left.startsWith('HTTP/1.1 200')) throw new Error(`answered ${left.slice(0, head)}`)
      left = left.slice(end)
      latencies[answered++] = performance.now() - at
      if (answered === requests) finish(performance.now() - begun)
      else next()
    })
    next()
  }
  const ms = await done
  for (const socket of sockets) socket.destroy()
  latencies.sort()
  const percentile = of => latencies[Math.floor((requests - 1) * of)]
  return { perSecond: (requests / ms) * 1000, p50: percentile(0.5), p99: percentile(0.99) }
}
