// Japanese, of the page of saved views.
import type { saved as english } from './en-saved'

export const saved: Readonly<Record<keyof typeof english, string>> = {
  'view.saved': '保存したビュー',
  'saved.name': 'このビューの名前',
  'saved.save': '保存',
  'saved.forget': '削除',
  'saved.forget_one': '{name} を削除',
  'saved.this': 'ビューを保存',
  'saved.done': '保存しました',
  'saved.nothing': '保存したビューはありません',
  'saved.nothing_why': '「ビューを保存」で、クエリ・期間・並び順を含む今の画面をこのブラウザに保存します。',
  'saved.offered': 'URL に含まれるビュー',
  'saved.keep_all': '{n} 件を保存',
  'saved.rename': '名前を変更',
  'saved.rename_one': '{name} の名前を変更',
  'saved.export': 'すべてを含む URL',
}
