// The menu of the site. A page is named by its path in the repository, and its title is its first heading.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { DefaultTheme } from 'vitepress'

const root = path.join(import.meta.dirname, '../..')

const titleOf = (page: string): string => {
  const [, title = page] = /^# (.+)$/m.exec(readFileSync(path.join(root, page), 'utf8')) ?? []
  return title.replaceAll('`', '')
}

const all = (folder: string): string[] =>
  readdirSync(path.join(root, folder))
    .filter(name => name.endsWith('.md'))
    .sort()
    .map(name => `${folder}/${name}`)

interface Chapter {
  readonly text: string
  readonly pages: readonly string[]
  readonly isFolded?: boolean
}

const english: readonly Chapter[] = [
  { text: 'Start', pages: ['README.md', 'docs/app.md'] },
  {
    text: 'Explorer',
    pages: ['docs/explorer.md', 'docs/up.md', 'docs/queries.md', 'docs/dashboards.md'],
  },
  { text: 'In the browser', pages: ['docs/web.md', 'docs/browser.md'] },
  { text: 'Quality and cost', pages: ['docs/evaluations.md', 'docs/prices.md', 'docs/cost.md'] },
  { text: 'Data protection', pages: ['docs/redaction.md', 'docs/audit.md', 'docs/gdpr.md', 'SECURITY.md'] },
  { text: 'Pipeline', pages: ['docs/tiers.md', 'docs/collector.md', 'docs/cluster.md', 'docs/cloudflare.md'] },
  {
    text: 'Operations',
    pages: [
      'docs/monitoring.md',
      'docs/alerts.md',
      'docs/slo.md',
      'docs/health.md',
      'docs/logs.md',
      'docs/middleware.md',
    ],
  },
  { text: 'Reference', pages: ['docs/settings.md', 'docs/cli.md', 'docs/semconv.md'] },
  {
    text: 'Examples',
    pages: ['chat', 'backend', 'next-chat', 'browser-vite'].map(name => `examples/${name}/README.md`),
  },
  {
    text: 'Project',
    pages: [
      'docs/state.md',
      'docs/performance.md',
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'docs/architecture.md',
      'docs/detectors.md',
      'docs/redaction-speed.md',
      'docs/plan.md',
    ],
  },
  { text: 'Runbooks', pages: all('docs/runbooks'), isFolded: true },
  { text: 'Decisions', pages: all('docs/decisions'), isFolded: true },
]

const japanese: readonly Chapter[] = [
  { text: 'はじめに', pages: ['docs/ja/index.md'] },
  { text: 'データ保護', pages: ['docs/ja/gdpr.md'] },
]

/** Every page that is in a menu. */
export const pages: readonly string[] = [...english, ...japanese].flatMap(chapter => chapter.pages)

const menuOf = (chapters: readonly Chapter[]): DefaultTheme.SidebarItem[] =>
  chapters.map(({ text, pages, isFolded = false }) => ({
    text,
    collapsed: isFolded,
    items: pages.map(page => ({ text: titleOf(page), link: page === 'README.md' ? '/' : `/${page}` })),
  }))

export const menus = { english: menuOf(english), japanese: menuOf(japanese) }
