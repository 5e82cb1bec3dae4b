// Every answer that a test of this suite gets goes through here. The oracle is the schema of the draft, by ajv.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import Ajv from 'ajv/dist/2020'
import addFormats from 'ajv-formats'
import { root } from '../support/packed'

export interface HealthDocument {
  status: 'pass' | 'ok' | 'warn' | 'fail'
  version?: string
  serviceId?: string
  notes?: string[]
  checks?: Record<string, HealthCheck[]>
}
export interface HealthCheck {
  componentId?: string
  componentType: string
  status: string
  output?: string
  observedValue?: number
  observedUnit?: string
}

const ajv = new Ajv({ allErrors: true })
addFormats(ajv)
const validate = ajv.compile(JSON.parse(readFileSync(path.join(root, 'docs/health.schema.json'), 'utf8')))

/** Throws where the body is none of the draft. */
export function documentIn(body: string): HealthDocument {
  const document = JSON.parse(body)
  if (!validate(document)) throw new Error(`not health+json: ${ajv.errorsText(validate.errors)}\n${body}`)
  return document as HealthDocument
}
