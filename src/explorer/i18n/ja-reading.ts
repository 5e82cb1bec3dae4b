// Japanese, of the flame graph, the statistics and the comparison of traces.
import type { reading as english } from './en-reading'

export const reading: Readonly<Record<keyof typeof english, string>> = {
  'trace.tab_flame': 'フレームグラフ',
  'trace.tab_statistics': '統計',
  'flame.how':
    '同じ経路のスパンは 1 つの枠にまとまります。幅はそのスパンと配下すべての時間で、実行の順序ではありません。',
  'flame.hidden': '幅が狭すぎる枠が {n} 件あります。上の枠をクリックすると見られます。',
  'flame.spans': 'スパン {n} 件',
  'flame.time': '{time}（{share}）',
  'flame.errors': '失敗 {n} 件',
  'flame.longest': '最長のスパン',
  'flame.up': '1 つ上へ',
  'flame.all': 'すべて表示',
  'statistics.name': '名前',
  'statistics.count': '件数',
  'statistics.total': '合計',
  'statistics.self': '自身の時間',
  'statistics.p50': 'p50',
  'statistics.p95': 'p95',
  'statistics.errors': 'エラー',
  'statistics.tokens': 'トークン',
  'statistics.cost': 'コスト',
}
