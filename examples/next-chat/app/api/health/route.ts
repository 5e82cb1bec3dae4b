import { healthRoute } from '@afn/otel/next'

export const { GET } = healthRoute()
export const dynamic = 'force-dynamic'
