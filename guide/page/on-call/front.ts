import { byId } from '../dom.ts';
import { type Dot, edgeOf, percentOf, uselessIn } from './edge.ts';
import { inWidth, svg } from './svg.ts';

const height = 216;
const frame = { left: 46, right: 14, top: 14, bottom: 34 };

/** Few useless pages are what matters, so that they get more room: a square-root axis. */
const ticks = [0, 5, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];

/** Draws what rules saved against pages that saved nothing, the learner's own over the reference rules. */
export const createFront = () => {
  let dots: readonly Dot[] = [];
  let own: Dot | undefined;
  let best = 1;
  /** in place of the picture, while there is none */
  let instead: Node[] = [];

  const draw = (width: number): Node[] => {
    if (dots.length === 0) return instead;
    const all = own === undefined ? dots : [...dots, own];
    const widest = Math.max(20, ...all.map(({ score }) => uselessIn(score)));
    const end = ticks.find((tick) => tick >= widest) ?? widest;
    const [across, up] = [width - frame.left - frame.right, height - frame.top - frame.bottom];
    const x = (useless: number) => frame.left + across * Math.sqrt(useless / end);
    const y = (saved: number) => frame.top + up * (1 - saved);
    const line = (kind: string, from: [number, number], to: [number, number]) =>
      svg('line', { class: kind, x1: from[0], y1: from[1], x2: to[0], y2: to[1] });
    const text = (kind: string, at: [number, number], words: string) =>
      svg('text', { class: kind, x: at[0], y: at[1] }, words);
    const shown = ticks.filter((tick) => tick <= end);
    const edge = edgeOf(dots);
    const path = edge.map(({ useless, saved }, index) => {
      const before = edge[index - 1];
      return before === undefined ? `M${x(useless)},${y(0)}V${y(saved)}` : `H${x(useless)}V${y(saved)}`;
    });
    const placed = placesOf(all.map(({ score }) => [x(uselessIn(score)), y(score.saved)]));
    return [
      svg(
        'svg',
        {
          class: 'drawing',
          viewBox: `0 0 ${width} ${height}`,
          width,
          height,
          role: 'img',
          'aria-label': describe(dots, own, best),
        },
        ...[0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
          line('grid', [frame.left, y(share)], [width - frame.right, y(share)]),
          text('tick last', [frame.left - 6, y(share) + 4], `${100 * share} %`),
        ]),
        ...shown.map((tick) => text('tick', [x(tick), height - frame.bottom + 16], `${tick}`)),
        text('tick', [frame.left + across / 2, height - 3], 'pages that saved nothing'),
        line('best', [frame.left, y(best)], [width - frame.right, y(best)]),
        text('tick first', [frame.left + 4, y(best) - 4], 'the most that any rule can save'),
        svg('path', { class: 'edge', d: edge.length === 0 ? '' : `${path.join('')}H${width - frame.right}` }),
        ...all.flatMap((dot, index) => {
          const [at, letterAt] = placed[index]!;
          const kind = dot === own ? 'dot own' : 'dot';
          const mark =
            dot === own
              ? svg('path', { class: kind, d: `M${at[0]},${at[1] - 8}l8,8l-8,8l-8,-8Z` })
              : svg('circle', { class: kind, cx: at[0], cy: at[1], r: 4.5 });
          mark.append(svg('title', {}, `${dot.name}: ${figuresOf(dot)}`));
          return [mark, text(dot === own ? 'letter own' : 'letter', letterAt, dot.letter)];
        }),
      ),
    ];
  };
  const again = inWidth(byId('front'), draw);
  return {
    show: (references: readonly Dot[], learners: Dot | undefined, most: number) => {
      dots = references;
      own = learners;
      best = most;
      again();
    },
    /** Shows words where the picture will be. */
    say: (...words: Node[]) => {
      instead = words;
      dots = [];
      again();
    },
  };
};

type Point = [x: number, y: number];

/** Where the letters go: right above its dot, unless another one stands there. */
const placesOf = (points: readonly Point[]): [Point, Point][] => {
  const taken: Point[] = [];
  return points.map(([x, y]) => {
    const choices: Point[] = [
      [x + 7, y - 6],
      [x - 15, y - 6],
      [x + 7, y + 14],
      [x - 15, y + 14],
      [x + 20, y + 4],
    ];
    const isFree = ([left, top]: Point) =>
      taken.every((other) => Math.abs(other[0] - left) > 11 || Math.abs(other[1] - top) > 12);
    const at = choices.find(isFree) ?? choices[0]!;
    taken.push(at);
    return [[x, y], at];
  });
};

const figuresOf = ({ score }: Dot): string =>
  `${percentOf(score.saved)} saved, ${uselessIn(score)} of ${score.pages} pages saved nothing`;

const describe = (dots: readonly Dot[], own: Dot | undefined, best: number): string =>
  [
    ...(own === undefined ? [] : [`Your rule: ${figuresOf(own)}`]),
    ...dots.map((dot) => `${dot.letter}, ${dot.name}: ${figuresOf(dot)}`),
    `The most that any rule can save: ${percentOf(best)}`,
  ].join('. ');
