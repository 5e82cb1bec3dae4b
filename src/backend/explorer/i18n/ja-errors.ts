// Japanese, of the groups of errors.
import type { errors as english } from './en-errors'
export const errors: Readonly<Record<keyof typeof english, string>> = {
  'errors.none': 'この期間のエラーはありません',
  'errors.none_why': '失敗したスパンが、同種のものをまとめて並びます。',
  'errors.none_found': '一致するエラーはありません',
  'errors.search': '種類、メッセージ、スパン名を検索',
  'errors.any_service': 'すべてのサービス',
  'errors.any_version': 'すべてのバージョン',
  'errors.only_new': '直近のデプロイ以降の新規',
  'errors.new': '新規',
  'errors.users': '{n} ユーザー',
  'errors.pattern': 'グループの条件',
  'errors.untyped': 'エラー',
  'errors.first': '初回',
  'errors.last': '最終',
  'errors.trend': '失敗の推移',
  'errors.examples': '例となるトレース',
  'errors.all': '該当するトレースをすべて表示',
}
