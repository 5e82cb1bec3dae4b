// Japanese, of log lines.
import type { logs as en } from './en-logs'

export const logs: Readonly<Record<keyof typeof en, string>> = {
  'logs.none': 'ログはありません',
  'logs.none_why': 'このトレースの中で書かれたログが並びます。',
  'logs.class': '保持区分 {class}',
  'logs.search': 'ログを検索',
  'logs.trace': 'トレースを開く',
  'logs.volume': 'ログ件数の推移',
  'logs.filters': '適用中の絞り込み',
  'logs.remove': 'この絞り込みを解除',
  'logs.waiting': 'ログを待っています…',
  'logs.skipped': '直近の1秒に届いたログのうち {n} 件は表示していません。絞り込むと表示できます。',
  'facets.level': 'レベル',
  'facets.event': 'イベント',
  'facets.class': '保持区分',
  'level.fatal': 'fatal',
  'level.error': 'error',
  'level.warn': 'warn',
  'level.info': 'info',
  'level.debug': 'debug',
  'level.trace': 'trace',
  'level.none': '未設定',
}
