// Brings the files that pages and documents use from the packages to where they are served from.
import { copyFileSync, mkdirSync } from "node:fs";

const fonts = "procure/static/fonts";
const wanted = {
  "procure/static/vendor/govuk-frontend.min.js": "node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js",
};
for (const letters of ["latin", "latin-ext"]) {
  // pages: one file for all weights
  const page = `source-sans-3-${letters}-wght-normal.woff2`;
  wanted[`${fonts}/${page}`] = `node_modules/@fontsource-variable/source-sans-3/files/${page}`;
  // documents: a file each, for a PDF holds no font of many weights, and making one of it takes a fifth of a document's time
  for (const weight of [400, 600, 700]) {
    for (const style of ["normal", "italic"]) {
      const print = `source-sans-3-${letters}-${weight}-${style}.woff2`;
      wanted[`${fonts}/${print}`] = `node_modules/@fontsource/source-sans-3/files/${print}`;
    }
  }
}
for (const folder of [fonts, "procure/static/vendor"]) mkdirSync(folder, { recursive: true });
for (const [target, source] of Object.entries(wanted)) copyFileSync(source, target);
