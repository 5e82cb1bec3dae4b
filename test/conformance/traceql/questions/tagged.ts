// Searches as they were before TraceQL: by tags and durations in parameters.
import { type Question, questionAt } from './question'

const all = { limit: '6000', spss: '100' }

export const tagged: Question[] = [
  questionAt('search', 'api/search', () => all),
  questionAt('search', 'api/search', () => ({ ...all, tags: 'http.route=/chat' })),
  questionAt(
    'search',
    'api/search',
    () => ({ ...all, tags: 'service.name=shop name=GET' }),
    'Tempo is content with a part of some values, and with several spans that meet a condition each',
  ),
  questionAt('search', 'api/search', () => ({ ...all, tags: 'service.name=shop', minDuration: '1s' })),
  questionAt('search', 'api/search', () => ({ ...all, minDuration: '100ms', maxDuration: '200ms' })),
]
