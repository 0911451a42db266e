const text = id => document.getElementById(id).textContent;
mount(document.getElementById("crossread"), text("data"), { own: true, vega: () => unpack(text("vega")) }).catch(error => {
  if (error instanceof SyntaxError) { // a pattern that older browsers cannot read
    document.querySelector(".name").after(" This page needs a newer browser: Firefox 116, Safari 17 or Chrome 112 at least.");
  }
  throw error;
});
