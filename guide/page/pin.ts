import type Plot from 'uplot';
import type { DrawnPicture } from '../src/picture.ts';
import { byId } from './dom.ts';
import { readout } from './numbers.ts';

/**
 * The instant of the picture that is read: where the pointer is, or where the reader has pinned it, by a click or by the
 * arrow keys. What is pinned stays where it is while time goes on; Escape lets go.
 * @param container  of the picture
 */
export const createPin = (container: HTMLElement, redraw: () => void) => {
  let drawn: DrawnPicture | undefined;
  let pinned: number | undefined;
  let pointed: number | undefined;

  const showPin = () => {
    const at = pinned ?? pointed;
    readout(drawn, at, pinned !== undefined);
    if (drawn === undefined) return;
    container.setAttribute('aria-valuemin', String(Math.floor(drawn.from)));
    container.setAttribute('aria-valuemax', String(Math.ceil(drawn.to)));
    container.setAttribute('aria-valuenow', String(Math.round(pinned ?? drawn.to)));
    container.setAttribute('aria-valuetext', pinned === undefined ? 'now' : (byId('readout').textContent ?? ''));
  };
  const pin = (at: number | undefined) => {
    pinned = at;
    showPin();
    redraw();
  };

  container.addEventListener('keydown', (event) => {
    if (drawn === undefined) return;
    const { from, to } = drawn;
    const step = Math.max(1, Math.round((to - from) / 120)) * (event.shiftKey ? 10 : 1);
    const begin = pinned ?? Math.floor(to);
    const next = { ArrowLeft: begin - step, ArrowRight: begin + step, Home: Math.ceil(from), End: Math.floor(to) }[
      event.key
    ];
    if (next === undefined) return;
    event.preventDefault();
    pin(Math.min(Math.max(next, Math.ceil(from)), Math.floor(to)));
  });
  document.addEventListener('keydown', ({ key, defaultPrevented }) => {
    if (key === 'Escape' && !defaultPrevented && pinned !== undefined) pin(undefined);
  });

  return {
    show: (now: DrawnPicture) => {
      drawn = now;
      if (pinned !== undefined && pinned < now.from) pinned = undefined;
      showPin();
    },
    /** @param at  where the pointer is */
    point: (at: number | undefined) => {
      pointed = at;
      showPin();
    },
    /** A click pins, and another one lets go. */
    click: () => pin(pinned === undefined ? pointed : undefined),
    draw: ({ ctx, bbox, valToPos }: Plot, colours: Record<string, string>) => {
      if (pinned === undefined) return;
      const unit = devicePixelRatio;
      const x = Math.round(valToPos(pinned, 'x', true));
      ctx.save();
      ctx.strokeStyle = colours.text ?? '';
      ctx.fillStyle = colours.text ?? '';
      ctx.lineWidth = 1.5 * unit;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top - 4 * unit);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.beginPath();
      ctx.arc(x, bbox.top - 4 * unit, 3.5 * unit, 0, 2 * Math.PI);
      ctx.fill();
      ctx.restore();
    },
  };
};
