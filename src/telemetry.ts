import { pino } from 'pino'
import { Counter, Registry } from 'prom-client'
import { withoutAddresses, type Log, type Metrics } from './deps.ts'

/** Structured lines on standard output. Callers pass ids; `redact` is only the second net. */
export function makeLog(level: string): Log {
  const logger = pino({ level, base: null, redact: ['*.email', '*.address', 'email', 'address'] })
  return {
    info: (event, fields = {}) => logger.info({ event, ...fields }),
    error: (event, fields = {}) => logger.error({ event, ...withoutAddresses(fields) }),
  }
}

export function makeMetrics(): Metrics {
  const registry = new Registry()
  const counters = new Map<string, Counter>()
  return {
    count(name, labels = {}, by = 1) {
      let counter = counters.get(name)
      if (!counter) {
        const help = name.replaceAll('_', ' ')
        counter = new Counter({ name, help, labelNames: Object.keys(labels), registers: [registry] })
        counters.set(name, counter)
      }
      counter.inc(labels, by)
    },
    text: () => registry.metrics(),
  }
}
