import { createHash } from 'node:crypto'

/** A name that is valid in OpenSLO (RFC 1123, at most 63 characters). Different names remain different. */
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
