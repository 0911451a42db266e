const text = id => document.getElementById(id).textContent;
mount(document.getElementById("crossread"), text("data"), { own: true, vega: () => unpack(text("vega")) });
