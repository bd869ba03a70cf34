/** pdf.js, loaded with the workbench only. Its decoders and font tables are files beside the bundle. */
import * as pdfjs from 'pdfjs-dist';
import workerURL from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import { useEffect, useState } from 'react';

pdfjs.GlobalWorkerOptions.workerSrc = workerURL;

export type Pdf = pdfjs.PDFDocumentProxy;
export type PdfPage = pdfjs.PDFPageProxy;
export const TextLayer = pdfjs.TextLayer;

export function usePdf(url: string): { pdf?: Pdf; error?: Error } {
  const [state, setState] = useState<{ url: string; pdf?: Pdf; error?: Error }>({ url });
  useEffect(() => {
    let stale = false;
    const task = pdfjs.getDocument({
      url, wasmUrl: '/pdfjs/wasm/', cMapUrl: '/pdfjs/cmaps/', cMapPacked: true, standardFontDataUrl: '/pdfjs/standard_fonts/', iccUrl: '/pdfjs/iccs/',
    });
    task.promise.then(
      (pdf) => { if (!stale) setState({ url, pdf }); },
      (error: unknown) => { if (!stale) setState({ url, error: error instanceof Error ? error : new Error(String(error)) }); },
    );
    return () => {
      stale = true;
      void task.destroy();
    };
  }, [url]);
  return state.url === url ? state : {};
}
