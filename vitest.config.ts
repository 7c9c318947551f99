import { defineConfig } from 'vitest/config'

/**
 * One run for everything: rules, store on three engines, journeys, worker, browser.
 * PostgreSQL is started once for the run (test/globalPostgres.ts); a file makes its own database in it.
 * Processes, not threads: tests start servers, send signals, and load native code.
 */
export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    environment: 'node',
    globalSetup: ['test/globalPostgres.ts'],
    pool: 'forks',
    // Two files at a time: more would only make them wait for each other on the two cores of a small machine.
    maxWorkers: 2,
    fileParallelism: true,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    // A focused test would hide all others; a forgotten stub would reach the next test.
    allowOnly: false,
    unstubEnvs: true,
    unstubGlobals: true,
  },
})
