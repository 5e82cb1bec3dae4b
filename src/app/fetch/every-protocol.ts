/** `@afn/otel/fetch/protocols`: the readers of all wire protocols, for the option `protocols`. */
import { protocols as all } from '../llm/providers/protocols'
import type { Protocols } from './options'

export const protocols: Protocols = all
