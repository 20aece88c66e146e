"""What calls cost. `price`: the price of one call from the tokens it used."""
