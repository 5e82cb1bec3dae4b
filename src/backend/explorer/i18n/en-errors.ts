// English, of the groups of errors.
export const errors = {
  'errors.none': 'No errors in this time range',
  'errors.none_why': 'Failed spans appear here; similar errors are grouped.',
  'errors.none_found': 'No matching errors',
  'errors.search': 'Search types, messages and span names',
  'errors.any_service': 'All services',
  'errors.any_version': 'All versions',
  'errors.only_new': 'New since the last deploy',
  'errors.new': 'new',
  'errors.users': '{n} {n|user|users}',
  'errors.pattern': 'Grouped as',
  'errors.untyped': 'Error',
  'errors.first': 'First',
  'errors.last': 'last',
  'errors.trend': 'Failures over time',
  'errors.examples': 'Example traces',
  'errors.all': 'Show all traces with this error',
}
