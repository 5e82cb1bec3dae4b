// What one may ask: the catalogue of queries with their parameters, and the reader's own last queries.
import { useMemo, useState } from 'preact/hooks'
import { checkValue } from '../../../../shared/queries/parameters'
import type { ParameterType, Query } from '../../../../shared/queries/query'
import { substitute } from '../../../../shared/queries/substitute'
import type { CatalogueAnswer, CatalogueQuery } from '../../../api/answers'
import { useAnswer } from '../../data/use-answer'
import { useText } from '../../i18n'
import { SearchBox } from '../../parts/search-box'
import { Failure, Loading } from '../../parts/state'
import { remembered } from '../../traceql/history'

export function Questions({ onPick }: { onPick(query: string): void }) {
  const t = useText()
  const { data, error, loading } = useAnswer<CatalogueAnswer>('api/afn/catalogue')
  const [filter, setFilter] = useState('')
  const history = useMemo(remembered, [])
  const wanted = filter.trim().toLowerCase()
  const has = (text: string) => text.toLowerCase().includes(wanted)
  return (
    <section id="questions" class="questions" aria-label={t('questions.open')}>
      <SearchBox text={filter} label={t('questions.filter')} onText={setFilter} />
      <div class="questions-lists">
        <div>
          <h2>{t('questions.catalogue')}</h2>
          {error && <Failure error={error} />}
          {loading && !data && <Loading />}
          <ul>
            {(data?.queries ?? [])
              .filter(({ name, title, question }) => has(name) || has(title) || has(question))
              .map(query => (
                <Question key={query.name} query={query} onPick={onPick} />
              ))}
          </ul>
        </div>
        <div>
          <h2>{t('questions.history')}</h2>
          {history.length === 0 && <p class="quiet">{t('questions.no_history')}</p>}
          <ul>
            {history.filter(has).map(text => (
              <li key={text}>
                <button type="button" class="plain query-text" onClick={() => onPick(text)}>
                  {text}
                </button>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </section>
  )
}

function Question({ query, onPick }: { query: CatalogueQuery; onPick(query: string): void }) {
  const t = useText()
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const [open, setOpen] = useState(false)
  const asked = asQuery(query)
  const given = Object.fromEntries(asked.parameters.map(({ name, fallback }) => [name, values[name] ?? fallback ?? '']))
  const problems = asked.parameters.map(parameter => checkValue(parameter, 'traceql', given[parameter.name]!))
  const pick = () => {
    if (problems.some(Boolean)) setOpen(true)
    else onPick(substitute(asked, given, {}))
  }
  return (
    <li class="question">
      <button type="button" class="plain" onClick={pick} title={query.text}>
        <strong>{query.title}</strong>
        <span class="quiet"> {query.question}</span>
      </button>
      {asked.parameters.length > 0 && (
        <button type="button" class="link" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t('questions.parameters', { n: asked.parameters.length })}
        </button>
      )}
      {open && (
        <form
          class="parameters"
          onSubmit={event => {
            event.preventDefault()
            pick()
          }}
        >
          {asked.parameters.map((parameter, index) => (
            <label key={parameter.name} title={parameter.meaning}>
              <span>{parameter.name}</span>
              <input
                value={given[parameter.name]}
                aria-invalid={problems[index] !== undefined}
                onInput={event => setValues({ ...values, [parameter.name]: event.currentTarget.value })}
              />
              <span class={problems[index] ? 'bad' : 'quiet'}>{problems[index] ?? parameter.meaning}</span>
            </label>
          ))}
          <button type="submit" disabled={problems.some(Boolean)}>
            {t('query.run')}
          </button>
        </form>
      )}
    </li>
  )
}

/** As the command `afn-otel query` has it, so that values are written into the text by the same rules. */
function asQuery({ name, title, question, text, kind, parameters }: CatalogueQuery): Query {
  return {
    name,
    language: 'traceql',
    title,
    question,
    kind,
    tiers: [],
    parameters: parameters.map(({ name, type, fallback, meaning }) => ({
      name,
      type: type as ParameterType,
      fallback,
      meaning,
    })),
    order: undefined,
    note: undefined,
    body: text,
  }
}
