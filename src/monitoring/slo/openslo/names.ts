import { createHash } from 'node:crypto'

/** A name as OpenSLO takes it (RFC 1123, 63 characters at most). Names that differ stay different. */
export function labelled(name: string): string {
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) return name
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 54)
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8)
  return `${words.replace(/-+$/, '') || 'slo'}-${digest}`
}
