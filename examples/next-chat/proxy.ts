// Before each page and route: the page learns its trace by Server-Timing.
import { observabilityMiddleware } from '@afn/otel/next'

export const proxy = (request: Request): Response => observabilityMiddleware(request)

export const config = { matcher: '/((?!_next/|api/otel/).*)' }
