/** Severities of alerts, the most urgent first: respond within 5 minutes, 15 minutes, an hour, a day. */
export const severities = ['critical', 'high', 'medium', 'low'] as const
export type Severity = (typeof severities)[number]
