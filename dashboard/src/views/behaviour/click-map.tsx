// The map of a page's clicks on one class of device: over boxes of what was clicked, or over the page itself.

import { useRef, useState } from 'preact/hooks';
import type { DeviceGrid, HeatmapAnswer } from '../../../../edge-collector/api.d.ts';
import { scopeOf } from '../../api/questions.ts';
import { useAnswer } from '../../api/use-answer.tsx';
import { type ClickKind, Heat } from '../../charts/heat.tsx';
import { useWidth } from '../../charts/use-width.ts';
import { useNavigation } from '../../state/navigation.tsx';
import { say, text } from '../../text/index.ts';
import { FramedPage, isOwn } from './framed-page.tsx';

const words = text.behaviour;

/** Windows that many have. */
const windows: Record<string, readonly [width: number, height: number]> = { Mobile: [390, 844], Tablet: [820, 1180] };
const usual = [1440, 900] as const;
/** How many windows tall a page is, as long as nobody says. */
const windowsTall = 3;

type ClickMapProps = { answer: HeatmapAnswer; grid: DeviceGrid; kind: ClickKind; page: string; isOver: boolean };

export function ClickMap({ answer: { columns, rows, elements }, grid, kind, page, isOver }: ClickMapProps) {
  const { place, go } = useNavigation();
  const [host, available] = useWidth();
  const frame = useRef<HTMLIFrameElement>(null);
  const url = useAddress(isOver ? page : undefined);
  const [seen, setSeen] = useState<{ what: string; height: number | undefined }>();
  const [width, screen] = windows[grid.device] ?? usual;
  const what = `${url?.href} ${width}`;
  const isSeen = seen?.what === what;
  const isRefused = isSeen && seen.height === undefined;
  const height = (isSeen ? seen.height : undefined) ?? (Number(place.options['height']) || screen * windowsTall);
  const scale = Math.min(1, available / width);
  const boxes = grid.elements.map((box) => ({ ...box, text: elements.rows.find(({ element }) => element === box.element)?.text ?? '' }));
  const isShown = isOver && url !== undefined && !isRefused;
  const scrollAlong = ({ currentTarget: { scrollTop } }: { currentTarget: HTMLElement }) => {
    if (isShown && isOwn(url)) frame.current?.contentWindow?.scrollTo({ top: scrollTop / scale, behavior: 'instant' });
  };
  return (
    <>
      {isRefused && <p class="soft">{words.frameRefused}</p>}
      {isShown && <p class="soft">{words.frameStill} {!isOwn(url) && say(words.frameHint, { page: url.host })}</p>}
      {isShown && !isOwn(url) && (
        <div class="toolbar">
          <label class="page-height">{words.pageHeight} <input type="number" min="100" max="100000" step="50" value={height} onChange={(event) => go({ options: { ...place.options, height: event.currentTarget.value } }, 'replace')} /></label>
        </div>
      )}
      <div ref={host} class="click-map" role="group" aria-label={words.heatmap} tabIndex={0} style={{ '--window': `${screen * scale}px` }} onScroll={scrollAlong}>
        <div class="click-map-page" style={{ width: `${width * scale}px`, height: `${height * scale}px` }}>
          {isShown && <FramedPage url={url} width={width} height={isOwn(url) ? screen : height} scale={scale} frame={frame} onSeen={(height) => setSeen({ what, height })} />}
          <Heat cells={grid.cells} columns={columns} rows={rows} kind={kind} width={width * scale} height={height * scale} screen={screen * scale} boxes={isShown ? undefined : boxes} label={say(words.heatmapOf, { page })} />
        </div>
      </div>
    </>
  );
}

/** Where a page is: on the host where it was mostly seen. A host without a dot is the name of a site that the collector itself serves. */
function useAddress(page: string | undefined): URL | undefined {
  const { place } = useNavigation();
  const asked = page === undefined ? undefined : { ...scopeOf(place, [['is', 'event:page', [page]]]), metrics: ['pageviews' as const], dimensions: ['event:hostname' as const], pagination: { limit: 1 } };
  const { value } = useAnswer(asked, (client, asked, signal) => client.query(asked, signal));
  if (page === undefined || value === undefined) return undefined;
  const seenOn = value.results[0]?.dimensions[0] ?? '';
  const isHere = !seenOn.includes('.') || seenOn === location.hostname;
  const origin = isHere ? location.origin : `https://${seenOn}`;
  if (!URL.canParse(origin)) return undefined;
  // A path is whatever a visitor sent: it must not lead to another host.
  const url = new URL(origin);
  url.pathname = page;
  return url;
}
