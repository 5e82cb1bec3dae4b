/** The boards as files, for Grafana to be provisioned with. */
import { boardsOf, type Kept, sourceUid } from './boards'
import { grafanaDashboard } from './grafana'
import type { Language } from './words'

/** A folder of Grafana's for each language, and the one on the disk that it comes from. */
export const folders: readonly { readonly language: Language; readonly path: string; readonly title: string }[] = [
  { language: 'en', path: 'dashboards', title: 'AFN' },
  { language: 'ja', path: 'dashboards-ja', title: 'AFN（日本語）' },
]

/** @param madeBy what says whose the files are: JSON has no comments, and Grafana leaves aside what it does not know */
export function dashboardFiles(kept: Kept, madeBy: string): { path: string; content: string }[] {
  const stores = { high: sourceUid('high'), long: sourceUid(kept.medium === undefined ? 'high' : 'medium') }
  return folders.flatMap(({ language, path }) =>
    Object.entries(boardsOf(language, kept)).map(([name, board]) => ({
      path: `grafana/${path}/${name}.json`,
      content: `${JSON.stringify({ __generated: madeBy, ...grafanaDashboard(board, stores) }, null, 2)}\n`,
    })),
  )
}
