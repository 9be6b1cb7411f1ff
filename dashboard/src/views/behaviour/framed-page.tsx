// The site's page, in a frame that can do nothing: no script of it runs, so its tracker counts nobody; nothing in it can be
// pressed; it is not told who looks, and of another origin it gets no cookies.
//
// A page of the collector's own origin can be looked into: it stands in a window of its usual height, which is scrolled with the
// map, so that whatever is as tall as the window is as visitors saw it. Another's stands there whole, as tall as somebody says.

import type { RefObject } from 'preact';
import { say, text } from '../../text/index.ts';

type FramedPageProps = {
  url: URL;
  /** As the page is laid out, and how large that is shown. */
  width: number;
  height: number;
  scale: number;
  frame: RefObject<HTMLIFrameElement | null>;
  /** How tall the page is, where that can be seen; undefined, where it refuses to be framed. */
  onSeen: (height: number | undefined) => void;
};

/** Whether a page is the dashboard's own origin's. Of another's nothing can be seen from here, not even whether it is shown. */
export const isOwn = (url: URL): boolean => url.origin === location.origin;

export function FramedPage({ url, width, height, scale, frame, onSeen }: FramedPageProps) {
  const own = isOwn(url);
  return (
    <div class={own ? 'framed framed-own' : 'framed'} inert style={{ height: `${height * scale}px` }}>
      <iframe
        key={`${url.href} ${width}`}
        ref={frame}
        // Of its own origin it may be looked into; what runs stays forbidden.
        sandbox={own ? 'allow-same-origin' : ''}
        {...(own ? {} : { credentialless: true })}
        src={url.href}
        title={say(text.behaviour.framed, { page: url.pathname })}
        referrerpolicy="no-referrer"
        tabIndex={-1}
        style={{ width: `${width}px`, height: `${height}px`, transform: `scale(${scale})` }}
        onLoad={({ currentTarget }) => own && onSeen(currentTarget.contentDocument?.documentElement.scrollHeight)}
      />
    </div>
  );
}
