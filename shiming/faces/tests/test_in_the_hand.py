"""The phone in the hand: a canvas, or once Chromium's own camera file, does what the page asks."""

import json
from base64 import b64encode
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from shiming.faces.liveness import Move
from shiming.faces.models import FaceSession, FaceTemplate
from shiming.faces.tests import drawn
from shiming.faces.tests.conftest import drafted
from shiming.people.models import Person

FIXED = [Move.STRAIGHT, Move.RIGHT, Move.CLOSER, Move.LEFT]
JUDGED = 60_000  # milliseconds: eight frames on a slow machine

# Answers the move that the page marks as current; the picture shakes a little, as a hand does.
CAMERA = """
const poses = %s;
navigator.mediaDevices.getUserMedia = async () => {
  const pictures = {};
  for (const [move, source] of Object.entries(poses)) {
    pictures[move] = new Image();
    pictures[move].src = source;
    await pictures[move].decode();
  }
  const canvas = Object.assign(document.createElement("canvas"), { width: 480, height: 600 });
  const paper = canvas.getContext("2d");
  let time = 0;
  setInterval(() => {
    const move = document.querySelector("[data-move][aria-current]")?.dataset.move ?? "straight";
    paper.drawImage(pictures[move], Math.sin(time++) * 2, 0, 480, 600);
    paper.fillStyle = `rgb(${Math.random() * 255} 90 90)`;
    paper.fillRect(0, 0, 40, 40);
  }, 100);
  return canvas.captureStream(10);
};
"""


def camera(seed: int) -> str:
    pictures = {move: b64encode(drawn.jpeg(seed, *drawn.POSES[move])).decode() for move in Move}
    return CAMERA % json.dumps({move: f"data:image/jpeg;base64,{picture}" for move, picture in pictures.items()})


@pytest.fixture
def manager(live) -> Person:
    person = live.cast.person("孙经理")
    drafted(live.cast, person, kind="manager", role="安全员")
    return person


def test_manager_then_worker_register_with_the_camera(live, window, manager):
    worker = live.cast.person("张三", status="pending")
    drafted(live.cast, worker)
    page = window("phone", live.cast.himself(manager))
    for person, seed, button in ((manager, drawn.OTHER, "登记我的脸"), (worker, drawn.ZHANG, "登记")):
        page.add_init_script(camera(seed))
        page.goto("/m/faces/")
        page.get_by_role("link", name=button, exact=True).click()
        page.get_by_label("我听懂了，同意登记我的人脸").check()
        page.get_by_role("button", name="同意", exact=True).click()
        page.get_by_role("button", name="开始").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("登记好了", timeout=JUDGED)
        assert Person.objects.get(pk=person.pk).face_answer == "是"
        page.get_by_role("link", name="回到名单").click()
        page.wait_for_url("**/m/faces/")
    assert FaceTemplate.objects.count() == 2
    assert Person.objects.get(pk=worker.pk).identity_source == "face"


def test_film_of_the_own_camera_registers(live, window, camera, manager):
    """Nothing in the page is replaced: the browser opens its camera, whose file is a drawn film of each move."""
    page = window("phone", live.cast.himself(manager))
    page.goto(f"/m/faces/{manager.pk}/consent/")
    page.get_by_label("我听懂了，同意登记我的人脸").check()
    page.get_by_role("button", name="同意", exact=True).click()
    page.wait_for_url("**/m/faces/sessions/**")
    FaceSession.objects.update(moves=FIXED)
    page.reload()

    camera.show_film(film(Move.STRAIGHT))
    films = {move: film(move) for move in FIXED}
    page.get_by_role("button", name="开始").click()
    for move in FIXED[1:]:
        page.locator(f"[data-move={move}][aria-current]").wait_for(timeout=JUDGED)
        camera.show_film(films[move], running=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("登记好了", timeout=JUDGED)
    assert FaceTemplate.objects.get().person == manager


def film(move: Move) -> list[Image.Image]:
    """Two seconds of one pose; a corner changes, so that no two pictures are the same."""
    with Image.open(BytesIO(drawn.jpeg(drawn.OTHER, *drawn.POSES[move]))) as found:
        pose = found.convert("RGB").resize((512, 640))
    pictures = []
    for shade in range(0, 240, 4):
        picture = Image.new("RGB", (640, 640), (shade, 90, 90))
        picture.paste(pose, (64, 0))
        pictures.append(picture)
    return pictures


def test_worker_refuses_with_a_button_of_the_same_size(live, window, manager):
    worker = live.cast.person("李四")
    drafted(live.cast, worker)
    session = FaceSession(person=manager, purpose="prove", status="passed", judged_at=timezone.now())
    session.by, session.moves, session.expires_at = live.cast.user("孙经理", manager), [], timezone.now()
    session.save()
    page = window("phone", live.cast.himself(manager))
    page.goto(f"/m/faces/{worker.pk}/consent/")
    sizes = [page.get_by_role("button", name=name, exact=True).bounding_box() for name in ("不同意", "同意")]
    assert sizes[0]["width"] == pytest.approx(sizes[1]["width"], abs=1) and sizes[0]["height"] == sizes[1]["height"]
    page.get_by_role("button", name="不同意", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("没有登记人脸")
    expect(page.get_by_text("由单位两个人先后当面核对")).to_be_visible()
    assert not FaceSession.objects.filter(person=worker).exists()
