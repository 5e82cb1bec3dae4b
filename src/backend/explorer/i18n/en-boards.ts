// English, of the view of boards. What stands on a board comes from the server.

export const boards = {
  'boards.all': 'All',
  'boards.nothing': 'No data in this time range',
  'boards.about': 'About {title}',
  'boards.values_of': 'Values of {title}',
  'boards.series_of': 'Series of {title}',
  'boards.series': 'Series',
  'boards.value': 'Value',
  'boards.last': 'Last',
  'boards.max': 'Max',
  'boards.most': 'Max',
  'boards.marks': 'Annotations',
  'boards.since.day': 'today',
  'boards.since.week': 'this week',
  'boards.since.month': 'this month',
}
