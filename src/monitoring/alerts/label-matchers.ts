/** Conditions on labels, as Alertmanager and PromQL have them alike. */

export const matcher = (label: string, value: string): string => `${label}="${value}"`

/** @param values of letters, digits, dots and dashes */
export function anyOf(label: string, values: readonly string[]): string {
  const [value = '', ...more] = values
  if (more.length === 0) return matcher(label, value)
  return `${label}=~"${values.map(one => one.replaceAll('.', '\\\\.')).join('|')}"`
}
