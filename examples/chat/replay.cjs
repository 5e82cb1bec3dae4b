// Stands in for OpenAI and Anthropic: answers with the recordings next to it, at the pace that they say. Started by the demo,
// or by hand: PORT=4010 node replay.cjs
const { readdirSync, readFileSync } = require('node:fs')
const http = require('node:http')
const path = require('node:path')
const { setTimeout: sleep } = require('node:timers/promises')

const folder = path.join(__dirname, 'recordings')
const recordings = readdirSync(folder)
  .filter(file => file.endsWith('.json'))
  .map(file => JSON.parse(readFileSync(path.join(folder, file), 'utf8')))

/** The first recording of a request to the same path, for the same model, streamed or not. */
function find(url, { model, stream = false }) {
  return recordings.find(({ request }) => {
    const { body } = request
    return new URL(request.url).pathname === url && body.model === model && (body.stream ?? false) === stream
  })
}

async function bodyOf(request) {
  let text = ''
  for await (const piece of request.setEncoding('utf8')) text += piece
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}

const server = http.createServer(async (request, response) => {
  const recording = find(request.url, await bodyOf(request))
  if (!recording) {
    response.writeHead(404, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ error: { message: `no recording for this request to ${request.url}` } }))
    return
  }
  const { status, headers, body, delayMs = 0, eventMs = 0 } = recording.response
  await sleep(delayMs)
  response.writeHead(status, headers)
  // An event of a stream ends with an empty line; any other body is one piece.
  for (const piece of body.split(/(?<=\n\n)/)) {
    response.write(piece)
    await sleep(eventMs)
  }
  response.end()
})

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`${recordings.length} recordings on http://127.0.0.1:${server.address().port}`)
})
