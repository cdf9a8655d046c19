import { useEffect, useRef, useState } from "preact/hooks";
import * as words from "../words/kit";

export interface Point {
  name: string;
  value: number;
  /** The same step of the time before. */
  before?: number | null;
  /** A step that is not over yet is drawn dashed. */
  isRunning?: boolean;
}

interface Props {
  /** What the chart says, in a sentence: for those who don't see it. */
  label: string;
  points: readonly Point[];
  write: (value: number) => string;
  /** The same, as short as an axis wants it. */
  writeShort: (value: number) => string;
}

const HEIGHT = 220;
const LEFT = 56;
const RIGHT = 10;
const BOTTOM = 24;
const TOP = 10;

/**
 * A line over time, with a fainter one for the time before. Drawn as SVG, so it follows the page's colours, prints sharply, and
 * is read out; arrow keys walk along it as a pointer does.
 */
export function LineChart({ label, points, write, writeShort }: Props) {
  const [at, setAt] = useState<number | null>(null);
  const { svg, width } = useWidth();
  const top = roundTop(Math.max(1, ...points.flatMap(({ value, before }) => [value, before ?? 0])));
  const x = (index: number) => LEFT + (index * (width - LEFT - RIGHT)) / Math.max(1, points.length - 1);
  const y = (value: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - Math.max(0, value) / top);
  const path = (values: readonly (number | null | undefined)[]) =>
    values
      .map((v, i) => (v === null || v === undefined ? "" : `${i ? "L" : "M"}${x(i).toFixed(1)} ${y(v).toFixed(1)}`))
      .join("");
  const over = points.filter(({ isRunning }) => !isRunning);
  const shown = at === null ? undefined : points[at];
  const nearest = (clientX: number, left: number) => {
    const index = Math.round(((clientX - left - LEFT) / (width - LEFT - RIGHT)) * (points.length - 1));
    return Math.min(points.length - 1, Math.max(0, index));
  };
  const every = Math.max(1, Math.ceil(points.length / (width / 90)));
  return (
    <figure class="chart">
      <figcaption aria-live="polite">
        {shown ? (
          <>
            {shown.name}: <b>{write(shown.value)}</b>
            {typeof shown.before === "number" && <span class="quiet"> {words.before(write(shown.before))}</span>}
          </>
        ) : (
          label
        )}
      </figcaption>
      <svg
        ref={svg}
        height={HEIGHT}
        role="img"
        aria-label={label}
        tabIndex={0}
        onKeyDown={(event) => {
          const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -points.length, End: points.length }[event.key];
          if (steps === undefined) return;
          event.preventDefault();
          setAt(Math.min(points.length - 1, Math.max(0, (at ?? points.length) + steps)));
        }}
        onBlur={() => setAt(null)}
        onPointerLeave={() => setAt(null)}
        onPointerMove={(event) => setAt(nearest(event.clientX, event.currentTarget.getBoundingClientRect().left))}
      >
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line class="grid" x1={LEFT} x2={width - RIGHT} y1={y(top * share)} y2={y(top * share)} />
            <text x={LEFT - 8} y={y(top * share) + 4} text-anchor="end">
              {writeShort(top * share)}
            </text>
          </g>
        ))}
        {points.map(({ name }, index) =>
          index % every === 0 ? (
            <text key={name} x={x(index)} y={HEIGHT - 6} text-anchor={index === 0 ? "start" : "middle"}>
              {name}
            </text>
          ) : null,
        )}
        <path class="before" d={path(points.map(({ before }) => before))} />
        <path class="now" d={path(over.map(({ value }) => value))} />
        {over.length > 0 && over.length < points.length && (
          <path
            class="now running"
            d={`M${x(over.length - 1)} ${y(over.at(-1)?.value ?? 0)}L${x(over.length)} ${y(points[over.length]?.value ?? 0)}`}
          />
        )}
        {shown && at !== null && (
          <>
            <line class="cross" x1={x(at)} x2={x(at)} y1={TOP} y2={HEIGHT - BOTTOM} />
            <circle cx={x(at)} cy={y(shown.value)} r="4" />
          </>
        )}
      </svg>
    </figure>
  );
}

/** How wide the drawing is. Scaled to its place instead, its letters would be too small on a phone. */
function useWidth() {
  const svg = useRef<SVGSVGElement>(null);
  const [width, setWidth] = useState(720);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width));
    if (svg.current) watch.observe(svg.current);
    return () => watch.disconnect();
  }, []);
  return { svg, width };
}

/** The next round number, of which half is round too. */
function roundTop(value: number): number {
  const size = 10 ** Math.floor(Math.log10(value));
  return [1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10].map((step) => step * size).find((step) => step >= value) ?? value;
}
