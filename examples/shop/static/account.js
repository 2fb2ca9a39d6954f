// Logging in, the account's pages and invoices.
import { get, post, useToken } from "/static/api.js";

const value = (id) => document.getElementById(id).value;
const show = (id, text) => { document.getElementById(id).textContent = text; };

export async function logIn(event) {
  event.preventDefault();
  const { user, token } = await post("/api/login", { username: value("username"), password: value("password") });
  useToken(token);
  show("user", user);
  console.info(`Logged in as ${user}`);
}

export async function showAccount() {
  const { user } = await get("/api/account");
  show("user", user);
}

export async function showOrders() {
  const orders = await get("/api/orders");
  show("user", `${orders.length} orders`);
}

export async function showWishlist() {
  const { items } = await get("/api/wishlist");
  show("user", `${items.length} wishes`);
}

export async function downloadInvoice() {
  const number = value("invoice-number");
  try {
    await get(`/api/orders/${number}/invoice`);
  } catch (error) {
    console.error(`Invoice ${number} could not be downloaded:`, error);
  }
}
