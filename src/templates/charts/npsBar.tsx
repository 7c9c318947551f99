import { scaleLinear } from 'd3-scale'
import { CHART_WIDTH, ChartFigure, round, type ChartTexts } from './figure.tsx'

export type NpsGroup = { label: string; value: number; text: string; share: string; tone: 'low' | 'mid' | 'high' }

const [SCALE, BARS, HEIGHT] = [50, 104, 176]
const SIDE = 14

/** The Net Promoter Score on its scale from −100 to 100, and the three groups that it is made of, as one divided bar. */
export const NpsChart = (
  props: ChartTexts & {
    score: number
    scoreText: string
    ends: readonly [string, string, string]
    groups: readonly NpsGroup[]
  },
) => {
  const { groups, score } = props
  const x = scaleLinear([-100, 100], [SIDE, CHART_WIDTH - SIDE]).clamp(true)
  const all = groups.reduce((sum, { value }) => sum + value, 0)
  const width = scaleLinear([0, Math.max(1, all)], [0, CHART_WIDTH])
  const at = round(x(score))
  return (
    <ChartFigure {...props} height={HEIGHT} rows={groups.map(({ label, text, share }) => [label, text, share])}>
      <text class="big" x={at} y={SCALE - 18} text-anchor={score < -70 ? 'start' : score > 70 ? 'end' : 'middle'}>
        {props.scoreText}
      </text>
      <path class="bar" d={`M${at - 7} ${SCALE - 12}h14l-7 10z`} />
      <line class="rule" x1={SIDE} x2={CHART_WIDTH - SIDE} y1={SCALE} y2={SCALE} stroke-width={4} />
      {[-100, 0, 100].map((tick, n) => (
        <>
          <line class="rule" x1={x(tick)} x2={x(tick)} y1={SCALE - 4} y2={SCALE + 8} stroke-width={2} />
          <text class="axis" x={n === 0 ? 0 : n === 2 ? CHART_WIDTH : x(tick)} y={SCALE + 22} text-anchor={anchors[n]}>
            {props.ends[n]}
          </text>
        </>
      ))}
      {groups.map(({ label, value, share, tone }, n) => {
        const before = groups.slice(0, n).reduce((sum, group) => sum + group.value, 0)
        return (
          <>
            <rect class={tone} x={round(width(before))} y={BARS} width={round(width(value))} height={26} />
            <text x={n === 0 ? 0 : n === 2 ? CHART_WIDTH : CHART_WIDTH / 2} y={BARS + 46} text-anchor={anchors[n]}>
              {label}
            </text>
            <text x={n === 0 ? 0 : n === 2 ? CHART_WIDTH : CHART_WIDTH / 2} y={BARS + 64} text-anchor={anchors[n]}>
              {share}
            </text>
          </>
        )
      })}
    </ChartFigure>
  )
}

const anchors = ['start', 'middle', 'end'] as const
