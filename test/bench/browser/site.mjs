// A page for each tool, what the page fetches, and the sink of every protocol, on one origin: nothing asks for permission
// first, as it is behind a first-party path.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'

const BUTTONS = Array.from({ length: 40 }, (_, index) => `<button type="button">Answer ${index}</button>`).join('')
const STYLE = 'button{width:90px;height:24px}.pressed{background:#9cf}'

const page = tool => `<!doctype html><html lang="en"><meta charset="utf-8"><title>bench</title>
<link rel="icon" href="data:,"><style>${STYLE}</style><script src="/work.js"></script>
<script type="module" src="/${tool}/begin.js"></script><h1>Chat</h1><main>${BUTTONS}</main>`

// from the first line of the tool to its last, with what it imports; the files are there and parsed before
const begin = (tool, files) => `
const head = document.head
await Promise.all(${JSON.stringify(files)}.map(file => new Promise(resolve => {
  const link = Object.assign(document.createElement('link'), { rel: 'modulepreload', href: '/${tool}/' + file, onload: resolve })
  head.append(link)
})))
const started = performance.now()
await import('/${tool}/page.js')
globalThis.initialized = performance.now() - started`

/**
 * @param {string} here folder of work.js
 * @param {Record<string, { files: Map<string, string>, needed: string[] }>} bundles by tool
 * @returns {Promise<{ url: string, taken: { requests: number, bytes: number }, close(): void }>} `taken` is what the sink
 *   had since the start, compressed as it came
 */
export async function startSite(here, bundles) {
  const work = readFileSync(path.join(here, 'work.js'), 'utf8')
  const taken = { requests: 0, bytes: 0 }
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://h')
    const [, tool, file] = pathname.split('/')
    const send = (type, text) => response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(text)
    if (tool === 'sink' || tool === 'api') {
      taken.requests++
      for await (const chunk of request) taken.bytes += chunk.length
      return send('application/json', '{}')
    }
    if (pathname === '/data') return send('application/json', '{"answer":"forty-two","tokens":[1,2,3]}')
    if (pathname === '/work.js') return send('text/javascript', work)
    const bundle = bundles[tool]
    if (!bundle) return response.writeHead(404).end()
    if (file === 'begin.js') return send('text/javascript', begin(tool, bundle.needed))
    const script = bundle.files.get(file)
    return script === undefined ? send('text/html', page(tool)) : send('text/javascript', script)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    taken,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
