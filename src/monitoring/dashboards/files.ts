/** The boards as files, for Grafana to be provisioned with. */
import type { Board } from './board'
import { boardsOf, type MetricRetention, sourceUid } from './boards'
import { type Account, budgetsBoard } from './budgets'
import { cloudflareBoard } from './cloudflare'
import { grafanaDashboard } from './grafana'
import { ownBoard } from './own/boards'
import type { OwnBoard } from './own/file'
import type { Language } from './words'

/** A folder of Grafana's for each language, and the one on the disk that it comes from. */
export const folders: readonly { readonly language: Language; readonly path: string; readonly title: string }[] = [
  { language: 'en', path: 'dashboards', title: 'AFN' },
  { language: 'ja', path: 'dashboards-ja', title: 'AFN（日本語）' },
]

interface File {
  readonly path: string
  readonly content: string
}

/** @param madeBy what says whose the files are: JSON has no comments, and Grafana leaves aside what it does not know */
export function dashboardFiles(kept: MetricRetention, madeBy: string): File[] {
  return folders.flatMap(({ language, path }) =>
    Object.entries(boardsOf(language, kept)).map(([name, board]) => fileOf(`${path}/${name}`, board, kept, madeBy)),
  )
}

/** Of a user's own boards, in the folder of their language. */
export function ownDashboardFiles(boards: readonly OwnBoard[], kept: MetricRetention, madeBy: string): File[] {
  return boards.map(own => {
    const { path } = folders.find(({ language }) => language === (own.language ?? 'en'))!
    return fileOf(`${path}/own-${own.uid}`, ownBoard(own, kept), kept, madeBy)
  })
}

export const budgetFiles = (account: Account, kept: MetricRetention, madeBy: string): File[] =>
  folders.map(({ language, path }) => fileOf(`${path}/budgets`, budgetsBoard(account, language, kept), kept, madeBy))

export const cloudflareFiles = (kept: MetricRetention, madeBy: string): File[] =>
  folders.map(({ language, path }) => fileOf(`${path}/cloudflare`, cloudflareBoard(language, kept), kept, madeBy))

/** Of what a user's file has, and may have no more one day. */
export const isOwnDashboard = (file: string): boolean => /\/(?:own-[\w-]+|budgets|cloudflare)\.json$/.test(file)

function fileOf(path: string, board: Board, kept: MetricRetention, madeBy: string): File {
  const stores = { high: sourceUid('high'), long: sourceUid(kept.medium === undefined ? 'high' : 'medium') }
  const dashboard = { __generated: madeBy, ...grafanaDashboard(board, stores) }
  return { path: `grafana/${path}.json`, content: `${JSON.stringify(dashboard, null, 2)}\n` }
}

/** For any Grafana: one variable has the data source, and begins with that Grafana's default. */
export function portableDashboard(board: Board): object {
  const dashboard = JSON.stringify(grafanaDashboard(board, { high: '', long: '' }))
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana
  const { templating, ...rest } = JSON.parse(dashboard.replace(/\$\{datasource_(?:high|long)\}/g, '${datasource}'))
  const list = (templating.list as { type: string; name: string }[])
    .filter(({ name }) => !/^datasource_/.test(name))
    .map(variable => (variable.type === 'datasource' ? { ...variable, current: {} } : variable))
  return { ...rest, editable: true, templating: { list } }
}
