import { healthRoute } from '@afn/otel/next'

export const { GET, HEAD } = healthRoute()
export const dynamic = 'force-dynamic'
