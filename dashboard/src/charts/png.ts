// Charts as pictures.

import { fileName, save } from '../parts/save.ts';

const margin = 24;
const titleHeight = 40;

/** Saves what is drawn on a canvas, under a title, on the ground it has on the page. */
export function saveCanvas(canvas: HTMLCanvasElement, title: string): void {
  draw(canvas, canvas.width, canvas.height, title, devicePixelRatio);
}

/** Saves an SVG of the page as it looks there. */
export async function saveSvg(svg: SVGSVGElement, title: string): Promise<void> {
  const scale = 2;
  const { width, height } = svg.getBoundingClientRect();
  const copy = withStyles(svg);
  copy.setAttribute('width', `${width * scale}`);
  copy.setAttribute('height', `${height * scale}`);
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  if (!copy.hasAttribute('viewBox')) copy.setAttribute('viewBox', `0 0 ${width} ${height}`);
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  draw(image, width * scale, height * scale, title, scale);
}

function draw(picture: CanvasImageSource, width: number, height: number, title: string, scale: number): void {
  const canvas = document.createElement('canvas');
  canvas.width = width + 2 * margin * scale;
  canvas.height = height + (titleHeight + 2 * margin) * scale;
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { color, backgroundColor } = getComputedStyle(document.querySelector('.panel') ?? document.body);
  context.fillStyle = backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = color;
  context.font = `600 ${16 * scale}px system-ui, sans-serif`;
  context.fillText(title, margin * scale, (margin + 16) * scale);
  context.drawImage(picture, margin * scale, (margin + titleHeight) * scale, width, height);
  canvas.toBlob((blob) => blob !== null && save(blob, fileName(title, 'png')), 'image/png');
}

const drawn = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'stroke-linejoin', 'paint-order', 'opacity', 'font-size', 'font-family', 'font-weight', 'text-anchor', 'dominant-baseline'];

/** A copy that carries its styles itself: as a picture it is outside of the page's style sheet. */
function withStyles(svg: SVGSVGElement): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const copies = [copy, ...copy.querySelectorAll<SVGElement>('*')];
  [svg, ...svg.querySelectorAll('*')].forEach((element, place) => {
    const style = getComputedStyle(element);
    for (const name of drawn) copies[place]?.setAttribute(name, style.getPropertyValue(name));
    copies[place]?.removeAttribute('class');
  });
  return copy;
}
