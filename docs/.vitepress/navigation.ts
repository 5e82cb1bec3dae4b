// The menu of the site. A page is named by its path in the repository, and its title is its first heading.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { DefaultTheme } from 'vitepress'

const root = path.join(import.meta.dirname, '../..')

const titleOf = (page: string): string => {
  const [, title = page] = /^# (.+)$/m.exec(readFileSync(path.join(root, page), 'utf8')) ?? []
  return title.replaceAll('`', '')
}

const all = (folder: string, language: 'en' | 'ja' = 'en'): string[] =>
  readdirSync(path.join(root, folder))
    .filter(name => name.endsWith('.md') && name.endsWith('.ja.md') === (language === 'ja'))
    .sort()
    .map(name => `${folder}/${name}`)

const of = (...names: readonly string[]): string[] => names.map(name => `docs/${name}.md`)

interface Chapter {
  readonly text: string
  readonly pages: readonly string[]
  readonly isFolded?: boolean
}

const english: readonly Chapter[] = [
  { text: 'Start', pages: ['README.md', ...of('quickstart', 'app', 'troubleshooting', 'faq')] },
  { text: 'Concepts', pages: of('concepts/tiers', 'concepts/second-line', 'concepts/cost', 'concepts/dedupe') },
  { text: 'Explorer', pages: of('explorer', 'up', 'mcp', 'queries', 'dashboards') },
  {
    text: 'Recipes',
    pages: of(
      'recipes/index',
      'recipes/docker',
      'recipes/kubernetes',
      'recipes/lambda',
      'recipes/pm2-cluster',
      'recipes/bundlers',
      'recipes/nextjs',
      'recipes/nestjs',
      'recipes/frameworks',
      'recipes/ai-sdk',
      'recipes/langchain',
      'recipes/openai-agents',
      'recipes/claude-agent-sdk',
      'recipes/coding-agents',
      'recipes/mcp',
      'recipes/vector-stores',
      'recipes/azure-openai',
      'recipes/litellm-openrouter',
      'recipes/bedrock',
    ),
  },
  { text: 'In the browser', pages: of('web', 'browser') },
  { text: 'On other runtimes', pages: of('runtimes') },
  { text: 'Quality and cost', pages: of('evaluations', 'datasets', 'replay', 'prices', 'cost', 'guard') },
  { text: 'Data protection', pages: [...of('data-protection', 'redaction', 'audit', 'gdpr'), 'SECURITY.md'] },
  { text: 'Pipeline', pages: of('collector', 'cluster', 'cloudflare') },
  { text: 'Operations', pages: of('monitoring', 'alerts', 'slo', 'health', 'logs', 'middleware') },
  { text: 'Reference', pages: of('providers', 'settings', 'cli', 'semconv') },
  {
    text: 'Compare and move',
    pages: of(
      'comparison',
      'performance',
      'benchmarks',
      'migrate/openllmetry',
      'migrate/openlit',
      'migrate/langfuse',
      'migrate/dd-trace',
    ),
  },
  {
    text: 'Examples',
    pages: ['chat', 'backend', 'next-chat', 'browser-vite'].map(name => `examples/${name}/README.md`),
  },
  {
    text: 'Project',
    pages: [
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'GOVERNANCE.md',
      'CODE_OF_CONDUCT.md',
      ...of(
        'state',
        'architecture',
        'development/rooms',
        'development/glossary',
        'development/commands',
        'conformance',
        'detectors',
        'redaction-speed',
        'releasing',
        'plan',
        'open-ends',
      ),
    ],
  },
  { text: 'Runbooks', pages: all('docs/runbooks'), isFolded: true },
  { text: 'Decisions', pages: all('docs/decisions'), isFolded: true },
]

const japanese: readonly Chapter[] = [
  { text: 'はじめに', pages: of('ja/index', 'ja/quickstart', 'ja/explorer', 'ja/troubleshooting') },
  {
    text: '考え方',
    pages: of('ja/concepts/tiers', 'ja/concepts/second-line', 'ja/concepts/cost', 'ja/concepts/dedupe'),
  },
  { text: 'データ保護', pages: of('ja/data-protection', 'ja/gdpr') },
  { text: 'ランブック', pages: all('docs/runbooks', 'ja'), isFolded: true },
]

/** Every page that is in a menu. */
export const pages: readonly string[] = [...english, ...japanese].flatMap(chapter => chapter.pages)

/** What contributors look up in the menu: in a user's results it would stand before the page that answers the question. */
const forContributors =
  /^(?:CHANGELOG\.md|docs\/(?:decisions|development)\/|docs\/(?:plan|open-ends|conformance|releasing|redaction-speed|detectors)\.md)/

/** Whether the site's search finds a page. Japanese runbooks stand beside the English ones, so their words would be in the English index. */
export const isSearched = (page: string): boolean => !page.endsWith('.ja.md') && !forContributors.test(page)

const menuOf = (chapters: readonly Chapter[]): DefaultTheme.SidebarItem[] =>
  chapters.map(({ text, pages, isFolded = false }) => ({
    text,
    collapsed: isFolded,
    items: pages.map(page => ({ text: titleOf(page), link: page === 'README.md' ? '/' : `/${page}` })),
  }))

export const menus = { english: menuOf(english), japanese: menuOf(japanese) }
