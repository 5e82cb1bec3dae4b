// A page on loopback under a strict content security policy, with a script that esbuild made for browsers.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { build } from 'esbuild'

const root = path.join(import.meta.dirname, '../..')
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
  const { outputFiles } = await build({
    entryPoints: { page: script },
    absWorkingDir: root,
    outdir: '/',
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    write: false,
  })
  const files = new Map(outputFiles.map(({ path: name, text }) => [`/${path.basename(name)}`, text]))
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
