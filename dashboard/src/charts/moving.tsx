// A number that moves, second by second: the last minutes of it, since the page began to look.

import { useEffect, useRef, useState } from 'preact/hooks';

const seconds = 300;
const width = 300;
const height = 48;

export function Moving({ value, label }: { value: number | undefined; label: string }) {
  const last = useRef(value);
  last.current = value;
  const [values, setValues] = useState<readonly number[]>([]);
  useEffect(() => {
    const timer = setInterval(() => {
      const { current: now } = last;
      if (now !== undefined) setValues((before) => [...before, now].slice(-seconds));
    }, 1000);
    return () => clearInterval(timer);
  }, []);
  // The newest is at the end, where it is at once, not with the next second.
  const shown = value === undefined ? values : [...values, value];
  const most = Math.max(1, ...shown);
  const x = (place: number) => width - shown.length + place;
  const y = (count: number) => (height - 2 - (count / most) * (height - 4)).toFixed(1);
  const line = shown.map((count, place) => `${x(place)},${y(count)}`).join(' ');
  return (
    <svg class="spark moving" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {shown.length > 1 && <polyline points={line} />}
    </svg>
  );
}
