// The same events in every frame that the standard for server-sent events allows: what a stream says stays the same.
// https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { differences, expectations } from './oracle'
import { FIXTURES, recordings, SHARED } from './replay'
import { tapped } from './tapped'

/** Its lines end in line feeds alone. */
const frames: Record<string, (stream: string) => string> = {
  'line feeds': stream => stream,
  'carriage returns and line feeds': stream => stream.replaceAll('\n', '\r\n'),
  'carriage returns': stream => stream.replaceAll('\n', '\r'),
  'no blank after the colon': stream => stream.replaceAll(/^(data|event): /gm, '$1:'),
  'comments, numbers and waits': stream => stream.replaceAll(/^data:/gm, ': ping\nid: 1\nretry: 10\ndata:'),
  'no names of events': stream => stream.replaceAll(/^event:.*\n/gm, ''),
  'more blank lines': stream => stream.replaceAll('\n\n', '\n\n\n\n'),
  'no end of the last event': stream => stream.trimEnd(),
  'a byte order mark': stream => `\ufeff${stream}`,
}

const streams = [FIXTURES, SHARED]
  .filter(dir => existsSync(dir))
  .flatMap(dir => {
    const known = recordings(dir)
    return expectations(dir).flatMap(line => {
      const recording = known.get(line.id)
      const body = recording?.response.body?.replaceAll('\r\n', '\n')
      // a stream that was cut inside an event has no other frame
      return recording && body && /^data:/m.test(body) && !line.id.includes('mid-event')
        ? { line, recording, body }
        : []
    })
  })

it.each(Object.keys(frames))('%s', { timeout: 60_000 }, async name => {
  expect(streams.length).toBeGreaterThan(10)
  let answer: () => Response
  const tap = tapped('full', async () => answer())
  const wrong: string[] = []
  for (const { line, recording, body } of streams) {
    const { url, headers, body: document } = recording.request
    const { status, headers: answered } = recording.response
    answer = () => new Response(frames[name]!(body), { status, headers: answered })
    await (await fetch(url, { method: 'POST', headers, body: JSON.stringify(document) })).text()
    const [span] = tap.spans()
    wrong.push(...(span ? differences(span, line) : [`${line.id} no span`]))
    tap.reset()
  }
  tap.stop()
  expect(wrong).toEqual([])
})
