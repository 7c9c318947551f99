// npm run bench [-- <names…> --quick --runs 5 --size 50000 --profile]
import { parseArgs } from 'node:util'
import { audience } from './audience.ts'
import { campaign } from './campaign.ts'
import { imports } from './imports.ts'
import { oneClick } from './oneClick.ts'
import { sameTime } from './sameTime.ts'
import { signUp } from './signUp.ts'
import { start } from './start.ts'
import { machine, print, writeResults, type Benchmark, type Options, type Result } from './support.ts'

const benchmarks: Record<string, Benchmark> = { start, signUp, oneClick, sameTime, audience, campaign, imports }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string' },
    size: { type: 'string' },
    quick: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
  },
})
const unknown = positionals.filter((name) => !(name in benchmarks))
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}.`)
  process.exit(2)
}
const options: Options = {
  runs: Number(values.runs ?? 5),
  size: values.size === undefined ? null : Number(values.size),
  quick: values.quick,
  profile: values.profile,
}
const about = machine()
console.log(
  Object.entries(about)
    .map(([key, value]) => `${key.padEnd(11)}${value}`)
    .join('\n'),
)

const all: Result[] = []
for (const [name, benchmark] of Object.entries(benchmarks)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  process.stderr.write(`\n${benchmark.measure} ${benchmark.what}\n`)
  for (const result of await benchmark.run(options)) {
    print(result)
    all.push(result)
  }
}
console.log(`\nWritten to ${writeResults(about, options, all)}`)
