// Places boxes by elkjs or by Graphviz in WebAssembly, for argument_map.py: JSON in, JSON out.
"use strict";

const fs = require("fs");
const path = require("path");

const [kind, folder] = process.argv.slice(2);
const load = (name) => require(path.join(folder, "node_modules", name));
const { sizes, joined } = JSON.parse(fs.readFileSync(0, "utf8"));
const names = Object.keys(sizes);
const number = Object.fromEntries(names.map((name, at) => [name, at]));

async function elk() {
  const ELK = load("elkjs");
  const engine = new ELK();
  const start = Date.now();
  const laid = await engine.layout({
    id: "map",
    layoutOptions: {
      "elk.algorithm": "layered",
      "elk.direction": "DOWN",
      "elk.edgeRouting": "ORTHOGONAL",
      "elk.spacing.nodeNode": "32",
      "elk.layered.spacing.nodeNodeBetweenLayers": "48",
    },
    children: names.map((name, at) => ({ id: `n${at}`, width: sizes[name][0], height: sizes[name][1] })),
    edges: joined.map(([upper, lower], at) => (
      { id: `e${at}`, sources: [`n${number[upper]}`], targets: [`n${number[lower]}`] }
    )),
  });
  const seconds = (Date.now() - start) / 1000;
  const centres = Object.fromEntries(laid.children.map((child, at) => (
    [names[at], [child.x + child.width / 2, child.y + child.height / 2]]
  )));
  const edges = Object.fromEntries(laid.edges.map((edge) => [edge.id, edge.sections[0]]));
  const ways = joined.map((_, at) => {
    const { startPoint, bendPoints, endPoint } = edges[`e${at}`];
    return [startPoint, ...(bendPoints || []), endPoint].map(({ x, y }) => [x, y]);
  });
  return { centres, ways, seconds };
}

async function dot() {
  const engine = await load("@viz-js/viz").instance();
  const start = Date.now();
  const boxes = names.map((name, at) => (
    `n${at}[width=${sizes[name][0] / 72},height=${sizes[name][1] / 72}];`
  ));
  const lines = joined.map(([upper, lower], at) => `n${number[upper]}->n${number[lower]}[id=e${at}];`);
  const laid = engine.renderJSON(
    `digraph{splines=polyline;ranksep=0.67;nodesep=0.44;edge[dir=none];`
    + `node[shape=box,fixedsize=true,label=""];${boxes.join("")}${lines.join("")}}`,
  );
  const seconds = (Date.now() - start) / 1000;
  const numbers = (text) => text.split(",").map(Number);
  const height = numbers(laid.bb)[3];
  const centres = {};
  for (const { name, pos } of laid.objects) {
    const [x, y] = numbers(pos);
    centres[names[Number(name.slice(1))]] = [x, height - y];
  }
  const edges = Object.fromEntries(laid.edges.map((edge) => [edge.id, edge.pos]));
  const ways = joined.map((_, at) => (
    edges[`e${at}`].split(" ").map(numbers).filter((_, each) => each % 3 === 0)
      .map(([x, y]) => [x, height - y])
  ));
  return { centres, ways, seconds };
}

({ elk, dot })[kind]().then((laid) => console.log(JSON.stringify(laid)));
