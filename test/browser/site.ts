// A page on loopback under a strict content security policy, with a script that esbuild made for browsers.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bundle } from './bundle'

const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; require-trusted-types-for 'script'"

const PAGE =
  '<!doctype html><title>test</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'

export interface Site {
  readonly url: string
  close(): void
}

/** @param script path from the root; what it imports lazily is a file of its own */
export async function startSite(script: string): Promise<Site> {
  const files = await bundle(script)
  const server = createServer((request, response) => {
    const text = request.url === '/' ? PAGE : files.get(request.url!)
    response.writeHead(text === undefined ? 404 : 200, {
      'content-type': `text/${text === PAGE ? 'html' : 'javascript'}; charset=utf-8`,
      'content-security-policy': POLICY,
    })
    response.end(text)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => server.close(),
  }
}
