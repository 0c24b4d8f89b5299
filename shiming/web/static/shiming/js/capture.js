// A photo from camera or file: shown at once, and made smaller here before it travels (2,000 px, JPEG).
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
  if (facing) input.setAttribute("capture", facing);
  input.addEventListener("change", () => take(box, input));
}

async function take(box, input) {
  const [file] = input.files;
  if (!file || file.capturedHere) return;
  say(box, "正在处理照片…");
  try {
    const small = await shrink(file, box);
    small.capturedHere = true;
    const carrier = new DataTransfer();
    carrier.items.add(small);
    input.files = carrier.files;
    show(box, small);
  } catch {
    input.value = "";
    say(box, "这个文件不是照片，请重新拍照或选择 JPG、PNG 图片。");
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
  say(box, tooSmall ? "照片太小，可能看不清，请靠近重拍。" : "照片已就绪，请看一看文字是否清楚。");
  return new File([blob], "photo.jpg", { type: "image/jpeg" });
}

function show(box, file) {
  const image = new Image();
  image.alt = "照片预览";
  image.src = URL.createObjectURL(file);
  image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
  box.querySelector("[data-capture-preview]").replaceChildren(image);
  box.classList.add("has-photo");
  box.querySelector(".capture__do").lastChild.textContent = " 重新拍照";
}

function say(box, sentence) {
  box.querySelector("[data-capture-note]").textContent = sentence;
}
