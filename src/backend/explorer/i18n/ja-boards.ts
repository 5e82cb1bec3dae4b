// Japanese, of the view of boards.

export const boards = {
  'boards.all': 'すべて',
  'boards.nothing': 'この期間の計測値はありません',
  'boards.about': '{title} の説明',
  'boards.values_of': '{title} の値',
  'boards.series_of': '{title} の系列',
  'boards.series': '系列',
  'boards.value': '値',
  'boards.last': '最新',
  'boards.max': '最大',
  'boards.most': '多い順',
  'boards.marks': '時点の目印',
  'boards.since.day': '今日',
  'boards.since.week': '今週',
  'boards.since.month': '今月',
}
