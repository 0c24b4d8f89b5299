// Loaded by every page. Each module finds its own elements.
import { refresh as refreshDialogs } from "./dialog.js";
import { refresh as refreshDrafts } from "./drafts.js";
import { refresh as refreshForms } from "./forms.js";
import { refresh as refreshTables } from "./table.js";
import { refresh as refreshCapture } from "./capture.js";
import { refresh as refreshCodes } from "./code.js";
import { refresh as refreshScanner } from "./scanner.js";
import { refresh as refreshSpeech } from "./speak.js";
import "./page.js";

const all = [
  ...[refreshDialogs, refreshForms, refreshDrafts, refreshTables],
  ...[refreshCapture, refreshCodes, refreshScanner, refreshSpeech],
];

all.forEach((refresh) => refresh(document));
document.addEventListener("htmx:load", (event) => all.forEach((refresh) => refresh(event.detail.elt)));
