"""The faces of one definition: each module turns the table specs of :mod:`pipeline.tables` into one other form."""
