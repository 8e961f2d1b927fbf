"""What predicts: modules of torch, with their text and what closed forms need of them."""
