/**
 * Many series for little CPU: every text is rendered once, and a scrape overwrites the digits of its values.
 *
 *   node --import tsx test/bench/scale/target.ts PORT SERIES
 *
 * GET /metrics?part=K holds at most `seriesPerTarget` of them, half of them counters that grow by 0 to 9, half of them
 * gauges with two random decimals.
 */
import { createServer } from 'node:http';
import { seriesPerTarget } from './targets.ts';

const [port, all] = process.argv.slice(2).map(Number) as [number, number];
const width = 8;

type Part = { body: Buffer; counters: number[]; places: number[]; gauges: number[] };

const render = (part: number): Part => {
  const count = Math.min(seriesPerTarget, all - part * seriesPerTarget);
  const text: string[] = [];
  const places: { counter: number[]; gauge: number[] } = { counter: [], gauge: [] };
  let length = 0;
  const add = (line: string) => {
    text.push(line);
    length += line.length;
  };
  for (const kind of ['counter', 'gauge'] as const) {
    const name = kind === 'counter' ? 'bench_requests_total' : 'bench_level';
    add(`# TYPE ${name} ${kind}\n`);
    const [first, end] = kind === 'counter' ? [0, Math.ceil(count / 2)] : [Math.ceil(count / 2), count];
    for (let index = first; index < end; index += 1) {
      const group = String(index % 100).padStart(2, '0');
      add(`${name}{group="${group}",id="${part * seriesPerTarget + index}",region="eu-west-1"} ${'0'.repeat(width)}\n`);
      places[kind].push(length - width - 1);
    }
  }
  return {
    body: Buffer.from(text.join('')),
    counters: places.counter.map(() => 0),
    places: places.counter,
    gauges: places.gauge,
  };
};

const parts = Array.from({ length: Math.ceil(all / seriesPerTarget) }, (_, part) => render(part));

const write = (body: Buffer, place: number, value: number) => {
  let rest = value;
  for (let digit = width - 1; digit >= 0; digit -= 1) {
    body[place + digit] = 48 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
};

/** The last three characters are a point and two decimals. */
const writeDecimals = (body: Buffer, place: number, hundredths: number) => {
  write(body, place, Math.floor(hundredths / 100) * 1_000 + (hundredths % 100));
  body[place + width - 3] = 46;
};

createServer((request, response) => {
  const part = parts[Number(new URL(request.url!, 'http://x').searchParams.get('part'))];
  if (part === undefined) return void response.writeHead(404).end('no such part');
  for (const [index, place] of part.places.entries()) {
    part.counters[index]! += Math.floor(10 * Math.random());
    write(part.body, place, part.counters[index]!);
  }
  for (const place of part.gauges) writeDecimals(part.body, place, Math.floor(100_000 * Math.random()));
  response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4', 'Content-Length': part.body.length });
  response.end(part.body);
}).listen(port, '127.0.0.1');
