"""What a record is: one module a table, no input and no output; everything that is published follows from here."""
