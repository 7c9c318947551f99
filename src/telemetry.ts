import { pino } from 'pino'
import type { Counter } from 'prom-client'
import { withoutAddresses, type Log, type Metrics } from './deps.ts'

/** Structured lines on standard output. Callers pass ids; `redact` is only the second net. */
export function makeLog(level: string): Log {
  const logger = pino({ level, base: null, redact: ['*.email', '*.address', 'email', 'address'] })
  return {
    info: (event, fields = {}) => logger.info({ event, ...fields }),
    error: (event, fields = {}) => logger.error({ event, ...withoutAddresses(fields) }),
  }
}

/** Counts; the library that writes them down is loaded when somebody asks, so that no start waits for it. */
export function makeMetrics(): Metrics {
  const counted = new Map<string, { name: string; labels: Record<string, string>; n: number }>()
  return {
    count(name, labels = {}, by = 1) {
      const key = name + JSON.stringify(labels)
      const known = counted.get(key)
      if (known) known.n += by
      else counted.set(key, { name, labels, n: by })
    },
    async text() {
      const { Counter, Registry } = await import('prom-client')
      const registry = new Registry()
      const counters = new Map<string, Counter>()
      for (const { name, labels, n } of counted.values()) {
        const help = name.replaceAll('_', ' ')
        const counter =
          counters.get(name) ?? new Counter({ name, help, labelNames: Object.keys(labels), registers: [registry] })
        counters.set(name, counter)
        counter.inc(labels, n)
      }
      return registry.metrics()
    },
  }
}
