// Quality against price, on ECharts. Names from the catalog become text of elements, never HTML.
import { echarts } from "nicegui-echart";

function colour(name) {
  return getComputedStyle(document.body).getPropertyValue(name).trim();
}

function line(text, name) {
  const element = document.createElement("div");
  element.textContent = text;
  if (name) element.className = name;
  return element;
}

function dollars(value) {
  if (value >= 1) return `$${value.toFixed(2)}`;
  return `$${Number(value.toPrecision(3))}`;
}

function tip({ data }) {
  const point = data?.point;
  if (!point) return undefined;
  const box = document.createElement("div");
  const interval = point.low === null || point.high === null ? "" : ` (${point.low.toFixed(0)}–${point.high.toFixed(0)})`;
  box.append(
    line(point.id, "tip-name"),
    line(`Score ${point.score.toFixed(0)}${interval}${point.date ? `, of ${point.date}` : ""}`),
    line(`${dollars(point.price)} per million tokens, blended`),
  );
  return box;
}

function bar(_, api) {
  const price = api.value(0);
  const [x, low] = api.coord([price, api.value(1)]);
  const [, high] = api.coord([price, api.value(2)]);
  const style = { stroke: api.visual("color"), lineWidth: 1, opacity: 0.4 };
  return { type: "line", shape: { x1: x, y1: low, x2: x, y2: high }, style, silent: true };
}

export default {
  template: "<div class='model-map' role='img'></div>",
  props: { points: Array, frontier: Array, steps: Array, hues: Array, ratio: Number },
  mounted() {
    this.chart = echarts.init(this.$el, null, { renderer: "canvas" });
    this.chart.on("click", ({ data }) => data?.point && this.$emit("pick", data.point.id));
    this.resizes = new ResizeObserver(() => {
      this.chart.resize();
      this.draw();
    });
    this.resizes.observe(this.$el);
    this.themes = new MutationObserver(() => this.draw());
    this.themes.observe(document.body, { attributes: true, attributeFilter: ["class"] });
    this.draw();
    // Where a model's point is, in pixels from the chart's corner.
    this.$el.spot = (id) => {
      const point = this.points.find((one) => one.id === id);
      return this.chart.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [point.price, point.score]);
    };
    requestAnimationFrame(() => performance.mark("map-shown"));
  },
  unmounted() {
    this.resizes.disconnect();
    this.themes.disconnect();
    this.chart.dispose();
  },
  updated() {
    this.draw();
  },
  methods: {
    draw() {
      this.family = getComputedStyle(document.body).fontFamily; // a canvas inherits none
      const muted = colour("--muted");
      const lines = { lineStyle: { color: colour("--line") } };
      const best = new Set(this.frontier);
      const hue = (point) => (this.hues.includes(point.provider) ? colour(`--hue-${this.hues.indexOf(point.provider) + 1}`) : muted);
      const narrow = this.$el.clientWidth < 640;
      // The ends of the axis are no round prices: they are told only where no power of ten lies between them.
      const prices = this.points.map((point) => Math.log10(point.price));
      const spans = Math.floor(Math.max(...prices) + 0.14) > Math.floor(Math.min(...prices) - 0.15);
      const ends = { showMinLabel: !spans, showMaxLabel: !spans };
      const value = (point) => [point.price, point.score];
      const text = { color: muted, fontSize: 12, fontFamily: this.family };
      const dots = this.points.filter((point) => !best.has(point.id)).map((point) => ({
        value: value(point),
        point,
        itemStyle: { color: hue(point), opacity: this.hues.length ? 0.75 : 0.4 },
      }));
      const leaders = this.points.filter((point) => best.has(point.id)).map((point) => ({
        value: value(point),
        point,
        itemStyle: { color: this.hues.length ? hue(point) : colour("--accent"), borderColor: colour("--surface"), opacity: 1 },
        label: { show: !narrow, formatter: () => point.id.split(":").slice(1).join(":").split("/").pop() },
      }));
      const known = this.points.filter((point) => point.low !== null && point.high !== null);
      const bars = known.map((point) => ({
        value: [point.price, point.low, point.high],
        itemStyle: { color: best.has(point.id) ? colour("--accent") : hue(point) },
      }));
      this.chart.setOption(
        {
          animation: false,
          grid: { left: narrow ? 44 : 64, right: narrow ? 14 : 40, top: 28, bottom: 52 },
          tooltip: {
            trigger: "item",
            formatter: tip,
            confine: true,
            backgroundColor: colour("--surface"),
            borderColor: colour("--line"),
            textStyle: { color: colour("--ink"), fontSize: 13, fontFamily: this.family },
            extraCssText: "box-shadow: 0 4px 16px #0003",
          },
          xAxis: {
            type: "log",
            min: ({ min }) => min * 0.7,
            max: ({ max }) => max * 1.4,
            name: `$ per million tokens, at ${this.ratio}:1 input to output`,
            nameLocation: "middle",
            nameGap: 32,
            nameTextStyle: text,
            axisLabel: { ...text, ...ends, formatter: (price) => `$${Number(price.toPrecision(3))}`, hideOverlap: true },
            axisLine: lines,
            axisTick: lines,
            splitLine: lines,
            minorSplitLine: { show: false },
          },
          yAxis: {
            type: "value",
            name: "Arena score",
            nameTextStyle: { ...text, align: "left", padding: [0, 0, 0, narrow ? -34 : -44] },
            scale: true,
            axisLabel: { ...text, formatter: (score) => String(score) },
            splitLine: lines,
          },
          series: [
            { type: "custom", renderItem: bar, data: bars, encode: { x: 0, y: [1, 2] }, silent: true, z: 1 },
            {
              type: "line",
              data: this.steps,
              showSymbol: false,
              lineStyle: { color: colour("--accent"), width: 2 },
              silent: true,
              z: 2,
            },
            { type: "scatter", data: dots, symbolSize: 8, z: 3, emphasis: { scale: 1.6 } },
            {
              type: "scatter",
              data: leaders,
              symbolSize: 13,
              z: 4,
              itemStyle: { borderWidth: 1.5 },
              label: {
                position: "top",
                color: colour("--ink"),
                fontSize: 12,
                fontFamily: this.family,
                textBorderColor: colour("--surface"),
                textBorderWidth: 3,
              },
              labelLayout: { hideOverlap: true }, // one that is moved would stand beside another's point
            },
          ],
        },
        { notMerge: true },
      );
    },
  },
};
