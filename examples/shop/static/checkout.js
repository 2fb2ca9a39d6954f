// The cart and everything up to a paid order.
import { get, post } from "/static/api.js";

const GEO_KEY = "AIzaFAKE-geo-key-of-the-example-shop-00";
let cart = null;

const value = (id) => document.getElementById(id).value;
const show = (id, text) => { document.getElementById(id).textContent = text; };

export async function newCart() {
  cart = (await post("/api/carts")).number;
  show("cart-number", cart);
  const product = Number(document.getElementById("detail").dataset.product || 1);
  await post(`/api/carts/${cart}/items`, { product });
}

export async function useCoupon() {
  const { rebate } = await post(`/api/carts/${cart}/coupon`, { code: value("coupon") });
  show("order", `${rebate * 100} % off`);
}

export async function shippingRates() {
  const rates = await get(`/api/shipping/rates?postcode=${value("postcode")}&api_key=${GEO_KEY}`);
  show("order", rates.map((rate) => rate.carrier).join(", "));
}

export async function pay() {
  const order = { cart, card: value("card"), guest: document.getElementById("guest").checked };
  try {
    const { number } = await post("/api/orders", order);
    show("order", `Order ${number} is paid`);
  } catch (error) {
    console.error(`Checkout of order ${cart} failed (trace ${error.traceId}):`, error);
    show("order", "Please try again");
  }
}
