// Japanese, of the map of services and agents.
import type { map as english } from './en-map'

export const map: Readonly<Record<keyof typeof english, string>> = {
  'view.map': 'サービスマップ',
  'map.none': 'この期間の呼び出しはありません',
  'map.service': 'サービス',
  'map.agent': 'エージェント',
  'map.model': 'モデル',
  'map.tool': 'ツール',
  'map.database': 'データベース',
  'zoom.in': '拡大',
  'zoom.out': '縮小',
  'zoom.fit': '全体を表示',
  'map.outside': '（外部から）',
  'map.calls': '呼び出し {n} 件',
  'map.failed': '失敗 {share}',
  'map.shown': 'ノード {nodes} 件、エッジ {edges} 件。',
  'map.more_nodes': '呼び出しの少ないノードが他に {n} 件あります。',
  'map.more_edges': '表示していないエッジが {n} 件あります。',
  'map.edges': '呼び出しの一覧',
  'map.edge': '呼び出し',
  'map.count': '件数',
  'map.error_rate': 'エラー率',
  'map.how':
    '親が別のサービスにあるスパンは、そのサービスへの呼び出しです。エージェント、モデル、ツール、データベースのスパンは、それぞれへの呼び出しです。呼び出し元は、スパンを囲むエージェントかツール、なければサービスです。クリックするとトレースを表示します。',
}
