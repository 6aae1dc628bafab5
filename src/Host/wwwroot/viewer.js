// Shows the volumes of one scan, which come from this host alone, and moves to the vertebra that is chosen in the table.
"use strict";
(() => {
  const main = document.querySelector("main");
  const canvas = main.querySelector("canvas");
  const state = main.querySelector(".state");
  const place = main.querySelector(".place");
  const tools = main.querySelector(".tools");
  const rows = [...main.querySelectorAll("tr[data-label]")];
  const names = new Map(rows.map(row => [Number(row.dataset.label), row.dataset.name]));
  const nothing = -32768;
  const views = { axial: 0, coronal: 1, sagittal: 2, all: 3, space: 4 };
  const steps = {
    ArrowLeft: [-1, 0, 0], ArrowRight: [1, 0, 0], PageUp: [0, 1, 0], PageDown: [0, -1, 0], ArrowUp: [0, 0, 1], ArrowDown: [0, 0, -1],
  };
  const nv = new niivue.Niivue({
    backColor: [0, 0, 0, 1],
    crosshairColor: [1, 1, 1, 0.7],
    crosshairWidth: 1,
    show3Dcrosshair: true,
    fontColor: [1, 1, 1, 1],
    isRadiologicalConvention: true,
    sagittalNoseLeft: true,
    isNearestInterpolation: false,
    multiplanarLayout: 2,
    multiplanarShowRender: 1,
    dragAndDropEnabled: false,
    loadingText: "",
    logLevel: "error",
    isColorbar: false,
    clipPlaneColor: [0, 0, 0, 0],
  });
  let ct = null;
  let mask = null;

  function say(text, bad) {
    state.textContent = text;
    state.classList.toggle("bad", bad === true);
  }

  async function volume(kind, options) {
    const answer = await fetch(main.dataset[kind]);
    if (!answer.ok) throw new Error(await answer.text());
    return niivue.NVImage.loadFromUrl({ url: await answer.arrayBuffer(), name: kind + ".nii.gz", ...options });
  }

  function labelled(image) {
    const colours = { R: [0], G: [0], B: [0], A: [0], I: [0], labels: [""] };
    for (const row of rows) {
      const colour = parseInt(row.dataset.colour.slice(1), 16);
      colours.R.push(colour >> 16);
      colours.G.push((colour >> 8) & 255);
      colours.B.push(colour & 255);
      colours.A.push(255);
      colours.I.push(Number(row.dataset.label));
      colours.labels.push(row.dataset.name);
    }
    image.setColormapLabel(colours);
    return image;
  }

  function valueAt(image, mm) {
    const at = image.mm2vox([mm[0], mm[1], mm[2]]);
    const inside = at.every((index, axis) => index >= 0 && index < image.dimsRAS[axis + 1]);
    return inside ? image.getValue(at[0], at[1], at[2]) : null;
  }

  function told(mm) {
    const parts = [[..."xyz"].map((axis, at) => `${axis} ${mm[at].toFixed(1)}`).join(" ") + " mm"];
    if (ct) {
      const hu = valueAt(ct, mm);
      parts.push(hu === null || hu === nothing ? "no HU" : `${hu} HU`);
    }
    if (mask) parts.push(names.get(valueAt(mask, mm)) ?? "no label");
    return parts.join(" · ");
  }

  function follow(mm, chosen) {
    place.textContent = told(mm);
    const label = mask && valueAt(mask, mm);
    for (const row of rows) {
      // the middle of a vertebra lies in its canal as often as not
      const here = chosen ? row === chosen : Number(row.dataset.label) === label;
      row.classList.toggle("here", here);
      if (here) row.setAttribute("aria-current", "location");
      else row.removeAttribute("aria-current");
    }
  }

  // true also where the volume is oblique
  function world(fraction) {
    return nv.frac2mm(fraction, 0, true);
  }

  function crosshair() {
    return world(nv.scene.crosshairPos);
  }

  function moveTo(row) {
    const mm = row.dataset.mm.split(" ").map(Number);
    nv.scene.crosshairPos = nv.mm2frac(mm, 0, true);
    nv.drawScene();
    follow(mm, row);
  }

  // a plane that cuts off all of the CT, which labels are not cut by
  function cutInSpace() {
    nv.setClipPlane([ct && mask && !tools.elements.space?.checked ? -1.9 : 2, 0, 0]);
  }

  function isInSpace(event) {
    const scale = canvas.width / canvas.clientWidth;
    return nv.canvasPos2frac([event.offsetX * scale, event.offsetY * scale])[0] < 0;
  }

  function wheel(event) {
    if (nv.volumes.length === 0 || !isInSpace(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    nv.setScale(Math.min(8, Math.max(0.2, nv.scene.volScaleMultiplier * (event.deltaY < 0 ? 1.1 : 1 / 1.1))));
  }

  function key(event) {
    // the viewer's own keys open dialogues and change modes that nothing here shows
    if (event.key !== "Tab") event.stopImmediatePropagation();
    const step = steps[event.key];
    if (event.type !== "keydown" || !step || event.altKey || event.ctrlKey || event.metaKey || nv.volumes.length === 0) return;
    event.preventDefault();
    const times = event.shiftKey ? 10 : 1;
    if (nv.opts.sliceType === views.space) {
      nv.setRenderAzimuthElevation(nv.scene.renderAzimuth + 5 * times * step[0], nv.scene.renderElevation + 5 * times * step[2]);
      return;
    }
    nv.moveCrosshairInVox(times * step[0], times * step[1], times * step[2]);
    follow(crosshair());
  }

  function hover(event) {
    if (nv.volumes.length === 0) return;
    const scale = canvas.width / canvas.clientWidth;
    const at = nv.canvasPos2frac([event.offsetX * scale, event.offsetY * scale]);
    place.textContent = told(at[0] < 0 ? crosshair() : world(at));
  }

  function change(event) {
    if (nv.volumes.length === 0) return;
    switch (event.target.name) {
      case "view":
        nv.setSliceType(views[event.target.value]);
        break;
      case "window":
        if (ct) [ct.cal_min, ct.cal_max] = event.target.value.split(" ").map(Number);
        nv.updateGLVolume();
        break;
      case "labels":
        if (mask && ct) nv.setOpacity(1, event.target.value / 100);
        break;
      case "space":
        cutInSpace();
        break;
    }
  }

  for (const row of rows)
    row.addEventListener("click", () => {
      if (nv.volumes.length > 0) moveTo(row);
    });
  for (const type of ["keydown", "keyup"]) canvas.addEventListener(type, key, true);
  canvas.addEventListener("wheel", wheel, { capture: true, passive: false });
  canvas.addEventListener("mousemove", hover);
  canvas.addEventListener("mouseleave", () => { if (nv.volumes.length > 0) follow(crosshair()); });
  tools.addEventListener("input", change);
  tools.addEventListener("submit", event => event.preventDefault());

  async function start() {
    try {
      await nv.attachToCanvas(canvas);
    } catch {
      say("This browser cannot show volumes: it has no WebGL 2.", true);
      return;
    }
    nv.onLocationChange = () => follow(crosshair());
    const troubles = [];
    const opened = async (kind, options) => {
      try {
        return main.dataset[kind] ? await volume(kind, options) : null;
      } catch (error) {
        troubles.push(error.message === "Failed to fetch" ? `The ${kind} broke off on its way; its file may be damaged.` : error.message);
        return null;
      }
    };
    [ct, mask] = await Promise.all([
      opened("ct", { colormap: "gray", cal_min: -500, cal_max: 1300, trustCalMinMax: false }),
      opened("mask", { opacity: tools.elements.labels ? tools.elements.labels.value / 100 : 1 }),
    ]);
    if (ct) nv.addVolume(ct);
    if (mask) {
      labelled(mask);
      if (!ct) mask.opacity = 1;
      nv.addVolume(mask);
    }
    if (nv.volumes.length === 0) {
      say(troubles.join(" ") || "This scan has neither CT nor mask to show.", true);
      return;
    }
    say(troubles.join(" "), troubles.length > 0);
    // there is nothing between two labels
    if (!ct) nv.setInterpolation(true);
    nv.updateGLVolume();
    cutInSpace();
    const middle = rows[Math.floor(rows.length / 2)];
    if (middle) moveTo(middle);
    else follow(crosshair());
    main.dataset.shown = nv.volumes.map(image => image.name).join(" ");
  }

  start();
})();
