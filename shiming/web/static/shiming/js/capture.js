// A photo from camera or file: previewed at once, and reduced before the upload (2,000 px, JPEG).
import { fresh } from "./find.js";

const LONGEST = 2000;
const SMALLEST = 400;

export function refresh(root) {
  for (const box of fresh(root, "[data-capture]")) prepare(box);
}

function prepare(box) {
  const input = box.querySelector("input[type=file]");
  input.accept ||= "image/*";
  const facing = box.querySelector("[data-facing]").dataset.facing;
  for (const button of box.querySelectorAll("[data-take]")) {
    button.addEventListener("click", () => {
      if (button.dataset.take === "camera") input.setAttribute("capture", facing);
      else input.removeAttribute("capture");
      input.click();
    });
  }
  input.addEventListener("change", () => take(box, input));
}

async function take(box, input) {
  const [file] = input.files;
  if (!file || file.capturedHere) return;
  say(box, box.dataset.sayWorking);
  try {
    const small = await shrink(file, box);
    small.capturedHere = true;
    const carrier = new DataTransfer();
    carrier.items.add(small);
    input.files = carrier.files;
    show(box, small);
    box.dispatchEvent(new CustomEvent("captured", { bubbles: true, detail: small }));
  } catch {
    input.value = "";
    say(box, box.dataset.sayWrong);
  }
}

async function shrink(file, box) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const { width, height } = picture;
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.88));
  const tooSmall = Math.max(width, height) < SMALLEST;
  say(box, tooSmall ? box.dataset.saySmall : box.dataset.sayReady);
  return new File([blob], "photo.jpg", { type: "image/jpeg" });
}

function show(box, file) {
  const image = new Image();
  image.alt = box.dataset.sayPreview;
  image.src = URL.createObjectURL(file);
  image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
  box.querySelector("[data-capture-preview]").replaceChildren(image);
  box.classList.add("has-photo");
  box.querySelector(".capture__do").lastChild.textContent = ` ${box.dataset.sayAgain}`;
}

function say(box, sentence) {
  box.querySelector("[data-capture-note]").textContent = sentence;
}
