// Reads the explorer's files, which Vite wrote to dist/explorer.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Refused } from '../body'

/** URL path → file. Requests are served only from this map, never from a path on the disk. */
export type Page = ReadonlyMap<string, File>

interface File {
  readonly type: string
  readonly body: Buffer
  /** The file name contains a content hash. */
  readonly hashed: boolean
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
}

/** @param folder may be missing; then only the API is served */
export function readPage(folder: string): Page {
  const page = new Map<string, File>()
  if (!existsSync(folder)) return page
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const type = types[path.extname(entry.name)]
    if (!entry.isFile() || !type) continue
    const file = path.join(entry.parentPath ?? entry.path, entry.name)
    const url = `/${path.relative(folder, file).split(path.sep).join('/')}`
    page.set(url, { type, body: readFileSync(file), hashed: url.startsWith('/assets/') })
  }
  return page
}

/**
 * Addresses within the page follow a `#`. If a browser requests one as a path, it is redirected.
 * @param accept the Accept header
 * @throws Refused with 404
 */
export function servePage(page: Page, { pathname, search }: URL, accept = ''): Response {
  const file = page.get(pathname === '/' ? '/index.html' : pathname)
  if (!file && page.has('/index.html') && accept.includes('text/html') && !/\.[^/]*$/.test(pathname)) {
    // relative, because a proxy may serve the page under its own path
    const up = '../'.repeat(pathname.split('/').length - 2) || './'
    return new Response(null, { status: 302, headers: { location: `${up}#${pathname}${search}` } })
  }
  if (!file) throw new Refused(404, `not found: ${pathname}`)
  const cache = file.hashed ? 'public, max-age=31536000, immutable' : 'no-cache'
  return new Response(new Uint8Array(file.body), { headers: { 'content-type': file.type, 'cache-control': cache } })
}
