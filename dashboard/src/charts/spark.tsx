// A line without axes, for a tile.

const width = 100;
const height = 28;

export function Spark({ values }: { values: readonly (number | null)[] }) {
  // What has not happened yet is no fall.
  const end = values.findLastIndex((value) => value !== null) + 1;
  const known = values.slice(0, end).map((value) => value ?? 0);
  const most = Math.max(...known, 0);
  if (known.length < 2 || most === 0) return <svg class="spark" viewBox={`0 0 ${width} ${height}`} aria-hidden="true" />;
  const x = (place: number) => ((place / (values.length - 1)) * width).toFixed(2);
  const y = (value: number) => (height - 2 - (value / most) * (height - 4)).toFixed(2);
  const line = known.map((value, place) => `${x(place)},${y(value)}`).join(' ');
  return (
    <svg class="spark" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <polygon points={`0,${height} ${line} ${x(end - 1)},${height}`} />
      <polyline points={line} />
    </svg>
  );
}
