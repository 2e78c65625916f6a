"use strict";
// Draws the charts of the report from the JSON in the page. Without it, and on paper, the page shows still pictures.
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const designs = data.designs;
  const shown = designs.map(() => true);
  const charts = [];
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const faded = (colour, opacity) =>
    colour + Math.round(opacity * 255).toString(16).padStart(2, "0");

  // Numbers for people.
  function duration(seconds) {
    const size = Math.abs(seconds);
    if (size < 1) return Math.round(seconds * 1e3) + " ms";
    if (size < 60) return +seconds.toFixed(1) + " s";
    const small = size < 3600 ? [1, "s", "min"] : size < 86400 ? [60, "min", "h"] : [3600, "h", "d"];
    const per = size < 86400 ? 60 : 24;
    const whole = Math.round(seconds / small[0]);
    const rest = whole % per;
    return Math.floor(whole / per) + " " + small[2] + (rest ? " " + rest + " " + small[1] : "");
  }
  const percent = (share) => +(share * 100).toFixed(1) + " %";
  const milliseconds = (value) => duration(value / 1e3);
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800,
    432000, 864000, 2592000, 7776000];

  // What happens at its time in every run: the warm-up and the incidents, behind the curves.
  function shade(plot) {
    const { ctx, bbox } = plot;
    const block = (from, to, fill) => {
      const left = Math.max(plot.valToPos(from, "x", true), bbox.left);
      const right = Math.min(plot.valToPos(to, "x", true), bbox.left + bbox.width);
      if (right > left) {
        ctx.fillStyle = fill;
        ctx.fillRect(left, bbox.top, right - left, bbox.height);
      }
    };
    ctx.save();
    block(0, data.warm_up_s, css("--warm"));
    ctx.textBaseline = "bottom";
    // The library leaves this as its last axis had it.
    ctx.textAlign = "left";
    ctx.font = 12 * devicePixelRatio + "px system-ui, sans-serif";
    // Names stand above the curves, as far as there is room.
    let free = bbox.left;
    data.incidents.forEach((incident) => {
      block(incident.from_s, incident.to_s, css("--shade"));
      const right = bbox.left + bbox.width;
      const width = ctx.measureText(incident.name).width;
      const at = Math.min(plot.valToPos(incident.from_s, "x", true), right - width);
      const visible = plot.valToPos(incident.to_s, "x", true) > bbox.left && plot.valToPos(incident.from_s, "x", true) < right;
      if (visible && Math.max(at, bbox.left) >= free) {
        ctx.fillStyle = css("--faint");
        ctx.fillText(incident.name, Math.max(at, bbox.left), bbox.top - 3 * devicePixelRatio);
        free = Math.max(at, bbox.left) + width + 8 * devicePixelRatio;
      }
    });
    ctx.restore();
  }

  function level(value) {
    return (plot) => {
      const { ctx, bbox } = plot;
      const y = plot.valToPos(value, "y", true);
      ctx.save();
      ctx.strokeStyle = css("--fail");
      ctx.setLineDash([3 * devicePixelRatio, 4 * devicePixelRatio]);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      ctx.restore();
    };
  }

  const axis = (values, more) => Object.assign({
    stroke: css("--faint"), grid: { stroke: css("--line"), width: 1 }, ticks: { stroke: css("--line"), width: 1 },
    font: "12px system-ui, sans-serif", values: (plot, ticks) => ticks.map((tick) => (tick === null ? "" : values(tick))),
  }, more);
  const line = (design, more) => Object.assign({
    label: design.name, stroke: design.colour, width: 2, dash: design.dash, points: { show: false }, spanGaps: true,
  }, more);

  // A median and its band for each design, over time.
  function overTime(bands, low, hooks) {
    const columns = [data.time_s];
    const series = [{ label: "time", value: (plot, value) => (value === null ? "–" : duration(value)) }];
    const filled = [];
    designs.forEach((design, place) => {
      const band = bands[place];
      const at = columns.length;
      columns.push(band.median, band.p95, band.p5);
      const value = (plot, value, of, index) => (index === null || value === null ? "–"
        : percent(value) + " (" + percent(band.p5[index]) + " to " + percent(band.p95[index]) + ")");
      const edge = { label: "", class: "aux", stroke: "transparent", width: 0, points: { show: false } };
      series.push(line(design, { value }), Object.assign({}, edge), Object.assign({}, edge));
      filled.push({ series: [at + 1, at + 2], fill: faded(design.colour, .18) });
    });
    return {
      columns, perDesign: 3, time: true,
      options: {
        series, bands: filled, padding: [20, 36, null, null],
        scales: { x: { time: false }, y: { range: [low, 1] } },
        axes: [axis(duration, { incrs: steps, space: 80 }), axis(percent, { size: 58 })],
        cursor: { sync: { key: "time", scales: ["x", null] }, drag: { x: true, y: false } },
        hooks: { drawClear: [shade], draw: hooks },
      },
    };
  }

  // Curves with points of their own, on one axis.
  function curves(of, x, y, options) {
    const places = Array.from(new Set([].concat(...of.map((curve) => curve.x)))).sort((one, other) => one - other);
    const index = new Map(places.map((place, at) => [place, at]));
    const columns = [places].concat(of.map((curve) => {
      const column = places.map(() => (options.steps ? undefined : null));
      curve.x.forEach((place, at) => { column[index.get(place)] = curve.y[at]; });
      if (options.steps) {
        let last = 0;
        column.forEach((value, at) => { last = column[at] = value === undefined ? last : value; });
      }
      return column;
    }));
    const shape = options.steps ? { paths: uPlot.paths.stepped({ align: 1 }) } : {};
    const value = (plot, value) => (value === null || value === undefined ? "–" : y(value));
    return {
      columns, perDesign: 1, time: false,
      options: {
        series: [{ label: options.label, value: (plot, value) => (value === null ? "–" : x(value)) }]
          .concat(designs.map((design) => line(design, Object.assign({ value }, shape)))),
        scales: Object.assign({ x: { time: false } }, options.scales),
        axes: [axis(x, Object.assign({ space: 80 }, options.x)), axis(y, Object.assign({ size: 78 }, options.y))],
        cursor: { drag: { x: true, y: false } },
        // Room for half of the last label.
        padding: [null, 36, null, null],
      },
    };
  }

  const nines = (value) => {
    const share = 100 * (1 - Math.pow(10, -value));
    return "p" + +share.toFixed(Math.max(0, Math.ceil(value) - 1));
  };
  const lowest = () => {
    const least = Math.min(1, ...data.success.flatMap((band) => band.p5.filter((value) => value !== null)));
    return Math.max(0, Math.floor(least * 10 - .001) / 10);
  };
  const kinds = {
    success: () => overTime(data.success, lowest(), [level(data.slo)]),
    traffic: () => overTime(data.traffic, 0, []),
    downtime: () => curves(data.downtime, duration, percent,
      { label: "downtime at most", steps: true, scales: { y: { range: [0, 1] } }, x: { incrs: steps } }),
    latency: () => curves(data.latency, nines, milliseconds, {
      label: "percentile",
      scales: { y: { distr: 3, range: (plot, low, high) => [low / 1.2, high * 1.2] } },
      y: {
        splits: (plot, axis, low, high) => [].concat(...[1, 10, 100, 1e3, 1e4, 1e5, 1e6].map((ten) => [ten, 2 * ten, 5 * ten]))
          .filter((tick) => tick >= low && tick <= high),
        filter: (plot, ticks) => ticks,
      },
      x: { splits: () => [Math.log10(2), 1, 2, 3, 4, 5], filter: (plot, ticks) => ticks },
    }),
  };

  function draw(figure) {
    const host = figure.querySelector(".live");
    const made = kinds[figure.dataset.chart]();
    if (made.columns[0].length < 2) return null;
    figure.classList.add("drawn");
    host.textContent = "";
    const size = () => ({ width: Math.max(host.clientWidth, 280), height: host.clientWidth < 500 ? 240 : 320 });
    const plot = new uPlot(Object.assign(size(), made.options), made.columns, host);
    const chart = { figure, plot, size, perDesign: made.perDesign, time: made.time };
    shown.forEach((on, place) => show(chart, place, on));
    return chart;
  }

  function show(chart, place, on) {
    for (let part = 0; part < chart.perDesign; part++) {
      chart.plot.setSeries(1 + place * chart.perDesign + part, { show: on });
    }
  }

  function drawAll() {
    charts.splice(0).forEach((chart) => chart.plot.destroy());
    document.querySelectorAll("figure[data-chart]").forEach((figure) => {
      const chart = draw(figure);
      if (chart) charts.push(chart);
    });
  }

  // Designs on and off, everywhere in the page.
  document.querySelectorAll("input[data-toggle]").forEach((box) => {
    box.checked = true;
    box.addEventListener("change", () => {
      const place = Number(box.dataset.toggle);
      shown[place] = box.checked;
      charts.forEach((chart) => show(chart, place, box.checked));
      document.querySelectorAll('[data-design="' + place + '"]').forEach((part) => {
        part.classList.toggle("off", !box.checked);
      });
    });
  });

  // The time of all charts over time.
  function zoom(from, to) {
    charts.filter((chart) => chart.time).forEach((chart) => chart.plot.setScale("x", { min: from, max: to }));
  }
  const zooms = document.getElementById("zooms");
  const button = (label, from, to) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.addEventListener("click", () => zoom(from, to));
    zooms.append(made);
  };
  button("whole run", data.time_s[0] || 0, data.time_s[data.time_s.length - 1] || data.horizon_s);
  data.incidents.slice(0, 4).forEach((incident) => {
    const length = Math.max(incident.to_s - incident.from_s, 60);
    button(incident.name, Math.max(0, incident.from_s - length / 2), Math.min(data.horizon_s, incident.to_s + length));
  });

  document.querySelector(".controls").hidden = false;
  drawAll();
  new ResizeObserver(() => charts.forEach((chart) => chart.plot.setSize(chart.size()))).observe(document.body);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  document.documentElement.dataset.ready = "yes";
})();
