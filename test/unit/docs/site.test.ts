// The site as VitePress builds it, which refuses dead links by itself: every address in its HTML leads to a file of the site, with the
// element that the address names, and a page needs nothing from elsewhere.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { install } from '../../../scripts/install.mjs'
import { isLong } from '../../support/long'
import { pages, root } from '../../support/pages'

const folder = mkdtempSync(path.join(tmpdir(), 'afn-site-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const fileOf = (page: string): string => (page === 'README.md' ? 'index.html' : page.replace(/\.md$/, '.html'))

/** Values of attributes that a browser follows or loads. */
const addressesIn = (html: string): string[] =>
  Array.from(html.matchAll(/<(?:a|link|img|script)\b[^>]*? (?:href|src)="([^"]*)"/g), ([, address]) =>
    address!.replaceAll('&amp;', '&'),
  )

const read = new Map<string, string>()
/** Each page is the target of many links. */
function textOf(file: string): string {
  if (!read.has(file)) read.set(file, readFileSync(file, 'utf8'))
  return read.get(file)!
}

const isThere = (from: string, address: string): boolean => {
  const { pathname, hash } = new URL(address, `http://site/${from}`)
  const file = path.join(folder, decodeURIComponent(pathname.endsWith('/') ? `${pathname}index.html` : pathname))
  if (!existsSync(file)) return false
  const id = decodeURIComponent(hash.slice(1))
  return id === '' || !file.endsWith('.html') || textOf(file).includes(`id="${id}"`)
}

describe.runIf(isLong('docs'))('the site', () => {
  beforeAll(() => {
    install('docs/.vitepress')
    const vitepress = path.join(root, 'docs/.vitepress/node_modules/vitepress/bin/vitepress.js')
    // loopback is a proxy that takes nothing: a build that wants the network fails
    const env = { ...process.env, HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9' }
    execFileSync(process.execPath, [vitepress, 'build', 'docs', '--outDir', folder], { cwd: root, env, stdio: 'pipe' })
  }, 600_000)

  it('lacks a page', () => {
    expect(pages.map(fileOf).filter(file => !existsSync(path.join(folder, file)))).toEqual([])
  })

  it('has a broken link', () => {
    const broken = pages.map(fileOf).flatMap(file => {
      const addresses = addressesIn(readFileSync(path.join(folder, file), 'utf8'))
      expect(addresses.length).toBeGreaterThan(5)
      const own = addresses.filter(address => !/^(?:https?:|mailto:|data:)/.test(address))
      return own.filter(address => !isThere(file, address)).map(address => `${file}: ${address}`)
    })
    expect(broken).toEqual([])
  })

  it('has a search without Japanese words', () => {
    const chunks = path.join(folder, 'assets/chunks')
    const texts = readdirSync(chunks).map(name => readFileSync(path.join(chunks, name), 'utf8'))
    // pages themselves are no chunks: this is the index of the Japanese ones
    expect(texts.filter(text => text.includes('"保持"')).length).toBe(1)
    // the page splits what is typed as the index was split
    expect(readFileSync(path.join(folder, 'index.html'), 'utf8')).toContain('Intl.Segmenter')
  })

  it('has a search that finds decisions and plans before the pages of users', () => {
    const chunks = path.join(folder, 'assets/chunks')
    const index = readdirSync(chunks).find(name => name.startsWith('@localSearchIndexroot'))
    const text = readFileSync(path.join(chunks, index!), 'utf8')
    expect(text).toContain('/docs/settings.html#afn_capture_content')
    expect(text).not.toMatch(/\/docs\/(?:decisions\/|plan\.|open-ends\.)|\/CHANGELOG\./)
  })

  it('loads styles, scripts or pictures from elsewhere', () => {
    const assets = path.join(folder, 'assets')
    const styles = readdirSync(assets).filter(name => name.endsWith('.css'))
    expect(styles.length).toBeGreaterThan(0)
    const elsewhere = styles.filter(name =>
      /url\(["']?https?:|@import/.test(readFileSync(path.join(assets, name), 'utf8')),
    )
    const loads = /<(?:script|img|link rel="(?:stylesheet|preload|modulepreload|icon)")[^>]*(?:src|href)="https?:/
    const loading = pages.map(fileOf).filter(file => loads.test(readFileSync(path.join(folder, file), 'utf8')))
    expect([...elsewhere, ...loading]).toEqual([])
  })
})
