// `GET /api/afn/catalogue`: the TraceQL queries of collector/queries.
import type { CatalogueAnswer } from '../answers'
import type { Parts } from '../parts'

export function catalogue(parts: Parts): CatalogueAnswer {
  const queries = [...parts.catalogue.values()].filter(({ language }) => language === 'traceql')
  return {
    queries: queries.map(({ name, title, question, body, parameters, kind, tiers }) => ({
      name,
      title,
      question,
      text: body,
      parameters,
      kind,
      tiers,
    })),
  }
}
